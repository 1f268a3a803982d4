"""What tickets add to the registries of lower apps."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.documents.registry import register_subject
from callout.tickets import mails, queries
from callout.ui.search import SearchHit
from callout.ui.search import register as register_search


def may_read_ticket(actor: Actor, ticket_id: int) -> bool:
    """Whether the actor may see this ticket with its files and history."""
    return queries.visible_to(actor).filter(pk=ticket_id).exists()


def find_tickets(term: str, actor: Actor, limit: int) -> Sequence[SearchHit]:
    """Tickets by their code or number, newest first."""
    if not any(char.isdigit() for char in term):
        return []
    found = queries.by_code(queries.visible_to(actor), term).select_related("customer").order_by("-received_at", "-id")
    return [
        SearchHit(
            label=f"{ticket.code} {ticket.subject}",
            detail=ticket.customer.name,
            url=reverse("ticket", args=[ticket.pk]),
            icon="ticket",
            why=str(ticket.get_status_display()),
        )
        for ticket in found[:limit]
    ]


def register() -> None:
    """Fill the registries; called once when the application starts."""
    mails.register()
    register_subject("ticket", may_read=may_read_ticket)
    register_search("tickets", _("Tickets"), find_tickets, order=20)
