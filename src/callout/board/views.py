"""The planner's page, and the plain form beside it."""

import json
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callout.accounts.actor import Actor
from callout.accounts.gate import needs
from callout.board import commands, queries, rules
from callout.board.forms import PlanForm, start_of
from callout.planning import queries as planning
from callout.ui import clock
from callout.ui.forms import handle
from callout.workorders import queries as workorders
from callout.workorders.models import WorkStatus

_PLACE = 902_173_640_551_823  # stands for a primary key while an address is worked out


@needs("board.read")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The planner; `start`, `view` (or `days`, 1 or 7) and `team` in the address say where it opens."""
    return render(request, "board/board.html", {"config": json.dumps(_config(request))})


def _config(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = request.actor
    team = request.GET.get("team", "")
    return {
        "locale": get_language(),
        "csrf": get_token(request),
        "canPlan": actor.may("board.plan"),
        "api": "/api",
        "events": reverse("events"),
        "day": _day(request.GET.get("start", ""), actor).isoformat(),
        "view": _view(request.GET.get("view", ""), request.GET.get("days", "")),
        "look": rules.plain(queries.look(actor)),
        "team": int(team) if team.isdecimal() and len(team) < 19 else None,
        "timeZone": actor.time_zone,
        "ticketUrl": reverse("ticket", args=[_PLACE]).replace(str(_PLACE), "{id}"),
    }


def _view(name: str, days: str) -> str | None:
    """What the address asks for; None leaves it to the person's look."""
    if name in rules.VIEWS:
        return name
    return {"1": "day", "7": "week"}.get(days)


def _day(text: str, actor: Actor) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return queries.opening_day(actor, today=timezone.localdate(clock.now()))


@needs("board.plan")
def plan_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a work order, or put a planned one elsewhere, without dragging."""
    actor: Actor = request.actor
    order = workorders.one(pk, actor=actor)
    start = start_of(order, actor, resource=request.GET.get("resource", ""), at=request.GET.get("at", ""))
    form = PlanForm(request.POST or None, order=order, actor=actor, initial=start)

    def save(form: PlanForm) -> Any:
        return commands.place(
            work_order_id=pk,
            resource_id=form.cleaned_data["resource_id"].pk,
            window=form.window,
            helpers=[each.pk for each in form.cleaned_data["helpers"]],
            version=form.cleaned_data["version"],
            actor=actor,
            now=clock.now(),
        )

    is_open = order.status in (WorkStatus.FORESEEN, WorkStatus.PLANNED)
    slots = (
        planning.free_slots(order.activity_type, clock.now(), actor=actor, site=order.site, minutes=order.minutes)
        if is_open
        else []
    )
    context = {"order": order, "open": is_open, "slots": slots, "zone": actor.time_zone}
    return handle(
        request, form, save, template="board/plan.html", context=context, success=lambda _: redirect("work_order", pk),
        message=_("The work order is planned."),
    )  # fmt: skip


@needs("board.plan")
@require_POST
def unplan(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a work order off the calendar."""
    version = request.POST.get("version", "")
    commands.unplan(
        work_order_id=pk,
        version=int(version) if version.isdecimal() else None,
        actor=request.actor,
        now=clock.now(),
    )
    return redirect("plan_form", pk)
