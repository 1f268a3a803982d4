"""Public holidays of a country and region, from the `holidays` library, named in the reader's language."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays

_YEARS_KEPT = 512


def holidays_of(country: str, region: str, first: date, last: date, *, language: str = "en") -> Mapping[date, str]:
    """The public holidays from `first` to `last`, both included, in order of the date, with their names.

    Names are in `language` where the library has them, else in English, else in the country's own language. A country
    that the library does not know has no holidays; an unknown region has those of the whole country.
    """
    found: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        found |= _year(country.upper(), region.upper(), year, language)
    return {day: name for day, name in sorted(found.items()) if first <= day <= last}


def is_known(country: str) -> bool:
    """Whether the library has the holidays of this country (ISO 3166, two letters)."""
    return country.upper() in _countries()


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=False)


@lru_cache(maxsize=_YEARS_KEPT)
def _year(country: str, region: str, year: int, language: str) -> Mapping[date, str]:
    if country not in _countries():
        return MappingProxyType({})
    subdivision = region if region in _countries()[country] else None
    known = holidays.country_holidays(country, subdiv=subdivision, years=year, language=_spoken(country, language))
    return MappingProxyType({day: name for day, name in known.items() if day.year == year})


@lru_cache(maxsize=_YEARS_KEPT)
def _spoken(country: str, language: str) -> str | None:
    spoken = holidays.list_localized_countries(include_aliases=False).get(country, [])
    for wanted in (language, "en"):
        for name in spoken:
            if name.split("_")[0].lower() == wanted.split("-")[0].lower():
                return name
    return None
