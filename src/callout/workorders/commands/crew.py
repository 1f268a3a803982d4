"""Several technicians on one work order: who helps, in an appointment of the own calendar, and who leads the work."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import NotFound, check_version
from callout.core.intervals import Interval
from callout.documents.queries import require_open
from callout.planning import commands as planning
from callout.planning.models import Appointment, Category, Resource
from callout.tickets import commands as tickets
from callout.workorders import mails, queries, rules
from callout.workorders.commands.calendars import helpers_of, lock_calendars, title_of, window_of
from callout.workorders.commands.calls import MODULE, save
from callout.workorders.errors import HasWorked, OnItAlready
from callout.workorders.models import Helper, WorkOrder

PLAN = "board.plan"


def to_move(work_order_id: int, version: int | None, actor: Actor, now: datetime) -> WorkOrder:
    """The work order, locked, of a ticket that lives, on a day that is open, as the page showed it."""
    order = queries.lock(work_order_id, actor=actor)
    check_version(order.version, version)
    tickets.check_open_ticket(order.ticket)
    require_open(branch=order.branch, on=tickets.today_at(order.branch.time_zone, now), module=MODULE)
    return order


@transaction.atomic
def add_helper(
    *,
    work_order_id: int,
    resource_id: int,
    version: int | None,
    actor: Actor,
    now: datetime,
    window: Interval | None = None,
) -> WorkOrder:
    """One more technician for a work order that is planned or under way, for its whole time or for `window`.

    Their appointment stands in the same state as the leader's, and they are told. Raises NotFound, StaleVersion,
    StepRefused, OnItAlready, HelperElsewhen, TicketCancelled, PeriodLocked and what planning.commands.book refuses.
    """
    actor.require(PLAN)
    order = to_move(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "crew", code=order.code)
    lock_calendars([order], also=[resource_id])
    helper = _join(order, resource_id, window or window_of(order.slot), actor=actor, now=now)
    save(order)
    _told(order, "workorder.helper", [helper.resource], actor, now, resource=str(helper.resource))
    return order


def _join(order: WorkOrder, resource_id: int, window: Interval, *, actor: Actor, now: datetime) -> Helper:
    """Book somebody's time beside the leader's; the calendars are locked."""
    check_new(order, resource_id, [each.resource_id for each in helpers_of(order)])
    if resource_id == order.resource_id:
        raise OnItAlready("resource_id", person=str(order.resource), work_order=order.code)
    rules.check_helper_time(window, window_of(order.slot))
    appointment = planning.book(
        resource_id=resource_id,
        window=window,
        activity_type=order.activity_type,
        title=title_of(order.ticket),
        site=order.site,
        actor=actor,
        now=now,
        chained=False,
    )
    category = Appointment.objects.values_list("category", flat=True).get(pk=order.slot.pk)
    if category != Category.PLANNED:
        planning.set_category(appointment=appointment, category=category, actor=actor, now=now, chained=False)
    return Helper.objects.create(work_order=order, resource=appointment.resource, appointment=appointment)


def check_new(order: WorkOrder, resource_id: int, helping: Collection[int]) -> None:
    """Refuse somebody who helps already. Raises OnItAlready."""
    if resource_id in helping:
        person = Resource.objects.select_related("user").get(pk=resource_id)
        raise OnItAlready("resource_id", person=str(person), work_order=order.code)


def settle(order: WorkOrder, wanted: Sequence[int], *, actor: Actor, now: datetime) -> None:
    """Let these resources help for the whole time, besides those who do; the calendars are locked.

    Raises what `add_helper` raises.
    """
    if not wanted:
        return
    there = {each.resource_id for each in helpers_of(order)}
    new = [pk for pk in dict.fromkeys(wanted) if pk not in there]
    joined = [_join(order, pk, window_of(order.slot), actor=actor, now=now) for pk in new]
    for helper in joined:
        _told(order, "workorder.helper", [helper.resource], actor, now, resource=str(helper.resource))


def keep_only(order: WorkOrder, stay: Iterable[Helper], *, actor: Actor, now: datetime) -> None:
    """Take the other helpers off a planned work order; the calendars are locked."""
    kept = {each.pk for each in stay}
    for helper in helpers_of(order):
        if helper.pk not in kept:
            _leave(order, helper, actor=actor, now=now)


def _leave(order: WorkOrder, helper: Helper, *, actor: Actor, now: datetime) -> None:
    helper.delete()
    planning.release(appointment=helper.appointment, actor=actor, now=now)
    _told(order, "workorder.helper_off", [helper.resource], actor, now, resource=str(helper.resource))


def come_along(helpers: Iterable[Helper], *, before: Interval, after: Interval, actor: Actor, now: datetime) -> None:
    """Move helpers as the leader went from `before` to `after`. Raises what planning.commands.move refuses."""
    for helper in helpers if before != after else ():
        window = rules.follow(window_of(helper.appointment), before=before, after=after)
        planning.move(
            appointment=helper.appointment, resource_id=helper.resource_id, window=window, actor=actor, now=now
        )


@transaction.atomic
def remove_helper(
    *, work_order_id: int, resource_id: int, version: int | None, actor: Actor, now: datetime
) -> WorkOrder:
    """Take a helper off who has not worked; the time is free again, and they are told.

    Raises NotFound, StaleVersion, StepRefused, HasWorked, TicketCancelled, PeriodLocked.
    """
    actor.require(PLAN)
    order = to_move(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "crew", code=order.code)
    lock_calendars([order])
    helper = _helper(order, resource_id)
    worked = (order.sessions, order.hours)
    if any(lines.filter(resource=helper.resource).exists() for lines in worked):
        raise HasWorked(person=str(helper.resource), work_order=order.code)
    _leave(order, helper, actor=actor, now=now)
    save(order)
    return order


def _helper(order: WorkOrder, resource_id: int) -> Helper:
    found = next((each for each in helpers_of(order) if each.resource_id == resource_id), None)
    if found is None:
        raise NotFound("resource_id")
    return found


@transaction.atomic
def move_helper(
    *,
    work_order_id: int,
    resource_id: int,
    to_resource_id: int,
    window: Interval,
    version: int | None,
    actor: Actor,
    now: datetime,
    tell: bool = True,
) -> WorkOrder:
    """Put a helper's appointment elsewhere, as it is dragged on the planner.

    At another time with the same length, everybody on the work order moves by as much; with another length only the
    helper's own time changes; on another calendar that person helps instead. All of it happens or nothing.
    Without `tell` no mail goes to the customer.
    Raises OnItAlready, HelperElsewhen, NotFound and what `plan.reschedule` raises.
    """
    actor.require(PLAN)
    order = to_move(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "reschedule", code=order.code)
    lock_calendars([order], also=[to_resource_id])
    helper = _helper(order, resource_id)
    stood, visit = window_of(helper.appointment), window_of(order.slot)
    moved = stood.length == window.length and stood != window
    if moved:
        shift = window.starts - stood.starts
        after = Interval(visit.starts + shift, visit.ends + shift)
        others = [each for each in helpers_of(order) if each.pk != helper.pk]
        order.appointment = planning.move(
            appointment=order.slot, resource_id=order.worker.pk, window=after, actor=actor, now=now
        )
        come_along(others, before=visit, after=after, actor=actor, now=now)
    else:
        rules.check_helper_time(window, visit)
    _put(order, helper, to_resource_id, window, actor=actor, now=now)
    save(order)
    facts: dict[str, Any] = {"starts": window.starts.isoformat(), "ends": window.ends.isoformat()}
    if moved:
        tickets.follow(order.ticket, queries.trips_of(order.ticket), actor=actor, now=now)
        facts |= {"resource": queries.people_on(order)} | ({} if tell else {"without_mail": True})
        record("workorder.moved", subject=order, actor=actor, at=now, **facts)
        if tell:
            mails.tell_customer(mails.MOVED, order, order.slot, actor=actor, now=now)
    elif stood != window:
        record("workorder.helper_moved", subject=order, actor=actor, at=now, resource=str(helper.resource), **facts)
    return order


def _put(order: WorkOrder, helper: Helper, resource_id: int, window: Interval, *, actor: Actor, now: datetime) -> None:
    """Write where the helper's appointment stands now, and who helps instead when it is another calendar."""
    before = helper.resource
    if resource_id != before.pk:
        check_new(order, resource_id, [each.resource_id for each in helpers_of(order)])
        if resource_id == order.resource_id:
            raise OnItAlready("resource_id", person=str(order.resource), work_order=order.code)
    moved = planning.move(appointment=helper.appointment, resource_id=resource_id, window=window, actor=actor, now=now)
    if moved.resource_id == before.pk:
        return
    helper.resource, helper.appointment = moved.resource, moved
    helper.save(update_fields=["resource"])
    facts = {"resource": str(helper.resource), "instead_of": str(before)}
    _told(order, "workorder.helper_replaced", [before, helper.resource], actor, now, **facts)


@transaction.atomic
def make_lead(*, work_order_id: int, resource_id: int, version: int | None, actor: Actor, now: datetime) -> WorkOrder:
    """Let a helper lead the work; who led it helps from now on. Nobody's calendar changes.

    Raises NotFound, StaleVersion, StepRefused, TicketCancelled, PeriodLocked.
    """
    actor.require(PLAN)
    order = to_move(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "crew", code=order.code)
    lock_calendars([order])
    helper = _helper(order, resource_id)
    before, slot = order.worker, order.slot
    order.resource, order.appointment = helper.resource, helper.appointment
    helper.resource, helper.appointment, helper.ended_at = before, slot, None
    helper.save(update_fields=["resource", "appointment", "ended_at"])
    save(order)
    tickets.follow(order.ticket, queries.trips_of(order.ticket), actor=actor, now=now)
    facts = {"resource": str(order.resource), "instead_of": str(before)}
    _told(order, "workorder.lead", [before, order.worker], actor, now, **facts)
    return order


def _told(order: WorkOrder, action: str, people: Sequence[Resource], actor: Actor, now: datetime, **facts: Any) -> None:
    """Write down what changed among the people of a work order, and tell those whom it concerns."""
    record(action, subject=order, actor=actor, at=now, **facts)
    tickets.tell(order.ticket, "crew", {each.user_id for each in people}, actor=actor)
