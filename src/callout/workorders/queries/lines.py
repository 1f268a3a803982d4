"""The lines of a work order: estimated beside actual, proposed hours, and all of it as billing reads it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import prefetch_related_objects

from callout.accounts.actor import Actor
from callout.catalog.models import LineKind, Product, VatRate
from callout.catalog.queries import default_currency, lines_of, vat_rates
from callout.core.text import fold
from callout.planning.models import BillingItem
from callout.workorders import rules
from callout.workorders.errors import NoVatRate
from callout.workorders.models import EstimateLine, ExpenseLine, HoursLine, PartLine, WorkOrder
from callout.workorders.queries.crew import crew_of, own_alone
from callout.workorders.queries.orders import effective_card

MOST_WORDS = 200
"""Characters of a line's description."""


@dataclass(frozen=True, slots=True)
class ReportedLine:
    """One thing that a work order would put on a bill, from whichever table it comes.

    `estimated` is None where nothing was estimated; `actual` is what was worked or used, `to_bill` what the report
    proposes to charge: nothing when it is not `billable`. Price is net, in the work order's currency.
    """

    source_kind: str
    source_id: int
    kind: str
    product: Product | None
    description: str
    unit: str
    estimated: Decimal | None
    actual: Decimal
    to_bill: Decimal
    price: Decimal
    vat_rate_id: int
    billable: bool


@dataclass(frozen=True, slots=True)
class ProposedHours:
    """A line of hours as the technician's own clock and the estimate suggest it."""

    resource_id: int
    person: str
    day: date
    worked: Decimal
    to_bill: Decimal
    estimate_line_id: int | None
    description: str
    unit: str
    price: Decimal
    vat_rate_id: int


@dataclass(frozen=True, slots=True)
class EstimateBeside:
    """A line of the estimate with what came of it, in its own unit."""

    line: EstimateLine
    actual: Decimal

    @property
    def amount(self) -> Decimal:
        """What the line is estimated to cost, net."""
        return self.line.quantity * self.line.price


@dataclass(frozen=True)
class Sheet:
    """The lines of a work order. `matched` says which estimated line an expense or a part came of."""

    estimate: list[EstimateLine]
    hours: list[HoursLine]
    expenses: list[ExpenseLine]
    parts: list[PartLine]
    matched: dict[tuple[str, int], int] = field(default_factory=dict)

    @property
    def used(self) -> set[int]:
        """The estimated lines that something came of."""
        return {line.estimate_line_id for line in self.hours if line.estimate_line_id} | set(self.matched.values())

    @property
    def worked(self) -> Decimal:
        """All hours worked."""
        return sum((line.worked for line in self.hours), Decimal(0))

    @property
    def estimated(self) -> Decimal:
        """What the whole estimate comes to, net."""
        return sum((line.quantity * line.price for line in self.estimate), Decimal(0))

    @property
    def beside(self) -> list[EstimateBeside]:
        """Every estimated line with the hours, expenses or parts that came of it; a fixed price comes as estimated."""
        actual = {line.pk: line.quantity if line.kind == LineKind.FIXED else Decimal(0) for line in self.estimate}
        for hours in self.hours:
            if hours.estimate_line_id in actual:
                actual[hours.estimate_line_id] += hours.worked
        for kind, lines in (("expense", self.expenses), ("part", self.parts)):
            for line in lines:
                owner = self.matched.get((kind, line.pk))
                if owner is not None:
                    actual[owner] += line.quantity
        return [EstimateBeside(line, actual[line.pk]) for line in self.estimate]


def default_vat(order: WorkOrder) -> VatRate:
    """The ordinary VAT rate of the branch's country. Raises NoVatRate."""
    found = vat_rates(country=order.branch.country).order_by("-percent", "id").first()
    if found is None:
        raise NoVatRate(country=order.branch.country)
    return found


def hours_price(order: WorkOrder, *, on: date) -> tuple[str, str, Decimal, int]:
    """Description, unit, price and VAT rate of an hour that was not estimated: the rate card's, else free of charge."""
    card = effective_card(order, on=on)
    line = next((one for one in lines_of(card) if one.kind == LineKind.HOURS), None) if card else None
    if line is not None:
        return line.description, line.unit, line.price, line.vat_rate_id
    return str(order.activity_type), "h", Decimal("0.00"), default_vat(order).pk


def product_price(order: WorkOrder, product: Product, *, on: date) -> Decimal:
    """What a product costs on this order: the rate card's price, else the catalogue's where it is in that currency.

    Zero where nobody has set a price in the order's currency: the verifier will.
    """
    card = effective_card(order, on=on)
    line = card.lines.filter(product=product).order_by("position", "id").first() if card else None
    if line is not None:
        return line.price
    return product.price if order.currency == default_currency() else Decimal("0.00")


def proposed_hours(order: WorkOrder, *, on: date, actor: Actor) -> list[ProposedHours]:
    """Hours per person and local day from the ended stretches of work, to bill as estimated; nothing is written.

    Of everybody who has no hours yet; a helper is proposed the own ones alone.
    """
    written = list(order.hours.values_list("resource_id", "estimate_line_id", "to_bill"))
    there = {resource_id for resource_id, _line, _billed in written}
    stretches = [
        rules.Stretch(session.resource_id, session.started_at, session.ended_at)
        for session in order.sessions.all()
        if session.ended_at is not None and session.resource_id not in there
    ]
    worked = rules.hours_by_day(stretches, zone=order.site.time_zone)
    if not worked:
        return []
    line = order.estimate.filter(kind=LineKind.HOURS).order_by("position", "id").first()
    if line is not None:
        priced = (line.description, line.unit, line.price, line.vat_rate_id)
    else:
        priced = hours_price(order, on=on)
    people = crew_of(order)
    names = {each.resource.pk: str(each.resource) for each in people}
    left = None
    if line is not None:
        billed = sum((billed for _who, of, billed in written if of == line.pk), Decimal(0))
        left = max(line.quantity - billed, Decimal(0))
    shares = rules.share_estimate(list(worked.values()), left, whole=len(people) == 1 or order.status == "done")
    of = own_alone(people, actor)
    return [
        ProposedHours(resource_id, names.get(resource_id, ""), day, done, share, line.pk if line else None, *priced)
        for ((resource_id, day), done), share in zip(worked.items(), shares, strict=True)
        if of is None or resource_id == of
    ]


def sheet(order: WorkOrder) -> Sheet:
    """The order's lines in their order, estimated beside actual: one statement until work begins, then four."""
    estimate = list(order.estimate.order_by("position", "id"))
    if order.started_at is None:
        return Sheet(estimate, [], [], [])
    found = Sheet(
        estimate=estimate,
        hours=list(order.hours.select_related("resource__user").order_by("day", "position", "id")),
        expenses=list(order.expenses.select_related("receipt").order_by("position", "id")),
        parts=list(order.parts.select_related("product").order_by("position", "id")),
    )
    return replace(found, matched=_matches(found.estimate, found.expenses, found.parts))


def reported_lines(order: WorkOrder) -> list[ReportedLine]:
    """All lines of a work order for verification, in a fixed order: hours, travel and expenses, parts, fixed prices.

    Estimated lines that nothing came of are among them, with nothing to bill; fixed prices are charged as estimated,
    and so are the activity type's billing items. Nothing of a type that is not charged to the customer is billable.
    """
    found = sheet(order)
    prefetch_related_objects(found.estimate, "product")
    quantities = {line.pk: line.quantity for line in found.estimate}
    charged = order.activity_type.chargeable
    return [
        *_hours(found.hours, quantities, charged),
        *_used(found.expenses, "expense", found.matched, quantities, charged),
        *_used(found.parts, "part", found.matched, quantities, charged),
        *(_only_estimated(line, charged) for line in found.estimate if line.quantity and line.pk not in found.used),
        *_items(order, charged),
    ]


def _matches(
    estimate: Sequence[EstimateLine], expenses: Iterable[ExpenseLine], parts: Iterable[PartLine]
) -> dict[tuple[str, int], int]:
    """Which estimated line an expense or a part came of: the same product, or the same kind and words."""
    by_product = {line.product_id: line.pk for line in reversed(estimate) if line.kind == LineKind.PART}
    by_words = {
        (line.kind, fold(line.description)): line.pk
        for line in reversed(estimate)
        if line.kind not in (LineKind.HOURS, LineKind.PART, LineKind.FIXED)
    }
    found = {("expense", one.pk): by_words.get((one.kind, fold(one.description))) for one in expenses}
    found |= {("part", one.pk): by_product.get(one.product_id) for one in parts}
    return {key: line for key, line in found.items() if line is not None}


def _hours(hours: Sequence[HoursLine], quantities: dict[int, Decimal], charged: bool) -> Iterable[ReportedLine]:
    """Hours; an estimated quantity stands beside the first line only, so that a sum over the lines is right.

    Where several people worked, each line says whose hours it is.
    """
    several = len({line.resource_id for line in hours}) > 1
    shown: set[int] = set()
    for line in hours:
        estimated = None
        if line.estimate_line_id is not None and line.estimate_line_id not in shown:
            shown.add(line.estimate_line_id)
            estimated = quantities.get(line.estimate_line_id)
        yield ReportedLine(
            source_kind="hours",
            source_id=line.pk,
            kind=LineKind.HOURS,
            product=None,
            description=_by_person(line) if several else line.description,
            unit=line.unit,
            estimated=estimated,
            actual=line.worked,
            to_bill=line.to_bill if charged else Decimal(0),
            price=line.price,
            vat_rate_id=line.vat_rate_id,
            billable=charged,
        )


def _by_person(line: HoursLine) -> str:
    person = f" ({line.resource})"
    return line.description[: MOST_WORDS - len(person)] + person


def _used(
    lines: Sequence[ExpenseLine] | Sequence[PartLine],
    source_kind: str,
    matched: dict[tuple[str, int], int],
    quantities: dict[int, Decimal],
    charged: bool,
) -> Iterable[ReportedLine]:
    shown: set[int] = set()
    for line in lines:
        owner = matched.get((source_kind, line.pk))
        estimated = quantities.get(owner) if owner is not None and owner not in shown else None
        if owner is not None:
            shown.add(owner)
        billable = charged and line.billable
        yield ReportedLine(
            source_kind=source_kind,
            source_id=line.pk,
            kind=line.kind if isinstance(line, ExpenseLine) else LineKind.PART,
            product=None if isinstance(line, ExpenseLine) else line.product,
            description=line.description,
            unit=line.unit,
            estimated=estimated,
            actual=line.quantity,
            to_bill=line.quantity if billable else Decimal(0),
            price=line.price,
            vat_rate_id=line.vat_rate_id,
            billable=billable,
        )


def _only_estimated(line: EstimateLine, charged: bool) -> ReportedLine:
    """An estimated line without actuals: a fixed price is charged as it stands, anything else did not happen."""
    fixed = line.kind == LineKind.FIXED
    actual = line.quantity if fixed else Decimal(0)
    billable = charged and fixed
    return ReportedLine(
        source_kind="estimate",
        source_id=line.pk,
        kind=line.kind,
        product=line.product,
        description=line.description,
        unit=line.unit,
        estimated=line.quantity,
        actual=actual,
        to_bill=actual if billable else Decimal(0),
        price=line.price,
        vat_rate_id=line.vat_rate_id,
        billable=billable,
    )


def _items(order: WorkOrder, charged: bool) -> Iterable[ReportedLine]:
    """What completing an activity of this type charges by itself."""
    if not charged:
        return
    items = BillingItem.objects.filter(activity_type_id=order.activity_type_id).select_related("product").order_by("id")
    for item in items:
        product = item.product
        yield ReportedLine(
            source_kind="item",
            source_id=item.pk,
            kind=LineKind.PART if product.kind == Product.Kind.PART else LineKind.FIXED,
            product=product,
            description=product.in_language(order.ticket.customer.language),
            unit=product.unit,
            estimated=None,
            actual=item.quantity,
            to_bill=item.quantity,
            price=product_price(order, product, on=order.date),
            vat_rate_id=product.vat_rate_id or default_vat(order).pk,
            billable=True,
        )
