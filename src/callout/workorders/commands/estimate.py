"""What the work is estimated to cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from callout.accounts.actor import Actor
from callout.catalog.models import LineKind
from callout.catalog.queries import lines_of, rate_cards_visible_to
from callout.catalog.rules import is_usable
from callout.core.errors import NotFound, check_version
from callout.tickets import commands as tickets
from callout.tickets.rules import check_text
from callout.workorders import rules
from callout.workorders.commands.shared import (
    ESTIMATE,
    description_of,
    keep,
    known_kind,
    line_of,
    next_place,
    open_for,
    product_of,
    remove_line,
    unit_for,
    vat_for,
    written,
)
from callout.workorders.errors import CardNotValid, EstimateUsed, OtherCurrency
from callout.workorders.models import EstimateLine, WorkOrder


@dataclass(frozen=True, slots=True)
class EstimateChange:
    """The quantity and the price that a line of the estimate shall have; `version` is the line's."""

    line_id: int
    version: int | None
    quantity: Decimal
    price: Decimal


@transaction.atomic
def choose_rate_card(
    *, work_order_id: int, rate_card_id: int, version: int | None, actor: Actor, now: datetime
) -> WorkOrder:
    """Estimate by a rate card: its lines are copied with their quantities and replace those that stood there.

    Raises NotFound, StaleVersion, LinesClosed, OtherCurrency, CardNotValid, EstimateUsed.
    """
    order = open_for(work_order_id, ESTIMATE, rules.check_estimate, on=None, actor=actor, now=now)
    check_version(order.version, version)
    card = rate_cards_visible_to(actor).filter(pk=rate_card_id).first()
    if card is None:
        raise NotFound("rate_card")
    if card.currency != order.currency:
        raise OtherCurrency("rate_card", name=str(card), card=card.currency, order=order.currency)
    today = tickets.today_at(order.branch.time_zone, now)
    if not is_usable(card, currency=order.currency, on=today):
        raise CardNotValid("rate_card", name=str(card), on=today)
    if order.hours.filter(estimate_line__isnull=False).exists():
        raise EstimateUsed(code=order.code)
    order.estimate.all().delete()
    copies = [
        EstimateLine(
            work_order=order,
            position=place,
            kind=line.kind,
            product=line.product,
            description=line.description,
            unit=line.unit,
            price=line.price,
            vat_rate_id=line.vat_rate_id,
            quantity=line.quantity,
        )
        for place, line in enumerate(lines_of(card), start=1)
    ]
    EstimateLine.objects.bulk_create(copies)
    order.rate_card = card
    written("workorder.estimate", order, actor, now, rate_card=card.pk, lines=len(copies))
    return order


@transaction.atomic
def add_estimate_line(
    *,
    work_order_id: int,
    kind: str,
    description: str,
    quantity: Decimal,
    price: Decimal,
    unit: str = "",
    product_id: int | None = None,
    vat_rate_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> EstimateLine:
    """Estimate something that the rate card does not have. Raises NotFound, LinesClosed and refusals of numbers."""
    order = open_for(work_order_id, ESTIMATE, rules.check_estimate, on=None, actor=actor, now=now)
    product = product_of(product_id, actor) if product_id is not None else None
    line = EstimateLine.objects.create(
        work_order=order,
        position=next_place(order.estimate),
        kind=known_kind(kind, LineKind.values),
        product=product,
        description=description_of(description or str(product or "")),
        unit=check_text(unit, field="unit", most=20, one_line=True) or unit_for(kind, product),
        price=rules.money(price),
        vat_rate=vat_for(order, vat_rate_id, product),
        quantity=rules.quantity(quantity, may_be_zero=True),
    )
    written("workorder.estimate_line", order, actor, now, line=line.pk, quantity=str(line.quantity))
    return line


@transaction.atomic
def change_estimate(
    *, work_order_id: int, changes: Sequence[EstimateChange], actor: Actor, now: datetime
) -> list[EstimateLine]:
    """Other quantities and prices; all of them or none.

    Raises NotFound, StaleVersion, LinesClosed, and refusals of numbers with the field `quantity-ID` or `price-ID`.
    """
    order = open_for(work_order_id, ESTIMATE, rules.check_estimate, on=None, actor=actor, now=now)
    changed = []
    for change in changes:
        line: EstimateLine = line_of(order.estimate, change.line_id, change.version)
        quantity = rules.quantity(change.quantity, field=f"quantity-{line.pk}", may_be_zero=True)
        price = rules.money(change.price, field=f"price-{line.pk}")
        if (line.quantity, line.price) != (quantity, price):
            line.quantity, line.price = quantity, price
            keep(line)
            changed.append(line)
    facts = [{"line": line.pk, "quantity": str(line.quantity), "price": str(line.price)} for line in changed]
    if changed:
        written("workorder.estimate_changed", order, actor, now, lines=facts)
    return changed


@transaction.atomic
def remove_estimate_line(*, work_order_id: int, line_id: int, version: int | None, actor: Actor, now: datetime) -> None:
    """Take a line out of the estimate; hours entered on it stay. Raises NotFound, StaleVersion, LinesClosed."""
    order = open_for(work_order_id, ESTIMATE, rules.check_estimate, on=None, actor=actor, now=now)
    remove_line(order, order.estimate, line_id, version, "estimate", actor, now)
