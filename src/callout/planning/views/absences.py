"""Pages of absences: entering them, asking for them, deciding, and clearing the work that lies in them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.accounts.gate import needs
from callout.core.errors import DomainError, NotFound
from callout.planning import commands as planning
from callout.planning import holders, queries
from callout.planning.commands import requests as commands
from callout.planning.errors import WorkPlanned
from callout.planning.forms.requests import AskForm, DecisionForm
from callout.planning.forms.vocabulary import AbsenceForm
from callout.planning.models import Absence, AbsenceRequest, Appointment, Resource
from callout.planning.presence_words import away_words
from callout.planning.queries import requests as reading
from callout.ui import clock
from callout.ui.forms import handle
from callout.ui.refusals import explain

SHOWN_SINCE = timedelta(days=30)
"""How long what is over stays on the page of one's own absences."""


@needs("board.plan", "planning.admin")
def absence(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Somebody's absence; work that is planned in it is offered to be taken off the calendar or moved."""
    row = _absence(request, pk)
    form = AbsenceForm(request.POST or None, actor=request.actor, fixed=row is not None, initial=_start(request, row))
    context: dict[str, Any] = {"row": row, "heading": row.resource if row else _("New absence")}

    def save(form: AbsenceForm) -> Absence:
        data = form.cleaned_data
        shared = {"window": form.window, "reason": data["reason"], "actor": request.actor, "now": clock.now()}
        resource: Resource = row.resource if row else data["resource"]
        try:
            if row is None:
                return planning.add_absence(resource_id=resource.pk, **shared)
            return planning.change_absence(absence_id=row.pk, version=data["version"], **shared)
        except WorkPlanned:
            work = queries.unfinished(resource, form.window.starts, form.window.ends).select_related("resource")
            context["work"], context["next"] = _in_the_way(request, list(work[:100])), _again(request, resource, form)
            raise

    return handle(
        request, form, save, template="planning/absence.html", context=context, success="absences",
        message=_("Saved."),
    )  # fmt: skip


def _absence(request: HttpRequest, pk: int | None) -> Absence | None:
    """The absence of the page, None for a new one. Raises NotFound."""
    if pk is None:
        return None
    found = queries.absences_visible_to(request.actor).select_related("resource__user").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _start(request: HttpRequest, row: Absence | None) -> dict[str, Any]:
    """What the form starts with: the absence, with what the address says over it."""
    typed: dict[str, Any] = {name: request.GET[name] for name in ("resource", "reason") if request.GET.get(name)}
    for name in ("starts", "ends"):
        moment = _moment(request.GET.get(name, ""))
        if moment is not None:
            typed[name] = moment
    kept = {name: getattr(row, name) for name in ("starts", "ends", "reason", "version")} if row else {}
    return {**kept, **typed}


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


def _again(request: HttpRequest, resource: Resource, form: AbsenceForm) -> str:
    """The address of the form as it was typed."""
    window = form.window
    typed = {
        "resource": resource.pk, "reason": form.cleaned_data["reason"], "starts": window.starts.isoformat(),
        "ends": window.ends.isoformat(),
    }  # fmt: skip
    return f"{request.path}?{urlencode(typed)}"


def _in_the_way(request: HttpRequest, work: Sequence[Appointment]) -> list[dict[str, Any]]:
    """Each appointment with what stands behind it, and where it can be moved."""
    known = holders.held([each.pk for each in work], actor=request.actor)
    return [
        {
            "appointment": each, "held": known.get(each.pk),
            "board": f"{reverse('board')}?start={timezone.localdate(each.starts).isoformat()}",
        }
        for each in work
    ]  # fmt: skip


@needs("board.plan")
@require_POST
def appointment_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an appointment, and the work behind it, off the calendar, and go back to the page that asked for it."""
    actor, now = request.actor, clock.now()
    if not queries.appointments_visible_to(actor).filter(pk=pk).exists():
        raise NotFound
    try:
        if not holders.unplan(pk, actor=actor, now=now):
            version = request.POST.get("version", "")
            planning.cancel(
                appointment_id=pk, version=int(version) if version.isdecimal() else None, actor=actor, now=now
            )
        messages.success(request, _("It is off the calendar."))
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, explain(error).text)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("absences")
    return redirect(target)


@needs("own.work")
def my_absences(request: HttpRequest) -> HttpResponse:
    """One's own absences: what was asked for, what became of it, and asking for another."""
    now = clock.now()
    resource = queries.resource_of(request.actor)
    form = AskForm(request.POST or None, resource=resource)

    def save(form: AskForm) -> AbsenceRequest:
        reason = form.cleaned_data["reason"]
        return commands.ask(window=form.window, reason=reason, actor=request.actor, now=now)

    since = now - SHOWN_SINCE
    context = {
        "resource": resource,
        "requests": _spoken(reading.own_requests(resource, since=since)) if resource else [],
        "absences": _spoken(reading.own_absences(resource, since=since)) if resource else [],
    }
    return handle(
        request, form, save, template="planning/my_absences.html", context=context, success="my_absences",
        message=_("Asked. You are told as soon as it is decided."),
    )  # fmt: skip


def _spoken(rows: Sequence[Any]) -> list[tuple[Any, str]]:
    """Each absence or request with its time in words."""
    return [(row, away_words(row)) for row in rows]


@needs("own.work")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an open request back."""
    version = request.POST.get("version", "")
    try:
        commands.withdraw(
            request_id=pk, version=int(version) if version.isdecimal() else None, actor=request.actor, now=clock.now()
        )
        messages.success(request, _("Withdrawn."))
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, explain(error).text)
    return redirect("my_absences")


@needs(*reading.DECIDES)
def absence_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Who else is away, which work is planned then, and the decision."""
    found = reading.one_request(pk, actor=request.actor)
    form = DecisionForm(request.POST or None, initial={"version": found.version})

    def save(form: DecisionForm) -> AbsenceRequest:
        decide = commands.refuse if request.POST.get("decision") == "refuse" else commands.approve
        data = form.cleaned_data
        return decide(
            request_id=pk, version=data["version"], answer=data["answer"], actor=request.actor, now=clock.now()
        )

    return handle(
        request, form, save, template="planning/absence_request.html", context=_facts(request, found),
        success="absence_requests", message=_("Decided. Who asked is told."),
    )  # fmt: skip


def _facts(request: HttpRequest, found: AbsenceRequest) -> dict[str, Any]:
    is_open = found.status == AbsenceRequest.Status.ASKED
    absences, asked = reading.others_away(found) if is_open else ([], [])
    return {
        "row": found, "open": is_open, "when": away_words(found), "absences": _spoken(absences),
        "asked": _spoken(asked),
        "work": _in_the_way(request, reading.work_in(found)) if is_open else [], "next": request.path,
    }  # fmt: skip
