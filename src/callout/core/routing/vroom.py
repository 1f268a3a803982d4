"""The adapter to VROOM, which gives the first answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import vroom

from callout.core.routing.lanes import Ground, Lane, times
from callout.core.routing.model import Job

LEVEL = 0
"""The quickest of its exploration levels (0 to 5): what it leaves on the table is found by the polish."""


PACE = 2e7
"""Jobs squared times shifts of which it makes a first answer in a second, on a slow machine."""


def expected(ground: Ground) -> float:
    """About how many seconds VROOM needs for a first answer, which it does not give up for any limit."""
    return len(ground.problem.jobs) ** 2 * len(ground.lanes) / PACE


def orders(ground: Ground, *, seconds: float, level: int = LEVEL) -> list[list[int]]:
    """VROOM's answer: the jobs (positions) of each lane in their order, whatever is fixed included.

    Its search ends after `seconds`. It holds the interpreter's lock all the while.
    """
    jobs, lanes = ground.problem.jobs, ground.lanes
    fixed = [list(lane.fixed) for lane in lanes]
    if not lanes or len(jobs) == sum(map(len, fixed)):
        return fixed
    base = min(lane.opens for lane in lanes)
    skills, own = _skills(ground)
    tasks = _jobs(ground, base, skills, own)
    if not tasks:
        return fixed
    question = vroom.Input()
    _ways(question, ground)
    question.add_vehicle([_vehicle(ground, number, base, skills, own) for number in range(len(lanes))])
    question.add_job(tasks)
    answer = question.solve(exploration_level=level, nb_threads=1, timeout=timedelta(seconds=max(0.05, seconds)))
    return [kept(ground, lane, order) for lane, order in zip(lanes, _read(answer, len(lanes)), strict=True)]


def _ways(question: Any, ground: Ground) -> None:
    """A way that takes no time and costs something needs a matrix of costs; else times are costs."""
    ways = ground.ways
    question.set_durations_matrix("car", np.ascontiguousarray(ways.time, np.uint32))
    if (ways.time != ways.cost).any():
        question.set_costs_matrix("car", np.ascontiguousarray(ways.cost, np.uint32))


def _skills(ground: Ground) -> tuple[dict[int, int], int]:
    """VROOM's numbers for skills, and the first number for the skills that bind a fixed job to its lane."""
    known = frozenset[int]().union(*(each.skills for each in ground.problem.jobs))
    known = known.union(*(each.skills for each in ground.problem.shifts))
    return {skill: number for number, skill in enumerate(sorted(known))}, len(known)


def _vehicle(ground: Ground, number: int, base: int, skills: dict[int, int], own: int) -> Any:
    lane = ground.lanes[number]
    return vroom.Vehicle(
        number,
        start=lane.start,
        end=lane.end,
        skills={skills[skill] for skill in ground.problem.shifts[lane.shift].skills} | {own + number},
        capacity=[2**31 if lane.capacity is None else lane.capacity],
        time_window=(lane.opens - base, lane.closes - base),
        breaks=[
            vroom.Break(index, [(max(each.earliest - base, 0), each.latest - base)], each.seconds)
            for index, each in enumerate(lane.breaks)
        ],
    )


def _jobs(ground: Ground, base: int, skills: dict[int, int], own: int) -> list[Any]:
    """The jobs that some moment of some lane allows."""
    until = max(lane.closes for lane in ground.lanes)
    made = []
    for number, job in enumerate(ground.problem.jobs):
        windows = [] if job.fixed is not None else merged(job, base, until)
        if windows:
            needed = {skills[skill] for skill in job.skills}
            made.append(_job(number, job, needed, [(first - base, last - base) for first, last in windows]))
    for number, lane in enumerate(ground.lanes):
        for position in lane.fixed:
            job = ground.problem.jobs[position]
            start = (job.fixed[1] if job.fixed is not None else 0) - base
            made.append(_job(position, job, {own + number}, [(start, start)]))
    return made


def _job(number: int, job: Job, skills: set[int], windows: Sequence[tuple[int, int]]) -> Any:
    return vroom.Job(
        number,
        job.place,
        default_service=job.seconds,
        delivery=[job.load],
        skills=skills,
        priority=100 if job.fixed is not None else job.priority,
        time_windows=windows,
    )


def merged(job: Job, since: int, until: int) -> list[tuple[int, int]]:
    """The job's windows as far as they lie in [since, until], those that touch made one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(job.windows):
        first, last = max(first, since), min(last, until)
        if last < first:
            continue
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _read(answer: Any, lanes: int) -> list[list[int]]:
    """The jobs of each vehicle in their order."""
    found: dict[int, list[int]] = defaultdict(list)
    frame = answer.routes
    for vehicle, kind, job in zip(frame["vehicle_id"], frame["type"], frame.get("id", []), strict=False):
        if kind == "job":
            found[int(vehicle)].append(int(job))
    return [found[number] for number in range(lanes)]


def kept(ground: Ground, lane: Lane, order: Sequence[int]) -> list[int]:
    """The order with every fixed job of the lane; where one was given up, other jobs make way for it again."""
    jobs, ways = ground.problem.jobs, ground.ways
    if set(lane.fixed) <= set(order) and times(jobs, ways, lane, order) is not None:
        return list(order)
    left = list(lane.fixed)
    for number in order:
        load = sum(jobs[each].load for each in (*left, number))
        if jobs[number].fixed is not None or (lane.capacity is not None and load > lane.capacity):
            continue
        tried = [[*left[:index], number, *left[index:]] for index in range(len(left) + 1)]
        left = next((each for each in tried if times(jobs, ways, lane, each) is not None), left)
    return left
