"""Verifying reported work, billing it, taking a bill back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.billing import files, queries, rules
from callout.billing.errors import (
    CancelReasonMissing,
    InvoiceStep,
    LineOnInvoice,
    MixedInvoice,
    NothingToBill,
    NotReported,
    UndecidedLines,
)
from callout.billing.models import BillableLine, Invoice, InvoiceLine
from callout.core.errors import check_version
from callout.core.money import Taxable, line_total, vat_summary
from callout.documents.commands import post, store_file
from callout.documents.models import DocumentStatus
from callout.documents.queries import require_open
from callout.jobs.commands import defer
from callout.notices.commands import send_mail
from callout.workorders import commands as work
from callout.workorders.models import WorkOrder, WorkStatus

MODULE = "billing"


@transaction.atomic
def decide(
    *,
    work_order_id: int,
    decisions: Sequence[rules.Decision],
    version: int | None,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """Keep what the verifier says of reported lines; lines not named stay as they were.

    Raises NotReported, StaleVersion, UnknownLine or ReasonMissing.
    """
    actor.require("verify.write")
    (order,) = queries.locked_work_orders([work_order_id], actor=actor)
    check_version(order.version, version)
    _write_decisions(order, decisions, actor=actor, now=now)
    record("workorder.lines_decided", subject=order, actor=actor, at=now, lines=len(decisions))
    return order


@transaction.atomic
def verify(
    *,
    work_order_id: int,
    decisions: Sequence[rules.Decision],
    version: int | None,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """Decide on the lines and close the verification: the work order can be billed.

    Raises what `decide` raises, and UndecidedLines while a reported line is neither approved nor declined.
    """
    actor.require("verify.write")
    (order,) = queries.locked_work_orders([work_order_id], actor=actor)
    check_version(order.version, version)
    reported = _write_decisions(order, decisions, actor=actor, now=now)
    decided = set(order.billable_lines.values_list("source_kind", "source_id"))
    left = rules.undecided(reported, decided)
    if left:
        raise UndecidedLines(count=len(left), code=order.code)
    return work.mark_verified(work_order_id=order.pk, actor=actor, now=now)


@transaction.atomic
def send_back(*, work_order_id: int, reason: str, version: int | None, actor: Actor, now: datetime) -> WorkOrder:
    """Give a report back to the technician; nothing of its lines is decided any more.

    Raises what work.send_back raises.
    """
    order = work.send_back(work_order_id=work_order_id, reason=reason, version=version, actor=actor, now=now)
    order.billable_lines.filter(invoice_lines=None).delete()
    order.billable_lines.update(approved=False, quantity=0)  # those that a cancelled invoice shows have to stay
    return order


@transaction.atomic
def take_back(*, work_order_id: int, version: int | None, actor: Actor, now: datetime) -> WorkOrder:
    """Open the verification of a work order again. Raises NotFound, StaleVersion, LineOnInvoice, StepRefused."""
    actor.require("verify.write")
    (order,) = queries.locked_work_orders([work_order_id], actor=actor)
    check_version(order.version, version)
    _check_free(list(order.billable_lines.all()))
    return work.mark_unverified(work_order_id=order.pk, actor=actor, now=now)


def _write_decisions(
    order: WorkOrder, decisions: Sequence[rules.Decision], *, actor: Actor, now: datetime
) -> set[rules.Key]:
    if order.status != WorkStatus.REPORTED:
        raise NotReported(code=order.code, status=order.get_status_display())
    found = queries.proposals(order)
    rules.check_decisions(decisions, {key: proposal for key, (_, proposal) in found.items()})
    positions = {key: position for position, key in enumerate(found)}
    for decision in decisions:
        line, _ = found[decision.key]
        BillableLine.objects.update_or_create(
            work_order=order,
            source_kind=decision.source_kind,
            source_id=decision.source_id,
            defaults={
                "customer_id": order.ticket.customer_id,
                "position": positions[decision.key],
                "kind": line.kind,
                "product": line.product,
                "description": line.description,
                "unit": line.unit,
                "estimated": line.estimated,
                "actual": line.actual,
                "quantity": decision.quantity if decision.approved else 0,
                "price": decision.price,
                "currency": order.currency,
                "vat_rate_id": line.vat_rate_id,
                "approved": decision.approved,
                "approved_by_name": actor.name,
                "approved_at": now,
                "reason": decision.reason.strip(),
            },
        )
    return set(found)


@transaction.atomic
def draft_invoice(
    *, customer_id: int, work_order_ids: Iterable[int], date: date, actor: Actor, now: datetime
) -> Invoice:
    """Gather the approved lines of verified work orders of one customer on a draft; it holds them from now on.

    Raises NotFound, MixedInvoice, NothingToBill, or LineOnInvoice when somebody else was quicker.
    """
    actor.require("billing.write")
    orders = queries.locked_work_orders(work_order_ids, actor=actor)
    _check_together(orders, customer_id)
    lines = list(
        BillableLine.objects.select_for_update(of=("self",))
        .filter(work_order__in=orders, approved=True, quantity__gt=0, work_order__status=WorkStatus.VERIFIED)
        .select_related("vat_rate", "work_order__ticket")
        .order_by("work_order_id", "position", "id")
    )
    _check_free(lines)
    if not lines:
        raise NothingToBill()
    invoice = _new_invoice(orders[0], on=date, actor=actor, now=now)
    _fill(invoice, lines)
    record("invoice.drafted", subject=invoice, actor=actor, at=now, work_orders=[order.code for order in orders])
    return invoice


def _check_together(orders: Sequence[WorkOrder], customer_id: int) -> None:
    if not orders:
        raise NothingToBill()
    if {order.ticket.customer_id for order in orders} != {customer_id}:
        raise MixedInvoice(difference=gettext("customer"))
    if len({order.branch_id for order in orders}) > 1:
        raise MixedInvoice(difference=gettext("branch"))
    if len({order.currency for order in orders}) > 1:
        raise MixedInvoice(difference=gettext("currency"))


def _check_free(lines: Sequence[BillableLine]) -> None:
    taken = InvoiceLine.objects.filter(billable_line__in=lines, active=True).select_related("invoice").first()
    if taken:
        raise LineOnInvoice(line=taken.description, invoice=taken.invoice.code or gettext("a draft"))


def _new_invoice(order: WorkOrder, *, on: date, actor: Actor, now: datetime) -> Invoice:
    customer, branch = order.ticket.customer, order.branch
    require_open(branch=branch, on=on, module=MODULE)
    site = customer.sites.order_by("-is_billing", "-is_main", "id").first() or order.site
    term = customer.payment_term
    lines = (site.address, f"{site.postal_code} {site.city}".strip(), site.county)
    return Invoice.objects.create(
        customer=customer,
        branch=branch,
        date=on,
        currency=order.currency,
        bill_to_name=customer.name,
        bill_to_address=rules.postal_address(
            lines, country=site.country, home=branch.country, language=customer.language
        ),
        bill_to_tax_code=customer.vat_number or customer.tax_code,
        language=customer.language,
        payment_term=term,
        due_on=rules.due_date(on, term.days if term else 0, bool(term and term.end_of_month)),
        created_at=now,
        created_by_name=actor.name,
    )


def _fill(invoice: Invoice, lines: Sequence[BillableLine]) -> None:
    rows = [
        InvoiceLine(
            invoice=invoice,
            billable_line=line,
            position=position,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            price=line.price,
            vat_percent=line.vat_rate.percent,
            vat_reason=line.vat_rate.reason,
            net=line_total(line.quantity, line.price, invoice.currency),
        )
        for position, line in enumerate(lines, start=1)
    ]
    InvoiceLine.objects.bulk_create(rows)
    totals = vat_summary([Taxable(row.net, row.vat_percent, row.vat_reason) for row in rows], invoice.currency)
    invoice.net, invoice.tax, invoice.total = totals.net, totals.tax, totals.total
    invoice.save(update_fields=["net", "tax", "total"])


@transaction.atomic
def confirm_invoice(*, invoice_id: int, version: int | None, actor: Actor, now: datetime) -> Invoice:
    """Give a draft its number; its work orders are billed. Raises InvoiceStep, StaleVersion, OutsidePeriod."""
    actor.require("billing.write")
    ids = list(InvoiceLine.objects.filter(invoice_id=invoice_id).values_list("billable_line__work_order_id", flat=True))
    queries.locked_work_orders(ids, actor=actor)
    invoice = queries.invoice(invoice_id, actor=actor, lock=True)
    check_version(invoice.version, version)
    if invoice.doc_status != DocumentStatus.DRAFT:
        raise InvoiceStep(code=invoice.code, status=invoice.get_doc_status_display())
    require_open(branch=invoice.branch, on=invoice.date, module=MODULE)
    for order_id in sorted(set(ids)):
        work.mark_billed(work_order_id=order_id, actor=actor, now=now)
    invoice.version += 1
    invoice.save(update_fields=["version"])
    post(invoice)
    record("invoice.confirmed", subject=invoice, actor=actor, at=now, code=invoice.code, total=str(invoice.total))
    defer("billing.send_invoice", invoice_id=invoice.pk)
    return invoice


@transaction.atomic
def discard_draft(*, invoice_id: int, actor: Actor, now: datetime) -> None:
    """Remove a draft; its lines are free again. It never had a number, so nothing is missing."""
    actor.require("billing.write")
    invoice = queries.invoice(invoice_id, actor=actor, lock=True)
    if invoice.doc_status != DocumentStatus.DRAFT:
        raise InvoiceStep(code=invoice.code, status=invoice.get_doc_status_display())
    record("invoice.discarded", subject=invoice, actor=actor, at=now, total=str(invoice.total))
    invoice.lines.all().delete()
    invoice.delete()


@transaction.atomic
def cancel_invoice(*, invoice_id: int, reason: str, version: int | None, actor: Actor, now: datetime) -> Invoice:
    """Cancel a confirmed invoice: it keeps its number, its lines are free and its work orders verified again."""
    actor.require("billing.write")
    ids = list(InvoiceLine.objects.filter(invoice_id=invoice_id).values_list("billable_line__work_order_id", flat=True))
    queries.locked_work_orders(ids, actor=actor)
    invoice = queries.invoice(invoice_id, actor=actor, lock=True)
    check_version(invoice.version, version)
    if invoice.doc_status != DocumentStatus.POSTED:
        raise InvoiceStep(code=invoice.code, status=invoice.get_doc_status_display())
    if not reason.strip():
        raise CancelReasonMissing("reason", code=invoice.code)
    require_open(branch=invoice.branch, on=invoice.date, module=MODULE)
    invoice.lines.update(active=False)
    for order_id in sorted(set(ids)):
        work.mark_unbilled(work_order_id=order_id, actor=actor, now=now)
    invoice.doc_status = DocumentStatus.CANCELLED
    invoice.cancelled_at, invoice.cancel_reason = now, reason.strip()
    invoice.version += 1
    invoice.save(update_fields=["doc_status", "cancelled_at", "cancel_reason", "version"])
    record("invoice.cancelled", subject=invoice, actor=actor, at=now, code=invoice.code, reason=reason.strip())
    return invoice


@transaction.atomic
def mail_invoice(*, invoice_id: int, actor: Actor, now: datetime) -> None:
    """Send a confirmed invoice to the customer as PDF; nothing happens for one without an address, or cancelled."""
    invoice = queries.invoice(invoice_id, actor=actor, lock=True)
    if invoice.doc_status != DocumentStatus.POSTED or not invoice.customer.email:
        return
    name = f"{invoice.code.replace('/', '-')}.pdf"
    paper = store_file(subject=invoice, data=files.pdf(invoice), name=name, purpose="invoice", actor=actor, now=now)
    send_mail(
        event="invoice.sent",
        to=[invoice.customer.email],
        language=invoice.language,
        facts=files.mail_facts(invoice),
        about=invoice,
        customer_id=invoice.customer_id,
        attachments=[paper],
        now=now,
    )
