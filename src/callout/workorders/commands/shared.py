"""What commands about lines have in common."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Max

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.catalog.models import LineKind, Product, VatRate
from callout.catalog.queries import products_visible_to
from callout.core.errors import Invalid, NotFound, check_version
from callout.documents.queries import require_open
from callout.tickets import commands as tickets
from callout.tickets.rules import check_text
from callout.workorders import queries
from callout.workorders.commands.calls import MODULE, save
from callout.workorders.errors import DescriptionMissing
from callout.workorders.models import Line, WorkOrder

ESTIMATE = ("ticket.write",)
ACTUALS = ("report.write",)
CORRECTS = ("planning.admin",)


def open_for(
    work_order_id: int,
    rights: tuple[str, ...],
    check: Callable[..., None],
    *,
    on: date | None,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """The work order, locked, while lines of that sort may be written; `on` is the day the line is of (None: today)."""
    actor.require(*rights)
    order = queries.lock_order(work_order_id, actor=actor)
    tickets.check_open_ticket(order.ticket)
    check(order.status, code=order.code)
    today = tickets.today_at(order.branch.time_zone, now)
    require_open(branch=order.branch, on=on or today, module=MODULE)
    return order


def description_of(description: str) -> str:
    """The description of a line. Raises DescriptionMissing, BadText, TextTooLong."""
    text = check_text(description, field="description", most=200, one_line=True)
    if not text:
        raise DescriptionMissing("description")
    return text


def next_place(lines: models.Manager[Any]) -> int:
    """The position after the last line."""
    return (lines.aggregate(last=Max("position"))["last"] or 0) + 1


def written(action: str, order: WorkOrder, actor: Actor, now: datetime, **facts: Any) -> None:
    """A line changed, so the order's page is old: next version, and a record of it."""
    save(order)
    record(action, subject=order, actor=actor, at=now, **facts)


def line_of(lines: models.Manager[Any] | models.QuerySet[Any], line_id: int, version: int | None) -> Any:
    """The line as the page showed it. Raises NotFound, StaleVersion."""
    found = lines.filter(pk=line_id).first()
    if found is None:
        raise NotFound
    check_version(found.version, version)
    return found


def keep(line: Line) -> None:
    """Write a changed line as its next version."""
    line.version += 1
    line.save()


def known_kind(kind: str, known: Any) -> str:
    """The kind, when it is one. Raises Invalid."""
    if kind not in known:
        raise Invalid("kind")
    return kind


def unit_for(kind: str, product: Product | None) -> str:
    """The unit that a line of this kind or product has."""
    if product is not None:
        return product.unit
    return {LineKind.HOURS: "h", LineKind.TRAVEL: "km"}.get(LineKind(kind), "pc")


def product_of(product_id: int, actor: Actor) -> Product:
    """A product in use. Raises NotFound."""
    found = products_visible_to(actor).filter(pk=product_id, active=True).first()
    if found is None:
        raise NotFound("product")
    return found


def vat_for(order: WorkOrder, vat_rate_id: int | None, product: Product | None) -> VatRate:
    """The named rate, else the product's where it is of the branch's country, else the ordinary one."""
    if vat_rate_id is not None:
        found = VatRate.objects.filter(pk=vat_rate_id, active=True).first()
        if found is None:
            raise NotFound("vat_rate")
        return found
    own = product.vat_rate if product is not None else None
    return own if own is not None and own.country == order.branch.country else queries.default_vat(order)


def remove_line(
    order: WorkOrder,
    lines: Any,
    line_id: int,
    version: int | None,
    kind: str,
    actor: Actor,
    now: datetime,
    **why: str,
) -> None:
    """Delete a line and keep in the history what it said. Raises NotFound, StaleVersion."""
    line = line_of(lines, line_id, version)
    facts = {"line": line.pk, "kind": kind, "description": line.description, "price": str(line.price)}
    line.delete()
    written("workorder.line_removed", order, actor, now, **facts, **why)
