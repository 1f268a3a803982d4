"""The technician's pages, made for a phone: the day's stops, and one work order with all that happens on site."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from callout.accounts.actor import Actor
from callout.accounts.gate import needs
from callout.catalog.queries import found_products
from callout.core.errors import NotFound
from callout.core.text import has_forbidden
from callout.customers.models import Site
from callout.tickets import queries as tickets
from callout.ui import clock
from callout.ui.forms import Form
from callout.workorders import queries, words
from callout.workorders.models import WorkOrder
from callout.workorders.views.actions import ORDER, TICKET
from callout.workorders.views.page import made, order_content

FORMS = ("hours-new", "expense-new", "part-new", "notes", "photo", "sign")
MOST_DAYS = 60
"""How far from today the stops of another day are shown."""


@needs("own.work")
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The day's stops in their order."""
    present = timezone.localdate(clock.now())
    day = _day(request.GET.get("day", ""), present)
    stops = queries.stops(request.actor, day=day)
    rows = [(stop, words.order_status(stop.order), place_link(stop.order.site)) for stop in stops]
    context = {
        "day": day,
        "is_today": day == present,
        "before": day - timedelta(1),
        "after": day + timedelta(1),
        "rows": rows,
    }
    return render(request, "workorders/today.html", context)


def _day(text: str, present: date) -> date:
    """The day in the address, when it is one that is near."""
    try:
        day = date.fromisoformat(text) if text else present
    except ValueError:
        return present
    return day if abs((day - present).days) <= MOST_DAYS else present


def place_link(site: Site) -> str:
    """A link that a phone opens in its map; empty for a site without address."""
    words = ", ".join(filter(None, (site.address, site.postal_code, site.city)))
    if site.latitude is not None and site.longitude is not None:
        return f"geo:{site.latitude},{site.longitude}?q={site.latitude},{site.longitude}({quote(words)})"
    return f"geo:0,0?q={quote(words)}" if words else ""


@needs("own.work")
@require_safe
def my_work(request: HttpRequest, pk: int) -> HttpResponse:
    """One work order on site."""
    order = _own(pk, request.actor)
    return render(request, "workorders/my_work.html", _content(request, order, {}))


def _own(pk: int, actor: Actor) -> WorkOrder:
    """A work order that the actor leads or helps on. Raises NotFound."""
    order = queries.one(pk, actor=actor)
    if actor.user_id is None or not WorkOrder.objects.filter(queries.own(actor.user_id), pk=order.pk).exists():
        raise NotFound
    return order


def _content(request: HttpRequest, order: WorkOrder, bound: dict[str, Form]) -> dict[str, Any]:
    """What the page shows; `bound` are forms that were sent and refused."""
    actor = request.actor
    forms = {name.replace("-", "_"): bound.get(name) or made(ORDER[name], order, actor=actor) for name in FORMS}
    return {
        **order_content(order, order.ticket, actor),
        "order": order,
        "ticket": order.ticket,
        "objects": list(tickets.objects_of(order.ticket)),
        "thread": list(tickets.thread(order.ticket)),
        "place": place_link(order.site),
        "forms": forms,
        "message_form": bound.get("message") or made(TICKET["message"], order.ticket, actor=actor),
        "refused": next((form for form in bound.values()), None),
        "open_form": next(iter(bound), ""),
        "can_accept": order.ticket.status == "assigned",
    }


@needs("own.work")
@require_POST
def my_work_action(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Something that is done on site."""
    order = _own(pk, request.actor)
    table, subject = (TICKET, order.ticket) if action == "message" else (ORDER, order)
    if action not in table:
        raise NotFound
    wanted = table[action]
    form = made(wanted, subject, request.POST, request.FILES, actor=request.actor)
    if form.is_valid():
        with form.refusals():
            wanted.run(subject, form, request.actor, clock.now())
    if form.is_valid():
        if wanted.done:
            messages.success(request, wanted.done)
        return HttpResponseRedirect(reverse("today") if action == "report" else reverse("my_work", args=[pk]))
    order = _own(pk, request.actor)
    status = 409 if form.stale else 422
    return render(request, "workorders/my_work.html", _content(request, order, {action: form}), status=status)


@needs("report.write", "ticket.write")
@require_safe
def part_search(request: HttpRequest) -> HttpResponse:
    """The parts that fit what is typed."""
    text = request.GET.get("q", "")
    found = [] if has_forbidden(text) else found_products(text, actor=request.actor, limit=20)
    items = [{"value": product.pk, "label": str(product), "why": product.code} for product in found]
    return render(request, "ui/_picker_results.html", {"items": items})
