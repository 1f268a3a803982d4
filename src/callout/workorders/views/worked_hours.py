"""The worked-hours sheet: a month at a glance, a day to add, change and delete hours."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from callout.accounts.gate import needs
from callout.core.errors import DomainError, NotFound
from callout.core.worktime import check_day
from callout.planning.models import Resource
from callout.ui import clock, exports
from callout.ui.columns import Column
from callout.workorders import commands
from callout.workorders.forms.worked_hours import LineForm, NewHoursForm
from callout.workorders.models import HoursLine
from callout.workorders.queries import worked_hours as hours

SEES = ("own.work", hours.CORRECTS)
COLUMNS = (
    Column("day", gettext_lazy("Day"), kind="date"),
    Column("person", gettext_lazy("Person"), "resource.user.display_name"),
    Column("order", gettext_lazy("Work order"), "work_order.code"),
    Column("customer", gettext_lazy("Customer"), "work_order.ticket.customer.name"),
    Column("description", gettext_lazy("Description")),
    Column("worked", gettext_lazy("Hours worked"), kind="number"),
    Column("to_bill", gettext_lazy("Hours to bill"), kind="number"),
)


@needs(*SEES)
@require_safe
def worked_hours(request: HttpRequest) -> HttpResponseBase:
    """A month: one's own hours by work order, or for administrators anybody's, or everybody's by person."""
    today = timezone.localdate(clock.now())
    month = _month(request.GET.get("month", ""), today)
    resource = _person(request)
    kind = request.GET.get("export", "")
    if kind in ("csv", "xlsx"):
        rows = hours.month_lines(request.actor, month=month, resource=resource)
        facts = {_("Month"): formats.date_format(month, "YEAR_MONTH_FORMAT")}
        return exports.export(kind, rows, COLUMNS, title=_("Worked hours"), facts=facts, now=clock.now())
    everybody = request.actor.may(hours.CORRECTS)
    context = {
        "sheet": hours.hours_sheet(request.actor, month=month, resource=resource),
        "month": month,
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": hours.next_month(month),
        "today": today,
        "person": resource,
        "people": hours.people(request.actor) if everybody else None,
    }
    return render(request, "workorders/worked_hours.html", context)


def _month(text: str, today: date) -> date:
    """The month in the address, `2026-11`; this one for anything else."""
    try:
        return check_day(date.fromisoformat(f"{text}-01"))
    except (ValueError, DomainError):
        return today.replace(day=1)


def _person(request: HttpRequest) -> Resource | None:
    """Whose hours: who is named, else oneself; None for everybody's, of which others than administrators see none."""
    text = request.GET.get("person", "")
    if text.isascii() and text.isdigit() and len(text) < 19:
        return hours.person(int(text), actor=request.actor)
    own = hours.people(request.actor).filter(user_id=request.actor.user_id).first()
    return None if request.actor.may(hours.CORRECTS) and text == "all" else own


@needs(*SEES)
@require_http_methods(["GET", "POST"])
def worked_hours_day(request: HttpRequest, pk: int, day: str) -> HttpResponse:
    """A person's day: what is there, and adding, changing or deleting hours; somebody else's with a reason."""
    resource = hours.person(pk, actor=request.actor)
    chosen = _day(day)
    corrects = resource.user_id != request.actor.user_id
    orders = list(hours.orders_for_hours(request.actor, resource=resource))
    refused: Any = None
    if request.method == "POST":
        refused = _act(request, resource, chosen, corrects, orders)
        if refused is None:
            return HttpResponseRedirect(reverse("worked_hours_day", args=[pk, day]))
    lines = hours.day_lines(request.actor, day=chosen, resource=resource)
    context = {
        "person": resource,
        "day": chosen,
        "before": chosen - timedelta(days=1),
        "after": chosen + timedelta(days=1),
        "rows": [(line, _line_form(line, refused, corrects)) for line in lines],
        "total": sum(line.worked for line in lines),
        "new": refused if isinstance(refused, NewHoursForm) else NewHoursForm(orders=orders, corrects=corrects),
        "orders": orders,
        "corrects": corrects,
        "sees_tickets": request.actor.may("ticket.read"),
    }
    status = 200 if refused is None else 409 if refused.stale else 422
    return render(request, "workorders/worked_hours_day.html", context, status=status)


def _day(text: str) -> date:
    try:
        return check_day(date.fromisoformat(text))
    except (ValueError, DomainError) as error:
        raise NotFound from error


def _line_form(line: HoursLine, refused: Any, corrects: bool) -> LineForm:
    """The form of a line: as it was sent when it is the one that was refused."""
    if isinstance(refused, LineForm) and refused.data.get("line") == str(line.pk):
        return refused
    return LineForm(of=line, corrects=corrects, auto_id=f"id_{line.pk}_%s")


def _act(request: HttpRequest, resource: Resource, day: date, corrects: bool, orders: list[Any]) -> Any:
    """Do what was sent; the form when it was refused, None when it is done."""
    action = request.POST.get("do", "add")
    if action == "add":
        form: Any = NewHoursForm(request.POST, orders=orders, corrects=corrects)
    else:
        form = LineForm(request.POST, corrects=corrects)
    if form.is_valid():
        line = _line(request, form, resource, day) if action != "add" else None
        with form.refusals():
            _RUN[action if action in _RUN else "change"](request, form, resource, day, line)
    if not form.is_valid():
        return form
    messages.success(request, _("Saved.") if action != "remove" else _("Deleted."))
    return None


def _add(request: HttpRequest, form: Any, resource: Resource, day: date, line: Any) -> None:
    found = form.cleaned_data
    commands.add_hours(
        work_order_id=int(found["order"]), day=day, worked=found["worked"], to_bill=found["to_bill"],
        resource_id=resource.pk, reason=form.reason, actor=request.actor, now=clock.now(),
    )  # fmt: skip


def _change(request: HttpRequest, form: Any, resource: Resource, day: date, line: Any) -> None:
    found = form.cleaned_data
    commands.change_hours(
        work_order_id=line.work_order_id, line_id=line.pk, day=day,
        worked=line.worked if found["worked"] is None else found["worked"],
        to_bill=line.to_bill if found["to_bill"] is None else found["to_bill"],
        version=found["version"], reason=form.reason, actor=request.actor, now=clock.now(),
    )  # fmt: skip


def _remove(request: HttpRequest, form: Any, resource: Resource, day: date, line: Any) -> None:
    commands.remove_hours(
        work_order_id=line.work_order_id, line_id=line.pk, version=form.cleaned_data["version"], reason=form.reason,
        actor=request.actor, now=clock.now(),
    )  # fmt: skip


_RUN = {"add": _add, "change": _change, "remove": _remove}


def _line(request: HttpRequest, form: LineForm, resource: Resource, day: date) -> HoursLine:
    """The line, when it is one of this person's day. Raises NotFound."""
    rows = hours.lines(request.actor).filter(resource=resource, day=day)
    found = rows.filter(pk=form.cleaned_data["line"]).first()
    if found is None:
        raise NotFound
    return found
