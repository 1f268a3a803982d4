"""Whose request it is, and where: put right after the call was taken down."""

from datetime import datetime
from typing import Any

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.customers.models import Site
from callout.documents.queries import require_open
from callout.tickets.commands.changes import check_open_ticket, save
from callout.tickets.commands.fields import MODULE, check_belongs
from callout.tickets.commands.thread import tell_people
from callout.tickets.errors import ServedElsewhere
from callout.tickets.models import Ticket


def relocate(ticket: Ticket, *, site: Site, contact_id: int | None, actor: Actor, now: datetime) -> None:
    """Put a locked ticket at another site of the same branch, perhaps another customer's; work orders are the caller's.

    What belongs to the customer before stays behind: assets, contract, and the ticket's own addresses for messages.
    Raises TicketCancelled, OutsidePeriod, PeriodLocked, ServedElsewhere, NotThisCustomers.
    """
    check_open_ticket(ticket)
    require_open(branch=ticket.branch, on=ticket.date, module=MODULE)
    if site.branch_id != ticket.branch_id:
        raise ServedElsewhere("site", site=str(site), branch=site.branch.name, code=ticket.code, own=ticket.branch.name)
    before, moved = _words(ticket), site.pk != ticket.site_id
    if site.customer_id != ticket.customer_id:
        ticket.customer = site.customer
        ticket.contract, ticket.emails = None, ""
        ticket.objects_concerned.filter(asset__isnull=False).delete()
    ticket.site, ticket.contact_id = site, contact_id
    check_belongs(ticket)
    save(ticket)
    after = _words(ticket)
    changes: dict[str, Any] = {name: [before[name], word] for name, word in after.items() if before[name] != word}
    if moved:  # sites of two customers may be called the same
        changes["site"] = [before["site"], after["site"]]
    record("ticket.relocated", subject=ticket, actor=actor, at=now, **changes)
    tell_people(ticket, "changed", actor=actor)


def _words(ticket: Ticket) -> dict[str, str]:
    """Customer, site and contact as the history names them, with what else depends on the customer."""
    assets = ticket.objects_concerned.filter(asset__isnull=False).select_related("product")
    return {
        "customer": ticket.customer.name,
        "site": str(ticket.site),
        "contact": ticket.contact.name if ticket.contact is not None else "",
        "contract": str(ticket.contract) if ticket.contract is not None else "",
        "emails": ticket.emails,
        "assets": ", ".join(map(str, assets)),
    }
