"""How statuses are coloured and how the history names what happened."""

from typing import Any

from callout.audit.models import Entry
from callout.core.errors import N_
from callout.documents.history import value_words
from callout.documents.models import DocumentStatus
from callout.documents.registry import action_label
from callout.planning.models import Category
from callout.tickets.models import Ticket, TicketStatus
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
    "ticket.taken": N_("Call taken"),
    "ticket.changed": N_("Ticket changed"),
    "ticket.status": N_("Status"),
    "ticket.message": N_("Remark"),
    "ticket.relocated": N_("Customer or site changed"),
    "ticket.accepted": N_("Accepted by the team"),
    "ticket.confirmed": N_("Confirmed as real"),
    "ticket.by_phone": N_("Resolved by phone"),
    "ticket.cancelled": N_("Ticket cancelled"),
    "ticket.reopened": N_("Ticket reopened"),
    "workorder.created": N_("Work order created"),
    "workorder.planned": N_("Planned"),
    "workorder.moved": N_("Moved"),
    "workorder.invited": N_("Link for the customer made"),
    "workorder.invitation_revoked": N_("Link for the customer closed"),
    "workorder.relocated": N_("Leads to another site"),
    "workorder.unplanned": N_("Unplanned"),
    "workorder.not_needed": N_("Not needed"),
    "workorder.cancel": N_("Work order cancelled"),
    "workorder.reopen": N_("Work order reopened"),
    "workorder.started": N_("Work begun"),
    "workorder.paused": N_("Work paused"),
    "workorder.resumed": N_("Work resumed"),
    "workorder.ended": N_("Work ended"),
    "workorder.part_ended": N_("Part of the work ended"),
    "workorder.helper": N_("Technician added"),
    "workorder.helper_off": N_("Technician taken off"),
    "workorder.helper_moved": N_("Technician's time changed"),
    "workorder.helper_replaced": N_("Technician replaced"),
    "workorder.lead": N_("Leads the work"),
    "workorder.notes": N_("Notes written"),
    "workorder.signed": N_("Signed"),
    "workorder.reported": N_("Reported"),
    "workorder.estimate": N_("Estimated by rate card"),
    "workorder.estimate_line": N_("Line added to the estimate"),
    "workorder.estimate_changed": N_("Estimate changed"),
    "workorder.hours": N_("Hours entered"),
    "workorder.expense": N_("Expense entered"),
    "workorder.part": N_("Part used"),
    "workorder.line_removed": N_("Line deleted"),
    "workorder.lines_decided": N_("Lines approved"),
    "workorder.verify": N_("Verified"),
    "workorder.sent_back": N_("Report sent back"),
    "workorder.unverify": N_("Verification taken back"),
    "workorder.bill": N_("Billed"),
    "workorder.unbill": N_("Bill cancelled"),
}

FACTS = {
    "ticket": N_("Ticket"),
    "resource": N_("Technician"),
    "instead_of": N_("instead of"),
    "customer": N_("Customer"),
    "site": N_("Site"),
    "contact": N_("Contact person"),
    "contract": N_("Contract"),
    "emails": N_("Messages go to"),
    "assets": N_("Assets"),
    "starts": N_("From"),
    "ends": N_("To"),
    "worked": N_("Hours worked"),
    "to_bill": N_("To bill"),
    "day": N_("Day"),
    "before": N_("before"),
    "after": N_("after"),
    "quantity": N_("Quantity"),
    "price": N_("Price"),
    "reason": N_("Reason"),
    "signer": N_("Signed by"),
    "drawn": N_("Drawn"),
    "channel": N_("Channel"),
    "fields": N_("Fields"),
    "started": N_("Started"),
    "ended": N_("Ended"),
    "paused": N_("Paused"),
    "resumed": N_("Resumed"),
    "confirmed": N_("Confirmed as real"),
}


def status_word(code: str) -> str:
    """A status of tickets, or the category of an appointment's state, in the reader's language."""
    found = {**dict(Category.choices), **dict(TicketStatus.choices)}.get(code, code)
    return str(found)


def field_name(code: str) -> str:
    """What a field of a ticket is called in the reader's language."""
    known = {name: field for field in Ticket._meta.concrete_fields for name in (field.name, field.attname)}
    return str(known[code].verbose_name) if code in known else code


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
        "what": action_label(entry.action),
        "detail": _detail(entry.facts),
    }


def _detail(facts: dict[str, Any]) -> str:
    """The fact that says most, in short."""
    if "before" in facts and "after" in facts and isinstance(facts["after"], str):
        return value_words("status", [facts["before"], facts["after"]])
    if isinstance(facts.get("fields"), list):
        return ", ".join(value_words("fields", one) for one in facts["fields"])
    for name in ("reason", "resource", "name", "to", "worked", "description", "signer", "customer", "site", "contact"):
        value = facts.get(name)
        if value:
            return value_words(name, value)
    return ""
