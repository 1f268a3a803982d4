"""The hours that people worked, month by month and day by day."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet, Sum

from callout.accounts.actor import Actor
from callout.core.errors import NotFound
from callout.planning.models import Resource
from callout.planning.queries import resources_visible_to
from callout.planning.queries.chains import WorkingDays
from callout.workorders import rules
from callout.workorders.models import HoursLine, WorkOrder
from callout.workorders.queries.crew import of_resources
from callout.workorders.queries.orders import visible_to

CORRECTS = "planning.admin"
"""The right to see everybody's hours, and to correct them."""
CHOICES = 60
"""Work orders that are offered for further hours."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month; `free` when nobody works on it, with the name of the holiday if it is one."""

    date: date
    free: bool
    holiday: str
    worked: Decimal = Decimal(0)


@dataclass(slots=True)
class Row:
    """A work order, or a person when everybody's hours are shown, with the hours of each day of the month."""

    label: str
    detail: str
    resource_id: int | None = None
    order_id: int | None = None
    cells: dict[date, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """The hours of the month."""
        return sum(self.cells.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class HoursSheet:
    """The hours of a month."""

    days: list[Day]
    rows: list[Row]

    @property
    def table(self) -> list[tuple[Row, list[tuple[Day, Decimal | None]]]]:
        """Each row with the hours of every day of the month, None where there are none."""
        return [(row, [(day, row.cells.get(day.date)) for day in self.days]) for row in self.rows]

    @property
    def total(self) -> Decimal:
        """All hours of the month."""
        return sum((day.worked for day in self.days), Decimal(0))


def people(actor: Actor) -> QuerySet[Resource]:
    """The people whose hours the actor may see: everybody of the own branches for who corrects them, else oneself."""
    if actor.may(CORRECTS):
        return resources_visible_to(actor)
    return Resource.objects.select_related("user", "branch").filter(user_id=actor.user_id or 0)


def person(resource_id: int, *, actor: Actor) -> Resource:
    """One of these people. Raises NotFound."""
    found = people(actor).filter(pk=resource_id).first()
    if found is None:
        raise NotFound("person")
    return found


def lines(actor: Actor) -> QuerySet[HoursLine]:
    """The lines of hours that the actor may see on the sheet."""
    return HoursLine.objects.filter(resource__in=people(actor).values("pk"))


def month_lines(actor: Actor, *, month: date, resource: Resource | None) -> QuerySet[HoursLine]:
    """The lines of a month, by day; of one person, or of everybody."""
    found = lines(actor).filter(day__gte=month, day__lt=next_month(month))
    if resource is not None:
        found = found.filter(resource=resource)
    return found.select_related("resource__user", "work_order__ticket__customer").order_by("day", "id")


def hours_sheet(actor: Actor, *, month: date, resource: Resource | None) -> HoursSheet:
    """The sheet of a month: one person's by work order, or everybody's by person. One statement besides holidays."""
    rows: dict[int, Row] = {}
    found = month_lines(actor, month=month, resource=resource).order_by()
    if resource is not None:
        named = found.values_list("work_order_id", "work_order__code", "work_order__ticket__customer__name", "day")
        for pk, code, customer, day, worked in named.annotate(Sum("worked")):
            row = rows.setdefault(pk, Row(code, customer, resource.pk, pk))
            row.cells[day] = worked
    else:
        everybody = found.values_list("resource_id", "resource__user__display_name", "day").annotate(Sum("worked"))
        for pk, name, day, worked in everybody:
            rows.setdefault(pk, Row(name, "", pk)).cells[day] = worked
    shown = sorted(rows.values(), key=lambda row: (row.label, row.resource_id or 0, row.order_id or 0))
    return HoursSheet(_days(month, resource, shown), shown)


def _days(month: date, resource: Resource | None, rows: Iterable[Row]) -> list[Day]:
    rows = list(rows)
    works = WorkingDays(resource.branch) if resource is not None else None
    days = []
    for number in range(monthrange(month.year, month.month)[1]):
        day = month + timedelta(days=number)
        worked = sum((row.cells.get(day, Decimal(0)) for row in rows), Decimal(0))
        free = not works(day) if works else day.weekday() > 4
        days.append(Day(day, free, works.holiday(day) if works else "", worked))
    return days


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def day_lines(actor: Actor, *, day: date, resource: Resource) -> list[HoursLine]:
    """The hours of a person on a day, by the order in which they were written."""
    found = lines(actor).filter(day=day, resource=resource)
    related = ("work_order__ticket__customer", "work_order__branch", "resource__user")
    return list(found.select_related(*related).order_by("id"))


def orders_for_hours(actor: Actor, *, resource: Resource) -> QuerySet[WorkOrder]:
    """The person's work orders that still take hours from the actor, the last begun first."""
    own = resource.user_id == actor.user_id
    taking = rules.ACTUALS_OPEN if own else rules.CORRECTABLE
    found = visible_to(actor).filter(of_resources([resource.pk]), status__in=taking)
    return found.select_related("ticket__customer").order_by("-started_at", "-id")[:CHOICES]
