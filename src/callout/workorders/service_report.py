"""The service report on paper: what was done, when, with what, signed by the customer."""

from typing import Any

from callout.core.worktime import zone_of
from callout.documents.pdf import data_uri, render_pdf
from callout.workorders import queries
from callout.workorders.mails import language_of
from callout.workorders.models import WorkOrder

PHOTOS = 8
"""Pictures on a report, so that it stays small enough for a mail."""


def file_name(order: WorkOrder) -> str:
    """The name under which it is kept and downloaded."""
    return f"{order.code.replace('/', '-')}.pdf"


def draw(order: WorkOrder) -> bytes:
    """The report of a work order as an A4 PDF with the branch's letterhead, in the customer's language.

    Times are the site's. Raises PdfFailed.
    """
    return render_pdf("workorders/pdf/service_report.html", content(order), language=language_of(order.ticket))


def content(order: WorkOrder) -> dict[str, Any]:
    """What the report shows."""
    zone = zone_of(order.site.time_zone)
    hours = list(order.hours.select_related("resource__user").order_by("day", "position", "id"))
    return {
        "order": order,
        "ticket": order.ticket,
        "site": order.site,
        "branch": order.branch,
        "objects": list(order.ticket.objects_concerned.select_related("product")),
        "zone": zone,
        "people": [str(each.resource) for each in queries.crew_of(order)],
        "hours": hours,
        "total": sum((line.worked for line in hours), start=0),
        "parts": list(order.parts.select_related("product").order_by("position", "id")),
        "expenses": list(order.expenses.order_by("position", "id")),
        "signature": data_uri(order.signature) if order.signature else "",
        "photos": [uri for photo in queries.photographs(order)[:PHOTOS] if (uri := data_uri(photo))],
    }
