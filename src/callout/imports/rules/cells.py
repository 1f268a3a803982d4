"""What the text of a cell means, by the kind of its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from callout.core.errors import N_
from callout.core.tabular import Cell as FileCell
from callout.core.tabular import text_of
from callout.core.text import clean_name, fold, has_forbidden
from callout.imports.errors import (
    CellAmbiguousNumber,
    CellBadCharacters,
    CellNoSuchTime,
    CellNotBoolean,
    CellNotChoice,
    CellNotCountry,
    CellNotDate,
    CellNotNumber,
    CellNotWhole,
    CellTwice,
)
from callout.imports.registry import Field

DATE_FORMATS: Mapping[str, str] = {
    "iso": N_("year-month-day"),
    "dmy": N_("day, month, year"),
    "mdy": N_("month, day, year"),
}
"""Orders that a mapping may choose; anything with a % is a strptime pattern."""
YES = frozenset({"1", "true", "yes", "y", "x", "on", "si", "sì", "s", "vero", "da", "adevarat", "active"})
NO = frozenset({"0", "false", "no", "n", "off", "falso", "nu", "fals", "-", "inactive"})
_SHOWN = 60
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")
_MOMENT = re.compile(
    r"(?P<a>\d{1,4})[-/. ](?P<b>\d{1,2})[-/. ](?P<c>\d{1,4})\.?"
    r"(?:[T ,]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(?P<half>[AaPp])?\.?[Mm]?\.?\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?"
)
Cell = FileCell | None


def value_of(cell: Cell, field: Field, options: Mapping[str, Any]) -> Any:
    """What the cell says, or None when it is blank. Raises an Invalid at the field otherwise.

    `options` are those of the mapping's rule: `values` (cell to value, case and accents free), `format`, `time_zone`,
    `twice` ("first" or "second"), `decimal` ("." or ",").
    """
    text = _replaced(cell, options.get("values") or {})
    if text is None or (isinstance(text, str) and not text.strip()):
        return None
    if isinstance(text, str) and has_forbidden(text):
        raise CellBadCharacters(field.name)
    return _READERS[field.kind](text, field, options)


def _replaced(cell: Cell, values: Mapping[str, Any]) -> Cell:
    if not values or cell is None:
        return cell
    wanted = fold(str(cell))
    return next((value for name, value in values.items() if fold(name) == wanted), cell)


def plain_text(cell: Cell) -> str:
    """A cell as text; blank for none."""
    return "" if cell is None else text_of(cell)


def _text(cell: Cell, field: Field, options: Mapping[str, Any]) -> str | None:
    return clean_name(plain_text(cell)) or None


def _lines(cell: Cell, field: Field, options: Mapping[str, Any]) -> str | None:
    lines = (" ".join(line.split()) for line in plain_text(cell).splitlines())
    return "\n".join(lines).strip() or None


def _decimal(cell: Cell, field: Field, options: Mapping[str, Any]) -> Decimal:
    text = re.sub(r"[\s\u00a0'’_]", "", plain_text(cell)).replace("\u2212", "-")
    text = re.sub(r"^[A-Z]{3}|[A-Z]{3}$|^[€$£]|[€$£]$", "", text)
    plain = _without_groups(text, str(options.get("decimal") or ""), field)
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise CellNotNumber(field.name, value=text[:_SHOWN]) from error
    if not number.is_finite() or not re.fullmatch(r"[+-]?(\d+(\.\d+)?|\.\d+)", plain):
        raise CellNotNumber(field.name, value=text[:_SHOWN])
    return number


def _without_groups(text: str, mark: str, field: Field) -> str:
    """The number with a point as its only mark; a lone mark before three digits needs `mark` to be understood."""
    if mark:
        other = "," if mark == "." else "."
        return text.replace(other, "").replace(mark, ".")
    if "," in text and "." in text:
        last = max(",.", key=text.rindex)
        return text.replace("," if last == "." else ".", "").replace(last, ".")
    if "," not in text:
        return text
    if _GROUPED.fullmatch(text.lstrip("+-")):
        if text.count(",") == 1:
            raise CellAmbiguousNumber(field.name, value=text[:_SHOWN])
        return text.replace(",", "")
    return text.replace(",", ".")


def _integer(cell: Cell, field: Field, options: Mapping[str, Any]) -> int:
    number = _decimal(cell, field, options)
    if number != number.to_integral_value():
        raise CellNotWhole(field.name, value=plain_text(cell)[:_SHOWN])
    return int(number)


def _boolean(cell: Cell, field: Field, options: Mapping[str, Any]) -> bool:
    if isinstance(cell, bool):
        return cell
    word = fold(plain_text(cell))
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellNotBoolean(field.name, value=plain_text(cell)[:_SHOWN])


def _date(cell: Cell, field: Field, options: Mapping[str, Any]) -> date:
    return _moment(cell, field, options).date()


def _datetime(cell: Cell, field: Field, options: Mapping[str, Any]) -> datetime:
    moment = _moment(cell, field, options)
    if moment.tzinfo is None:
        moment = _placed(moment, ZoneInfo(str(options.get("time_zone") or "UTC")), field, options)
    return moment.astimezone(UTC)


def _placed(moment: datetime, zone: ZoneInfo, field: Field, options: Mapping[str, Any]) -> datetime:
    """The local time in its zone, refused when the clocks skipped it or nobody says which of two it is."""
    early, late = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    shown = moment.isoformat(" ")
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise CellNoSuchTime(field.name, value=shown, zone=str(zone))
    if options.get("twice") not in ("first", "second"):
        raise CellTwice(field.name, value=shown, zone=str(zone))
    return early if options["twice"] == "first" else late


def _moment(cell: Cell, field: Field, options: Mapping[str, Any]) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time.min)
    text = " ".join(plain_text(cell).split())
    pattern = str(options.get("format") or "iso")
    try:
        # a strptime pattern without an offset gives a naive time, which the mapping's zone then places
        moment = datetime.strptime(text, pattern) if "%" in pattern else _ordered(text, pattern)  # noqa: DTZ007
    except (ValueError, OverflowError) as error:
        raise CellNotDate(field.name, value=text[:_SHOWN]) from error
    if not 1900 <= moment.year <= 2200:
        raise CellNotDate(field.name, value=text[:_SHOWN])
    return moment


def _ordered(text: str, order: str) -> datetime:
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise ValueError("no date")
    a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) == 4:
        year, month, day = a, b, c
    elif order == "iso":
        raise ValueError("the year does not come first")
    else:
        year, month, day = (c, b, a) if order == "dmy" else (c, a, b)
        year += 2000 if year < 100 else 0
    hour = _hour(int(match["hour"] or 0), (match["half"] or "").lower())
    moment = datetime(year, month, day, hour, int(match["minute"] or 0), int(match["second"] or 0))  # noqa: DTZ001
    return moment if not match["offset"] else moment.replace(tzinfo=datetime.strptime(match["offset"], "%z").tzinfo)


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no hour of half a day")
    return hour % 12 + (12 if half == "p" else 0)


def _choice(cell: Cell, field: Field, options: Mapping[str, Any]) -> str:
    wanted = fold(plain_text(cell))
    for value, label in field.choices:
        if wanted in (fold(str(value)), fold(str(label))):
            return value
    known = ", ".join(str(label) for value, label in field.choices)
    raise CellNotChoice(field.name, value=plain_text(cell)[:_SHOWN], known=known)


@cache
def country_names() -> Mapping[str, str]:
    """ISO codes by folded name, in the languages that Callout speaks."""
    found: dict[str, str] = {}
    for language in ("ro", "it", "en"):
        names = Locale(language).territories
        found |= {fold(name): code for code, name in names.items() if len(code) == 2 and code.isalpha()}
    found |= {fold(code): code for code in set(found.values())}
    return found | {"usa": "US", "uk": "GB", "united states of america": "US", "great britain": "GB", "england": "GB"}


def _country(cell: Cell, field: Field, options: Mapping[str, Any]) -> str:
    code = country_names().get(fold(plain_text(cell)))
    if code is None:
        raise CellNotCountry(field.name, value=plain_text(cell)[:_SHOWN])
    return code


_READERS: Mapping[str, Callable[[Cell, Field, Mapping[str, Any]], Any]] = {
    "text": _text,
    "phone": _text,
    "email": _text,
    "lines": _lines,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "choice": _choice,
    "country": _country,
}
