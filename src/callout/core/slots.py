"""Free slots: where a piece of work still fits, with the way there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callout.core.errors import N_, Invalid
from callout.core.intervals import Interval
from callout.core.travel import Place, Roads
from callout.core.worktime import day_of

STEP = timedelta(minutes=15)
"""Slots begin on quarters of an hour."""
NEAR = timedelta(hours=12)
"""An appointment further away than this is of another day: the way then begins or ends at home."""


class WishEndsBeforeStart(Invalid):
    """Wished hours that end before they begin."""

    code = "wish_ends_before_start"
    what = N_("The wished hours end ({ends}) before they begin ({starts}).")
    remedy = N_("Choose a later end.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the customer would like: days of the week (0 is Monday; none: any), and hours that hold the whole slot.

    Hours are by the clock at the site. Raises WishEndsBeforeStart on `to`.
    """

    weekdays: frozenset[int] = frozenset()
    since: time | None = None
    to: time | None = None

    def __post_init__(self) -> None:
        if self.since is not None and self.to is not None and self.to <= self.since:
            raise WishEndsBeforeStart("to", starts=f"{self.since:%H:%M}", ends=f"{self.to:%H:%M}")

    @property
    def has_hours(self) -> bool:
        """Whether slots have to lie in certain hours."""
        return self.since is not None or self.to is not None


@dataclass(frozen=True, slots=True)
class Window:
    """Slots begin in [starts, ends); with `holds`, they end there too."""

    interval: Interval
    holds: bool

    def part(self, stretch: Interval, minutes: int) -> Interval | None:
        """What of a free stretch is of use for so many minutes."""
        starts = max(stretch.starts, self.interval.starts)
        ends = min(stretch.ends, self.interval.ends) if self.holds else stretch.ends
        if starts >= self.interval.ends or ends - starts < timedelta(minutes=minutes):
            return None
        return Interval(starts, ends)


def wished(wish: Wish, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Window]:
    """The windows of each wished local day from `after` to `until`, in order; right on days when clocks change."""
    day, last = after.astimezone(zone).date(), until.astimezone(zone).date()
    while day <= last:
        if not wish.weekdays or day.weekday() in wish.weekdays:
            whole = day_of(day, zone.key)
            starts = datetime.combine(day, wish.since, zone).astimezone(UTC) if wish.since else whole.starts
            ends = datetime.combine(day, wish.to, zone).astimezone(UTC) if wish.to else whole.ends
            starts, ends = max(starts, after), min(ends, until)
            if starts < ends:
                yield Window(Interval(starts, ends), wish.has_hours)
        day += timedelta(days=1)


Stop = tuple[datetime, Place]
"""When an appointment ends or begins, and where it is."""


@dataclass(slots=True)
class Neighbours:
    """Somebody's appointments with their places, in the order of their starts; they do not overlap."""

    intervals: list[Interval] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def add(self, interval: Interval, place: Place) -> None:
        """Note the next appointment."""
        self.intervals.append(interval)
        self.places.append(place)

    def before(self, moment: datetime) -> Stop | None:
        """The end of the last appointment that ends by then, not long before."""
        at = bisect_right(self.intervals, moment, key=lambda each: each.ends) - 1
        if at < 0 or moment - self.intervals[at].ends > NEAR:
            return None
        return self.intervals[at].ends, self.places[at]

    def behind(self, moment: datetime) -> Stop | None:
        """The start of the first appointment that starts then or later, not long behind."""
        at = bisect_left(self.intervals, moment, key=lambda each: each.starts)
        if at == len(self.intervals) or self.intervals[at].starts - moment > NEAR:
            return None
        return self.intervals[at].starts, self.places[at]


@dataclass(frozen=True, slots=True)
class Trip:
    """Work to be done at a place, between two stops of a day that begins and ends at home; each may be unknown."""

    minutes: int
    place: Place | None = None
    before: Stop | None = None
    behind: Stop | None = None
    home: Place | None = None


def fit(starts: datetime, ends: datetime, trip: Trip, roads: Roads) -> tuple[datetime, float | None] | None:
    """When the trip can begin at the earliest in the free time from `starts` to `ends`, with time for both ways.

    With it the kilometres that it adds to the day; None where no place around is known. The way from and to home is
    nobody's working time, so that it only counts in kilometres. None when nothing fits.
    """
    detour = None
    if trip.place is not None:
        if trip.before:
            starts = max(starts, trip.before[0] + _way(roads, trip.before[1], trip.place))
        if trip.behind:
            ends = min(ends, trip.behind[0] - _way(roads, trip.place, trip.behind[1]))
        first = trip.before[1] if trip.before else trip.home
        detour = _detour(first, trip.place, trip.behind[1] if trip.behind else trip.home, roads)
    starts += -(starts - _EPOCH) % STEP
    return (starts, detour) if starts + timedelta(minutes=trip.minutes) <= ends else None


_EPOCH = datetime.fromtimestamp(0, tz=UTC)


def _way(roads: Roads, start: Place, end: Place) -> timedelta:
    return timedelta(minutes=roads.minutes(start, end))


def _detour(start: Place | None, place: Place, end: Place | None, roads: Roads) -> float | None:
    if start is not None and end is not None:
        return roads.km(start, place) + roads.km(place, end) - roads.km(start, end)
    one = start or end
    return roads.km(one, place) if one is not None else None
