"""From the order of jobs in each lane to the plan, and why the other jobs are in none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from callout.core.routing.lanes import Ground, Lane, prepare, times
from callout.core.routing.model import Job, Plan, Problem, Reason, Route, Shift, Visit


def plan_of(ground: Ground, orders: Sequence[Sequence[int]]) -> Plan:
    """The plan in which each lane has the jobs (positions) of its order, each begun as early as possible.

    Raises ValueError when an order is not possible.
    """
    problem = ground.problem
    starts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for lane, order in zip(ground.lanes, orders, strict=True):
        found = times(problem.jobs, ground.ways, lane, order)
        if found is None:
            raise ValueError(f"jobs {list(order)} do not fit into shift {problem.shifts[lane.shift].id}")
        starts[lane.shift] += zip(found, order, strict=True)
    planned = {number for order in orders for number in order}
    left = [job.id for number, job in enumerate(problem.jobs) if number not in planned]
    routes = [route(problem, problem.shifts[shift], visits) for shift, visits in sorted(starts.items()) if visits]
    return Plan(routes, reasons(problem, left))


def route(problem: Problem, shift: Shift, starts: Sequence[tuple[int, int]]) -> Route:
    """The route of a shift with jobs (start, position) in their order."""
    at, visits = shift.home_from, []
    for start, number in starts:
        job = problem.jobs[number]
        travel, metres = way(problem, at, job.place)
        visits.append(Visit(job.id, start, start + job.seconds, travel, metres))
        at = job.place
    return Route(shift.id, visits, *way(problem, at, shift.home_to))


def way(problem: Problem, origin: int | None, target: int | None) -> tuple[int, int]:
    """Seconds and metres between two places, none when one of them is not known."""
    if origin is None or target is None:
        return 0, 0
    return int(problem.seconds[origin, target]), int(problem.metres[origin, target])


def reasons(problem: Problem, left: Collection[int]) -> Mapping[int, Reason]:
    """Why each job of `left` (ids) is in no route."""
    wanted = set(left)
    empty = Problem(problem.shifts, [job for job in problem.jobs if job.id in wanted], problem.seconds, problem.metres)
    ground = prepare(empty)
    return {job.id: _reason(ground, number, job) for number, job in enumerate(empty.jobs)}


def _reason(ground: Ground, number: int, job: Job) -> Reason:
    able = [lane for lane in ground.lanes if may(ground.problem.shifts[lane.shift], job)]
    if not able:
        return Reason.SKILL
    return Reason.FULL if any(_fits(ground, lane, number, job) for lane in able) else Reason.WINDOW


def may(shift: Shift, job: Job) -> bool:
    """Whether somebody on this shift has the skills for the job and room for its load."""
    return job.skills <= shift.skills and (shift.capacity is None or job.load <= shift.capacity)


def _fits(ground: Ground, lane: Lane, number: int, job: Job) -> bool:
    """Whether the job alone fits into the lane; the windows are looked at first because that costs nothing."""
    return any(first + job.seconds <= lane.closes and last >= lane.opens for first, last in job.windows) and (
        times(ground.problem.jobs, ground.ways, lane, [number]) is not None
    )
