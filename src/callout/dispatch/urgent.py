"""Fitting an urgent call into the plan as it is, at once. An edge: it reads the clock and asks the road network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from callout.accounts.actor import Actor
from callout.core.intervals import Interval
from callout.core.routing.answers import reasons, route
from callout.core.routing.model import Job, Plan, Problem
from callout.core.routing.urgent import fit
from callout.core.worktime import zone_of
from callout.dispatch import commands, queries, rules
from callout.dispatch.commands import Moved
from callout.dispatch.errors import NoRoom, NotWaiting
from callout.dispatch.models import Proposal, Suggestion
from callout.dispatch.rules.building import Built, build
from callout.dispatch.rules.reading import Answer, Place, read
from callout.dispatch.work import ways_between
from callout.planning.models import Appointment
from callout.ui import clock
from callout.workorders import queries as workorders
from callout.workorders.models import WorkOrder, WorkStatus

SOON = tuple(1800 * 2**step for step in range(6))
"""Seconds within which an urgent call is to begin, the first that can be."""


def fit_in(*, work_order_id: int, days: Sequence[date], may_move: bool, actor: Actor) -> Proposal:
    """A proposal for one urgent work order: who goes when, on these days (none: today), and what moves for it.

    What is fixed stays; planned work orders move only with `may_move`, and stay with whoever has them. Raises
    NotFound, NotWaiting, what rules.check does, NobodyToDispatch, NobodyPresent, NoRoom.
    """
    now = clock.now()
    actor.require(commands.PLAN)
    order = workorders.one(work_order_id, actor=actor)
    if order.status != WorkStatus.FORESEEN:
        raise NotWaiting(code=order.code, status=str(order.get_status_display()))
    today = now.astimezone(zone_of(actor.time_zone)).date()
    choice = rules.check(rules.Choice(days=tuple(days) or (today,)), today=today)
    found = queries.urgent_situation(order, choice, may_move=may_move, actor=actor, now=now)
    seen = found.situation
    built = build(seen.people, seen.standing, seen.works, days=choice.days, now=now)
    ways, source = ways_between(built.spots)
    whole = built.problem(ways)
    [call] = [job for job in built.jobs if job.id in built.work and built.work[job.id].id == order.pk]
    live, before = _live(built, whole, call, found.movable)
    plan = _soonest(live, before, call)
    if plan is None:
        why = reasons(whole, [call.id]).get(call.id)
        reason = Suggestion.Reason(why.value if why else "full")
        raise NoRoom(code=order.code, reason=str(reason.label))
    was, will = read(built, before, ways), read(built, plan, ways)
    [place] = [each for each in will.places if each.order == order.pk]
    return commands.propose_fit(
        call=place, moved=_moved(will, found.movable), versions=seen.versions, days=choice.days,
        branch_ids=seen.branch_ids, figures=replace(will, before=was.after).figures(),
        notes={"roads": source, "assumed": len({order.pk} & set(built.assumed))}, actor=actor, now=now,
    )  # fmt: skip


def _soonest(live: Problem, before: Plan, call: Job) -> Plan | None:
    """The call begun within half an hour of when anybody is there, else within an hour, two and so on."""
    (first, last), *_ = call.windows
    there = max(first, min((shift.starts for shift in live.shifts), default=first))
    for soon in [*(there + limit for limit in SOON if there + limit < last), last]:
        plan = fit(live, before, replace(call, windows=((first, soon),)))
        if plan is not None and not plan.left_out:
            return plan
    return None


def _live(built: Built, whole: Problem, call: Job, movable: Mapping[int, WorkOrder]) -> tuple[Problem, Plan]:
    """The question without the call, and the plan as it stands on the calendars."""
    jobs = [job for job in whole.jobs if job.id != call.id]
    problem = replace(whole, jobs=jobs)
    at: dict[int, list[tuple[int, int]]] = {}
    for position, job in enumerate(jobs):
        if job.fixed is not None:
            at.setdefault(job.fixed[0], []).append((job.fixed[1], position))
            continue
        slot = movable[built.work[job.id].id].slot
        starts = int((slot.starts - built.zero).total_seconds())
        shift = next(pk for pk, turn in built.turns.items() if _holds(turn.person, turn.interval, slot))
        at.setdefault(shift, []).append((starts, position))
    routes = [route(problem, shift, sorted(at[shift.id])) for shift in problem.shifts if shift.id in at]
    return problem, Plan(routes)


def _holds(person: int, interval: Interval, slot: Appointment) -> bool:
    return person == slot.resource_id and interval.starts <= slot.starts and slot.ends <= interval.ends


def _moved(answer: Answer, movable: Mapping[int, WorkOrder]) -> list[Moved]:
    """What does not stay where it stands."""
    found = []
    for place in answer.places:
        order = movable.get(place.order)
        if order is not None and _elsewhere(place, order):
            found.append(Moved(place, order.slot.resource_id, order.slot.starts, order.slot.ends))
    return found


def _elsewhere(place: Place, order: WorkOrder) -> bool:
    slot = order.slot
    return (place.person, place.starts) != (slot.resource_id, slot.starts)
