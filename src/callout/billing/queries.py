"""What waits for the verifier, what waits to be billed, what was billed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Count, DecimalField, Exists, ExpressionWrapper, F, Max, Min, OuterRef, Sum

from callout.accounts.actor import Actor
from callout.billing.models import BillableLine, Invoice, InvoiceLine
from callout.billing.rules import Decision, Key, Proposal
from callout.core.errors import NotFound
from callout.customers.models import Customer
from callout.documents.models import DocumentStatus
from callout.workorders import queries as work
from callout.workorders.models import WorkOrder, WorkStatus
from callout.workorders.registry import BilledProduct

RECENT_LINES = 200
"""Lines of a customer's invoices that are looked at for what the customer owns."""

AMOUNT = ExpressionWrapper(F("quantity") * F("price"), output_field=DecimalField(max_digits=16, decimal_places=2))


@dataclass(frozen=True, slots=True)
class LineToVerify:
    """A reported line beside what was estimated and what the verifier has decided so far (None: nothing yet)."""

    reported: work.ReportedLine
    proposal: Proposal
    decided: BillableLine | None

    @property
    def quantity(self) -> Decimal:
        """The quantity to show in the field: decided, else proposed."""
        return self.decided.quantity if self.decided else self.proposal.quantity

    @property
    def price(self) -> Decimal:
        """The price to show in the field: decided, else proposed."""
        return self.decided.price if self.decided else self.proposal.price


def invoices_visible_to(actor: Actor) -> models.QuerySet[Invoice]:
    """Invoices of the branches that the actor works for."""
    if not actor.may("billing.read"):
        return Invoice.objects.none()
    found = Invoice.objects.all()
    return found.filter(branch_id__in=actor.branch_ids) if actor.branch_ids else found


def products_billed(customer: Customer, actor: Actor, limit: int) -> list[BilledProduct]:
    """Products in use on the customer's posted invoices of the actor's branches, the newest first: one statement.

    Whoever takes calls for the customer may know what it owns; amounts are not told, so no right to billing is needed.
    It looks at the newest RECENT_LINES lines, so that a customer with years of invoices is answered at once.
    """
    lines = InvoiceLine.objects.filter(
        invoice__customer=customer, invoice__doc_status=DocumentStatus.POSTED, active=True,
        billable_line__product__active=True,
    )  # fmt: skip
    if actor.branch_ids:
        lines = lines.filter(invoice__branch_id__in=actor.branch_ids)
    newest = lines.select_related("invoice", "billable_line__product").order_by("-invoice__date", "-invoice_id", "id")
    found: dict[int, BilledProduct] = {}
    for line in newest[:RECENT_LINES]:
        product = line.billable_line.product
        if product is not None:
            found.setdefault(product.pk, BilledProduct(product, line.invoice.date, line.invoice.code))
    return list(found.values())[:limit]


def invoice(invoice_id: int, *, actor: Actor, lock: bool = False) -> Invoice:
    """One invoice, locked if asked; raises NotFound outside the actor's scope."""
    found = invoices_visible_to(actor)
    found = found.select_for_update(of=("self",)) if lock else found.select_related("customer", "branch")
    try:
        return found.get(pk=invoice_id)
    except Invoice.DoesNotExist:
        raise NotFound() from None


def locked_work_orders(ids: Iterable[int], *, actor: Actor) -> list[WorkOrder]:
    """The work orders, locked in the order of their ids; raises NotFound if one is missing or out of scope."""
    wanted = sorted(set(ids))
    found = list(
        work.visible_to(actor)
        .filter(pk__in=wanted)
        .select_for_update(of=("self",))
        .select_related("ticket__customer", "branch", "site")
        .order_by("pk")
    )
    if len(found) != len(wanted):
        raise NotFound()
    return found


def proposals(order: WorkOrder) -> dict[Key, tuple[work.ReportedLine, Proposal]]:
    """The reported lines of a work order with what they propose to bill."""
    found = {}
    for line in work.reported_lines(order):
        proposal = Proposal(
            source_kind=line.source_kind,
            source_id=line.source_id,
            description=line.description,
            quantity=line.to_bill,
            price=line.price,
            billable=line.billable,
        )
        found[proposal.key] = (line, proposal)
    return found


def lines_to_verify(order: WorkOrder) -> list[LineToVerify]:
    """The reported lines in their order: estimated, actual, proposed, decided."""
    decided = {(line.source_kind, line.source_id): line for line in order.billable_lines.all()}
    return [
        LineToVerify(reported, proposal, decided.get(key)) for key, (reported, proposal) in proposals(order).items()
    ]


def to_verify(actor: Actor) -> models.QuerySet[WorkOrder]:
    """Reported work orders that wait for the verifier, oldest report first."""
    return (
        work.visible_to(actor)
        .filter(status=WorkStatus.REPORTED)
        .select_related("ticket__customer", "site", "activity_type", "resource__user", "branch")
        .prefetch_related(work.HELPERS)
        .order_by("reported_at", "id")
    )


def billable(actor: Actor) -> models.QuerySet[BillableLine]:
    """Approved lines of verified work orders that stand on no live invoice."""
    on_invoice = InvoiceLine.objects.filter(billable_line=OuterRef("pk"), active=True)
    found = BillableLine.objects.filter(approved=True, quantity__gt=0, work_order__status=WorkStatus.VERIFIED)
    if actor.branch_ids:
        found = found.filter(work_order__branch_id__in=actor.branch_ids)
    return found.filter(~Exists(on_invoice))


def to_bill(actor: Actor) -> list[dict[str, object]]:
    """Per customer, branch and currency: how many work orders wait to be billed, since when, for how much (net)."""
    rows = (
        billable(actor)
        .values(
            "customer_id", "customer__name", "currency",
            branch_id=F("work_order__branch_id"), branch_name=F("work_order__branch__name"),
        )
        .annotate(
            orders=Count("work_order", distinct=True),
            tickets=Count("work_order__ticket", distinct=True),
            oldest=Min("work_order__verified_at"),
            newest=Max("work_order__verified_at"),
            net=Sum(AMOUNT),
        )
        .order_by("oldest", "customer_id", "currency", "branch_id")
    )  # fmt: skip
    return [dict(row) for row in rows]


def billable_orders(customer: Customer, *, actor: Actor) -> models.QuerySet[WorkOrder]:
    """The work orders of a customer with lines to bill, with the net amount of these lines."""
    lines = billable(actor).filter(work_order=OuterRef("pk")).values("work_order")
    return (
        WorkOrder.objects.filter(ticket__customer=customer, pk__in=billable(actor).values("work_order"))
        .annotate(net=models.Subquery(lines.annotate(total=Sum(AMOUNT)).values("total")))
        .select_related("ticket", "activity_type", "branch")
        .order_by("branch_id", "currency", "ticket_id", "id")
    )


def decisions_of(order: WorkOrder) -> list[Decision]:
    """Every line approved as reported: what a verifier means by approving all."""
    return [
        Decision(
            source_kind=item.source_kind,
            source_id=item.source_id,
            approved=item.billable,
            quantity=item.quantity,
            price=item.price,
        )
        for _, item in proposals(order).values()
    ]
