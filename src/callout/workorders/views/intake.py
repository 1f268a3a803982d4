"""Taking a call: one line finds the customer, everything else stands beside while the operator types."""

import json
from datetime import timedelta
from typing import Any, TypeVar

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url, reswap, retarget, trigger_client_event

from callout.accounts.actor import Actor
from callout.accounts.gate import needs
from callout.core.worktime import day_of
from callout.customers.commands import create_customer
from callout.customers.models import Customer
from callout.customers.queries import sites_visible_to
from callout.planning.models import ActivityType
from callout.planning.queries import SLOT_DAYS, free_slots
from callout.planning.registry import in_layout
from callout.tickets import queries as tickets
from callout.tickets.models import Ticket
from callout.ui import clock
from callout.workorders import commands, words
from callout.workorders.forms.intake import CallForm, NewCustomerForm, Slot, SlotWish

OPEN_TICKETS = 12
OFFERED = 10
LONGEST_WISH = timedelta(days=366)


@needs("ticket.write")
def intake(request: HttpRequest) -> HttpResponse:
    """The form for a call; saving it makes ticket and work order and opens their page."""
    if request.method == "POST":
        form = CallForm(request.POST, actor=request.actor)
        if form.is_valid():
            taken = None
            with form.refusals():
                taken = _take(form, request.actor)
            if taken is not None:
                messages.success(request, _("Ticket %(code)s is saved.") % {"code": taken.code})
                return HttpResponseRedirect(reverse("ticket", args=[taken.pk]))
        return render(request, "workorders/intake.html", _content(form, request.actor), status=422)
    customer = request.GET.get("customer", "")
    form = CallForm(initial={"customer": customer} if customer else None, actor=request.actor)
    return render(request, "workorders/intake.html", _content(form, request.actor))


def _take(form: CallForm, actor: Actor) -> Ticket:
    slot = form.cleaned_data["slot"]
    if slot is None:
        return commands.take_call(call=form.call(), actor=actor, now=clock.now())
    return commands.take_call_and_plan(
        call=form.call(), resource_id=slot.resource_id, starts=slot.starts, actor=actor, now=clock.now()
    )[0]


def _content(form: CallForm, actor: Actor) -> dict[str, Any]:
    return {
        "form": form, "new_customer": NewCustomerForm(), "may_add": actor.may("customer.write"), "layouts": _layouts(),
        **_beside(form.chosen, actor),
    }  # fmt: skip


def _layouts() -> str:
    """The layouts of the types that have one, for the page: it puts the fields of the chosen type in their places."""
    rows = ActivityType.objects.filter(active=True, kind=ActivityType.Kind.APPOINTMENT).exclude(layout=[])
    return json.dumps({str(pk): in_layout(layout) for pk, layout in rows.values_list("pk", "layout")})


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
    trigger_client_event(response, "callout:site", after="settle")
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
@require_safe
def intake_slots(request: HttpRequest) -> HttpResponse:
    """The next free times for this type of work at this site, by the clock there, as the customer would like them."""
    actor: Actor = request.actor
    if not actor.may("slot.book") and not actor.may("board.plan"):
        return HttpResponse("")
    site = _one(sites_visible_to(actor).select_related("branch"), request.GET.get("site", ""))
    kind = _one(ActivityType.objects.filter(active=True), request.GET.get("activity_type", ""))
    if site is None or kind is None:
        return HttpResponse("")
    asked, now = SlotWish(request.GET), clock.now()
    asked.full_clean()
    zone = site.branch.time_zone
    farthest = now + LONGEST_WISH
    after = max(now, day_of(min(asked.day, farthest.date()), zone).starts) if asked.day else now
    offers = free_slots(kind, after, actor=actor, site=site, wish=asked.wish, limit=OFFERED)
    slots = [(Slot(offer.resource_id, offer.interval.starts).text, offer) for offer in offers]
    chosen = request.GET.get("slot", "")
    offered = any(slot == chosen for slot, _ in slots)
    context = {
        "offers": slots, "zone": zone, "elsewhere": zone != actor.time_zone, "chosen": chosen if offered else "",
        "gone": bool(chosen) and not offered, "day": asked.day,
        "part": asked.cleaned_data.get("slot_part", ""), "days": SLOT_DAYS,
    }  # fmt: skip
    return render(request, "workorders/_intake_slots.html", context)


Found = TypeVar("Found", bound=models.Model)


def _one(rows: models.QuerySet[Found], text: str) -> Found | None:
    """The row with this key, when it is one."""
    return rows.filter(pk=text).first() if text.isascii() and text.isdigit() and len(text) < 19 else None


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
