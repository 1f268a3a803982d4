"""What the board shows below: work that waits for a plan."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import number_format

from callout.accounts.actor import Actor
from callout.board.queries.cards import PRIORITIES
from callout.core.ids import decode_cursor, encode_cursor
from callout.core.text import clean_name
from callout.workorders import queries as workorders
from callout.workorders.models import WorkOrder

PAGE = 50
COUNTED = 1000


def order(work_order: WorkOrder) -> dict[str, Any]:
    """A work order as the board needs it after a change."""
    return {
        "id": work_order.pk,
        "version": work_order.version,
        "status": str(work_order.get_status_display()),
        "code": work_order.code,
    }


@dataclass(frozen=True, slots=True)
class UnplannedPage:
    """Some of the work that waits for a plan, in its order, and where the rest begins."""

    items: list[dict[str, Any]]
    next: str | None
    count: str


def unplanned(actor: Actor, *, search: str = "", cursor: str = "") -> UnplannedPage:
    """A page of 50 work orders that wait for a plan, most urgent and longest waiting first; three statements at most.

    The count is exact up to 1,000. Raises BadCursor.
    """
    waiting = workorders.unplanned(actor, search=clean_name(search))
    count = waiting.order_by()[: COUNTED + 1].count()
    rows = list(_after(waiting, cursor).order_by("-ticket__priority", "ticket__received_at", "pk")[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return UnplannedPage(
        items=[_item(order) for order in rows[:PAGE]],
        next=encode_cursor((last.ticket.priority, last.ticket.received_at, last.pk)) if last else None,
        count=number_format(min(count, COUNTED), use_l10n=True, force_grouping=True) + "+" * (count > COUNTED),
    )


def _after(waiting: QuerySet[WorkOrder], cursor: str) -> QuerySet[WorkOrder]:
    if not cursor:
        return waiting
    priority, received, pk = decode_cursor(cursor, kinds=(int, datetime, int))
    return waiting.filter(
        Q(ticket__priority__lt=priority)
        | Q(ticket__priority=priority, ticket__received_at__gt=received)
        | Q(ticket__priority=priority, ticket__received_at=received, pk__gt=pk)
    )


def _item(order: WorkOrder) -> dict[str, Any]:
    ticket = order.ticket
    return {
        "work_order_id": order.pk,
        "ticket_id": ticket.pk,
        "version": order.version,
        "code": order.code,
        "customer": ticket.customer.name,
        "place": order.site.city or order.site.name,
        "activity_type_id": order.activity_type_id,
        "minutes": order.minutes,
        "priority": PRIORITIES[ticket.priority],
        "received_at": ticket.received_at,
        "subject": ticket.subject,
    }
