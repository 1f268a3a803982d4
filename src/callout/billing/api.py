"""API of verification and billing."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from callout.access.api import writes
from callout.accounts.gate import reads
from callout.billing import commands, queries
from callout.billing.errors import ReasonMissing, UnknownLine
from callout.billing.models import Invoice
from callout.billing.rules import Decision
from callout.ui import clock

router = Router(tags=["billing"])
Amount = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]


class Strict(Schema):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class DecisionIn(Strict):
    """What is approved of one reported line; a departure from the report needs a reason."""

    source_kind: Annotated[str, Field(max_length=12)]
    source_id: int
    approved: bool = True
    quantity: Amount
    price: Amount
    reason: Annotated[str, Field(max_length=200)] = ""


class VerifyIn(Strict):
    """Decisions on lines; without any, every line is approved as reported."""

    version: int
    decisions: list[DecisionIn] | None = None


class SendBackIn(Strict):
    """Why a report goes back to the technician."""

    version: int
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class VerifiedOut(Schema):
    """The work order after verification."""

    id: int
    code: str
    status: str
    version: int


class InvoiceIn(Strict):
    """Verified work orders of one customer, in one branch and currency."""

    customer_id: int
    work_order_ids: Annotated[list[int], Field(min_length=1, max_length=1000)]
    date: date


class InvoiceStepIn(Strict):
    """The version of the record that was looked at."""

    version: int


class InvoiceCancelIn(InvoiceStepIn):
    """Why the invoice is cancelled."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]


class InvoiceLineOut(Schema):
    """One line of an invoice; amounts are net."""

    work_order_id: int
    description: str
    quantity: Decimal
    unit: str
    price: Decimal
    vat_percent: Decimal
    net: Decimal


class InvoiceOut(Schema):
    """An invoice; `code` is empty until it is confirmed."""

    id: int
    code: str
    doc_status: str
    customer_id: int
    date: date
    due_on: date
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    version: int
    cancelled_at: datetime | None
    lines: list[InvoiceLineOut]


class WaitingOut(Schema):
    """What a customer has waiting to be billed in one branch and currency; `net` is the sum."""

    customer_id: int
    customer: str
    branch_id: int
    currency: str
    orders: int
    tickets: int
    net: Decimal
    work_order_ids: list[int]


def invoice_out(invoice: Invoice) -> InvoiceOut:
    """An invoice as the API shows it."""
    lines = invoice.lines.select_related("billable_line").order_by("position", "id")
    fields = {name: getattr(invoice, name) for name in InvoiceOut.model_fields if name != "lines"}
    return InvoiceOut(
        **fields,
        lines=[
            InvoiceLineOut(
                work_order_id=line.billable_line.work_order_id,
                **{name: getattr(line, name) for name in InvoiceLineOut.model_fields if name != "work_order_id"},
            )
            for line in lines
        ],
    )


@router.post("/work-orders/{work_order_id}/verify", response=VerifiedOut, operation_id="verifyWorkOrder")
@writes("verify.write")
def verify(request: HttpRequest, work_order_id: int, body: VerifyIn) -> Any:
    """Approve the reported lines and close the verification."""
    actor = request.actor
    if body.decisions is None:
        (order,) = queries.locked_work_orders([work_order_id], actor=actor)
        decisions = queries.decisions_of(order)
    else:
        decisions = [Decision(**decision.model_dump()) for decision in body.decisions]
    try:
        order = commands.verify(
            work_order_id=work_order_id, decisions=decisions, version=body.version, actor=actor, now=clock.now()
        )
    except (ReasonMissing, UnknownLine) as error:
        error.field = _place(error.field, decisions)
        raise
    return VerifiedOut(id=order.pk, code=order.code, status=order.status, version=order.version)


@router.post("/work-orders/{work_order_id}/send-back", response=VerifiedOut, operation_id="sendReportBack")
@writes("verify.write")
def send_back(request: HttpRequest, work_order_id: int, body: SendBackIn) -> Any:
    """Give a report back to the technician, who reads the reason in the conversation and hands it in again."""
    order = commands.send_back(
        work_order_id=work_order_id, reason=body.reason, version=body.version, actor=request.actor, now=clock.now()
    )
    return VerifiedOut(id=order.pk, code=order.code, status=order.status, version=order.version)


def _place(field: str | None, decisions: Sequence[Decision]) -> str:
    """Where in the request the decision stands; the rules name its line."""
    places = (place for place, one in enumerate(decisions) if field == f"reason-{one.source_kind}-{one.source_id}")
    place = next(places, None)
    return "decisions" if place is None else f"decisions.{place}.reason"


@router.get("/billing/waiting", response=list[WaitingOut], operation_id="listWorkToBill")
@reads("billing.read")
def waiting(request: HttpRequest) -> Any:
    """Customers with verified work that is not billed, with the ids of the work orders."""
    found = queries.to_bill(request.actor)
    orders: dict[tuple[Any, ...], list[int]] = {}
    lines = queries.billable(request.actor).order_by("work_order_id").distinct()
    for customer, currency, branch, order in lines.values_list(
        "customer_id", "currency", "work_order__branch_id", "work_order_id"
    ):
        orders.setdefault((customer, currency, branch), []).append(order)
    return [
        WaitingOut(
            **{name: row[name] for name in ("customer_id", "branch_id", "currency", "orders", "tickets", "net")},
            customer=row["customer__name"],
            work_order_ids=orders.get((row["customer_id"], row["currency"], row["branch_id"]), []),
        )
        for row in found
    ]


@router.post("/invoices", response={201: InvoiceOut}, operation_id="draftInvoice")
@writes("billing.write")
def draft(request: HttpRequest, body: InvoiceIn) -> Any:
    """Make a draft invoice; it holds the lines."""
    made = commands.draft_invoice(
        customer_id=body.customer_id,
        work_order_ids=body.work_order_ids,
        date=body.date,
        actor=request.actor,
        now=clock.now(),
    )
    return Status(201, invoice_out(made))


@router.get("/invoices/{invoice_id}", response=InvoiceOut, operation_id="getInvoice")
@reads("billing.read")
def show(request: HttpRequest, invoice_id: int) -> Any:
    """One invoice with its lines."""
    return invoice_out(queries.invoice(invoice_id, actor=request.actor))


@router.post("/invoices/{invoice_id}/confirm", response=InvoiceOut, operation_id="confirmInvoice")
@writes("billing.write")
def confirm(request: HttpRequest, invoice_id: int, body: InvoiceStepIn) -> Any:
    """Give the invoice its number."""
    return invoice_out(
        commands.confirm_invoice(invoice_id=invoice_id, version=body.version, actor=request.actor, now=clock.now())
    )


@router.post("/invoices/{invoice_id}/cancel", response=InvoiceOut, operation_id="cancelInvoice")
@writes("billing.write")
def cancel(request: HttpRequest, invoice_id: int, body: InvoiceCancelIn) -> Any:
    """Cancel a confirmed invoice; its lines can be billed again."""
    return invoice_out(
        commands.cancel_invoice(
            invoice_id=invoice_id, reason=body.reason, version=body.version, actor=request.actor, now=clock.now()
        )
    )
