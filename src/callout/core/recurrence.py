"""Recurring days: every N days, weeks or months from an anchor, moved off days on which nobody works."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count, takewhile

from dateutil.relativedelta import relativedelta

from callout.core.errors import N_, Invalid

IsWorking = Callable[[date], bool]
"""Whether somebody works on that day."""

_MOST = 1_000
_PATIENCE = 366
_DAY = timedelta(days=1)


class BadRecurrence(Invalid):
    """An interval that is none."""

    code = "bad_recurrence"
    what = N_("A recurrence cannot come every {every} times.")
    remedy = N_("Choose a number from 1 to {most}.")


class NoWorkingDay(Invalid):
    """Nobody works on any of the days that would come."""

    code = "no_working_day"
    what = N_("There is no working day within a year of {day}.")
    remedy = N_("Check the working hours, or let the recurrence fall on any day.")


class Unit(StrEnum):
    """What the recurrence counts."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class FreeDays(StrEnum):
    """What becomes of a day on which nobody works: it stays, moves to the working day before or after, or goes."""

    KEEP = "keep"
    BEFORE = "before"
    AFTER = "after"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Rule:
    """Every so many days, weeks or months. Raises BadRecurrence, field `every`, for less than 1 or over 1,000."""

    unit: Unit
    every: int = 1
    free_days: FreeDays = FreeDays.KEEP

    def __post_init__(self) -> None:
        if not 1 <= self.every <= _MOST:
            raise BadRecurrence("every", every=self.every, most=_MOST)

    def nth(self, anchor: date, n: int) -> date:
        """The n-th day by the calendar, 0 being the anchor; free days are not looked at.

        Months are counted from the anchor, so that the 31st gives 28 February and then 31 March again.
        Raises OverflowError beyond the year 9999.
        """
        steps = n * self.every
        try:
            if self.unit is Unit.MONTH:
                return anchor + relativedelta(months=steps)
            return anchor + timedelta(days=steps * (7 if self.unit is Unit.WEEK else 1))
        except ValueError as error:
            raise OverflowError("beyond the last year") from error

    def first_after(self, anchor: date, day: date) -> int:
        """The smallest n of at least 1 whose day by the calendar lies after `day`."""
        if self.unit is Unit.MONTH:
            length, passed = self.every, (day.year - anchor.year) * 12 + day.month - anchor.month
        else:
            length, passed = self.every * (7 if self.unit is Unit.WEEK else 1), (day - anchor).days
        n = max(1, passed // length)
        while self.nth(anchor, n) <= day:
            n += 1
        return n


def on_weekdays(weekdays: Iterable[int], holidays: Container[date] = ()) -> IsWorking:
    """Working days are those weekdays (0 is Monday) that are no holidays."""
    worked = frozenset(weekdays)
    return lambda day: day.weekday() in worked and day not in holidays


def next_date(rule: Rule, anchor: date, after: date, is_working: IsWorking) -> date:
    """The first day of the recurrence that lies after both `after` and the anchor.

    `anchor` is the old due date, or the day of closing, as the recurrence wants it. Raises NoWorkingDay; OverflowError
    beyond the year 9999.
    """
    start = max(after, anchor)
    n = rule.first_after(anchor, start)
    if rule.free_days is FreeDays.AFTER:
        while n > 1 and (_moved(rule, rule.nth(anchor, n - 1), is_working) or start) > start:
            n -= 1
    for tried in range(n, n + _PATIENCE):
        day = _moved(rule, rule.nth(anchor, tried), is_working)
        if day is not None and day > start:
            return day
    raise NoWorkingDay(None, day=start)


def dates_until(rule: Rule, anchor: date, limit: date, is_working: IsWorking) -> list[date]:
    """All days of the recurrence after the anchor up to and including `limit`, each once, in their order.

    Raises NoWorkingDay.
    """
    found: list[date] = []
    for day in takewhile(lambda moved: moved is None or moved <= limit, _days(rule, anchor, limit, is_working)):
        if day is not None and day > (found[-1] if found else anchor):
            found.append(day)
    return found


def _days(rule: Rule, anchor: date, limit: date, is_working: IsWorking) -> Iterator[date | None]:
    """The moved days (None for one left out) of every calendar day that could be moved to `limit` or before."""
    for n in count(1):
        try:
            day = rule.nth(anchor, n)
        except OverflowError:
            return
        if day > limit and rule.free_days is not FreeDays.BEFORE:
            return
        yield _moved(rule, day, is_working)


def _moved(rule: Rule, day: date, is_working: IsWorking) -> date | None:
    """The working day that stands for the calendar day; None when it is left out."""
    if rule.free_days is FreeDays.KEEP or is_working(day):
        return day
    if rule.free_days is FreeDays.SKIP:
        return None
    step = _DAY if rule.free_days is FreeDays.AFTER else -_DAY
    moved = day
    for _ in range(_PATIENCE):
        moved += step
        if is_working(moved):
            return moved
    raise NoWorkingDay(None, day=day)
