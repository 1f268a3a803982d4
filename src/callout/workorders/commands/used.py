"""What the trip cost besides hours, and the parts used."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from callout.accounts.actor import Actor
from callout.catalog.models import LineKind
from callout.core.errors import Invalid
from callout.documents.commands import store_file
from callout.tickets.commands import Upload
from callout.tickets.rules import check_text
from callout.workorders import queries, rules
from callout.workorders.commands.shared import (
    ACTUALS,
    description_of,
    known_kind,
    next_place,
    open_for,
    product_of,
    remove_line,
    unit_for,
    vat_for,
    written,
)
from callout.workorders.errors import OnePieceASerial, SerialMissing
from callout.workorders.models import ExpenseLine, PartLine

EXPENSE_KINDS = (LineKind.EXPENSE, LineKind.TRAVEL, LineKind.FIXED)


@transaction.atomic
def add_expense(
    *,
    work_order_id: int,
    description: str,
    quantity: Decimal,
    price: Decimal,
    kind: str = LineKind.EXPENSE,
    unit: str = "",
    billable: bool = True,
    receipt: Upload | None = None,
    vat_rate_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> ExpenseLine:
    """What the trip cost besides hours, with a photograph of the receipt if there is one.

    Raises NotFound, LinesClosed, DescriptionMissing, refusals of numbers and of files, PeriodLocked.
    """
    order = open_for(work_order_id, ACTUALS, rules.check_actuals, on=None, actor=actor, now=now)
    kind = known_kind(kind, EXPENSE_KINDS)
    line = ExpenseLine(
        work_order=order,
        position=next_place(order.expenses),
        kind=kind,
        description=description_of(description),
        unit=check_text(unit, field="unit", most=20, one_line=True) or unit_for(kind, None),
        quantity=rules.quantity(quantity),
        price=rules.money(price),
        vat_rate=vat_for(order, vat_rate_id, None),
        billable=billable,
    )
    if receipt is not None:
        line.receipt = store_file(
            subject=order, data=receipt.data, name=receipt.name, purpose="receipt", actor=actor, now=now
        )
    line.save()
    written("workorder.expense", order, actor, now, line=line.pk, quantity=str(line.quantity), price=str(line.price))
    return line


@transaction.atomic
def remove_expense(*, work_order_id: int, line_id: int, version: int | None, actor: Actor, now: datetime) -> None:
    """Take an expense away; its receipt stays among the files. Raises NotFound, StaleVersion, LinesClosed."""
    order = open_for(work_order_id, ACTUALS, rules.check_actuals, on=None, actor=actor, now=now)
    remove_line(order, order.expenses, line_id, version, "expense", actor, now)


@transaction.atomic
def add_part(
    *,
    work_order_id: int,
    product_id: int,
    quantity: Decimal,
    serial: str = "",
    billable: bool = True,
    price: Decimal | None = None,
    actor: Actor,
    now: datetime,
) -> PartLine:
    """A part that was used, at the catalogue's price; the office may name another.

    Raises NotFound, LinesClosed, SerialMissing, OnePieceASerial, refusals of numbers, PeriodLocked.
    """
    order = open_for(work_order_id, ACTUALS, rules.check_actuals, on=None, actor=actor, now=now)
    pieces = rules.quantity(quantity)
    product = product_of(product_id, actor)
    serial = check_text(serial, field="serial", most=60, one_line=True)
    if product.serialised and not serial:
        raise SerialMissing("serial", product=str(product))
    if product.serialised and pieces != 1:
        raise OnePieceASerial("quantity", quantity=pieces)
    if price is not None and not actor.may("ticket.read"):
        raise Invalid("price")
    line = PartLine.objects.create(
        work_order=order,
        position=next_place(order.parts),
        product=product,
        description=description_of(product.in_language(order.ticket.customer.language)),
        unit=product.unit,
        quantity=pieces,
        price=queries.product_price(order, product, on=order.date) if price is None else rules.money(price),
        vat_rate=vat_for(order, None, product),
        serial=serial,
        billable=billable,
    )
    written("workorder.part", order, actor, now, line=line.pk, product=product.code, quantity=str(pieces))
    return line


@transaction.atomic
def remove_part(*, work_order_id: int, line_id: int, version: int | None, actor: Actor, now: datetime) -> None:
    """Take a part away. Raises NotFound, StaleVersion, LinesClosed."""
    order = open_for(work_order_id, ACTUALS, rules.check_actuals, on=None, actor=actor, now=now)
    remove_line(order, order.parts, line_id, version, "part", actor, now)
