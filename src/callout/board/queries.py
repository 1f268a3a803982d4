"""What the board shows: technicians, their time and their appointments, as plain JSON values."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.formats import number_format

from callout.accounts.actor import Actor
from callout.accounts.models import Membership
from callout.core.errors import NotFound
from callout.core.ids import decode_cursor, encode_cursor
from callout.core.intervals import Interval
from callout.core.text import clean_name
from callout.core.worktime import day_of
from callout.customers.models import Priority
from callout.planning import queries as planning
from callout.planning.models import ActivityState, ActivityType, Appointment, Category, Resource
from callout.planning.rules import LONGEST, MOVABLE
from callout.workorders import queries as workorders
from callout.workorders.models import WorkOrder, WorkStatus

PAGE = 50
COUNTED = 1000
DAYS_AHEAD = 7
PRIORITIES = {priority.value: priority.name.lower() for priority in Priority}
# In the order in which `_Cards.card` takes them.
_COLUMNS = (
    "pk", "resource_id", "starts_text", "ends_text", "version", "title", "site__customer__name", "site__name",
    "site__city", "activity_type_id", "state_id", "category", "work_order__ticket__priority", "work_order__pk",
    "work_order__code", "work_order__version", "work_order__ticket_id", "work_order__status",
)  # fmt: skip
_OF_RESOURCES = (
    "user_id", "user__display_name", "branch__country", "branch__region", "colour", "time_zone", "presence",
)  # fmt: skip


def span(actor: Actor, start: date, days: int) -> Interval:
    """So many local days of the actor, from `start` on."""
    last = start + timedelta(days=days - 1)
    return Interval(day_of(start, actor.time_zone).starts, day_of(last, actor.time_zone).ends)


def opening_day(actor: Actor, *, today: date) -> date:
    """The day that the planner opens on: today, or the next day on which anybody works; today when nobody does."""
    week = span(actor, today, DAYS_AHEAD)
    resources = planning.resources_visible_to(actor).filter(active=True).select_related("branch", "user")
    calendars = planning.calendar(resources, week.starts, week.ends).values()
    for number in range(DAYS_AHEAD):
        day = span(actor, today + timedelta(days=number), 1)
        if any(each.overlaps(day) for calendar in calendars for each in calendar.bookable):
            return today + timedelta(days=number)
    return today


def board(actor: Actor, *, start: date, days: int, team: int | None, now: datetime) -> dict[str, Any]:
    """Everything that the board draws for some days: eight statements, nine where presences are generated.

    `team` shows that team's people alone. Cancelled appointments are left out. Raises NotFound for an unknown team.
    """
    whole = span(actor, start, days)
    everybody = list(planning.resources_visible_to(actor).filter(active=True).only(*_OF_RESOURCES))
    teams = _Teams(each.user_id for each in everybody)
    shown = everybody if team is None else [each for each in everybody if team in teams.of.get(each.user_id, ())]
    if team is not None and team not in teams.names:
        raise NotFound("team")
    rows = appointments_within([each.pk for each in shown], whole)
    return {
        "time_zone": actor.time_zone,
        "start": whole.starts,
        "end": whole.ends,
        "now": now,
        "resources": _resources(shown, teams, whole),
        "appointments": cards(rows.order_by("pk"), actor=actor),
        "activity_types": [
            {"id": each.pk, "name": each.label, "colour": each.colour, "minutes": each.minutes}
            for each in ActivityType.objects.filter(active=True).order_by("sector__position", "name", "pk")
        ],
        "teams": [{"id": pk, "name": name} for pk, name in teams.names.items()],
    }


def appointments_within(resource_ids: Collection[int], whole: Interval) -> QuerySet[Appointment]:
    """What stands on the calendars in that time; cancelled appointments do not."""
    touching = Appointment.objects.filter(
        resource__in=resource_ids, starts__lt=whole.ends, starts__gt=whole.starts - LONGEST, ends__gt=whole.starts
    )
    return touching.exclude(category=Category.CANCELLED)


def cards(appointments: QuerySet[Appointment], *, actor: Actor) -> list[dict[str, Any]]:
    """Appointments as the board draws them, in the order of the queryset; two statements."""
    make = _Cards(actor).card
    # The database writes moments as text faster than Python reads them; the session's time zone is UTC.
    written = {f"{name}_text": Cast(name, TextField()) for name in ("starts", "ends")}
    return [make(*row) for row in appointments.annotate(**written).values_list(*_COLUMNS)]


def card(appointment_id: int, *, actor: Actor) -> dict[str, Any]:
    """One appointment as the board draws it."""
    [found] = cards(Appointment.objects.filter(pk=appointment_id), actor=actor)
    return found


def card_of(work_order: WorkOrder, *, actor: Actor) -> dict[str, Any]:
    """The appointment of a planned work order as the board draws it."""
    [found] = cards(Appointment.objects.filter(work_order=work_order), actor=actor)
    return found


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


class _Teams:
    """The teams of people, by name; one statement."""

    def __init__(self, users: Iterable[int]) -> None:
        self.of: dict[int, list[int]] = {}
        self.names: dict[int, str] = {}
        rows = Membership.objects.filter(user__in=list(users)).order_by("team__name", "team_id", "user_id")
        for user_id, team_id, name in rows.values_list("user_id", "team_id", "team__name"):
            self.of.setdefault(user_id, []).append(team_id)
            self.names[team_id] = name


def _resources(shown: Collection[Resource], teams: _Teams, whole: Interval) -> list[dict[str, Any]]:
    eligible = planning.eligible_by_type()
    days = planning.calendar(shown, whole.starts, whole.ends)
    found = []
    for each in shown:
        mine = frozenset(teams.of.get(each.user_id, ()))
        day = days[each.pk]
        found.append(
            {
                "id": each.pk,
                "name": each.user.display_name,
                "colour": each.colour,
                "teams": teams.of.get(each.user_id, []),
                "time_zone": each.time_zone,
                "performs": [pk for pk, who in eligible.items() if who.includes(each.user_id, mine)],
                "presence": [(stretch.starts, stretch.ends) for stretch in day.presence],
                "closed": [
                    {"starts": c.interval.starts, "ends": c.interval.ends, "kind": c.kind, "label": c.label}
                    for c in day.closures
                ],
            }
        )
    return found


class _Iso(dict[str, str]):
    """From the database's notation of a moment in UTC to ISO 8601; the same times of the day come again and again."""

    def __missing__(self, text: str) -> str:
        self[text] = iso = f"{text[:10]}T{text[11:-3]}Z"
        return iso


class _Cards:
    """Turns rows of appointments into what the board draws."""

    def __init__(self, actor: Actor) -> None:
        self.states = {
            state.pk: {"name": state.label, "colour": state.colour, "category": state.category}
            for state in ActivityState.objects.all()
        }
        self.iso = _Iso()
        self.words = {status.value: str(status.label) for status in WorkStatus}
        self.plans = actor.may("board.plan")
        self.reads_tickets = actor.may("ticket.read")

    def card(
        self, pk: int, resource_id: int, starts: str, ends: str, version: int, title: str,
        customer: str | None, site: str | None, city: str | None, type_id: int, state_id: int, category: str,
        priority: int | None, order_id: int | None, code: str | None, order_version: int | None,
        ticket_id: int | None, status: str | None,
    ) -> dict[str, Any]:  # fmt: skip
        """One row; what is movable depends on who looks."""
        return {
            "id": pk,
            "resource_id": resource_id,
            "starts": self.iso[starts],
            "ends": self.iso[ends],
            "version": version,
            "title": title,
            "customer": customer or "",
            "site": f"{site}, {city}" if site and city else site or city or "",
            "activity_type_id": type_id,
            "state": self.states[state_id],
            "priority": PRIORITIES[priority] if priority else "medium",
            "work_order_id": order_id,
            "work_order_code": code or "",
            "work_order_version": order_version,
            "ticket_id": ticket_id if self.reads_tickets else None,
            "status": self.words[status] if status else "",
            "movable": self.plans and category in MOVABLE and status in (None, "planned"),
        }
