"""Dates, moments and durations that people or files write, read strictly by a declared format.

A format is written with `YYYY`, `YY` (20xx), `MM`, `DD`, `HH` (0 to 23), `hh` (1 to 12, with `AM`), `mm`, `ss`, `AM`
(am or pm in any case); every other character stands for itself, a space for one or more spaces. Day, month and hours
may lack their leading zero. `ISO` is ISO 8601, with or without a time and an offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from callout.core.errors import N_, Invalid
from callout.core.worktime import check_day, local

FORMATS = (
    "ISO",
    "DD/MM/YYYY",
    "DD/MM/YYYY HH:mm",
    "DD/MM/YYYY HH:mm:ss",
    "DD.MM.YYYY",
    "DD.MM.YYYY HH:mm",
    "DD.MM.YYYY HH:mm:ss",
    "DD-MM-YYYY",
    "MM/DD/YYYY",
    "MM/DD/YYYY HH:mm",
    "MM/DD/YYYY hh:mm AM",
    "MM/DD/YYYY hh:mm:ss AM",
    "YYYY/MM/DD",
    "YYYYMMDD",
)
"""The formats that are offered and tried."""
_TOKENS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<short>[0-9]{2})",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
    "HH": r"(?P<hour>[0-9]{1,2})",
    "hh": r"(?P<twelve>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})",
    "AM": r"(?P<half>[AaPp])\.?[Mm]\.?",
}
_TOKEN = re.compile("|".join(_TOKENS) + "|.", re.DOTALL)
_LONGEST = 60


class BadDateFormat(Invalid):
    """A format that cannot tell a date."""

    code = "bad_date_format"
    what = N_("“{format}” is no format for dates.")
    remedy = N_("Write for example {example}.")


class BadDate(Invalid):
    """Not written in the format, or no day of the calendar."""

    code = "bad_date"
    what = N_("“{text}” is no date in the format {format}.")
    remedy = N_("Check the day, the month and the format.")


class BadDuration(Invalid):
    """No length of time."""

    code = "bad_duration"
    what = N_("“{text}” is no length of time.")
    remedy = N_("Write for example 1:30, 1.5 h, 1h30 or 90 min.")


class DurationTooLong(Invalid):
    """More than the field allows."""

    code = "duration_too_long"
    what = N_("{minutes} minutes are more than the {most} allowed.")


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A format that has been checked; made by `parse_date_format`."""

    text: str
    pattern: re.Pattern[str] | None
    """None for ISO."""
    has_time: bool


@lru_cache(maxsize=200)
def parse_date_format(text: str) -> DateFormat:
    """The checked format. Raises BadDateFormat, field `format`, unless it has a year, a month and a day, each part at
    most once, and hours that can be told.
    """
    if text == "ISO":
        return DateFormat(text, None, has_time=True)
    tokens = _TOKEN.findall(text) if len(text) <= _LONGEST else []
    used = [token for token in tokens if token in _TOKENS]
    hours = {"HH", "hh", "mm", "ss", "AM"} & set(used)
    dated = ("YYYY" in used) + ("YY" in used) == 1 and {"MM", "DD"} <= set(used)
    timed = not hours or ("mm" in used and (("HH" in used) != ({"hh", "AM"} <= set(used))))
    crossed = ("HH" in used and "AM" in used) or ("hh" in used and "AM" not in used)
    if not dated or not timed or crossed or len(used) != len(set(used)):
        raise BadDateFormat("format", format=text[:_LONGEST], example="DD/MM/YYYY HH:mm")
    return DateFormat(text, re.compile(_expression(tokens)), has_time=bool(hours))


def _expression(tokens: list[str]) -> str:
    """The expression; where digits touch digits each part needs all of its own."""
    pieces = []
    for at, token in enumerate(tokens):
        piece = _TOKENS.get(token) or (r"\s+" if token.isspace() else re.escape(token))
        neighbours = tokens[max(at - 1, 0) : at] + tokens[at + 1 : at + 2]
        if any(other in _TOKENS for other in neighbours):
            piece = piece.replace("{1,2}", "{2}")
        pieces.append(piece)
    return "".join(pieces)


def parse_date(text: str, form: str, *, field: str | None = None) -> date:
    """The day that the text says; a time of the day in it is checked and left out.

    Raises BadDate, BadDateFormat, DayOutOfRange.
    """
    return _parsed(text, form, field).date()


def parse_moment(text: str, form: str, zone: str, *, fold: int | None = None, field: str | None = None) -> datetime:
    """The moment, in UTC, that the text says by the clock of `zone`, or by its own offset (ISO only).

    Without a time it is the beginning of the day. A time that the clock skips is refused, one that it shows twice too,
    unless `fold` says 0 for the first or 1 for the second.
    Raises BadDate, BadDateFormat, NonexistentTime, AmbiguousTime, UnknownZone, DayOutOfRange.
    """
    said = _parsed(text, form, field)
    return local(said, zone, fold=fold, field=field) if said.tzinfo is None else said.astimezone(UTC)


def moment_of(
    cell: str | date | datetime, form: str, zone: str, *, fold: int | None = None, field: str | None = None
) -> datetime:
    """As `parse_moment`, for a cell of a workbook that may hold a date or a moment already (by the clock of `zone`)."""
    if isinstance(cell, str):
        return parse_moment(cell, form, zone, fold=fold, field=field)
    said = cell if isinstance(cell, datetime) else datetime.combine(cell, time(0))
    return local(said, zone, fold=fold, field=field) if said.tzinfo is None else said.astimezone(UTC)


def fitting_formats(samples: Iterable[str]) -> list[str]:
    """Those of FORMATS by which every sample that is not empty can be read; empty without samples.

    More than one when the samples leave open which is the day: a person has to choose then.
    """
    texts = [text for text in samples if text.strip()]
    return [form for form in FORMATS if texts and all(_fits(text, form) for text in texts)]


def _fits(text: str, form: str) -> bool:
    try:
        _parsed(text, form, None)
    except Invalid:
        return False
    return True


def _parsed(text: str, form: str, field: str | None) -> datetime:
    """Naive, unless the text has an offset."""
    parsed = parse_date_format(form)
    plain = text.strip()
    try:
        if len(plain) > _LONGEST or not plain.isascii():
            raise ValueError("no date")
        said = _by_iso(plain) if parsed.pattern is None else _by_pattern(plain, parsed.pattern)
    except (ValueError, OverflowError) as error:
        raise BadDate(field, text=plain[:_LONGEST], format=form) from error
    check_day(said.date(), field=field)
    return said


def _by_iso(text: str) -> datetime:
    if not re.match("[0-9]{4}-", text):
        raise ValueError("no date")
    return datetime.fromisoformat(text)


def _by_pattern(text: str, pattern: re.Pattern[str]) -> datetime:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError("no date")
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else 2000 + int(parts["short"])
    clock = time(_hour(parts), int(parts.get("minute") or 0), int(parts.get("second") or 0))
    return datetime.combine(date(year, int(parts["month"]), int(parts["day"])), clock)


def _hour(parts: dict[str, str | None]) -> int:
    if parts.get("twelve") is None:
        return int(parts.get("hour") or 0)
    hour = int(parts["twelve"] or 0)
    if not 1 <= hour <= 12:
        raise ValueError("no hour")
    return hour % 12 + (12 if (parts["half"] or "").lower() == "p" else 0)


_HOURS = r"(?:h|hrs?|hours?|or[aeăi]|ore)\.?"
_MINUTES = r"(?:m|mins?|minutes?|minut[oie]|minute|')\.?"
_NUMBER = r"[0-9]{1,5}(?:[.,][0-9]{1,4})?"
_CLOCKED = re.compile(r"([0-9]{1,5}):([0-5][0-9])")
_WORDED = re.compile(
    rf"(?:(?P<hours>{_NUMBER})\s*{_HOURS})?\s*(?:(?P<minutes>{_NUMBER})\s*(?P<unit>{_MINUTES})?)?", re.IGNORECASE
)


def parse_minutes(text: str, *, most: int = 31 * 24 * 60, field: str | None = None) -> int:
    """The whole minutes of a duration such as `1:30`, `1.5h`, `1,5 ore`, `90 min`, `1h30`, `1 h 30 min`.

    Fractions are rounded to the nearest minute, half up. A number alone is refused: it could be hours or minutes.
    Raises BadDuration, DurationTooLong.
    """
    plain = " ".join(text.split())
    clocked = _CLOCKED.fullmatch(plain)
    worded = _WORDED.fullmatch(plain)
    if clocked is not None:
        minutes = int(clocked[1]) * 60 + int(clocked[2])
    elif worded is not None and (worded["hours"] or worded["unit"]) and _is_told(worded):
        exact = _decimal(worded["hours"]) * 60 + _decimal(worded["minutes"])
        minutes = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    else:
        raise BadDuration(field, text=plain[:40])
    if minutes > most:
        raise DurationTooLong(field, minutes=minutes, most=most)
    return minutes


def _is_told(worded: re.Match[str]) -> bool:
    """Whether hours and minutes together make sense: `1h30` does, `1.5h 30`, `1h 90` and `1h 1.5` do not."""
    if not worded["hours"] or not worded["minutes"]:
        return True
    return worded["hours"].isdigit() and worded["minutes"].isdigit() and int(worded["minutes"]) < 60


def _decimal(text: str | None) -> Decimal:
    return Decimal((text or "0").replace(",", "."))


def format_minutes(minutes: int) -> str:
    """The duration as `h:mm`, which `parse_minutes` reads back; negative ones get a minus."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else ''}{hours}:{rest:02}"
