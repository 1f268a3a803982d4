"""What the board shows below: work that waits for a plan."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import number_format

from callout.accounts.actor import Actor
from callout.accounts.models import Membership
from callout.board.queries.cards import PRIORITIES
from callout.core.ids import decode_cursor, encode_cursor
from callout.core.text import clean_name
from callout.planning import queries as planning
from callout.workorders import queries as workorders
from callout.workorders.models import WorkOrder

PAGE = 50
COUNTED = 1000
URGENT = ("-ticket__priority", "ticket__received_at", "pk")
OLDEST = ("ticket__received_at", "pk")


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


def unplanned(
    actor: Actor,
    *,
    search: str = "",
    cursor: str = "",
    by: str = "priority",
    sector: int | None = None,
    team: int | None = None,
) -> UnplannedPage:
    """A page of 50 work orders that wait for a plan; three statements at most, two more with a team.

    `by` "priority": most urgent first, then longest waiting; "age": longest waiting first. `sector` is that of the
    type, `team` one whose people may do the work. The count is exact up to 1,000. Raises BadCursor.
    """
    waiting = workorders.unplanned(actor, search=clean_name(search))
    if sector is not None:
        waiting = waiting.filter(activity_type__sector_id=sector)
    if team is not None:
        waiting = waiting.filter(activity_type_id__in=_types_of(team))
    count = waiting.order_by()[: COUNTED + 1].count()
    after, names = (_after_urgent, URGENT) if by == "priority" else (_after_older, OLDEST)
    rows = list(after(waiting, cursor).order_by(*names)[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return UnplannedPage(
        items=[_item(order) for order in rows[:PAGE]],
        next=_cursor(last, by) if last else None,
        count=number_format(min(count, COUNTED), use_l10n=True, force_grouping=True) + "+" * (count > COUNTED),
    )


def _types_of(team: int) -> list[int]:
    """The types of work that somebody of the team may do."""
    users = Membership.objects.filter(team_id=team).values_list("user_id", flat=True)
    people = set(users)
    return [
        pk
        for pk, eligible in planning.eligible_by_type().items()
        if team in eligible.team_ids or not people.isdisjoint(eligible.user_ids)
    ]


def _cursor(last: WorkOrder, by: str) -> str:
    ticket = last.ticket
    if by == "priority":
        return encode_cursor((ticket.priority, ticket.received_at, last.pk))
    return encode_cursor((ticket.received_at, last.pk))


def _after_urgent(waiting: QuerySet[WorkOrder], cursor: str) -> QuerySet[WorkOrder]:
    if not cursor:
        return waiting
    priority, received, pk = decode_cursor(cursor, kinds=(int, datetime, int))
    return waiting.filter(
        Q(ticket__priority__lt=priority)
        | Q(ticket__priority=priority, ticket__received_at__gt=received)
        | Q(ticket__priority=priority, ticket__received_at=received, pk__gt=pk)
    )


def _after_older(waiting: QuerySet[WorkOrder], cursor: str) -> QuerySet[WorkOrder]:
    if not cursor:
        return waiting
    received, pk = decode_cursor(cursor, kinds=(datetime, int))
    return waiting.filter(Q(ticket__received_at__gt=received) | Q(ticket__received_at=received, pk__gt=pk))


def _item(order: WorkOrder) -> dict[str, Any]:
    ticket, site = order.ticket, order.site
    latitude, longitude = site.latitude, site.longitude
    return {
        "work_order_id": order.pk,
        "ticket_id": ticket.pk,
        "version": order.version,
        "code": order.code,
        "customer": ticket.customer.name,
        "place": site.city or site.name,
        "activity_type_id": order.activity_type_id,
        "minutes": order.minutes,
        "priority": PRIORITIES[ticket.priority],
        "received_at": ticket.received_at,
        "subject": ticket.subject,
        "position": None if latitude is None or longitude is None else (float(latitude), float(longitude)),
    }
