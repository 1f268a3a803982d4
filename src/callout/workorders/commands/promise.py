"""A call that is promised a time while the customer is on the phone."""

from datetime import datetime, timedelta

from django.db import transaction

from callout.accounts.actor import Actor
from callout.core.intervals import Interval
from callout.planning.queries import lock_resources
from callout.tickets.commands import Call
from callout.tickets.models import Ticket
from callout.workorders.commands.calls import take_call_with_order
from callout.workorders.commands.plan import BOOK, plan
from callout.workorders.models import WorkOrder


@transaction.atomic
def take_call_and_plan(
    *, call: Call, resource_id: int, starts: datetime, actor: Actor, now: datetime
) -> tuple[Ticket, WorkOrder]:
    """Write down a call and put its first work order on a calendar for as long as it is expected to take, or neither.

    Raises what taking a call and planning refuse: a time that has been taken meanwhile leaves no ticket behind.
    """
    actor.require(*BOOK)
    lock_resources([resource_id], actor=actor)  # before the number books, which nobody may wait for
    ticket, order = take_call_with_order(call=call, actor=actor, now=now)
    window = Interval(starts, starts + timedelta(minutes=order.minutes))
    planned = plan(work_order_id=order.pk, resource_id=resource_id, window=window, version=None, actor=actor, now=now)
    return planned.ticket, planned
