"""The monitor, and fragments that other pages show."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callout.accounts.actor import Actor
from callout.accounts.gate import needs
from callout.core.errors import NotFound
from callout.customers.models import Customer
from callout.customers.queries import visible_to
from callout.reports.monitor import monitor as read_monitor
from callout.reports.timeline import timeline
from callout.tickets.queries import open_of_customer
from callout.ui import clock
from callout.workorders import words

SHOWN = 20


@needs("ticket.read")
@require_safe
def monitor(request: HttpRequest) -> HttpResponse:
    """Where all work stands; to htmx only what changes."""
    template = "reports/_monitor.html" if request.htmx else "reports/monitor.html"
    read = read_monitor(actor=request.actor, now=clock.now())
    return render(request, template, {"monitor": read, "may_take": request.actor.may("ticket.write")})


@needs("customer.read")
@require_safe
def customer_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of a customer's story."""
    customer = _customer(pk, request.actor)
    events, following = timeline(customer, actor=request.actor, cursor=request.GET.get("after", ""))
    context = {"events": events, "following": following, "customer": customer, "first": "after" not in request.GET}
    return render(request, "reports/_timeline.html", context)


@needs("ticket.read")
@require_safe
def customer_tickets(request: HttpRequest, pk: int) -> HttpResponse:
    """A customer's open tickets: the newest ones, and where the others are."""
    customer = _customer(pk, request.actor)
    found = list(open_of_customer(customer.pk, actor=request.actor)[: SHOWN + 1])
    context = {
        "customer": customer, "tickets": [(ticket, words.ticket_status(ticket)) for ticket in found[:SHOWN]],
        "more": len(found) > SHOWN, "may_take": request.actor.may("ticket.write"),
    }  # fmt: skip
    return render(request, "reports/_customer_tickets.html", context)


def _customer(pk: int, actor: Actor) -> Customer:
    customer = visible_to(actor).filter(pk=pk).first()
    if customer is None:
        raise NotFound
    return customer
