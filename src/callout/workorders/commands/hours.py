"""Hours worked, and hours to bill."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from callout.accounts.actor import Actor
from callout.catalog.models import LineKind
from callout.core.errors import NotFound
from callout.documents.queries import require_open
from callout.planning.models import Resource
from callout.planning.queries import lock_resources
from callout.tickets import commands as tickets
from callout.tickets.rules import check_text
from callout.workorders import queries, rules
from callout.workorders.commands.calls import MODULE
from callout.workorders.commands.field import OFFICE
from callout.workorders.commands.shared import (
    ACTUALS,
    CORRECTS,
    description_of,
    keep,
    line_of,
    next_place,
    open_for,
    remove_line,
    written,
)
from callout.workorders.errors import NoReason
from callout.workorders.models import EstimateLine, HoursLine, WorkOrder


@transaction.atomic
def add_hours(
    *,
    work_order_id: int,
    day: date,
    worked: Decimal,
    to_bill: Decimal | None = None,
    estimate_line_id: int | None = None,
    resource_id: int | None = None,
    description: str = "",
    reason: str | None = None,
    actor: Actor,
    now: datetime,
) -> HoursLine:
    """Hours worked on a local day, by the order's technician unless somebody else is named.

    Without `estimate_line_id` they belong to the first estimated hours; without `to_bill` what is left of these is
    billed, or what was worked when nothing was estimated. With a `reason` it is a correction, which an administrator
    may still make after the report.
    Raises NotFound, LinesClosed, HoursInFuture, DayTooLong, PeriodLocked, NoReason and refusals of numbers.
    """
    order, why = _open(work_order_id, day, reason, actor, now)
    resource = _who(order, resource_id, actor)
    worked = rules.quantity(worked, field="worked")
    _check_day(order, resource, day, worked, now, but=None)
    estimated = _estimated_hours(order, estimate_line_id)
    if estimated is not None:
        priced = (estimated.description, estimated.unit, estimated.price, estimated.vat_rate_id)
    else:
        priced = queries.hours_price(order, on=day)
    line = HoursLine.objects.create(
        work_order=order,
        position=next_place(order.hours),
        estimate_line=estimated,
        resource=resource,
        day=day,
        worked=worked,
        to_bill=_to_bill(order, worked, to_bill, estimated),
        description=description_of(description or priced[0]),
        unit=priced[1],
        price=priced[2],
        vat_rate_id=priced[3],
    )
    written(
        "workorder.hours", order, actor, now, line=line.pk, day=day.isoformat(), worked=str(worked),
        **_person(order, resource), **why,
    )  # fmt: skip
    return line


def _open(
    work_order_id: int, day: date | None, reason: str | None, actor: Actor, now: datetime
) -> tuple[WorkOrder, dict[str, str]]:
    """The order while hours of that day may be written to it, and the reason of a correction for the history."""
    if reason is None:
        return open_for(work_order_id, ACTUALS, rules.check_actuals, on=day, actor=actor, now=now), {}
    text = check_text(reason, field="reason", most=200, one_line=True)
    if not text:
        raise NoReason("reason")
    order = open_for(work_order_id, CORRECTS, rules.check_correction, on=day, actor=actor, now=now)
    return order, {"reason": text}


def _who(order: WorkOrder, resource_id: int | None, actor: Actor) -> Resource:
    """Who worked: oneself on the own work, else who leads it, or a colleague named by somebody of the office.

    Who leads may name a helper. Raises NotFound.
    """
    people = {each.resource.pk: each.resource for each in queries.crew_of(order)}
    mine = next((each for each in people.values() if each.user_id == actor.user_id), None)
    if resource_id is None:
        found = mine or order.resource
    elif resource_id in people:
        found = people[resource_id]
    else:
        found = Resource.objects.select_related("user").filter(pk=resource_id).first()
    if found is None or not _may_write(order, found, actor):
        raise NotFound("resource")
    return found


def _may_write(order: WorkOrder, resource: Resource, actor: Actor) -> bool:
    """Whether somebody may write these hours: the own ones, everybody's of the work that one leads; the office all."""
    if actor.may(OFFICE) or actor.is_system or resource.user_id == actor.user_id:
        return True
    leads = order.resource is not None and order.resource.user_id == actor.user_id
    return leads and (resource.pk == order.resource_id or order.helpers.filter(resource=resource).exists())


def _person(order: WorkOrder, resource: Resource) -> dict[str, str]:
    """Whose hours, for the history, where they are not those of who leads the work."""
    return {} if resource.pk == order.resource_id else {"resource": str(resource)}


def _estimated_hours(order: WorkOrder, line_id: int | None) -> EstimateLine | None:
    lines = order.estimate.filter(kind=LineKind.HOURS).order_by("position", "id")
    if line_id is None:
        return lines.first()
    found = lines.filter(pk=line_id).first()
    if found is None:
        raise NotFound("estimate_line")
    return found


def _check_day(
    order: WorkOrder, resource: Resource, day: date, worked: Decimal, now: datetime, *, but: HoursLine | None
) -> None:
    rules.check_hours_day(day, today=tickets.today_at(order.site.time_zone, now))
    lock_resources([resource.pk])  # two orders at once could fill one day twice
    others = HoursLine.objects.filter(resource=resource, day=day)
    if but is not None:
        others = others.exclude(pk=but.pk)
    total = others.aggregate(total=Sum("worked"))["total"] or Decimal(0)
    rules.check_day_total(worked, total, day=day, name=str(resource))


def _to_bill(order: WorkOrder, worked: Decimal, to_bill: Decimal | None, estimated: EstimateLine | None) -> Decimal:
    if to_bill is not None:
        return rules.quantity(to_bill, field="to_bill", may_be_zero=True)
    if estimated is None:
        return worked
    billed = order.hours.filter(estimate_line=estimated).aggregate(total=Sum("to_bill"))["total"] or Decimal(0)
    return rules.left_to_bill(worked, estimated=estimated.quantity, billed=billed)


@transaction.atomic
def take_proposed_hours(*, work_order_id: int, actor: Actor, now: datetime) -> list[HoursLine]:
    """Write the hours that the clock and the estimate suggest, of everybody who has none yet; a helper's own alone.

    Raises NotFound, LinesClosed, DayTooLong, PeriodLocked.
    """
    order = open_for(work_order_id, ACTUALS, rules.check_actuals, on=None, actor=actor, now=now)
    today = tickets.today_at(order.site.time_zone, now)
    return [
        add_hours(
            work_order_id=order.pk,
            day=proposed.day,
            worked=proposed.worked,
            to_bill=proposed.to_bill,
            estimate_line_id=proposed.estimate_line_id,
            resource_id=proposed.resource_id,
            actor=actor,
            now=now,
        )
        for proposed in queries.proposed_hours(order, on=today, actor=actor)
    ]


@transaction.atomic
def change_hours(
    *,
    work_order_id: int,
    line_id: int,
    day: date,
    worked: Decimal,
    to_bill: Decimal,
    version: int | None,
    reason: str | None = None,
    actor: Actor,
    now: datetime,
) -> HoursLine:
    """Change a line of hours; both its old day and its new one have to be open.

    Raises NotFound, StaleVersion and what `add_hours` raises.
    """
    order, why = _open(work_order_id, day, reason, actor, now)
    line: HoursLine = line_of(order.hours.select_related("resource__user"), line_id, version)
    if not _may_write(order, line.resource, actor):
        raise NotFound
    require_open(branch=order.branch, on=line.day, module=MODULE)
    before = {"day": line.day.isoformat(), "worked": str(line.worked), "to_bill": str(line.to_bill)}
    worked = rules.quantity(worked, field="worked")
    _check_day(order, line.resource, day, worked, now, but=line)
    line.day, line.worked = day, worked
    line.to_bill = rules.quantity(to_bill, field="to_bill", may_be_zero=True)
    keep(line)
    written("workorder.hours", order, actor, now, line=line.pk, before=before, worked=str(worked), **why)
    return line


@transaction.atomic
def remove_hours(
    *,
    work_order_id: int,
    line_id: int,
    version: int | None,
    reason: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Take a line of hours away. Raises NotFound, StaleVersion, LinesClosed, PeriodLocked, NoReason."""
    day = HoursLine.objects.filter(pk=line_id, work_order=work_order_id).values_list("day", flat=True).first()
    order, why = _open(work_order_id, day, reason, actor, now)
    line = order.hours.select_related("resource").filter(pk=line_id).first()
    if line is not None and not _may_write(order, line.resource, actor):
        raise NotFound
    remove_line(order, order.hours, line_id, version, "hours", actor, now, **why)
