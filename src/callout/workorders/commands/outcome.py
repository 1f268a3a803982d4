"""What billing says of a work order. Billing has locked it and decided; here its status moves."""

from datetime import datetime

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import check_version
from callout.documents.queries import require_open
from callout.tickets import commands as tickets
from callout.tickets.errors import ReasonMissing
from callout.tickets.rules import check_text
from callout.workorders import queries, rules
from callout.workorders.commands.calls import MODULE, save
from callout.workorders.models import WorkOrder


def _mark(work_order_id: int, step: str, right: str, *, actor: Actor, now: datetime) -> WorkOrder:
    actor.require(right)
    order = queries.lock_order(work_order_id, actor=actor)
    order.status = rules.step(order.status, step, code=order.code)
    if step in ("verify", "unverify"):
        order.verified_at = now if step == "verify" else None
    save(order)
    record(f"workorder.{step}", subject=order, actor=actor, at=now)
    return order


@transaction.atomic
def mark_verified(*, work_order_id: int, actor: Actor, now: datetime) -> WorkOrder:
    """Every reported line was decided on. Raises NotFound, StepRefused."""
    return _mark(work_order_id, "verify", "verify.write", actor=actor, now=now)


@transaction.atomic
def mark_unverified(*, work_order_id: int, actor: Actor, now: datetime) -> WorkOrder:
    """The verification is taken back. Raises NotFound, StepRefused."""
    return _mark(work_order_id, "unverify", "verify.write", actor=actor, now=now)


@transaction.atomic
def send_back(*, work_order_id: int, reason: str, version: int | None, actor: Actor, now: datetime) -> WorkOrder:
    """The technician has to mend the report and hand it in again; why stands in the conversation, which they are told.

    Raises NotFound, StaleVersion, TicketCancelled, PeriodLocked, ReasonMissing, StepRefused.
    """
    actor.require("verify.write")
    order = queries.lock(work_order_id, actor=actor)
    check_version(order.version, version)
    tickets.check_open_ticket(order.ticket)
    require_open(branch=order.branch, on=tickets.today_at(order.branch.time_zone, now), module=MODULE)
    text = check_text(reason, field="reason")
    if not text:
        raise ReasonMissing("reason")
    order.status = rules.step(order.status, "send_back", code=order.code)
    order.reported_at = None
    save(order)
    record("workorder.sent_back", subject=order, actor=actor, at=now)
    tickets.say(order.ticket, f"{order.code}: {text}", "sent_back", actor=actor, now=now)
    tickets.follow(order.ticket, queries.trips_of(order.ticket), actor=actor, now=now)
    return order


@transaction.atomic
def mark_billed(*, work_order_id: int, actor: Actor, now: datetime) -> WorkOrder:
    """Its lines stand on a confirmed invoice. Raises NotFound, StepRefused."""
    return _mark(work_order_id, "bill", "billing.write", actor=actor, now=now)


@transaction.atomic
def mark_unbilled(*, work_order_id: int, actor: Actor, now: datetime) -> WorkOrder:
    """The invoice was cancelled; the lines can be billed again. Raises NotFound, StepRefused."""
    return _mark(work_order_id, "unbill", "billing.write", actor=actor, now=now)
