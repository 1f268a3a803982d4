"""On the calendar and off it: the promise to the customer, and the team's answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from callout.accounts.actor import Actor
from callout.accounts.models import User
from callout.accounts.queries import actor_for, people_with_rights
from callout.accounts.rules import ROLES
from callout.audit.commands import record
from callout.core.errors import check_version
from callout.core.intervals import Interval
from callout.planning import commands as planning
from callout.planning.models import Category
from callout.tickets import commands as tickets
from callout.tickets import queries as ticket_queries
from callout.tickets.models import Ticket, TicketStatus
from callout.workorders import mails, queries, rules
from callout.workorders.commands import crew
from callout.workorders.commands.calendars import free, helpers_of, let_become, lock_calendars, title_of, window_of
from callout.workorders.commands.calls import save, tell_waiting
from callout.workorders.commands.crew import PLAN
from callout.workorders.errors import NotAccepted
from callout.workorders.models import WorkOrder

BOOK = (PLAN, "slot.book")
VERIFY = "verify.write"


@transaction.atomic
def plan(
    *,
    work_order_id: int,
    resource_id: int,
    window: Interval,
    version: int | None,
    actor: Actor,
    now: datetime,
    verifier_id: int | None = None,
    helpers: Sequence[int] = (),
    tell: bool = True,
) -> WorkOrder:
    """Promise a slot to the customer, with these `helpers` (resources) beside who leads the work, or not at all.

    Without a verifier the ticket gets `default_verifier`'s; without `tell` no mail goes to the customer.
    Raises OnItAlready, NotFound, StaleVersion, StepRefused, TicketCancelled, PeriodLocked and what
    planning.commands.book refuses.
    """
    actor.require(*BOOK)
    order = crew.to_move(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "plan", code=order.code)
    ticket = order.ticket
    if helpers:
        lock_calendars([order], also={resource_id, *helpers})
    order.appointment = planning.book(
        resource_id=resource_id,
        window=window,
        activity_type=order.activity_type,
        title=title_of(ticket),
        site=order.site,
        actor=actor,
        now=now,
    )
    order.resource = order.appointment.resource
    save(order)
    crew.settle(order, helpers, actor=actor, now=now)
    if verifier_id is not None:
        ticket.verifier_id = tickets.colleague(verifier_id, "verifier")
    elif ticket.verifier_id is None:
        ticket.verifier = default_verifier(ticket)
    _recorded("workorder.planned", order, actor, now, tell=tell)
    tell_waiting("planned", order, actor)
    if tell:
        mails.tell_customer(mails.PLANNED, order, order.appointment, actor=actor, now=now)
    return order


def _recorded(action: str, order: WorkOrder, actor: Actor, now: datetime, *, tell: bool) -> None:
    """Bring the ticket in line and write down what the plan is now, and that the customer was not to be told."""
    ticket = order.ticket
    tickets.follow(ticket, queries.trips_of(ticket), actor=actor, now=now)
    plan: dict[str, Any] = {}
    if order.appointment is not None:
        plan = {
            "resource": queries.people_on(order),
            "starts": order.appointment.starts.isoformat(),
            "ends": order.appointment.ends.isoformat(),
        }
    if not tell:
        plan["without_mail"] = True
    record(action, subject=order, actor=actor, at=now, **plan)


def default_verifier(ticket: Ticket) -> User | None:
    """Who verifies when nobody was named: the first active person of the branch with that right, verifiers first."""
    roles = [role for role, rights in ROLES.items() if VERIFY in rights]
    granted = Q(grants__right=VERIFY, grants__allowed=True) | Q(
        teams__grants__right=VERIFY, teams__grants__allowed=True
    )
    of_branch = Q(branches=None) | Q(branches=ticket.branch_id)
    found = people_with_rights().filter(Q(roles__overlap=roles) | granted, of_branch, is_active=True).order_by("id")
    people = {user.pk: user for user in found}
    chosen = [user for user in people.values() if actor_for(user).may(VERIFY)]
    return min(chosen, key=lambda user: ("verifier" not in user.roles, user.pk), default=None)


@transaction.atomic
def reschedule(
    *,
    work_order_id: int,
    resource_id: int,
    window: Interval,
    version: int | None,
    actor: Actor,
    now: datetime,
    helpers: Sequence[int] | None = None,
    tell: bool = True,
) -> WorkOrder:
    """Another time, another length or another technician for a planned work order, until work starts.

    Its helpers move with it, all or nobody; with `helpers` these resources are its helpers from now on. Another
    leading technician has to accept anew. Without `tell` no mail goes to the customer. Raises OnItAlready and what
    `plan` raises.
    """
    actor.require(PLAN)
    order = crew.to_move(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "reschedule", code=order.code)
    lock_calendars([order], also={resource_id, *(helpers or ())})
    before, stood = order.resource_id, window_of(order.slot)
    stay = [each for each in helpers_of(order) if helpers is None or each.resource_id in helpers]
    crew.keep_only(order, stay, actor=actor, now=now)
    crew.check_new(order, resource_id, [each.resource_id for each in stay])
    order.appointment = planning.move(
        appointment=order.slot, resource_id=resource_id, window=window, actor=actor, now=now
    )
    order.resource = order.appointment.resource
    save(order)
    crew.come_along(stay, before=stood, after=window, actor=actor, now=now)
    if before != order.resource_id and order.ticket.accepted_at is not None:
        order.ticket.accepted_at = None
        let_become(order, Category.PLANNED, actor=actor, now=now)
    crew.settle(order, helpers or (), actor=actor, now=now)
    _recorded("workorder.moved", order, actor, now, tell=tell)
    if tell:
        mails.tell_customer(mails.MOVED, order, order.appointment, actor=actor, now=now)
    return order


@transaction.atomic
def unplan(*, work_order_id: int, version: int | None, actor: Actor, now: datetime, tell: bool = True) -> WorkOrder:
    """Take a planned work order off the calendars; it is foreseen again, its ticket received.

    Without `tell` no mail goes to the customer.
    Raises NotFound, StaleVersion, StepRefused, TicketCancelled, PeriodLocked.
    """
    actor.require(PLAN)
    order = crew.to_move(work_order_id, version, actor, now)
    order.status = rules.step(order.status, "unplan", code=order.code)
    lock_calendars([order])
    if tell:
        mails.tell_customer(mails.CANCELLED, order, order.slot, actor=actor, now=now)
    free(order, actor=actor, now=now)
    save(order)
    order.ticket.accepted_at = None
    _recorded("workorder.unplanned", order, actor, now, tell=tell)
    tell_waiting("unplanned", order, actor)
    return order


@transaction.atomic
def accept(*, ticket_id: int, version: int | None = None, actor: Actor, now: datetime) -> Ticket:
    """The team confirms that it takes an assigned ticket; doing so twice changes nothing.

    Raises NotFound, StaleVersion, TicketCancelled, NotAccepted.
    """
    actor.require("own.work", PLAN)
    ticket = ticket_queries.lock(ticket_id, actor=actor)
    check_version(ticket.version, version)
    tickets.check_open_ticket(ticket)
    if ticket.status == TicketStatus.ACCEPTED:
        return ticket
    if ticket.status != TicketStatus.ASSIGNED:
        raise NotAccepted(code=ticket.code, status=TicketStatus(ticket.status).label)
    ticket.accepted_at = now
    promised = ticket.work_orders.filter(status="planned", appointment__category=Category.PLANNED)
    orders = list(promised.select_related("appointment").order_by("id"))
    lock_calendars(orders)
    for order in orders:
        let_become(order, Category.CONFIRMED, actor=actor, now=now)
    record("ticket.accepted", subject=ticket, actor=actor, at=now)
    tickets.follow(ticket, queries.trips_of(ticket), actor=actor, now=now)
    return ticket
