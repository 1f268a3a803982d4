"""What billing says of a work order. Billing has locked it and decided; here its status moves."""

from datetime import datetime

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.workorders import queries, rules
from callout.workorders.commands.calls import save
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
def mark_billed(*, work_order_id: int, actor: Actor, now: datetime) -> WorkOrder:
    """Its lines stand on a confirmed invoice. Raises NotFound, StepRefused."""
    return _mark(work_order_id, "bill", "billing.write", actor=actor, now=now)


@transaction.atomic
def mark_unbilled(*, work_order_id: int, actor: Actor, now: datetime) -> WorkOrder:
    """The invoice was cancelled; the lines can be billed again. Raises NotFound, StepRefused."""
    return _mark(work_order_id, "unbill", "billing.write", actor=actor, now=now)
