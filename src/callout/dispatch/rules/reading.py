"""From the engine's answer to what people read: who goes where and when, what is left out, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from callout.core.routing.model import Plan, Shift
from callout.core.ways import Ways
from callout.dispatch.rules.building import Built, ways_apart


@dataclass(frozen=True, slots=True)
class Place:
    """A work order's place in the proposal, after so many seconds and metres of way."""

    order: int
    person: int
    starts: datetime
    ends: datetime
    travel: int
    metres: int


@dataclass(frozen=True, slots=True)
class Costs:
    """What days cost: metres and seconds on the road, and seconds of the way home behind the end of presence."""

    metres: int = 0
    travel: int = 0
    overtime: int = 0

    def __add__(self, other: Costs) -> Costs:
        return Costs(self.metres + other.metres, self.travel + other.travel, self.overtime + other.overtime)


@dataclass(frozen=True)
class Answer:
    """The proposal: places in the order of time, why the others are left out, and costs before and after by person."""

    places: Sequence[Place]
    left_out: Mapping[int, str]
    before: Mapping[int, Costs]
    after: Mapping[int, Costs]

    def figures(self) -> dict[str, Any]:
        """The costs as JSON values: in total, and of everybody whose day changes or has something on it."""
        count: dict[int, int] = {}
        for place in self.places:
            count[place.person] = count.get(place.person, 0) + 1
        people = [
            {
                "person": pk,
                "orders": count.get(pk, 0),
                "before": asdict(self.before[pk]),
                "after": asdict(self.after[pk]),
            }
            for pk in self.after
            if count.get(pk) or self.before[pk] != Costs()
        ]
        return {
            "before": asdict(sum(self.before.values(), Costs())),
            "after": asdict(sum(self.after.values(), Costs())),
            "people": people,
        }


_Stop = tuple[int, int, int]
"""A place of the problem, and when the stay there begins and ends."""


def read(built: Built, plan: Plan, ways: Ways) -> Answer:
    """What the plan says; ways are told as they are, not in the steps in which they were planned."""
    jobs = {job.id: job for job in built.jobs}
    shifts = {shift.id: shift for shift in built.shifts}
    places: list[Place] = []
    after: dict[int, list[_Stop]] = {}
    for route in plan.routes:
        shift, here = shifts[route.shift], shifts[route.shift].home_from
        for visit in route.visits:
            job = jobs[visit.job]
            travel, metres = ways_apart(ways, here, job.place)
            here = job.place
            after.setdefault(shift.id, []).append((job.place, visit.starts, visit.ends))
            if visit.job in built.work:
                order, person = built.work[visit.job].id, built.turns[shift.id].person
                starts, ends = built.moment(visit.starts), built.moment(visit.ends)
                places.append(Place(order, person, starts, ends, travel, metres))
    placed = {place.order for place in places}
    left = {work.id: _reason(plan, pk) for pk, work in built.work.items() if work.id not in placed}
    before: dict[int, list[_Stop]] = {}
    for job in built.jobs:
        if job.fixed is not None:
            shift_id, begins = job.fixed
            before.setdefault(shift_id, []).append((job.place, begins, begins + job.seconds))
    places.sort(key=lambda place: (place.starts, place.person, place.order))
    return Answer(places, left, _by_person(built, before, ways), _by_person(built, after, ways))


def _reason(plan: Plan, job: int) -> str:
    reason = plan.left_out.get(job)
    return reason.value if reason is not None else "full"


def _by_person(built: Built, stops: Mapping[int, Sequence[_Stop]], ways: Ways) -> dict[int, Costs]:
    found: dict[int, Costs] = {}
    for shift in built.shifts:
        person = built.turns[shift.id].person
        found[person] = found.get(person, Costs()) + _costs(shift, stops.get(shift.id, ()), ways)
    return found


def _costs(shift: Shift, stops: Sequence[_Stop], ways: Ways) -> Costs:
    if not stops:
        return Costs()
    here, travel, metres = shift.home_from, 0, 0
    for place, _starts, _ends in stops:
        seconds, far = ways_apart(ways, here, place)
        travel, metres, here = travel + seconds, metres + far, place
    seconds, far = ways_apart(ways, here, shift.home_to)
    return Costs(metres + far, travel + seconds, max(0, stops[-1][2] + seconds - shift.ends))
