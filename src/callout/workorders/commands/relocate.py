"""Another customer, site or contact person for a ticket that nobody has worked on."""

from datetime import datetime

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import NotFound, check_version
from callout.customers.models import Site
from callout.customers.queries import sites_visible_to
from callout.documents.queries import require_open
from callout.planning import commands as planning
from callout.tickets import commands as tickets
from callout.tickets import queries as ticket_queries
from callout.tickets.models import Ticket
from callout.workorders import mails, rules
from callout.workorders.commands.calendars import helpers_of, lock_calendars, title_of
from callout.workorders.commands.calls import MODULE, save, tell_waiting
from callout.workorders.errors import PlaceKept
from callout.workorders.models import WorkOrder


@transaction.atomic
def relocate_ticket(
    *, ticket_id: int, site_id: int, contact_id: int | None, version: int | None, actor: Actor, now: datetime
) -> Ticket:
    """Put a ticket right that was taken down for the wrong customer, site or contact person.

    Its work orders follow, appointments at their time; the customer is told as of a move, another customer as of a new
    appointment. What is equal already changes nothing. Raises NotFound, StaleVersion, TicketCancelled, PeriodLocked,
    PlaceKept, ServedElsewhere, NotThisCustomers, and NotMovable or OtherZone for an appointment that cannot follow.
    """
    actor.require(tickets.WRITE)
    ticket = ticket_queries.lock(ticket_id, actor=actor)
    check_version(ticket.version, version)
    site = _site(site_id, actor)
    if (site.pk, contact_id) == (ticket.site_id, ticket.contact_id):
        return ticket
    require_open(branch=ticket.branch, on=tickets.today_at(ticket.branch.time_zone, now), module=MODULE)
    orders = _orders(ticket)
    changes_hands = site.customer_id != ticket.customer_id
    promised = [(order, order.appointment) for order in orders if order.appointment is not None]
    for order, appointment in promised if changes_hands else ():
        mails.tell_customer(mails.CANCELLED, order, appointment, actor=actor, now=now)
    moved = site.pk != ticket.site_id
    tickets.relocate(ticket, site=site, contact_id=contact_id, actor=actor, now=now)
    for order in orders if moved else ():
        _follow(order, site, actor=actor, now=now)
    for order, appointment in promised if moved else ():
        event = mails.PLANNED if changes_hands else mails.MOVED
        mails.tell_customer(event, order, appointment, actor=actor, now=now)
    return ticket


def _site(site_id: int, actor: Actor) -> Site:
    found = sites_visible_to(actor).select_related("customer", "branch", "zone").filter(pk=site_id)
    site = found.filter(customer__active=True).first()
    if site is None:
        raise NotFound("site")
    return site


def _orders(ticket: Ticket) -> list[WorkOrder]:
    """All work orders of the ticket, locked with their calendars. Raises PlaceKept."""
    found = list(
        ticket.work_orders.select_for_update(of=("self",))
        .select_related("activity_type", "site", "branch", "appointment", "resource__user")
        .order_by("id")
    )
    for order in found:
        order.ticket = ticket
        if order.status in rules.BEGUN:
            raise PlaceKept(work_order=order.code)
    lock_calendars(found)
    return found


def _follow(order: WorkOrder, site: Site, *, actor: Actor, now: datetime) -> None:
    """Let a work order, and its appointment, lead to the ticket's new site."""
    order.site = site
    if order.appointment is not None:
        title = title_of(order.ticket)
        order.appointment = planning.lead_to(
            appointment=order.appointment, site=site, title=title, actor=actor, now=now
        )
        for helper in helpers_of(order):
            planning.lead_to(appointment=helper.appointment, site=site, title=title, actor=actor, now=now)
    save(order)
    record("workorder.relocated", subject=order, actor=actor, at=now, site=str(site))
    tell_waiting("relocated", order, actor)
