"""How statuses are coloured and how the history names what happened."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callout.audit.models import Entry
from callout.documents.models import DocumentStatus
from callout.tickets.models import Ticket
from callout.workorders.models import WorkOrder

TICKET_COLOURS = {
    "received": "orange", "assigned": "blue", "accepted": "indigo", "finalised": "green", "by_phone": "teal",
}  # fmt: skip
ORDER_COLOURS = {
    "foreseen": "orange", "planned": "blue", "under_way": "purple", "done": "cyan", "reported": "yellow",
    "verified": "lime", "billed": "green", "not_needed": "teal", "cancelled": "secondary",
}  # fmt: skip
PRIORITY_COLOURS = {1: "secondary", 2: "azure", 3: "red"}

HAPPENED = {
    "ticket.taken": _("Call taken"),
    "ticket.changed": _("Ticket changed"),
    "ticket.status": _("Status"),
    "ticket.message": _("Remark"),
    "ticket.accepted": _("Accepted by the team"),
    "ticket.confirmed": _("Confirmed as real"),
    "ticket.by_phone": _("Resolved by phone"),
    "ticket.cancelled": _("Ticket cancelled"),
    "ticket.reopened": _("Ticket reopened"),
    "mail.queued": _("Mail written"),
    "file.stored": _("File added"),
    "workorder.created": _("Work order created"),
    "workorder.planned": _("Planned"),
    "workorder.moved": _("Moved"),
    "workorder.unplanned": _("Unplanned"),
    "workorder.not_needed": _("Not needed"),
    "workorder.cancel": _("Work order cancelled"),
    "workorder.reopen": _("Work order reopened"),
    "workorder.started": _("Work begun"),
    "workorder.paused": _("Work paused"),
    "workorder.resumed": _("Work resumed"),
    "workorder.ended": _("Work ended"),
    "workorder.notes": _("Notes written"),
    "workorder.signed": _("Signed"),
    "workorder.reported": _("Reported"),
    "workorder.estimate": _("Estimated by rate card"),
    "workorder.estimate_line": _("Line added to the estimate"),
    "workorder.estimate_changed": _("Estimate changed"),
    "workorder.hours": _("Hours entered"),
    "workorder.expense": _("Expense entered"),
    "workorder.part": _("Part used"),
    "workorder.line_removed": _("Line deleted"),
    "workorder.lines_decided": _("Lines approved"),
    "workorder.verify": _("Verified"),
    "workorder.unverify": _("Verification taken back"),
    "workorder.bill": _("Billed"),
    "workorder.unbill": _("Bill cancelled"),
}


def ticket_status(ticket: Ticket) -> tuple[Any, str]:
    """The word and the colour of where a ticket stands; a cancelled one says so."""
    if ticket.doc_status == DocumentStatus.CANCELLED:
        return ticket.get_doc_status_display(), "secondary"
    return ticket.get_status_display(), TICKET_COLOURS[ticket.status]


def order_status(order: WorkOrder) -> tuple[Any, str]:
    """The word and the colour of where a work order stands."""
    return order.get_status_display(), ORDER_COLOURS[order.status]


def priority(ticket: Ticket) -> tuple[Any, str]:
    """The word and the colour of a ticket's priority."""
    return ticket.get_priority_display(), PRIORITY_COLOURS[ticket.priority]


def told(entry: Entry) -> dict[str, Any]:
    """An entry of the history as the page shows it."""
    return {
        "at": entry.at,
        "who": entry.actor_name,
        "what": HAPPENED.get(entry.action, entry.action),
        "detail": _detail(entry.facts),
    }


def _detail(facts: dict[str, Any]) -> str:
    """The fact that says most, in short."""
    if "before" in facts and "after" in facts and isinstance(facts["after"], str):
        return f"{gettext(facts['before'])} → {gettext(facts['after'])}"
    if isinstance(facts.get("fields"), list):
        return ", ".join(facts["fields"])
    for name in ("reason", "resource", "name", "to", "worked", "description", "signer"):
        value = facts.get(name)
        if value:
            return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return ""
