"""From the call to its work orders: taking it, settling it by phone, going on, giving up, opening again."""

from datetime import datetime

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import entry, record
from callout.audit.models import Entry
from callout.core.errors import NotFound, check_version
from callout.documents.commands import give_keys, post, prepare
from callout.documents.models import DocumentStatus
from callout.documents.queries import require_open
from callout.jobs.commands import job
from callout.live.commands import news, tell
from callout.planning.models import ActivityType
from callout.tickets import commands as tickets
from callout.tickets import queries as ticket_queries
from callout.tickets.commands import Call
from callout.tickets.models import Ticket, TicketStatus
from callout.tickets.rules import check_text
from callout.workorders import mails, queries, rules
from callout.workorders.commands.calendars import free, lock_calendars
from callout.workorders.errors import NothingToSettle, WorkGoesOn
from callout.workorders.models import WorkOrder, WorkStatus

MODULE = "workorders"


@transaction.atomic
def take_call(*, call: Call, actor: Actor, now: datetime) -> Ticket:
    """Write down a call: its ticket and its first work order, both posted and numbered, or neither.

    A similar open ticket does not hinder it. Raises what tickets.commands.draft raises, and NoNumberBook.
    """
    return take_call_with_order(call=call, actor=actor, now=now)[0]


def take_call_with_order(*, call: Call, actor: Actor, now: datetime) -> tuple[Ticket, WorkOrder]:
    """What `take_call` does, in the caller's transaction and for who wants the work order too."""
    minutes = call.minutes and rules.check_minutes(call.minutes)
    ticket, concerned, terms = tickets.draft(call=call, tables=(WorkOrder._meta.db_table,), actor=actor, now=now)
    order = _order(ticket, ticket.activity_type, minutes=minutes, actor=actor, now=now)
    give_keys(terms, ticket, order)
    order.ticket = ticket  # whose key is known now
    tickets.keep_objects(ticket, concerned)
    planners = [job("workorders.tell_planners", work_order_id=order.pk)] if ticket.activity_type.notify_owner else []
    post(
        ticket,
        order,
        terms=terms,
        jobs=planners,
        news=_news("call", order, actor),
        history=[tickets.taken(ticket, actor=actor, now=now), _created(order, actor, now)],
    )
    return ticket, order


def _order(
    ticket: Ticket,
    kind: ActivityType,
    *,
    minutes: int | None,
    description: str = "",
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """A foreseen work order of the ticket, to be posted; a type may have its own number book."""
    branch = ticket.branch
    today = tickets.today_at(branch.time_zone, now)
    on = ticket.date if ticket.created_at == now else today
    return WorkOrder(
        ticket=ticket,
        site=ticket.site,
        activity_type=kind,
        branch=branch,
        currency=branch.currency,
        description=description,
        minutes=minutes or kind.minutes,
        series=kind.number_series,
        date=on,
        created_at=now,
        created_by_name=actor.name,
    )


def _post(order: WorkOrder, actor: Actor, now: datetime) -> None:
    """Write a further work order of a ticket, and number it."""
    terms = prepare(order)
    post(order, terms=terms, history=[_created(order, actor, now)], news=_news("further", order, actor))


def _created(order: WorkOrder, actor: Actor, now: datetime) -> Entry:
    return entry("workorder.created", subject=order, actor=actor, at=now)


@transaction.atomic
def add_work_order(
    *,
    ticket_id: int,
    activity_type_id: int,
    description: str,
    minutes: int | None,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """A further work order for the same ticket, which is open again by it.

    Raises NotFound, StaleVersion, TicketCancelled, PeriodLocked, BadMinutes.
    """
    actor.require(tickets.WRITE)
    ticket = ticket_queries.lock(ticket_id, actor=actor)
    check_version(ticket.version, version)
    tickets.check_open_ticket(ticket)
    kind = ActivityType.objects.filter(pk=activity_type_id, active=True).first()
    if kind is None:
        raise NotFound("activity_type")
    require_open(branch=ticket.branch, on=tickets.today_at(ticket.branch.time_zone, now), module=MODULE)
    order = _order(
        ticket,
        kind,
        minutes=minutes and rules.check_minutes(minutes),
        description=check_text(description, field="description"),
        actor=actor,
        now=now,
    )
    ticket.accepted_at = None
    _post(order, actor, now)
    tickets.follow(ticket, queries.trips_of(ticket), actor=actor, now=now)
    return order


@transaction.atomic
def resolve_by_phone(*, ticket_id: int, solution: str, version: int | None, actor: Actor, now: datetime) -> Ticket:
    """The call settled it: open work orders are not needed, and both stay for the statistics.

    Raises NotFound, StaleVersion, TicketCancelled, NothingToSettle, WorkGoesOn, PeriodLocked.
    """
    actor.require(tickets.WRITE)
    ticket = ticket_queries.lock(ticket_id, actor=actor)
    check_version(ticket.version, version)
    tickets.check_open_ticket(ticket)
    require_open(branch=ticket.branch, on=tickets.today_at(ticket.branch.time_zone, now), module=MODULE)
    orders = _open_orders(ticket)
    if not orders:
        raise NothingToSettle(code=ticket.code)
    for order in orders:
        _drop(order, "not_needed", actor=actor, now=now)
    ticket.solution = check_text(solution, field="solution")
    record("ticket.by_phone", subject=ticket, actor=actor, at=now)
    tickets.follow(ticket, queries.trips_of(ticket), actor=actor, now=now)
    return ticket


@transaction.atomic
def cancel_ticket(*, ticket_id: int, reason: str, version: int | None, actor: Actor, now: datetime) -> Ticket:
    """Cancel a ticket with its work orders, as long as nobody has begun to work on them. Numbers stay taken.

    Raises NotFound, StaleVersion, TicketCancelled, ReasonMissing, WorkGoesOn, PeriodLocked.
    """
    actor.require(tickets.WRITE)
    ticket = ticket_queries.lock(ticket_id, actor=actor)
    check_version(ticket.version, version)
    tickets.set_cancelled(ticket, reason=reason, actor=actor, now=now)
    begun = ticket.work_orders.filter(status__in=rules.BEGUN).order_by("id").first()
    if begun is not None:
        raise WorkGoesOn(work_order=begun.code, status=rules.STATUSES[begun.status])
    for order in _open_orders(ticket):
        _drop(order, "cancel", actor=actor, now=now)
    tickets.follow(ticket, queries.trips_of(ticket), actor=actor, now=now)
    return ticket


def _open_orders(ticket: Ticket) -> list[WorkOrder]:
    """The ticket's work orders that somebody could still carry out, locked with their calendars. Raises WorkGoesOn."""
    found = list(
        ticket.work_orders.select_for_update(of=("self",))
        .select_related("activity_type", "site", "branch", "appointment", "resource__user")
        .exclude(status__in=(WorkStatus.NOT_NEEDED, WorkStatus.CANCELLED))
        .order_by("id")
    )
    for order in found:
        order.ticket = ticket
        if order.status in (WorkStatus.UNDER_WAY, WorkStatus.DONE):
            raise WorkGoesOn(work_order=order.code, status=rules.STATUSES[order.status])
    lock_calendars(found)
    return [order for order in found if order.status in rules.UNTOUCHED]


def _drop(order: WorkOrder, step: str, *, actor: Actor, now: datetime) -> None:
    """Take an untouched work order off the calendar and out of the work to do."""
    order.status = rules.step(order.status, step, code=order.code)
    if order.appointment is not None:
        mails.tell_customer(mails.CANCELLED, order, order.appointment, actor=actor, now=now)
    free(order, actor=actor, now=now)
    if step == "cancel":
        order.doc_status = DocumentStatus.CANCELLED
    save(order)
    record(f"workorder.{step}", subject=order, actor=actor, at=now)
    tell_waiting(step, order, actor)


def _news(what: str, order: WorkOrder, actor: Actor) -> str:
    return news(what, actor=actor, work_order=order.pk, branch=order.branch_id)


def tell_waiting(what: str, order: WorkOrder, actor: Actor) -> None:
    """Let open boards know that a work order waits for a plan, or does so no longer."""
    tell(what, actor=actor, work_order=order.pk, branch=order.branch_id)


def save(order: WorkOrder) -> None:
    """Write a locked work order back as its next version."""
    order.version += 1
    order.save()


@transaction.atomic
def reopen(*, ticket_id: int, version: int | None, actor: Actor, now: datetime) -> Ticket:
    """Open a ticket again: dropped work orders are foreseen once more; a finished one gets a further work order.

    Raises NotFound, StaleVersion, NotCancelled, PeriodLocked.
    """
    actor.require(tickets.WRITE)
    ticket = ticket_queries.lock(ticket_id, actor=actor)
    check_version(ticket.version, version)
    finished = ticket.status == TicketStatus.FINALISED
    tickets.set_reopened(ticket, actor=actor, now=now)
    dropped = ticket.work_orders.select_for_update().filter(status__in=(WorkStatus.NOT_NEEDED, WorkStatus.CANCELLED))
    for order in () if finished else dropped.order_by("id"):
        order.status = rules.step(order.status, "reopen", code=order.code)
        order.doc_status = DocumentStatus.POSTED
        save(order)
        record("workorder.reopen", subject=order, actor=actor, at=now)
        tell_waiting("reopen", order, actor)
    if finished:
        order = _order(ticket, ticket.activity_type, minutes=None, actor=actor, now=now)
        _post(order, actor, now)
    tickets.follow(ticket, queries.trips_of(ticket), actor=actor, now=now)
    return ticket
