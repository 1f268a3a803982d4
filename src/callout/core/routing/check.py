"""Every rule of a plan, looked at without the code that makes plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from callout.core.routing.model import Job, Plan, Problem, Reason, Route, Shift, Visit

Gap = tuple[int, int, int, bool]
"""From when, until when, how long the way is, and whether nothing but what is fixed makes it so."""


def check(problem: Problem, plan: Plan) -> list[str]:
    """What is wrong with the plan, a sentence each; nothing when every rule is kept.

    A fixed job keeps its place and time only, and neither the way between two fixed jobs nor a break that does not fit
    beside fixed jobs alone is anybody's fault.
    """
    jobs, shifts = {job.id: job for job in problem.jobs}, {shift.id: shift for shift in problem.shifts}
    found = list(_whole(jobs, shifts, plan))
    if found:
        return found
    for route in plan.routes:
        found += _route(problem, jobs, shifts[route.shift], route)
    return found


def _whole(jobs: dict[int, Job], shifts: dict[int, Shift], plan: Plan) -> Iterator[str]:
    """Each job once: in a route, or left out for a reason."""
    times = Counter(visit.job for route in plan.routes for visit in route.visits)
    times.update(plan.left_out.keys())
    yield from (f"job {job} stands {count} times in the plan" for job, count in times.items() if count > 1)
    yield from (f"job {job} is neither planned nor left out" for job in jobs.keys() - times.keys())
    yield from (f"job {job} is not in the question" for job in times.keys() - jobs.keys())
    for shift, count in Counter(route.shift for route in plan.routes).items():
        if shift not in shifts or count > 1:
            yield f"shift {shift} has {count} routes, or is not in the question"
    for job, reason in plan.left_out.items():
        if not isinstance(reason, Reason):
            yield f"job {job} is left out without a reason"
        if job in jobs and jobs[job].fixed is not None:
            yield f"fixed job {job} is left out"


def _route(problem: Problem, jobs: dict[int, Job], shift: Shift, route: Route) -> Iterator[str]:
    for visit in route.visits:
        yield from (f"job {visit.job} {problem}" for problem in _visit(jobs[visit.job], shift, visit))
    yield from _travel(problem, jobs, shift, route)
    movable = [visit for visit in route.visits if jobs[visit.job].fixed is None]
    if not movable:
        return
    load = sum(jobs[visit.job].load for visit in route.visits)
    decided = load - sum(jobs[visit.job].load for visit in movable)
    if shift.capacity is not None and load > max(shift.capacity, decided):
        yield f"shift {shift.id} carries {load}"
    gaps = _gaps(problem, jobs, shift, route.visits)
    for since, until, way, decided in gaps:
        if until - since < way and not decided:
            yield f"shift {shift.id} has {until - since} seconds at {since} for a way of {way}"
    fixed = [visit for visit in route.visits if jobs[visit.job].fixed is not None]
    due = _rests(_gaps(problem, jobs, shift, fixed), shift)
    taken = _rests(gaps, shift)
    if taken < due:
        yield f"shift {shift.id} has {taken} of {due} breaks"


def _visit(job: Job, shift: Shift, visit: Visit) -> Iterator[str]:
    if visit.ends - visit.starts != job.seconds:
        yield "does not last as long as it should"
    if job.fixed is not None:
        if job.fixed != (shift.id, visit.starts):
            yield f"is fixed at {job.fixed} and stands at {(shift.id, visit.starts)}"
        return
    if not job.skills <= shift.skills:
        yield f"needs skills that shift {shift.id} has not"
    if not any(first <= visit.starts <= last for first, last in job.windows):
        yield f"begins at {visit.starts}, outside its windows"
    if visit.starts < shift.starts or visit.ends > shift.ends:
        yield f"lies outside shift {shift.id}"


def _travel(problem: Problem, jobs: dict[int, Job], shift: Shift, route: Route) -> Iterator[str]:
    at = shift.home_from
    for visit in route.visits:
        if (visit.travel, visit.metres) != _way(problem, at, jobs[visit.job].place):
            yield f"the way to job {visit.job} is {visit.travel} seconds and {visit.metres} metres"
        at = jobs[visit.job].place
    if (route.home_travel, route.home_metres) != _way(problem, at, shift.home_to):
        yield f"the way home of shift {shift.id} is {route.home_travel} seconds and {route.home_metres} metres"


def _way(problem: Problem, origin: int | None, target: int | None) -> tuple[int, int]:
    if origin is None or target is None:
        return 0, 0
    return int(problem.seconds[origin, target]), int(problem.metres[origin, target])


def _gaps(problem: Problem, jobs: dict[int, Job], shift: Shift, visits: Sequence[Visit]) -> list[Gap]:
    """The time before, between and behind visits, with the ways that need it."""
    found: list[Gap] = []
    at, since, decided = shift.home_from if shift.ways_inside else None, shift.starts, True
    for visit in visits:
        job = jobs[visit.job]
        fixed = job.fixed is not None
        found.append((since, visit.starts, _way(problem, at, job.place)[0], decided and fixed))
        at, since, decided = job.place, visit.ends, fixed
    home = shift.home_to if shift.ways_inside else None
    found.append((since, max(since, shift.ends), _way(problem, at, home)[0], decided))
    return found


def _rests(gaps: Sequence[Gap], shift: Shift) -> int:
    """How many breaks lie in the gaps and in the shift, beside the ways, each in the first gap with room for it."""
    inside = [(max(since, shift.starts), min(until, shift.ends), way) for since, until, way, _decided in gaps]
    left = [[since, until, until - since - way] for since, until, way in inside]
    count = 0
    for each in sorted(shift.breaks, key=lambda each: (each.earliest, each.latest)):
        for gap in left:
            since, until, spare = gap
            begins = max(since, each.earliest)
            if begins <= each.latest and begins + each.seconds <= until and each.seconds <= spare:
                gap[0], gap[2] = begins + each.seconds, spare - each.seconds
                count += 1
                break
    return count
