"""Local clocks and working time: from what people say in their own zone to moments in UTC, and what may be booked.

What a clock does on a daylight-saving night, decided once for everything here:

- *Input of a moment* (`local`) is strict: a time that the clock skips or shows twice is refused.
- *Working hours* (`expand`) are the time from the first to the last minute at which the local clock reads a time within
  them. So a start or an end that the clock skips is moved forward to the moment of the change; of a start that comes
  twice the first counts, of an end that comes twice the last; and hours that end where a repeated stretch begins
  do not take it in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from callout.core.errors import N_, Invalid
from callout.core.intervals import Interval, covers, intersect, normalise, subtract

_MIDNIGHT = time(0)
_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class UnknownZone(Invalid):
    """No such time zone."""

    code = "unknown_zone"
    what = N_("There is no time zone “{zone}”.")
    remedy = N_("Choose one such as Europe/Rome.")


class NonexistentTime(Invalid):
    """The clock skips this time when daylight-saving time begins."""

    code = "nonexistent_time"
    what = N_("{local} does not exist in {zone}: the clocks go forward over it.")
    remedy = N_("Choose a time before or after the change.")


class AmbiguousTime(Invalid):
    """The clock shows this time twice when daylight-saving time ends."""

    code = "ambiguous_time"
    what = N_("{local} comes twice in {zone}: the clocks go back over it.")
    remedy = N_("Choose a time before or after the change, or say which of the two is meant.")


class DayOutOfRange(Invalid):
    """A day so far away that it must be a mistake."""

    code = "day_out_of_range"
    what = N_("{day} is no day to plan on: years go from {first} to {last}.")
    remedy = N_("Check the year.")


class BadClock(Invalid):
    """No time of the day."""

    code = "bad_clock"
    what = N_("“{text}” is no time of the day.")
    remedy = N_("Write hours and minutes, from 00:00 to 24:00.")


class BadShift(Invalid):
    """Hours that are none."""

    code = "bad_shift"
    what = N_("From {starts} to {ends} is no working time.")
    remedy = N_("Choose a different end; 24:00 is the end of the day.")


def zone_of(name: str, *, field: str | None = "time_zone") -> ZoneInfo:
    """The IANA zone of that name. Raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(field, zone=name[:60]) from error


def local(moment: datetime, zone: str, *, fold: int | None = None, field: str | None = None) -> datetime:
    """The moment, in UTC, at which the clock of `zone` shows the naive date and time.

    `fold` 0 or 1 chooses the first or the second of a time that comes twice; None refuses it.
    Raises NonexistentTime, AmbiguousTime, DayOutOfRange, UnknownZone with `field`; ValueError when `moment` has a zone
    already.
    """
    if moment.tzinfo is not None:
        raise ValueError("local() takes a date and time without a zone")
    check_day(moment.date(), field=field)
    there = zone_of(zone, field=field)
    first, second = _both(moment, there)
    if first > second:
        raise NonexistentTime(field, local=moment, zone=zone)
    if first < second and fold is None:
        raise AmbiguousTime(field, local=moment, zone=zone)
    return second if fold else first


def check_day(day: date, *, field: str | None = None) -> date:
    """The day, when it lies in the years 1900 to 2200. Raises DayOutOfRange."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise DayOutOfRange(field, day=day, first=_FIRST_YEAR, last=_LAST_YEAR)
    return day


def day_of(day: date, zone: str) -> Interval:
    """All of that local day, 23 to 25 hours in most zones.

    Raises UnknownZone, DayOutOfRange; NonexistentTime for a day that the zone skipped when it moved over the date line.
    """
    starts, ends = _bounds(day, day, zone_of(zone))
    if starts >= ends:
        raise NonexistentTime(None, local=day, zone=zone)
    return Interval(starts, ends)


def _bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    starts = _start(datetime.combine(check_day(first), _MIDNIGHT), zone)
    return starts, _end(datetime.combine(check_day(last) + _DAY, _MIDNIGHT), zone)


def _both(moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moment read by the offset before and by the one after a change; the same but near one.

    The first is the later one when the clock skips the time, the earlier one when it comes twice.
    """
    first, second = (moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


def _start(moment: datetime, zone: ZoneInfo) -> datetime:
    first, second = _both(moment, zone)
    return first if first <= second else _change(second, first, zone)


def _end(moment: datetime, zone: ZoneInfo) -> datetime:
    first, second = _both(moment, zone)
    if first > second:
        return _change(second, first, zone)
    if first < second:
        before = _both(moment - timedelta(microseconds=1), zone)
        return second if before[0] < before[1] else first
    return first


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between the two at which the zone's offset changes, to the second."""
    base = before.replace(microsecond=0)
    offset = base.astimezone(zone).utcoffset()
    low, high = 0, int((after - base).total_seconds()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if (base + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return base + timedelta(seconds=high)


def parse_clock(text: str, *, field: str | None = None) -> time:
    """The time of the day that `8:30`, `08:30` or `24:00` says; 24:00 gives midnight, as `Shift.ends` wants it.

    Raises BadClock.
    """
    match = re.fullmatch(r"\s*([0-9]{1,2})[:.]([0-5][0-9])\s*", text)
    hour, minute = (int(match[1]), int(match[2])) if match else (99, 0)
    if hour > 24 or (hour == 24 and minute):
        raise BadClock(field, text=text[:40])
    return time(hour % 24, minute)


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Hours of a weekday (0 is Monday) by the local clock.

    An end of 00:00 is midnight at the end of the day; an end before the start is on the next day. From 00:00 to 00:00
    is the whole day. Raises BadShift for any other start equal to the end, ValueError for a weekday that is none.
    """

    weekday: int
    starts: time
    ends: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6 or self.starts.tzinfo or self.ends.tzinfo:
            raise ValueError("a shift has a weekday from 0 to 6 and times without a zone")
        if self.starts == self.ends != _MIDNIGHT:
            raise BadShift("ends", starts=self.starts, ends=self.ends)

    @property
    def overnight(self) -> bool:
        """Whether it ends on the next day, midnight not counted."""
        return self.ends < self.starts and self.ends != _MIDNIGHT


def expand(hours: Iterable[Shift], zone: str, first: date, last: date) -> list[Interval]:
    """The working time within the local days `first` to `last`, both included, as a normalised list in UTC.

    What a shift of the day before reaches into `first` belongs to it, what one of `last` reaches beyond does not.
    Raises UnknownZone, DayOutOfRange; ValueError when `last` lies before `first`.
    """
    if last < first:
        raise ValueError("the last day lies before the first")
    shifts = tuple(sorted(set(hours)))
    there = zone_of(zone)
    starts, ends = _bounds(first, last, there)
    days = (first + timedelta(days=n) for n in range(-1, (last - first).days + 1))
    found = (stretch for day in days for stretch in _of_day(shifts, there, day))
    return intersect(normalise(found), [Interval(starts, ends)] if starts < ends else [])


@lru_cache(maxsize=20_000)
def _of_day(shifts: tuple[Shift, ...], zone: ZoneInfo, day: date) -> tuple[Interval, ...]:
    """The stretches that begin on that local day; one that the clock skips whole is left out."""
    found = []
    for shift in shifts:
        if shift.weekday != day.weekday():
            continue
        end_day = day + _DAY if shift.ends <= shift.starts else day
        starts = _start(datetime.combine(day, shift.starts), zone)
        ends = _end(datetime.combine(end_day, shift.ends), zone)
        if starts < ends:
            found.append(Interval(starts, ends))
    return tuple(found)


class ClosureKind(StrEnum):
    """Why somebody who would be there is not."""

    ABSENCE = "absence"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Closure:
    """Time taken out of a presence, with the name that people see: the reason of an absence, the holiday's name."""

    interval: Interval
    kind: ClosureKind
    label: str


@dataclass(frozen=True, slots=True)
class Busy:
    """Time taken by something, with the name that people see."""

    interval: Interval
    label: str


class Reason(StrEnum):
    """Why a window cannot be booked."""

    ABSENCE = "absence"
    HOLIDAY = "holiday"
    OUTSIDE_HOURS = "outside_hours"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a window cannot be booked, by what (empty outside hours), and the first part of the window that clashes."""

    reason: Reason
    label: str
    clash: Interval


def bookable(
    presences: Iterable[Interval], working_hours: Iterable[Interval], closures: Iterable[Closure]
) -> list[Interval]:
    """Bookable time: presence within working hours, less absences and holidays; a normalised list.

    For somebody whose presence is their working hours, give these twice.
    """
    present = intersect(normalise(presences), normalise(working_hours))
    return subtract(present, normalise(closure.interval for closure in closures))


def refusal_of(
    window: Interval, bookable: Sequence[Interval], closures: Iterable[Closure], busy: Iterable[Busy]
) -> Refusal | None:
    """Why the window cannot be booked, or None when it lies in bookable time that nothing takes.

    `bookable` is what the function of that name gives. The most telling reason is named: an absence, else a holiday,
    else that it lies outside the hours, else what takes the time; of several the earliest.
    """
    shut = [c for c in closures if c.interval.overlaps(window)]
    for closure in sorted(shut, key=lambda c: (c.kind, c.interval, c.label)):
        return Refusal(Reason(closure.kind.value), closure.label, _clash(window, closure.interval))
    if not covers(bookable, window):
        return Refusal(Reason.OUTSIDE_HOURS, "", subtract([window], bookable)[0])
    taken = [b for b in busy if b.interval.overlaps(window)]
    for other in sorted(taken, key=lambda b: (b.interval, b.label)):
        return Refusal(Reason.TAKEN, other.label, _clash(window, other.interval))
    return None


def _clash(window: Interval, other: Interval) -> Interval:
    return intersect([window], [other])[0]


def next_bookable(after: datetime, minutes: int, bookable: Sequence[Interval]) -> Interval | None:
    """The earliest stretch of that many minutes, not before `after`, that lies in one piece of the set; None if none.

    Raises ValueError for minutes below 1.
    """
    if minutes < 1:
        raise ValueError("a stretch has at least one minute")
    length = timedelta(minutes=minutes)
    for piece in bookable:
        starts = max(piece.starts, after.astimezone(UTC))
        if starts + length <= piece.ends:
            return Interval(starts, starts + length)
    return None
