"""What a value has to look like, and which price list applies. No framework."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Protocol, TypeVar

from babel.numbers import list_currencies

from callout.catalog.errors import (
    BadCharacters,
    Missing,
    NotADate,
    NotANumber,
    NotYesOrNo,
    OutOfRange,
    TooLong,
    TooPrecise,
    UnknownCountry,
    UnknownCurrency,
)
from callout.core.text import clean_name, has_forbidden

LONGEST_TEXT = 20_000
"""Characters of a text of several lines."""


class Card(Protocol):
    """What is asked of a rate card."""

    pk: Any
    currency: str
    valid_from: date | None
    valid_to: date | None
    active: bool


AnyCard = TypeVar("AnyCard", bound=Card)


def line_of_text(value: Any, *, field: str, most: int, required: bool) -> str:
    """A one-line text as it is kept: composed, single spaces, nothing invisible."""
    text = _text(value, field)
    cleaned = clean_name(text)
    return _checked(cleaned, field=field, most=most, required=required)


def lines_of_text(value: Any, *, field: str, required: bool) -> str:
    """A text of several lines, without blanks around it and with plain line ends."""
    text = _text(value, field).replace("\r\n", "\n").replace("\r", "\n").strip()
    return _checked(text, field=field, most=LONGEST_TEXT, required=required)


def _text(value: Any, field: str) -> str:
    text = "" if value is None else str(value)
    if has_forbidden(text):
        raise BadCharacters(field)
    return text


def _checked(text: str, *, field: str, most: int, required: bool) -> str:
    if required and not text:
        raise Missing(field)
    if len(text) > most:
        raise TooLong(field, most=most, length=len(text))
    return text


def number(value: Any, *, field: str, digits: int, places: int) -> Decimal:
    """An exact decimal with at most `digits` digits, `places` of them after the point.

    Whole numbers and decimals only: a float has lost what was written.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise NotANumber(field, value=str(value)[:40])
    exact = Decimal(value)
    if not exact.is_finite():
        raise NotANumber(field, value=str(value)[:40])
    limit = Decimal(10) ** (digits - places)
    if abs(exact) >= limit:
        raise OutOfRange(field, least=-(limit - 1), most=limit - 1)
    rounded = exact.quantize(Decimal(1).scaleb(-places))
    if rounded != exact:
        raise TooPrecise(field, places=places)
    return rounded


def whole(value: Any, *, field: str, least: int, most: int) -> int:
    """A whole number within limits."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotANumber(field, value=str(value)[:40])
    if not least <= value <= most:
        raise OutOfRange(field, least=least, most=most)
    return value


def yes_or_no(value: Any, *, field: str) -> bool:
    """True or False, nothing that only looks like it."""
    if not isinstance(value, bool):
        raise NotYesOrNo(field)
    return value


def day(value: Any, *, field: str) -> date:
    """A day of the calendar, without a time, from 1900 to 2200."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise NotADate(field, value=str(value)[:40])
    if not 1900 <= value.year <= 2200:
        raise OutOfRange(field, least=date(1900, 1, 1), most=date(2200, 12, 31))
    return value


@cache
def countries() -> dict[str, str]:
    """ISO 3166 codes and English names, from the time zone database."""
    text = (files("tzdata.zoneinfo") / "iso3166.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return dict(rows)


def country_code(value: Any, *, field: str) -> str:
    """An ISO 3166 code in capitals."""
    code = _text(value, field).strip().upper()
    if code not in countries():
        raise UnknownCountry(field, value=code[:40])
    return code


@cache
def currencies() -> frozenset[str]:
    """ISO 4217 codes."""
    return frozenset(list_currencies())


def currency_code(value: Any, *, field: str) -> str:
    """An ISO 4217 code in capitals."""
    code = _text(value, field).strip().upper()
    if code not in currencies():
        raise UnknownCurrency(field, value=code[:40])
    return code


def is_usable(card: Card, *, currency: str, on: date) -> bool:
    """Whether prices of this card may be used for that currency on that day (both ends included)."""
    return (
        card.active
        and card.currency == currency
        and (card.valid_from is None or card.valid_from <= on)
        and (card.valid_to is None or on <= card.valid_to)
    )


def newest(cards: Iterable[AnyCard]) -> AnyCard | None:
    """Of several cards the one that became valid last; of equal ones the one that exists longest."""
    return min(cards, key=lambda card: (-(card.valid_from or date.min).toordinal(), card.pk), default=None)
