"""Shifts as the search sees them: what is fixed breaks no rule there, and every way has its length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from callout.core.routing.model import Break, Job, Matrix, Problem, Shift


@dataclass(frozen=True, slots=True)
class Lane:
    """A shift, or the part of one between two fixed jobs that follow each other so closely that nothing fits there.

    `shift` is a position among the problem's shifts, `start` and `end` are nodes of the ways, `fixed` positions of
    jobs by their start. Everything lies in [opens, closes], breaks too.
    """

    shift: int
    opens: int
    closes: int
    start: int
    end: int
    breaks: tuple[Break, ...] = ()
    fixed: tuple[int, ...] = ()
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """Time and cost between nodes: the places, then one node for each home whose ways lie outside the shift.

    A way from or to such a home takes no time and costs its seconds; the last node is nowhere: no time, no cost.
    """

    time: Matrix
    cost: Matrix


@dataclass(frozen=True, slots=True)
class Ground:
    """A problem made ready: its lanes and the ways between nodes."""

    problem: Problem
    lanes: Sequence[Lane]
    ways: Ways


def prepare(problem: Problem) -> Ground:
    """Divide the shifts into lanes whose fixed jobs alone keep every rule."""
    ways, inside, outside = _ways(problem)
    fixed: dict[int, list[int]] = defaultdict(list)
    for number, job in enumerate(problem.jobs):
        if job.fixed is not None:
            fixed[job.fixed[0]].append(number)
    lanes: list[Lane] = []
    for number, shift in enumerate(problem.shifts):
        node = inside if shift.ways_inside else outside
        lane = Lane(number, shift.starts, shift.ends, node[shift.home_from], node[shift.home_to])
        ordered = sorted(fixed[shift.id], key=lambda each: (_start(problem.jobs[each]), each))
        parts = _divide(problem.jobs, ways, replace(lane, fixed=tuple(ordered)))
        lanes += _with_capacity(problem.jobs, _with_breaks(problem.jobs, ways, parts, shift), shift.capacity)
    return Ground(problem, lanes, ways)


def _start(job: Job) -> int:
    return job.fixed[1] if job.fixed is not None else 0


def _ways(problem: Problem) -> tuple[Ways, dict[int | None, int], dict[int | None, int]]:
    """The matrices, and the node of each home by whether its ways lie inside the shift."""
    places = len(problem.seconds)
    homes = sorted(
        {home for each in problem.shifts if not each.ways_inside for home in (each.home_from, each.home_to)} - {None},
        key=lambda home: home or 0,
    )
    nowhere = places + len(homes)
    time = np.zeros((nowhere + 1, nowhere + 1), np.int32)
    time[:places, :places] = problem.seconds
    cost = time.copy()
    for node, home in enumerate(homes, start=places):
        cost[node, :places], cost[:places, node] = problem.seconds[home], problem.seconds[:, home]
    inside: dict[int | None, int] = {place: place for place in range(places)}
    outside: dict[int | None, int] = {home: node for node, home in enumerate(homes, start=places)}
    return Ways(time, cost), inside | {None: nowhere}, outside | {None: nowhere}


def _divide(jobs: Sequence[Job], ways: Ways, lane: Lane) -> list[Lane]:
    """Cut the lane where fixed jobs leave no time for a way; one that lies outside of it has a part of its own."""
    nowhere = len(ways.time) - 1
    parts, begun = [], replace(lane, fixed=())
    for number in lane.fixed:
        job, start = jobs[number], _start(jobs[number])
        at, free = _last(jobs, begun)
        if start < lane.opens or start + job.seconds > lane.closes:
            parts.append(_closed(jobs, ways, replace(begun, closes=min(lane.closes, start), end=job.place)))
            parts.append(Lane(lane.shift, start, start + job.seconds, nowhere, nowhere, fixed=(number,)))
            begun = replace(lane, opens=max(lane.opens, start + job.seconds), start=job.place, fixed=())
            continue
        if free + ways.time[at, job.place] > start:
            parts.append(replace(begun, closes=free, end=nowhere))
            begun = replace(lane, opens=start, start=nowhere, fixed=())
        begun = replace(begun, fixed=(*begun.fixed, number))
    parts.append(_closed(jobs, ways, begun))
    return [part for part in parts if part.fixed or part.closes > part.opens]


def _last(jobs: Sequence[Job], lane: Lane) -> tuple[int, int]:
    """Where and when the last fixed job of the lane ends, else where and when the lane begins."""
    if not lane.fixed:
        return lane.start, lane.opens
    job = jobs[lane.fixed[-1]]
    return job.place, _start(job) + job.seconds


def _closed(jobs: Sequence[Job], ways: Ways, lane: Lane) -> Lane:
    """The lane, ended with its last fixed job when the way behind that is too long."""
    at, free = _last(jobs, lane)
    return lane if free + ways.time[at, lane.end] <= lane.closes else replace(lane, closes=free, end=len(ways.time) - 1)


def _with_breaks(jobs: Sequence[Job], ways: Ways, parts: Sequence[Lane], shift: Shift) -> list[Lane]:
    """Give each break to the first part where it fits beside what is fixed; a break that fits nowhere is not taken."""
    found = list(parts)
    for pause in sorted(shift.breaks, key=lambda each: (each.earliest, each.latest)):
        for index, part in enumerate(found):
            wider = replace(part, breaks=(*part.breaks, pause))
            if times(jobs, ways, wider, part.fixed) is not None:
                found[index] = wider
                break
    return found


def _with_capacity(jobs: Sequence[Job], parts: Sequence[Lane], capacity: int | None) -> Sequence[Lane]:
    """Let the longest part have what the fixed jobs leave of the shift's capacity."""
    if capacity is None or not parts:
        return parts
    loads = [sum(jobs[number].load for number in part.fixed) for part in parts]
    longest = max(range(len(parts)), key=lambda index: parts[index].closes - parts[index].opens)
    loads[longest] += max(0, capacity - sum(loads))
    return [replace(part, capacity=load) for part, load in zip(parts, loads, strict=True)]


def pause(at: int, way: int, breaks: Sequence[Break]) -> tuple[int, int] | None:
    """Free since `at` with a way of `way` seconds ahead: when the breaks are over, and what is left of the way.

    Time before a break may begin is driven. None when a break would begin too late.
    """
    for each in breaks:
        if at < each.earliest:
            way = max(0, way - (each.earliest - at))
            at = each.earliest
        if at > each.latest:
            return None
        at += each.seconds
    return at, way


def opening(job: Job, at: int) -> int | None:
    """The first moment at `at` or later when the job may begin."""
    if job.fixed is not None:
        return job.fixed[1] if at <= job.fixed[1] else None
    return min((max(at, first) for first, last in job.windows if at <= last and first <= last), default=None)


def times(jobs: Sequence[Job], ways: Ways, lane: Lane, order: Sequence[int]) -> list[int] | None:
    """The earliest start of each job of `order` (positions) in the lane; None when that order is not possible."""
    found = placed(jobs, ways, lane, order)
    return None if found is None else [start for start, _taken in found]


def placed(jobs: Sequence[Job], ways: Ways, lane: Lane, order: Sequence[int]) -> list[tuple[int, int]] | None:
    """The earliest start of each job and how many breaks lie before it; None when that order is not possible.

    The breaks keep their order and lie wherever the last job ends first.
    """
    # By the number of breaks taken: when the job before was over, and what was placed so far.
    states: _States = {0: (lane.opens, [])}
    at = lane.start
    for number in order:
        job, way = jobs[number], int(ways.time[at, jobs[number].place])
        states = _after(job, way, lane, states)
        at = job.place
    way = int(ways.time[at, lane.end])
    for taken, (free, found) in sorted(states.items(), reverse=True):
        rested = pause(free, way, lane.breaks[taken:])
        if rested is not None and sum(rested) <= lane.closes:
            return found
    return None


_States = dict[int, tuple[int, list[tuple[int, int]]]]


def _after(job: Job, way: int, lane: Lane, states: _States) -> _States:
    reached: _States = {}
    for taken, (free, found) in states.items():
        for upto in range(taken, len(lane.breaks) + 1):
            rested = pause(free, way, lane.breaks[taken:upto])
            begin = None if rested is None else opening(job, sum(rested))
            if begin is None or begin + job.seconds > lane.closes:
                continue
            if upto not in reached or begin + job.seconds < reached[upto][0]:
                reached[upto] = (begin + job.seconds, [*found, (begin, upto)])
    return reached
