"""One urgent job into a live plan: what is fixed stays, everybody keeps their work, and as little as possible moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from callout.core.routing.answers import may, reasons, route
from callout.core.routing.lanes import Ground, Lane, prepare, times
from callout.core.routing.model import Job, Plan, Problem

Starts = Mapping[int, int]
"""When each job (position) begins."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to do it: into `lane` in this order; what it costs decides, least first."""

    cost: tuple[int, int, int, int]
    lane: int
    order: tuple[int, ...]
    starts: tuple[int, ...]
    dropped: tuple[int, ...] = ()


def fit(problem: Problem, plan: Plan, job: Job) -> Plan | None:
    """The plan with `job` in it; None when it does not fit even beside fixed work alone or more important jobs.

    The job goes where the others can keep their times, else where they move least; all jobs stay with their shift.
    Only when nothing else works, jobs of lower priority are left out: as little priority as possible.
    """
    asked = replace(problem, jobs=[*problem.jobs, job])
    ground, number = prepare(asked), len(problem.jobs)
    position = {each.id: index for index, each in enumerate(asked.jobs)}
    starts = {position[visit.job]: visit.starts for each in plan.routes for visit in each.visits}
    orders = [_order(ground, index, plan, position, starts) for index in range(len(ground.lanes))]
    able = [index for index, lane in enumerate(ground.lanes) if _may(asked, lane, job)]
    ways = [way for index in able if (way := _insert(ground, index, orders[index], number, starts)) is not None]
    if not ways:
        ways = [way for index in able for way in _instead(ground, index, orders[index], number, starts)]
    if not ways:
        return None
    return _changed(ground, plan, min(ways, key=lambda way: (way.cost, way.lane)))


def _may(asked: Problem, lane: Lane, job: Job) -> bool:
    shift = asked.shifts[lane.shift]
    return may(shift, job) and any(
        max(first, lane.opens) <= last and max(first, lane.opens) + job.seconds <= lane.closes
        for first, last in job.windows
    )


def _order(ground: Ground, index: int, plan: Plan, position: Mapping[int, int], starts: Starts) -> list[int]:
    """The jobs of one lane in the order in which the plan has them."""
    lane, jobs = ground.lanes[index], ground.problem.jobs
    shift = ground.problem.shifts[lane.shift].id
    mine = [position[visit.job] for each in plan.routes if each.shift == shift for visit in each.visits]
    fixed = set(lane.fixed)
    return [
        number
        for number in mine
        if number in fixed or (jobs[number].fixed is None and lane.opens <= starts[number] < lane.closes)
    ]


def _insert(ground: Ground, index: int, order: Sequence[int], number: int, starts: Starts) -> _Way | None:
    """The way that moves least among all gaps of the lane."""
    lane, jobs = ground.lanes[index], ground.problem.jobs
    if lane.capacity is not None and sum(jobs[each].load for each in (*order, number)) > lane.capacity:
        return None
    found = [
        way
        for gap in _gaps(ground, lane, order, number)
        if (way := _try(ground, index, (*order[:gap], number, *order[gap:]), starts)) is not None
    ]
    return min(found, key=lambda way: way.cost, default=None)


def _gaps(ground: Ground, lane: Lane, order: Sequence[int], number: int) -> Iterator[int]:
    """The gaps that the windows and the fixed jobs on both sides allow."""
    jobs, time = ground.problem.jobs, ground.ways.time
    job, at, free = jobs[number], lane.start, lane.opens
    latest = max(last for _, last in job.windows)
    for gap, after in enumerate([*order, None]):
        begin = max(free + int(time[at, job.place]), job.windows[0][0])
        if begin > latest:
            return
        if after is None or begin + job.seconds + time[job.place, jobs[after].place] <= _last(jobs[after]):
            yield gap
        if after is not None:
            following = jobs[after]
            earliest = free + int(time[at, following.place])
            earliest = max(earliest, following.fixed[1] if following.fixed is not None else following.windows[0][0])
            at, free = following.place, earliest + following.seconds


def _last(job: Job) -> int:
    return job.fixed[1] if job.fixed is not None else max(last for _, last in job.windows)


def _try(
    ground: Ground, index: int, order: tuple[int, ...], starts: Starts, dropped: tuple[int, ...] = ()
) -> _Way | None:
    """What an order costs: priority left out, jobs moved, by how much, more way."""
    lane, jobs = ground.lanes[index], ground.problem.jobs
    found = _kept_times(ground, lane, order, starts)
    if found is None:
        return None
    moves = [abs(start - starts[each]) for start, each in zip(found, order, strict=True) if each in starts]
    nodes = [lane.start, *(jobs[each].place for each in order), lane.end]
    way = sum(int(ground.ways.cost[a, b]) for a, b in zip(nodes, nodes[1:], strict=False))
    without = [lane.start, *(jobs[each].place for each in order if each in starts), lane.end]
    way -= sum(int(ground.ways.cost[a, b]) for a, b in zip(without, without[1:], strict=False))
    cost = (sum(jobs[each].priority for each in dropped), sum(move > 0 for move in moves), sum(moves), way)
    return _Way(cost, index, order, tuple(found), dropped)


def _kept_times(ground: Ground, lane: Lane, order: Sequence[int], starts: Starts) -> list[int] | None:
    """The times of an order in which every job of the plan begins when it did, or as soon after that as it can."""
    jobs = list(ground.problem.jobs)
    soonest = times(jobs, ground.ways, lane, order)
    if soonest is None:
        return None
    known = {each: starts[each] for each in order if each in starts and jobs[each].fixed is None}
    for each, start in known.items():
        later = [(max(first, start), last) for first, last in jobs[each].windows if last >= start]
        jobs[each] = replace(jobs[each], windows=later)
    kept = times(jobs, ground.ways, lane, order)
    return soonest if kept is None else kept


def _instead(ground: Ground, index: int, order: Sequence[int], number: int, starts: Starts) -> Iterator[_Way]:
    """Ways that leave out less important jobs: one of them, else the next two, three and so on in the route."""
    jobs, priority = ground.problem.jobs, ground.problem.jobs[number].priority
    lower = [each for each in order if jobs[each].fixed is None and jobs[each].priority < priority]
    for count in range(1, len(lower) + 1):
        found = []
        for begin in range(len(lower) - count + 1):
            dropped = tuple(lower[begin : begin + count])
            rest = [each for each in order if each not in dropped]
            way = _insert(ground, index, rest, number, starts)
            if way is not None:
                lost = sum(jobs[each].priority for each in dropped)
                found.append(replace(way, cost=(lost, *way.cost[1:]), dropped=dropped))
        if found:
            yield min(found, key=lambda way: way.cost)
            return


def _changed(ground: Ground, plan: Plan, way: _Way) -> Plan:
    """The plan with one lane as that way has it; the other routes are as they were."""
    problem, lane = ground.problem, ground.lanes[way.lane]
    shift = problem.shifts[lane.shift]
    position = {each.id: index for index, each in enumerate(problem.jobs)}
    visits = {
        position[visit.job]: visit.starts for each in plan.routes if each.shift == shift.id for visit in each.visits
    }
    visits = {number: start for number, start in visits.items() if number not in way.dropped}
    visits |= dict(zip(way.order, way.starts, strict=True))
    mine = route(problem, shift, sorted((start, number) for number, start in visits.items()))
    others = [each for each in plan.routes if each.shift != shift.id]
    left = dict(plan.left_out) | dict(reasons(problem, [problem.jobs[number].id for number in way.dropped]))
    ordered = sorted([*others, mine], key=lambda each: [each.id for each in problem.shifts].index(each.shift))
    return Plan(ordered, left)
