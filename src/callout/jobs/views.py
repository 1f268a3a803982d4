"""How far a long piece of work is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from callout.accounts.gate import signed_in
from callout.jobs import commands, queries
from callout.jobs.models import Run
from callout.jobs.rules import OVER, POLL_SECONDS, percent
from callout.ui import clock


@signed_in
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of its own, or, asked by htmx, the fragment that keeps itself up to date until the work has ended."""
    found = queries.readable_run(pk, actor=request.actor)
    htmx = bool(getattr(request, "htmx", False))
    response = render(request, "jobs/_run.html" if htmx else "jobs/run.html", _shown(found))
    if htmx and found.status in OVER:
        response.headers["HX-Trigger-After-Swap"] = "run-over"
    return response


@signed_in
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the work to stop, and show the fragment again."""
    actor = request.actor
    found = queries.readable_run(pk, actor=actor)
    found = commands.request_cancel(run_id=found.pk, actor=actor, now=clock.now())
    return render(request, "jobs/_run.html", _shown(found))


def _shown(found: Run) -> dict[str, Any]:
    return {
        "run": found,
        "over": found.status in OVER,
        "percent": percent(found.done, found.total),
        "every": POLL_SECONDS,
        "link": found.result.get("url") if found.status == "done" else None,
    }
