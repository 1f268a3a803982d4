"""Where a site lies and what its clock shows; how a telephone number is kept. No framework."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import available_timezones

from callout.catalog.errors import NotANumber
from callout.core import phones, taxcodes
from callout.customers.errors import CoordinateOutOfRange, HalfCoordinates, UnknownTimeZone

_STEP = Decimal("0.000001")


@cache
def zones_by_country() -> Mapping[str, tuple[str, ...]]:
    """Time zones by ISO country, the one with most of its people first, from the time zone database."""
    found: dict[str, tuple[str, ...]] = {}
    for line in (files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[country] = (*found.get(country, ()), zone)
    return found


def time_zone(value: str, *, country: str, branch_country: str, branch_zone: str) -> str:
    """The zone of a site: the one given, else the branch's when it lies in that country, else the country's first.

    Raises UnknownTimeZone.
    """
    if value:
        if value not in available_timezones():
            raise UnknownTimeZone("time_zone", value=value[:60])
        return value
    zones = zones_by_country().get(country, ())
    if country == branch_country or branch_zone in zones or not zones:
        return branch_zone
    return zones[0]


def coordinates(latitude: Any, longitude: Any) -> tuple[Decimal | None, Decimal | None]:
    """Degrees rounded to a millionth (11 cm), or two Nones. Raises HalfCoordinates, CoordinateOutOfRange."""
    if latitude is None and longitude is None:
        return None, None
    if latitude is None or longitude is None:
        raise HalfCoordinates("latitude" if latitude is None else "longitude")
    return _degrees(latitude, "latitude", 90), _degrees(longitude, "longitude", 180)


def _degrees(value: Any, field: str, most: int) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Decimal | int) or not Decimal(value).is_finite():
        raise NotANumber(field, value=str(value)[:40])
    if not -most <= value <= most:
        raise CoordinateOutOfRange(field, least=-most, most=most)
    return Decimal(value).quantize(_STEP, rounding=ROUND_HALF_EVEN)


def kept_phone(text: str, country: str | None) -> str:
    """The number in E.164 where it can be one, else the text as it was typed."""
    return phones.normalise(text, country) or text


def kept_tax_code(text: str, country: str | None) -> str:
    """A tax code in one form, checked by the rules of the country; without a country only put into capitals."""
    return taxcodes.tax_code(country, text) if country else text.upper()


def kept_vat_number(text: str, country: str | None) -> str:
    """A VAT number in one form, checked by the rules of the country; without a country only put into capitals."""
    return taxcodes.vat_number(country, text) if country else text.upper()
