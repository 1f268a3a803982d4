"""From calendars and waiting work to the question that the routing engine answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import ceil, floor

from callout.core.free import Stretch, free_time
from callout.core.intervals import Interval, covers, normalise, subtract
from callout.core.routing.model import Break, Job, Problem, Shift
from callout.core.travel import Place, straight_km
from callout.core.ways import Ways, rounded_up
from callout.core.worktime import zone_of
from callout.dispatch.rules import Lunch, urgency

STEP = 5 * 60
"""Ways are taken in steps of five minutes, rounded up, so that visits begin at times that people say."""
ASSUMED_SECONDS, ASSUMED_METRES = 25 * 60, 15_000
"""The way to a site of which nobody knows where it is."""
FARTHEST_KM = 150.0
"""Nobody is sent further from home than this, as the crow flies."""
TOGETHER = timedelta(hours=4)
"""Presence that goes on after so short a pause belongs to the same stretch, also over midnight."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Spot = Place | int
"""Where something is: a place, or, for a site without coordinates, the site's id."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's time on the chosen days, what that one performs, and where the day begins and ends.

    `bookable` is a normalised list; `zones` says where the person is present, None where no zones are kept.
    """

    id: int
    time_zone: str
    bookable: Sequence[Interval]
    zones: Sequence[Stretch] | None = None
    types: frozenset[int] = frozenset()
    home: Place | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that stands on a calendar and stays there; `spot` None counts as where the person is anyway."""

    id: int
    person: int
    interval: Interval
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A work order that waits for a plan."""

    id: int
    type: int
    spot: Spot
    minutes: int
    priority: int
    received_at: datetime
    due_at: datetime | None = None
    zone: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """What a shift of the problem is: whose, on which local day, when."""

    person: int
    day: date
    interval: Interval


@dataclass(frozen=True)
class Built:
    """The question without its ways, and what its numbers stand for. Seconds count from `zero`."""

    zero: datetime
    shifts: tuple[Shift, ...]
    jobs: tuple[Job, ...]
    spots: tuple[Spot, ...]
    turns: Mapping[int, Turn] = field(default_factory=dict)
    work: Mapping[int, Work] = field(default_factory=dict)
    standing: Mapping[int, Standing] = field(default_factory=dict)

    def problem(self, ways: Ways) -> Problem:
        """The question; ways in steps of five minutes."""
        return Problem(self.shifts, self.jobs, rounded_up(ways.seconds, STEP), ways.metres)

    def moment(self, second: int) -> datetime:
        """When that second of the problem is."""
        return self.zero + timedelta(seconds=int(second))

    @property
    def assumed(self) -> list[int]:
        """The work orders whose site has no coordinates."""
        return [work.id for work in self.work.values() if isinstance(work.spot, int)]


class _Numbers:
    """Skills and places get numbers as they come."""

    def __init__(self, zero: datetime) -> None:
        self.zero = zero
        self.spots: dict[Spot, int] = {}
        self.skills: dict[tuple[str, int], int] = {}

    def spot(self, spot: Spot) -> int:
        return self.spots.setdefault(spot, len(self.spots))

    def skill(self, kind: str, pk: int) -> int:
        return self.skills.setdefault((kind, pk), len(self.skills))

    def first(self, moment: datetime) -> int:
        """The first whole second at that moment or behind it."""
        return ceil((moment - self.zero).total_seconds())

    def last(self, moment: datetime) -> int:
        """The last whole second before that moment or at it."""
        return floor((moment - self.zero).total_seconds())


def build(
    people: Sequence[Person],
    standing: Sequence[Standing],
    works: Sequence[Work],
    *,
    days: Sequence[date],
    now: datetime,
    lunch: Lunch | None = None,
) -> Built:
    """The question: everybody's stretches of presence on these local days, what stands, and what waits.

    Nothing new begins before `now`, rounded up to five minutes.
    """
    stretches = {person.id: list(_stretches(person, standing, days)) for person in people}
    begins = [turn.interval.starts for turns in stretches.values() for turn, _, _ in turns]
    zero = min([*begins, now]) if begins else now
    numbers = _Numbers(zero - (zero - _EPOCH) % timedelta(seconds=STEP))
    zones = {work.zone for work in works if work.zone}
    reach = _reach(people, works)
    shifts: list[Shift] = []
    jobs: list[Job] = []
    turns: dict[int, Turn] = {}
    kept: dict[int, Standing] = {}
    for person in people:
        skills = frozenset(numbers.skill("type", pk) for pk in sorted(person.types))
        skills |= {numbers.skill("reach", at) for at, who in enumerate(reach.groups) if person.id in who}
        for place, (turn, pieces, stands) in enumerate(stretches[person.id]):
            shift = _shift(len(shifts) + 1, person, turn, pieces, numbers)
            there = {pieces[0].zone} if pieces[0].zone else zones
            shift = replace(shift, skills=skills | {numbers.skill("zone", pk) for pk in sorted(there)})
            shift = _homes(shift, person, stretches[person.id], place, numbers)
            fixed = _fixed(stands, shift, len(jobs) + 1, numbers)
            if lunch:
                shift = _with_lunch(shift, lunch, turn, person, [job for job, _ in fixed], numbers)
            shifts.append(shift)
            turns[shift.id] = turn
            jobs += [job for job, _ in fixed]
            kept |= {job.id: each for job, each in fixed}
    waiting = _waiting(works, len(jobs) + 1, shifts, now, numbers, reach)
    jobs += [job for job, _ in waiting]
    return Built(
        numbers.zero, tuple(shifts), tuple(jobs), tuple(numbers.spots), turns,
        {job.id: work for job, work in waiting}, kept,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reach:
    """Who lives near enough: sets of people, and for each work order that some of them cannot reach the set's place."""

    groups: list[frozenset[int]]
    of: dict[int, int]


def _reach(people: Sequence[Person], works: Sequence[Work]) -> _Reach:
    """People without a home are near everything, and everybody is near a site of which nobody knows where it is."""
    everybody = frozenset(person.id for person in people)
    near = {
        spot: frozenset(each.id for each in people if each.home is None or straight_km(each.home, spot) <= FARTHEST_KM)
        for spot in {work.spot for work in works}
        if isinstance(spot, Place)
    }
    groups = sorted(set(near.values()) - {everybody}, key=sorted)
    number = {group: at for at, group in enumerate(groups)}
    found = {work.id: near[work.spot] for work in works if isinstance(work.spot, Place)}
    return _Reach(groups, {pk: number[group] for pk, group in found.items() if group != everybody})


_Part = tuple[Turn, list[Stretch], list[Standing]]


def _stretches(person: Person, standing: Sequence[Standing], days: Sequence[date]) -> Iterator[_Part]:
    """A person's presence on the days: what belongs together in one zone, its pieces, and what stands in them.

    What stands without a place, or not wholly within presence, takes its time out of the pieces.
    """
    own = sorted((each for each in standing if each.person == person.id), key=lambda each: each.interval)
    if not person.bookable:
        return
    whole = Interval(person.bookable[0].starts, person.bookable[-1].ends)
    inside = [each for each in own if each.spot is not None and covers(person.bookable, each.interval)]
    pieces = free_time(person.bookable, [], person.zones, whole)
    inside = [each for each in inside if any(piece.interval.contains(each.interval) for piece in pieces)]
    stays = {each.id for each in inside}
    pieces = free_time(person.bookable, [each.interval for each in own if each.id not in stays], person.zones, whole)
    zone, wanted = zone_of(person.time_zone), set(days)
    for group in _grouped(pieces, lambda moment: moment.astimezone(zone).date()):
        day = group[0].interval.starts.astimezone(zone).date()
        if day not in wanted:
            continue
        turn = Turn(person.id, day, Interval(group[0].interval.starts, group[-1].interval.ends))
        yield turn, group, [each for each in inside if turn.interval.contains(each.interval)]


def _grouped(pieces: Sequence[Stretch], day_of: Callable[[datetime], date]) -> Iterator[list[Stretch]]:
    group: list[Stretch] = []
    for piece in pieces:
        if group:
            last = group[-1]
            near = piece.interval.starts - last.interval.ends <= TOGETHER
            same = day_of(piece.interval.starts) == day_of(group[0].interval.starts)
            if piece.zone != last.zone or not (near or same):
                yield group
                group = []
        group.append(piece)
    if group:
        yield group


def _shift(pk: int, person: Person, turn: Turn, pieces: Sequence[Stretch], numbers: _Numbers) -> Shift:
    """The stretch with its gaps as breaks that cannot move."""
    breaks = []
    for one, other in pairwise(pieces):
        starts, ends = numbers.last(one.interval.ends), numbers.first(other.interval.starts)
        breaks.append(Break(starts, starts, ends - starts))
    return Shift(pk, numbers.first(turn.interval.starts), numbers.last(turn.interval.ends), breaks=tuple(breaks))


def _homes(shift: Shift, person: Person, parts: Sequence[_Part], place: int, numbers: _Numbers) -> Shift:
    """The day's first stretch begins at home, and its last one ends there."""
    if person.home is None:
        return shift
    home, day = numbers.spot(person.home), parts[place][0].day
    first = place == 0 or parts[place - 1][0].day != day
    last = place == len(parts) - 1 or parts[place + 1][0].day != day
    return replace(shift, home_from=home if first else None, home_to=home if last else None)


def _fixed(stands: Sequence[Standing], shift: Shift, pk: int, numbers: _Numbers) -> list[tuple[Job, Standing]]:
    found: list[tuple[Job, Standing]] = []
    after = shift.starts
    for each in stands:
        starts = max(numbers.last(each.interval.starts), after)
        ends = max(starts, min(numbers.first(each.interval.ends), shift.ends))
        after = ends
        spot = numbers.spot(each.spot) if each.spot is not None else 0
        job = Job(pk + len(found), spot, ends - starts, ((starts, starts),), priority=100, fixed=(shift.id, starts))
        found.append((job, each))
    return found


def _with_lunch(
    shift: Shift, lunch: Lunch, turn: Turn, person: Person, fixed: Sequence[Job], numbers: _Numbers
) -> Shift:
    """The shift with a lunch break, where it spans that time, has no pause then, and what stands leaves room for it."""
    zone, length = zone_of(person.time_zone), lunch.minutes * 60
    earliest, latest = (
        numbers.first(datetime.combine(turn.day, at, zone).astimezone(UTC)) for at in (lunch.earliest, lunch.latest)
    )
    if shift.starts > earliest or shift.ends < latest + length:
        return shift
    pauses = [(each.earliest, each.earliest + each.seconds) for each in shift.breaks]
    if any(min(ends, latest + length) - max(starts, earliest) >= length for starts, ends in pauses):
        return shift
    taken = [*pauses, *((job.windows[0][0], job.windows[0][0] + job.seconds) for job in fixed)]
    free = subtract([_span(earliest, latest + length)], normalise(_span(*each) for each in taken if each[0] < each[1]))
    if not any(each.length >= timedelta(seconds=length) for each in free):
        return shift
    added = Break(earliest, latest, length)
    return replace(shift, breaks=tuple(sorted((*shift.breaks, added), key=lambda each: each.earliest)))


def _span(starts: int, ends: int) -> Interval:
    return Interval(_EPOCH + timedelta(seconds=starts), _EPOCH + timedelta(seconds=ends))


def _waiting(
    works: Sequence[Work], pk: int, shifts: Sequence[Shift], now: datetime, numbers: _Numbers, reach: _Reach
) -> list[tuple[Job, Work]]:
    """The jobs of what waits. A promise bounds the latest start, unless it cannot be kept whoever goes."""
    begin = -(-numbers.first(now) // STEP) * STEP
    end = max([begin, *(shift.ends for shift in shifts)])
    there = max(begin, min((shift.starts for shift in shifts), default=begin))
    found = []
    for at, work in enumerate(works):
        due = numbers.last(work.due_at) if work.due_at is not None else end
        latest = min(due, end) if due > there else end
        skills = {numbers.skill("type", work.type)}
        if work.zone:
            skills.add(numbers.skill("zone", work.zone))
        if work.id in reach.of:
            skills.add(numbers.skill("reach", reach.of[work.id]))
        urgent = urgency(work.priority, received_at=work.received_at, due_at=work.due_at, now=now)
        window = (begin, max(begin, latest))
        found.append(
            (Job(pk + at, numbers.spot(work.spot), work.minutes * 60, (window,), frozenset(skills), urgent), work)
        )
    return found


def ways_apart(ways: Ways, one: int | None, other: int | None) -> tuple[int, int]:
    """Seconds and metres from one place to another; none where either is not known."""
    if one is None or other is None:
        return 0, 0
    return int(ways.seconds[one, other]), int(ways.metres[one, other])
