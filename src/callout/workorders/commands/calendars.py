"""A work order's place on calendars: that of who leads the work, and those of the helpers."""

from collections.abc import Collection
from datetime import datetime

from callout.accounts.actor import Actor
from callout.core.intervals import Interval
from callout.planning import commands as planning
from callout.planning.models import Appointment, Resource
from callout.planning.queries import lock_resources
from callout.tickets.models import Ticket
from callout.workorders.models import Helper, WorkOrder


def lock_calendars(orders: Collection[WorkOrder], *, also: Collection[int] = ()) -> dict[int, Resource]:
    """Lock the calendars of everybody on these locked work orders, and those of `also`, all at once.

    One after the other, two of them could wait in a circle. Raises NotFound for an unknown one of `also`.
    """
    helping = Helper.objects.filter(work_order__in=orders).values_list("resource_id", flat=True)
    leading = {order.resource_id for order in orders if order.resource_id is not None}
    return lock_resources({*leading, *helping, *also})


def helpers_of(order: WorkOrder) -> list[Helper]:
    """The helpers of a locked work order with their appointments, in the order in which they came to it."""
    return list(order.helpers.select_related("resource__user", "appointment").order_by("id"))


def title_of(ticket: Ticket) -> str:
    """What an appointment for the ticket is called on the calendar."""
    return f"{ticket.customer.name}: {ticket.subject}"[:200]


def window_of(appointment: Appointment) -> Interval:
    """The time of an appointment."""
    return Interval(appointment.starts, appointment.ends)


def free(order: WorkOrder, *, actor: Actor, now: datetime) -> None:
    """Give up the appointments of everybody on a locked work order, its calendars locked; the caller writes it."""
    appointment, order.appointment, order.resource = order.appointment, None, None
    for helper in helpers_of(order):
        helper.delete()
        planning.release(appointment=helper.appointment, actor=actor, now=now)
    if appointment is not None:
        planning.release(appointment=appointment, actor=actor, now=now)


def let_become(order: WorkOrder, category: str, *, actor: Actor, now: datetime) -> None:
    """Put the appointments of everybody on a locked work order into a category; its calendars are locked."""
    for helper in helpers_of(order):
        planning.set_category(appointment=helper.appointment, category=category, actor=actor, now=now, chained=False)
    planning.set_category(appointment=order.slot, category=category, actor=actor, now=now)
