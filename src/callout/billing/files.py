"""An invoice on paper and as a table."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from callout.billing.models import Invoice, InvoiceLine
from callout.core.money import Taxable, format_money, vat_summary
from callout.core.tabular import write_csv, write_xlsx
from callout.documents.pdf import render_pdf
from callout.ui import shapes

FORMS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def content(invoice: Invoice) -> dict[str, Any]:
    """The lines by work order and the tax by rate, for page and paper alike."""
    lines = list(
        invoice.lines.select_related("billable_line__work_order__ticket", "billable_line__work_order__site").order_by(
            "position", "id"
        )
    )
    totals = vat_summary([Taxable(line.net, line.vat_percent, line.vat_reason) for line in lines], invoice.currency)
    return {"lines": lines, "groups": _by_order(lines), "rates": totals.groups, "branch": invoice.branch}


def _by_order(lines: list[InvoiceLine]) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    for line in lines:
        order = line.billable_line.work_order
        if not groups or groups[-1]["order"].pk != order.pk:
            groups.append({"order": order, "lines": []})
        groups[-1]["lines"].append(line)
    return groups


def pdf(invoice: Invoice) -> bytes:
    """The invoice as A4 pages with the branch's letterhead, in the customer's language."""
    return render_pdf("billing/pdf/invoice.html", {"invoice": invoice, **content(invoice)}, language=invoice.language)


def mail_facts(invoice: Invoice) -> dict[str, Any]:
    """What the covering mail may name, written in the customer's language."""
    with override(invoice.language):
        return {
            "invoice": {
                "code": invoice.code,
                "date": date_format(invoice.date, "SHORT_DATE_FORMAT"),
                "due": date_format(invoice.due_on, "SHORT_DATE_FORMAT"),
                "total": format_money(invoice.total, invoice.currency, invoice.language),
            },
            "branch": {"name": invoice.branch.name},
        }


def response(invoice: Invoice, form: str) -> HttpResponse:
    """The invoice as a download in one of FORMS."""
    body = pdf(invoice) if form == "pdf" else _table(invoice, form)
    answer = HttpResponse(body, content_type=FORMS[form])
    name = invoice.code.replace("/", "-") or gettext("draft")
    answer.headers["Content-Disposition"] = f'{"inline" if form == "pdf" else "attachment"}; filename="{name}.{form}"'
    return answer


def _table(invoice: Invoice, form: str) -> bytes:
    with override(invoice.language):
        headers = [
            gettext("Invoice"), gettext("Date"), gettext("Customer"), gettext("Ticket"), gettext("Work order"),
            gettext("Description"), gettext("Quantity"), gettext("Unit"), gettext("Price"), gettext("VAT %"),
            gettext("Net"), gettext("Currency"),
        ]  # fmt: skip
        rows = list(_rows(invoice))
    return b"".join(write_xlsx(headers, rows) if form == "xlsx" else write_csv(headers, rows))


def _rows(invoice: Invoice) -> Iterator[list[Any]]:
    for line in content(invoice)["lines"]:
        order = line.billable_line.work_order
        yield [
            invoice.code, invoice.date, invoice.bill_to_name, order.ticket.code, order.code, line.description,
            line.quantity, shapes.unit(line.unit), line.price, line.vat_percent, line.net, invoice.currency,
        ]  # fmt: skip
