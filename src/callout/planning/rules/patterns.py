"""What a presence pattern gives, and what becomes of it on a calendar. Days are local days of the resource's zone."""

from __future__ import annotations

import hashlib
from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import count

from callout.core.errors import Invalid
from callout.core.intervals import Interval, intersect, overlaps
from callout.core.recurrence import Rule, Unit
from callout.core.worktime import Closure, Shift, check_day, expand
from callout.planning.errors import EndsBeforeFirstDay, NoWeekday, RangeTooLong

LONGEST_RANGE = timedelta(days=800)
"""How many days presences are generated for at once."""
_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Pattern:
    """These hours by the local clock, every so many days, weeks (on `weekdays`, 0 being Monday) or months.

    Weeks are counted from the Monday of the week of `starts_on`, months from its day: the 31st is the last day of a
    shorter month. An end of 00:00, or before the start, is on the next day. `zone` 0 stands for none; `zone_name` is
    what people see.
    """

    pk: int
    unit: Unit
    every: int
    weekdays: frozenset[int]
    starts: time
    ends: time
    starts_on: date
    ends_on: date | None = None
    zone: int = 0
    zone_name: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A presence that is on the calendar already; `pattern` None when that has been deleted."""

    pk: int
    pattern: int | None
    day: date | None
    zone: int
    zone_name: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Work:
    """Planned work that needs the presence it lies in."""

    interval: Interval
    title: str


class Fate(StrEnum):
    """What becomes of one day of one pattern."""

    WRITE = "write"
    REPLACE = "replace"
    REMOVE = "remove"
    KEEP = "keep"
    REFUSE = "refuse"


class Why(StrEnum):
    """What clashes: the reason of a refusal, or what closes a part of a presence that is written all the same."""

    NOTHING = ""
    HOLIDAY = "holiday"
    ABSENCE = "absence"
    OVERLAP = "overlap"
    OUTSIDE_HOURS = "outside_hours"
    WORK = "work"
    BEGUN = "begun"


@dataclass(frozen=True, slots=True)
class Line:
    """One day of one pattern: `wanted` is what the pattern gives, `standing` what there is; one of them may be None.

    `label` names what clashes: the holiday, the absence, the other presence's zone, the titles of the work; `clash` is
    the other presence's time.
    """

    day: date
    fate: Fate
    pattern: Pattern | None = None
    wanted: Interval | None = None
    standing: Standing | None = None
    why: Why = Why.NOTHING
    label: str = ""
    clash: Interval | None = None

    @property
    def time(self) -> Interval:
        """The time of the presence that is wanted, else of the one that stands."""
        if self.wanted is not None:
            return self.wanted
        if self.standing is not None:
            return self.standing.interval
        raise ValueError("a line has a presence that is wanted or one that stands")


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a resource's calendar holds where presences are generated: all that touches the range."""

    zone: str
    standing: Sequence[Standing] = ()
    closures: Sequence[Closure] = ()
    hours: Sequence[Interval] = ()
    """The working hours, normalised."""
    work: Sequence[Work] = ()


def check(pattern: Pattern) -> None:
    """Refuse a pattern that can give no day. Raises BadRecurrence, BadShift, NoWeekday, EndsBeforeFirstDay, Invalid."""
    Rule(pattern.unit, pattern.every)
    Shift(0, pattern.starts, pattern.ends)
    check_day(pattern.starts_on, field="starts_on")
    if pattern.ends_on is not None:
        check_day(pattern.ends_on, field="ends_on")
        if pattern.ends_on < pattern.starts_on:
            raise EndsBeforeFirstDay("ends_on", first=pattern.starts_on, last=pattern.ends_on)
    if not pattern.weekdays <= frozenset(range(_WEEK)):
        raise Invalid("weekdays")
    if pattern.unit is Unit.WEEK and not pattern.weekdays:
        raise NoWeekday("weekdays")


def check_range(first: date, last: date) -> None:
    """Refuse days in the wrong order, and more than LONGEST_RANGE. Raises EndsBeforeFirstDay, RangeTooLong."""
    check_day(first, field="first")
    check_day(last, field="last")
    if last < first:
        raise EndsBeforeFirstDay("last", first=first, last=last)
    if last - first >= LONGEST_RANGE:
        raise RangeTooLong("last", most=LONGEST_RANGE.days)


def days_of(pattern: Pattern, first: date, last: date) -> list[date]:
    """The days of the pattern from `first` to `last`, both included, each once, in their order."""
    begin = max(first, pattern.starts_on)
    end = last if pattern.ends_on is None else min(last, pattern.ends_on)
    if end < begin:
        return []
    weekly = pattern.unit is Unit.WEEK
    rule = Rule(pattern.unit, pattern.every)
    anchor = pattern.starts_on - timedelta(days=pattern.starts_on.weekday()) if weekly else pattern.starts_on
    behind = begin - timedelta(days=_WEEK) if weekly else begin - _DAY
    found: list[date] = []
    for n in count(0 if behind < anchor else rule.first_after(anchor, behind)):
        day = rule.nth(anchor, n)
        if day > end:
            return found
        of_step = [day + timedelta(days=each) for each in sorted(pattern.weekdays)] if weekly else [day]
        found += [each for each in of_step if begin <= each <= end]
    return found


@lru_cache(maxsize=50_000)
def hours_on(day: date, starts: time, ends: time, zone: str) -> Interval | None:
    """The hours that begin on that local day; None when the clock skips them whole."""
    found = expand((Shift(day.weekday(), starts, ends),), zone, day, day + _DAY)
    return found[0] if found else None


def expanded(pattern: Pattern, zone: str, first: date, last: date) -> list[tuple[date, Interval]]:
    """The presences that the pattern gives on those days."""
    spans = ((day, hours_on(day, pattern.starts, pattern.ends, zone)) for day in days_of(pattern, first, last))
    return [(day, span) for day, span in spans if span is not None]


def generated(patterns: Iterable[Pattern], calendar: Calendar, first: date, last: date, *, now: datetime) -> list[Line]:
    """What generating these patterns on those days does to the calendar: lines by day, then by time.

    A presence that stands as its pattern wants it is left alone, and so is one that has begun. One that its pattern
    wants otherwise, or no more, is replaced or goes, unless work would lose the presence that it lies in. Nothing is
    written on a day that a holiday or an absence closes whole, outside the working hours, or over another presence.
    """
    return _Generation(calendar, now).run(patterns, first, last)


def cleared(calendar: Calendar, chosen: Iterable[Standing], *, now: datetime) -> list[Line]:
    """What taking these presences off the calendar does: all go but those that have begun or hold work."""
    found = []
    for each in chosen:
        work = _losing(calendar.work, each, None)
        why = Why.BEGUN if each.interval.starts < now else Why.WORK if work else Why.NOTHING
        fate = Fate.REFUSE if why else Fate.REMOVE
        label = ", ".join(item.title for item in work) if why is Why.WORK else ""
        found.append(Line(_day_of(each), fate, standing=each, why=why, label=label))
    return sorted(found, key=_place)


def tally(lines: Iterable[Line]) -> dict[str, int]:
    """How many lines have each fate, by its value."""
    found = {fate.value: 0 for fate in Fate}
    for line in lines:
        found[line.fate.value] += 1
    return found


def digest(lines: Iterable[Line]) -> str:
    """A short text that is another one when anything else would be written or refused."""
    summed = hashlib.sha256()
    for line in lines:
        parts = (line.day, line.fate, line.pattern and (line.pattern.pk, line.pattern.zone), line.wanted, line.why,
                 line.standing and line.standing.pk)  # fmt: skip
        summed.update(repr(parts).encode())
    return summed.hexdigest()[:16]


@dataclass(slots=True)
class _Wish:
    """A presence that a pattern wants, with what stands in its place."""

    pattern: Pattern
    day: date
    interval: Interval
    standing: Standing | None


@dataclass(slots=True)
class _Taken:
    """Presences that never overlap, found by their time."""

    _all: list[tuple[Interval, Standing]] = field(default_factory=list)

    def add(self, standing: Standing) -> None:
        """Put it among the others."""
        insort(self._all, (standing.interval, standing), key=lambda each: each[0])

    def under(self, wanted: Interval) -> Standing | None:
        """The first that overlaps."""
        at = bisect_right(self._all, wanted.starts, key=lambda each: each[0].starts)
        near = self._all[max(at - 1, 0) : at + 1]
        return next((standing for interval, standing in near if interval.overlaps(wanted)), None)


class _Generation:
    """One run of `generated`: first what stays where it is, then what holds work, then the rest."""

    def __init__(self, calendar: Calendar, now: datetime) -> None:
        self.calendar, self.now = calendar, now
        self.taken, self.lines = _Taken(), list[Line]()

    def run(self, patterns: Iterable[Pattern], first: date, last: date) -> list[Line]:
        """The lines."""
        by_pk = {pattern.pk: pattern for pattern in patterns}
        own = {
            (each.pattern, each.day): each
            for each in self.calendar.standing
            if each.pattern in by_pk and each.day is not None and first <= each.day <= last
        }
        kept = {each.pk for each in own.values()}
        for each in self.calendar.standing:
            if each.pk not in kept:
                self.taken.add(each)
        wishes = [
            _Wish(pattern, day, span, own.pop((pattern.pk, day), None))
            for pattern in by_pk.values()
            for day, span in expanded(pattern, self.calendar.zone, first, last)
        ]
        for each in own.values():
            self._unwanted(each)
        changed = [wish for wish in wishes if not self._stays(wish)]
        for wish in sorted(changed, key=lambda wish: (not self._works(wish), wish.interval, wish.pattern.pk)):
            self._place(wish)
        return sorted(self.lines, key=_place)

    def _works(self, wish: _Wish) -> bool:
        return wish.standing is not None and bool(_losing(self.calendar.work, wish.standing, None))

    def _unwanted(self, standing: Standing) -> None:
        """A presence on a day that its pattern does not name any more."""
        line = cleared(self.calendar, [standing], now=self.now)[0]
        if line.fate is Fate.REFUSE:
            self.taken.add(standing)
        self.lines.append(line)

    def _stays(self, wish: _Wish) -> bool:
        """Whether what stands is left as it is."""
        old = wish.standing
        if old is None:
            return False
        same = old.interval == wish.interval and old.zone == wish.pattern.zone
        lost = [] if same else _losing(self.calendar.work, old, wish)
        if same:
            self._add(wish, Fate.KEEP)
        elif old.interval.starts < self.now:
            self._add(wish, Fate.REFUSE, Why.BEGUN)
        elif lost:
            self._add(wish, Fate.REFUSE, Why.WORK, ", ".join(each.title for each in lost))
        else:
            return False
        self.taken.add(old)
        return True

    def _place(self, wish: _Wish) -> None:
        """Write it, or say what is in the way."""
        why, label, clash = self._clash(wish.interval)
        old = wish.standing
        if why is Why.NOTHING or (why in (Why.HOLIDAY, Why.ABSENCE) and clash is None):
            self._add(wish, Fate.REPLACE if old else Fate.WRITE, why, label)
            pattern = wish.pattern
            self.taken.add(Standing(0, pattern.pk, wish.day, pattern.zone, pattern.zone_name, wish.interval))
            return
        if old is None:
            self._add(wish, Fate.REFUSE, why, label, clash if why is Why.OVERLAP else None)
        elif self._works(wish):
            lost = _losing(self.calendar.work, old, None)
            self._add(wish, Fate.REFUSE, Why.WORK, ", ".join(each.title for each in lost))
            self.taken.add(old)
        else:
            self._add(wish, Fate.REMOVE, why, label, clash if why is Why.OVERLAP else None)

    def _clash(self, wanted: Interval) -> tuple[Why, str, Interval | None]:
        """What is in the way, by name; the time of it unless it closes a part only."""
        other = self.taken.under(wanted)
        if other is not None:
            return Why.OVERLAP, other.zone_name, other.interval
        if not overlaps(self.calendar.hours, wanted):
            return Why.OUTSIDE_HOURS, "", wanted
        shut = [each for each in self.calendar.closures if each.interval.overlaps(wanted)]
        if not shut:
            return Why.NOTHING, "", None
        whole = next((each for each in shut if each.interval.contains(wanted)), None)
        named = whole or shut[0]
        return Why(named.kind.value), named.label, wanted if whole else None

    def _add(
        self, wish: _Wish, fate: Fate, why: Why = Why.NOTHING, label: str = "", clash: Interval | None = None
    ) -> None:
        self.lines.append(Line(wish.day, fate, wish.pattern, wish.interval, wish.standing, why, label, clash))


def _losing(work: Iterable[Work], old: Standing, wish: _Wish | None) -> list[Work]:
    """The work in a presence that would not lie in what takes its place, or in the same zone."""
    inside = [each for each in work if each.interval.overlaps(old.interval)]
    if wish is None or wish.pattern.zone != old.zone:
        return inside
    kept = [intersect([each.interval], [old.interval])[0] for each in inside]
    return [each for each, part in zip(inside, kept, strict=True) if not wish.interval.contains(part)]


def _day_of(standing: Standing) -> date:
    return standing.day or standing.interval.starts.date()


def _place(line: Line) -> tuple[date, datetime]:
    return line.day, line.time.starts
