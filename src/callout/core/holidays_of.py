"""Public holidays of countries and regions, by their names in the reader's language."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from itertools import chain

import holidays


def holidays_between(country: str, region: str, start: date, end: date, language: str) -> list[tuple[date, str]]:
    """The public holidays from `start` to `end`, both included, in their order; several of a day in one name.

    `country` is the ISO 3166 code of two letters, `region` the code of its subdivision as the `holidays` library knows
    it (`BZ` or `Bolzano`), empty for none. Never raises: a country that is not known has no holidays, a region that is
    not known has those of its whole country, and years that the library does not cover have none. Ask
    `knows_holidays` to tell people so.
    Names come in `language` (`it`, `en-GB`) where the library has it for the country, else in the country's own.
    """
    if end < start:
        return []
    shown = _language(country.upper(), language)
    years = (_of_year(country.upper(), region, year, shown) for year in range(start.year, end.year + 1))
    return [(day, name) for day, name in chain.from_iterable(years) if start <= day <= end]


def knows_holidays(country: str, region: str = "") -> bool:
    """Whether holidays of that country, and of that region unless empty, are known."""
    known = _countries().get(country.upper())
    return known is not None and (not region or region in known)


@cache
def _countries() -> dict[str, list[str]]:
    return {code: parts for code, parts in holidays.list_supported_countries().items() if len(code) == 2}


@cache
def _languages() -> dict[str, list[str]]:
    return holidays.list_localized_countries()


@lru_cache(maxsize=500)
def _language(country: str, wanted: str) -> str | None:
    """The library's name of the language for that country; None for the country's own."""
    code = wanted.replace("-", "_")
    offered = _languages().get(country, [])
    exact = [name for name in offered if name == code]
    related = [name for name in offered if name.partition("_")[0] == code.partition("_")[0]]
    return next(iter(exact + related), None)


@lru_cache(maxsize=5_000)
def _of_year(country: str, region: str, year: int, language: str | None) -> tuple[tuple[date, str], ...]:
    if not knows_holidays(country):
        return ()
    part = region if knows_holidays(country, region) and region else None
    own = getattr(holidays, country).default_language
    found = holidays.country_holidays(country, subdiv=part, years=year, expand=False, language=language or own)
    return tuple(sorted(found.items()))
