"""Changing tickets, and keeping their status in line with their work orders."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import Invalid, check_version
from callout.customers.models import Priority
from callout.documents.models import DocumentStatus
from callout.documents.queries import require_open
from callout.live.commands import tell
from callout.tickets import queries, rules
from callout.tickets.commands.fields import (
    MODULE,
    TEXTS,
    WRITE,
    check_belongs,
    choice,
    colleague,
    index,
    text_of,
    today_at,
)
from callout.tickets.commands.thread import tell_people
from callout.tickets.errors import NotCancelled, ReasonMissing, TicketCancelled
from callout.tickets.models import Ticket, TicketStatus

CHANGES = frozenset(
    {*TEXTS, "solution", "contact_id", "contract_id", "priority", "due_at", "confirmed_real", "verifier_id"}
)

SHOWN_ON_BOARDS = frozenset({"priority", "subject"})


@transaction.atomic
def change_ticket(
    *, ticket_id: int, values: Mapping[str, Any], version: int | None, actor: Actor, now: datetime
) -> Ticket:
    """Change fields of a ticket; `values` names them as Call does. Status, plan and customer are not among them.

    Raises NotFound, StaleVersion, TicketCancelled, PeriodLocked and what taking a call refuses.
    """
    actor.require(WRITE)
    ticket = queries.lock(ticket_id, actor=actor)
    check_version(ticket.version, version)
    check_open_ticket(ticket)
    require_open(branch=ticket.branch, on=ticket.date, module=MODULE)
    changed = _apply(ticket, values)
    if not changed:
        return ticket
    rules.check_due(ticket.due_at, received_at=ticket.received_at)
    check_belongs(ticket)
    colleague(ticket.verifier_id, "verifier")
    index(ticket)
    if ticket.status in queries.OPEN:
        whole = None not in (ticket.planned_start, ticket.planned_end, ticket.assignee_id, ticket.verifier_id)
        ticket.status = rules.promised(whole=whole, accepted=ticket.accepted_at is not None)
    save(ticket)
    record("ticket.changed", subject=ticket, actor=actor, at=now, fields=sorted(changed), **_plain(changed))
    if SHOWN_ON_BOARDS.intersection(changed):
        tell("ticket", actor=actor, resources=queries.planned_on(ticket), branch=ticket.branch_id)
    tell_people(ticket, "changed", actor=actor)
    return ticket


def _apply(ticket: Ticket, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set what differs; returns the old and the new value by field."""
    changed = {}
    for name, value in values.items():
        if name not in CHANGES:
            raise Invalid(name)
        if name == "solution" or name in TEXTS:
            value = text_of(name, value)
        elif name == "priority":
            value = choice(value, Priority.values, "priority")
        before = getattr(ticket, name)
        if before != value:
            changed[name] = (before, value)
            setattr(ticket, name, value)
    return changed


def _plain(changed: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """Before and after as JSON; of long texts only that they changed."""
    short = {name: pair for name, pair in changed.items() if name not in ("description", "notes", "solution")}
    return {
        "before": {name: _json(before) for name, (before, _) in short.items()},
        "after": {name: _json(after) for name, (_, after) in short.items()},
    }


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


@transaction.atomic
def confirm_real(*, ticket_id: int, confirmed: bool, actor: Actor, now: datetime) -> Ticket:
    """The team on site says whether the request is real. Raises NotFound, TicketCancelled."""
    actor.require(WRITE, "own.work")
    ticket = queries.lock(ticket_id, actor=actor)
    check_open_ticket(ticket)
    if ticket.confirmed_real != confirmed:
        ticket.confirmed_real = confirmed
        save(ticket)
        record("ticket.confirmed", subject=ticket, actor=actor, at=now, confirmed=confirmed)
    return ticket


def check_open_ticket(ticket: Ticket) -> None:
    """Refuse to touch a cancelled ticket. Raises TicketCancelled."""
    if ticket.doc_status == DocumentStatus.CANCELLED:
        raise TicketCancelled(code=ticket.code)


def save(ticket: Ticket) -> None:
    """Write a locked ticket back as its next version."""
    ticket.version += 1
    ticket.save()


def follow(ticket: Ticket, trips: Collection[rules.Trip], *, actor: Actor, now: datetime) -> None:
    """Bring a locked ticket's status and plan in line with its work orders, after one of them changed."""
    derived = rules.standing(trips, verifier=ticket.verifier_id is not None, accepted=ticket.accepted_at is not None)
    before = ticket.status
    ticket.status = derived.status
    ticket.planned_start, ticket.planned_end = derived.planned_start, derived.planned_end
    ticket.assignee_id = derived.assignee_id
    ended = derived.status in (TicketStatus.FINALISED, TicketStatus.BY_PHONE)
    ticket.finalised_at = (ticket.finalised_at or now) if ended else None
    save(ticket)
    if ticket.status != before:
        record("ticket.status", subject=ticket, actor=actor, at=now, before=before, after=ticket.status)
        tell_people(ticket, "status", actor=actor)


def set_cancelled(ticket: Ticket, *, reason: str, actor: Actor, now: datetime) -> None:
    """Cancel a locked ticket; its work orders are the caller's. Raises TicketCancelled, ReasonMissing, PeriodLocked."""
    check_open_ticket(ticket)
    reason = rules.check_text(reason, field="reason", most=200, one_line=True)
    if not reason:
        raise ReasonMissing("reason")
    require_open(branch=ticket.branch, on=ticket.date, module=MODULE)
    ticket.doc_status = DocumentStatus.CANCELLED
    ticket.cancelled_at, ticket.cancel_reason = now, reason
    record("ticket.cancelled", subject=ticket, actor=actor, at=now, reason=reason)
    tell_people(ticket, "cancelled", actor=actor)


def set_reopened(ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """Take back that a locked ticket was cancelled, finalised or resolved by phone. Raises NotCancelled."""
    if ticket.doc_status != DocumentStatus.CANCELLED and ticket.status in queries.OPEN:
        raise NotCancelled(code=ticket.code)
    require_open(branch=ticket.branch, on=today_at(ticket.branch.time_zone, now), module=MODULE)
    ticket.doc_status = DocumentStatus.POSTED
    ticket.cancelled_at, ticket.cancel_reason, ticket.accepted_at = None, "", None
    record("ticket.reopened", subject=ticket, actor=actor, at=now)
    tell_people(ticket, "reopened", actor=actor)
