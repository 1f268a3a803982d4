"""Taking a call: one line finds the customer, everything else stands beside while the operator types."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url, reswap, retarget

from callout.accounts.actor import Actor
from callout.accounts.gate import needs
from callout.customers.commands import create_customer
from callout.customers.models import Customer
from callout.tickets import queries as tickets
from callout.ui import clock
from callout.workorders import commands, words
from callout.workorders.forms.intake import CallForm, NewCustomerForm

OPEN_TICKETS = 12


@needs("ticket.write")
def intake(request: HttpRequest) -> HttpResponse:
    """The form for a call; saving it makes ticket and work order and opens their page."""
    if request.method == "POST":
        form = CallForm(request.POST, actor=request.actor)
        if form.is_valid():
            taken = None
            with form.refusals():
                taken = commands.take_call(call=form.call(), actor=request.actor, now=clock.now())
            if taken is not None:
                messages.success(request, _("Ticket %(code)s is saved.") % {"code": taken.code})
                return HttpResponseRedirect(reverse("ticket", args=[taken.pk]))
        return render(request, "workorders/intake.html", _content(form, request.actor), status=422)
    customer = request.GET.get("customer", "")
    form = CallForm(initial={"customer": customer} if customer else None, actor=request.actor)
    return render(request, "workorders/intake.html", _content(form, request.actor))


def _content(form: CallForm, actor: Actor) -> dict[str, Any]:
    return {
        "form": form, "new_customer": NewCustomerForm(), "may_add": actor.may("customer.write"),
        **_beside(form.chosen, actor),
    }  # fmt: skip


def _beside(customer: Customer | None, actor: Actor) -> dict[str, Any]:
    """What stands beside the form: the customer, and what is already open."""
    if customer is None:
        return {"customer": None}
    found = tickets.open_of_customer(customer.pk, actor=actor)[:OPEN_TICKETS]
    return {
        "customer": customer,
        "sites": list(customer.sites.all()[:8]),
        "contacts": list(customer.contacts.all()[:8]),
        "open_tickets": [(ticket, words.ticket_status(ticket)) for ticket in found],
    }


@needs("ticket.write")
@require_safe
def intake_customer(request: HttpRequest) -> HttpResponse:
    """The customer beside the form, and the fields that depend on the customer."""
    form = CallForm(initial={"customer": request.GET.get("customer", "")}, actor=request.actor)
    return _opened(request, form)


def _opened(request: HttpRequest, form: CallForm) -> HttpResponse:
    context = {"form": form, "with_fields": True, **_beside(form.chosen, request.actor)}
    response = render(request, "workorders/_intake_customer.html", context)
    page = reverse("intake")
    return replace_url(response, f"{page}?customer={form.chosen.pk}" if form.chosen else page)


@needs("ticket.write")
@require_safe
def intake_duplicates(request: HttpRequest) -> HttpResponse:
    """Open tickets of the same site and type of the last days: perhaps the customer is calling again."""
    given = [request.GET.get(name, "") for name in ("site", "activity_type")]
    found = []
    if all(text.isascii() and text.isdigit() and len(text) < 19 for text in given):
        found = tickets.similar(
            site_id=int(given[0]), activity_type_id=int(given[1]), actor=request.actor, now=clock.now()
        )
    rows = [(ticket, words.ticket_status(ticket)) for ticket in found]
    return render(request, "workorders/_intake_duplicates.html", {"rows": rows})


@needs("ticket.write")
def intake_new_customer(request: HttpRequest) -> HttpResponse:
    """A new customer, without leaving the call."""
    form = NewCustomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = None
        with form.refusals():
            made = create_customer(actor=request.actor, now=clock.now(), **form.values())
        if made is not None and request.htmx:
            call = CallForm(initial={"customer": made}, actor=request.actor)
            context = {"form": call, "with_fields": True, "with_picker": True, **_beside(made, request.actor)}
            response = render(request, "workorders/_intake_customer.html", context)
            response = reswap(retarget(response, "#customer-panel"), "innerHTML")
            return replace_url(response, f"{reverse('intake')}?customer={made.pk}")
        if made is not None:
            return HttpResponseRedirect(f"{reverse('intake')}?customer={made.pk}")
    template = "workorders/_new_customer.html" if request.htmx else "workorders/new_customer.html"
    return render(request, template, {"new_customer": form}, status=422 if request.method == "POST" else 200)
