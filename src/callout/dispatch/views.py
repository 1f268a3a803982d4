"""Dispatch without the planner: ask for a proposal, look at it as a list, tick what is to be planned."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from callout.accounts.gate import needs
from callout.core.errors import DomainError, NotFound
from callout.dispatch import commands, queries, urgent
from callout.dispatch.forms import DispatchForm, FitForm
from callout.dispatch.models import Proposal, Suggestion
from callout.dispatch.words import STALE, STATUS_COLOURS, costs_rows, notes_of, reason_of
from callout.ui import clock
from callout.ui.forms import handle
from callout.ui.refusals import explain
from callout.workorders import queries as workorders


@needs("board.plan")
def dispatch(request: HttpRequest) -> HttpResponse:
    """Choose days, people and work, and see the proposals that are open."""
    actor = request.actor
    tomorrow = timezone.localdate(clock.now()) + timedelta(days=1)
    form = DispatchForm(request.POST or None, actor=actor, initial=DispatchForm.start(tomorrow))

    def save(form: DispatchForm) -> Proposal:
        return commands.start(choice=form.choice, actor=actor, now=clock.now())

    context = {"open": queries.open_ones(actor), "colours": STATUS_COLOURS}
    return handle(
        request, form, save, template="dispatch/dispatch.html", context=context,
        success=lambda made: redirect("dispatch_proposal", made.pk),
    )  # fmt: skip


@needs("board.plan")
def fit(request: HttpRequest, pk: int) -> HttpResponse:
    """Fit an urgent work order into the plan as it is."""
    actor = request.actor
    order = workorders.one(pk, actor=actor)
    today = timezone.localdate(clock.now())
    form = FitForm(request.POST or None, initial={"first": today, "last": today})

    def save(form: FitForm) -> Proposal:
        may_move = form.cleaned_data["may_move"]
        return urgent.fit_in(work_order_id=pk, days=form.days, may_move=may_move, actor=actor)

    return handle(
        request, form, save, template="dispatch/fit.html", context={"order": order},
        success=lambda made: redirect("dispatch_proposal", made.pk),
    )  # fmt: skip


@needs("board.plan")
@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal as a list: what goes where, what is left out and why, and what it costs."""
    actor = request.actor
    sheet = queries.sheet(queries.one(pk, actor=actor), actor=actor)
    return render(request, "dispatch/proposal.html", {
        "proposal": sheet.proposal, "sheet": sheet, "mine": sheet.proposal.owner_id == actor.user_id,
        "status": Proposal.Status(sheet.status).label, "colour": STATUS_COLOURS[sheet.status],
        "notes": notes_of(sheet), "costs": costs_rows(sheet), "rows": [_row(each) for each in sheet.places],
        "left": [(row, reason_of(row)) for row in sheet.left_out],
        "moves": any(each.suggestion.kind == Suggestion.Kind.MOVE for each in sheet.places),
        "zone": actor.time_zone,
    })  # fmt: skip


def _row(shown: queries.Shown) -> dict[str, Any]:
    row = shown.suggestion
    undecided = row.outcome in ("", Suggestion.Outcome.REFUSED)
    return {
        "each": row, "stale": STALE.get(shown.stale, ""), "undecided": undecided, "km": row.metres / 1000,
        "minutes": round(row.travel / 60),
    }  # fmt: skip


@needs("board.plan")
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan what is ticked."""
    ids = [int(each) for each in request.POST.getlist("order") if each.isdecimal() and len(each) < 19]
    return _decided(request, pk, lambda: commands.accept(
        proposal_id=pk, work_order_ids=ids, tell=bool(request.POST.get("tell")), version=_version(request),
        actor=request.actor, now=clock.now(),
    ))  # fmt: skip


@needs("board.plan")
@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard what is not planned."""
    return _decided(request, pk, lambda: commands.dismiss(
        proposal_id=pk, version=_version(request), actor=request.actor, now=clock.now()
    ))  # fmt: skip


@needs("board.plan")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was planned."""
    return _decided(request, pk, lambda: commands.undo(
        proposal_id=pk, tell=bool(request.POST.get("tell")), actor=request.actor, now=clock.now()
    ))  # fmt: skip


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _decided(request: HttpRequest, pk: int, act: Any) -> HttpResponse:
    """Do it, say what came of it, and show the proposal again."""
    try:
        act()
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, explain(error).text)
        return redirect("dispatch_proposal", pk)
    _tell(request, queries.sheet(queries.one(pk, actor=request.actor), actor=request.actor))
    return redirect("dispatch_proposal", pk)


def _tell(request: HttpRequest, sheet: queries.Sheet) -> None:
    outcomes = [each.suggestion.outcome for each in sheet.places]
    if sheet.status == Proposal.Status.UNDONE:
        undone = outcomes.count(Suggestion.Outcome.UNDONE)
        messages.success(request, ngettext("%d work order taken back.", "%d work orders taken back.", undone) % undone)
    elif sheet.status == Proposal.Status.DISMISSED:
        messages.success(request, _("Discarded."))
    else:
        messages.success(
            request,
            ngettext("%d work order is planned.", "%d work orders are planned.", sheet.accepted) % sheet.accepted,
        )
    for outcome in (Suggestion.Outcome.REFUSED, Suggestion.Outcome.KEPT):
        count = outcomes.count(outcome)
        if count:
            told = ngettext("%d could not be: see why below.", "%d could not be: see why below.", count)
            messages.warning(request, told % count)
