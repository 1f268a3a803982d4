"""The ticket page: one ticket with its work orders, in the six steps from the call to the notes."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import push_url, reswap, retarget

from callout.accounts.actor import Actor
from callout.accounts.gate import needs
from callout.audit.models import Entry
from callout.core.errors import NotFound
from callout.core.worktime import zone_of
from callout.documents.models import DocumentStatus
from callout.planning.registry import in_layout
from callout.tickets import queries as tickets
from callout.tickets.mails import CHANGED
from callout.tickets.models import Ticket
from callout.ui import clock
from callout.ui.forms import Form
from callout.workorders import queries, rules, service_report, words
from callout.workorders.commands.outgoing import sent_report
from callout.workorders.forms.lines import HoursForm
from callout.workorders.models import WorkOrder, WorkStatus
from callout.workorders.views.actions import ORDER, TICKET, Action

SEES = ("ticket.read", "own.work")
HISTORY = 40
"""Entries of the history that the page shows."""


@needs(*SEES)
@require_safe
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a ticket; `order` in the address chooses the work order."""
    found = tickets.one(pk, actor=request.actor)
    chosen = request.GET.get("order", "")
    order_id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None
    return render(request, "workorders/ticket.html", content(found, order_id, request.actor))


@needs(*SEES)
@require_safe
def work_order(request: HttpRequest, pk: int) -> HttpResponse:
    """A work order is shown on its ticket's page."""
    order = queries.one(pk, actor=request.actor)
    return HttpResponseRedirect(address(order.ticket_id, order.pk))


def address(ticket_id: int, order_id: int | None = None) -> str:
    """Where a ticket's page is, with that work order open."""
    page = reverse("ticket", args=[ticket_id])
    return f"{page}?order={order_id}" if order_id else page


def content(ticket: Ticket, order_id: int | None, actor: Actor) -> dict[str, Any]:
    """Everything that the page shows."""
    orders = list(queries.orders_of(ticket, actor=actor))
    order = _chosen(orders, order_id)
    offered = {name: action for name, action in TICKET.items() if action.offered(actor)}
    return {
        "ticket": ticket,
        "status": words.ticket_status(ticket),
        "priority": words.priority(ticket),
        "call_fields": in_layout(ticket.activity_type.layout),
        "objects": list(tickets.objects_of(ticket)),
        "orders": [(one, words.order_status(one)) for one in orders],
        "order": order,
        "thread": list(tickets.thread(ticket)),
        "history": _history(ticket, orders),
        "is_open": ticket.doc_status != DocumentStatus.CANCELLED,
        "may_relocate": not any(one.status in rules.BEGUN for one in orders),
        "is_settled": ticket.status not in tickets.OPEN or ticket.doc_status == DocumentStatus.CANCELLED,
        "can": set(offered),
        "plans": actor.may("board.plan"),
        "sees_customer": actor.may("customer.read"),
        **(order_content(order, ticket, actor) if order else {}),
    }


def _chosen(orders: list[WorkOrder], order_id: int | None) -> WorkOrder | None:
    """The work order to show: the one asked for, else the first that is not over, else the last."""
    for order in orders:
        if order.pk == order_id:
            return order
    going_on = [order for order in orders if order.status in rules.ESTIMATE_OPEN]
    return (going_on or orders[-1:] or [None])[0]


def order_content(order: WorkOrder, ticket: Ticket, actor: Actor) -> dict[str, Any]:
    """What steps two to six show of a work order."""
    order.ticket = ticket
    lives = ticket.doc_status != DocumentStatus.CANCELLED
    sheet = queries.sheet(order)
    actuals = lives and order.status in rules.ACTUALS_OPEN
    crew = queries.crew_of(order)
    me = next((each for each in crew if each.resource.user_id == actor.user_id), None)
    to_propose = actuals and (len(crew) > 1 or not sheet.hours)
    return {
        "sheet": sheet,
        "order_status": words.order_status(order),
        "proposed": queries.proposed_hours(order, on=local_day(order), actor=actor) if to_propose else [],
        **_clocks(order, crew, me, lives),
        "photos": list(queries.photographs(order)) if order.started_at else [],
        "report": sent_report(order) if order.reported_at else None,
        "steps": set(rules.WAY[order.status]) if lives else set(),
        "may_invite": lives and order.status in rules.UNTOUCHED and (actor.may("slot.book") or actor.may("board.plan")),
        "may_estimate": lives and order.status in rules.ESTIMATE_OPEN and actor.may("ticket.write"),
        "may_report": actuals and actor.may("report.write"),
        "acts": {name for name, action in ORDER.items() if action.offered(actor)},
    }


def _clocks(order: WorkOrder, crew: list[queries.Member], me: queries.Member | None, lives: bool) -> dict[str, Any]:
    """Everybody's clock, and what can be done with one's own; the office sees that of who leads the work.

    Only who leads takes the work up again after its end.
    """
    own = me or (crew[0] if crew else None)
    running = own is not None and own.clock is not None
    begun = own is not None and own.worked
    goes_on = lives and order.status == WorkStatus.UNDER_WAY
    leads = me is None or me.leads
    return {
        "crew": crew,
        "me": me,
        "running": running,
        "may_start": lives and (order.status == WorkStatus.PLANNED or (goes_on and not begun)),
        "may_resume": not running and ((goes_on and begun) or (lives and leads and order.status == WorkStatus.DONE)),
        "may_end": goes_on and (leads or (begun and (running or own is None or own.ended_at is None))),
    }


def _history(ticket: Ticket, orders: list[WorkOrder]) -> list[dict[str, Any]]:
    """What happened to the ticket and its work orders, newest first."""
    of_orders = Q(subject_kind="workorder", subject_id__in=[order.pk for order in orders])
    entries = Entry.objects.filter(Q(subject_kind="ticket", subject_id=ticket.pk) | of_orders).order_by("-id")
    entries = entries.exclude(action="mail.queued", facts__event=CHANGED)  # colleagues were told of what stands here
    return [words.told(entry) for entry in entries[:HISTORY]]


@needs(*SEES)
def ticket_action(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """The form of something to do with a ticket, and doing it."""
    found = tickets.one(pk, actor=request.actor)
    return _act(request, found, _known(TICKET, action), "ticket_action", action)


@needs(*SEES)
def order_action(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """The form of something to do with a work order, and doing it."""
    found = queries.one(pk, actor=request.actor)
    return _act(request, found, _known(ORDER, action), "order_action", action)


def _known(table: Any, name: str) -> Action:
    if name not in table:
        raise NotFound
    return table[name]


def _act(request: HttpRequest, subject: Ticket | WorkOrder, action: Action, url_name: str, name: str) -> HttpResponse:
    request.actor.require(*action.rights)
    if request.method != "POST":
        return _form(
            request, subject, action, made(action, subject, actor=request.actor, line=_line(request)), url_name, name
        )
    form = made(action, subject, request.POST, request.FILES, actor=request.actor)
    if form.is_valid():
        result = None
        with form.refusals():
            result = action.run(subject, form, request.actor, clock.now())
        if form.is_valid():
            return _done(request, subject, action, result)
    return _form(request, subject, action, form, url_name, name)


def made(action: Action, subject: Any, *data: Any, actor: Actor, line: int | None = None) -> Form:
    """The form of an action; `line` is the one that it corrects."""
    extra: dict[str, Any] = {"line": line} if line else {}
    if action.for_actor:
        extra["actor"] = actor
    form = action.form(*data, subject=subject, **extra)
    if isinstance(form, HoursForm):
        form.begin_with(local_day(subject))
    return form


def local_day(order: WorkOrder) -> date:
    """Today where the work is done."""
    return clock.now().astimezone(zone_of(order.site.time_zone)).date()


def _line(request: HttpRequest) -> int | None:
    text = request.GET.get("line", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _form(
    request: HttpRequest, subject: Ticket | WorkOrder, action: Action, form: Form, url_name: str, name: str
) -> HttpResponse:
    """The form in its place on the page, or on a page of its own without scripts."""
    ticket_id, order_id = _places(subject)
    context = {
        "form": form,
        "action": action,
        "url": reverse(url_name, args=[subject.pk, name]),
        "back": address(ticket_id, order_id),
        "slot": f"slot-{action.section}",
        "subject": subject,
    }
    status = (409 if form.stale else 422) if request.method == "POST" else 200
    template = action.template if request.htmx else "workorders/form_page.html"
    return render(request, template, context, status=status)


def _places(subject: Ticket | WorkOrder) -> tuple[int, int | None]:
    return (subject.pk, None) if isinstance(subject, Ticket) else (subject.ticket_id, subject.pk)


def _done(request: HttpRequest, subject: Ticket | WorkOrder, action: Action, result: Any) -> HttpResponse:
    """The whole page's content anew, since one step changes what the others show."""
    ticket_id, order_id = _places(subject)
    if isinstance(result, WorkOrder):
        order_id = result.pk
    if action.done:
        messages.success(request, action.done)
    if not request.htmx:
        return HttpResponseRedirect(address(ticket_id, order_id))
    try:
        shown = content(tickets.one(ticket_id, actor=request.actor), order_id, request.actor)
    except NotFound:  # a technician's own order that was just unplanned
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("home")})
    response = reswap(retarget(render(request, "workorders/_ticket_body.html", shown), "#ticket-body"), "outerHTML")
    return push_url(response, address(ticket_id, order_id))


@needs(*SEES)
@require_safe
def service_report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The service report as it stands now, on paper."""
    order = queries.one(pk, actor=request.actor)
    response = HttpResponse(service_report.draw(order), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{service_report.file_name(order)}"'
    return response
