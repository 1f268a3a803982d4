"""Pages of presence patterns, and of generating presences from them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from callout.accounts.gate import needs
from callout.core.errors import DomainError, NotFound
from callout.jobs.commands import create_run, defer
from callout.jobs.models import Run, RunStatus
from callout.jobs.queries import readable_run
from callout.jobs.work import carry_out
from callout.planning import presence_work as work
from callout.planning import queries
from callout.planning.commands import patterns as commands
from callout.planning.errors import NobodyChosen
from callout.planning.forms.patterns import GenerateForm, PatternForm
from callout.planning.models import PresencePattern, Resource
from callout.planning.presence_words import FATES, reason, shown_day, span
from callout.planning.queries.patterns import Choice, chosen_ids, one_pattern, plans
from callout.planning.rules.patterns import check_range
from callout.ui import clock
from callout.ui.forms import handle
from callout.ui.refusals import explain

SAVED = gettext_noop("Saved. Generate the presences for it to count.")
AHEAD = timedelta(days=90)


@needs("board.plan", "planning.admin")
def pattern(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A presence pattern."""
    row = one_pattern(pk, actor=request.actor) if pk else None
    start = PatternForm.start(row) if row else _blank(request)
    form = PatternForm(request.POST or None, actor=request.actor, fixed=row is not None, initial=start)

    def save(form: PatternForm) -> PresencePattern:
        shared: dict[str, Any] = {**form.values, "actor": request.actor, "now": clock.now()}
        if pk is None:
            return commands.add_pattern(resource_id=form.cleaned_data["resource"].pk, **shared)
        return commands.change_pattern(pattern_id=pk, version=form.cleaned_data["version"], **shared)

    context = {"row": row, "heading": row.resource if row else _("New presence pattern")}
    return handle(
        request, form, save, template="planning/pattern.html", context=context, message=_(SAVED),
        success=lambda made: f"{reverse('presence_patterns')}?resource={made.resource_id}",
    )  # fmt: skip


def _blank(request: HttpRequest) -> dict[str, Any]:
    today = timezone.localdate(clock.now())
    return {"resource": request.GET.get("resource"), "starts_on": today, "weekdays": list(range(5))}


@needs("board.plan", "planning.admin")
@require_POST
def remove_pattern(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a pattern with the presences that are still to come."""
    version = request.POST.get("version", "")
    try:
        commands.remove_pattern(
            pattern_id=pk, version=int(version) if version.isdecimal() else None, actor=request.actor,
            now=clock.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, explain(error).text)
        return redirect("presence_pattern", pk)
    messages.success(request, _("Deleted."))
    return redirect("presence_patterns")


@needs("board.plan", "planning.admin")
def generate(request: HttpRequest) -> HttpResponse:
    """Choose for whom and for which days, and see what would be written."""
    today = timezone.localdate(clock.now())
    start = {"first": today, "last": today + AHEAD, "clear": "", "resources": request.GET.getlist("resource")}
    form = GenerateForm(request.POST or None, actor=request.actor, initial=start)

    def save(form: GenerateForm) -> Run:
        choice = form.choice
        check_range(choice.first, choice.last)
        ids = chosen_ids(choice, actor=request.actor)
        if not ids:
            raise NobodyChosen("resources")
        title = _("Presences from %(first)s to %(last)s: preview")
        return _begin(request, work.PREVIEW, title, choice, len(ids))

    return handle(request, form, save, template="planning/generate.html", success=_shown)


def _begin(request: HttpRequest, name: str, title: str, choice: Choice, size: int, **facts: Any) -> Run:
    """Do it now when it is little, else in a job that a page watches."""
    first, last = (formats.date_format(day, "SHORT_DATE_FORMAT") for day in (choice.first, choice.last))
    small = size * choice.days <= work.AT_ONCE
    with transaction.atomic():
        run = create_run(
            name=name, title=title % {"first": first, "last": last}, actor=request.actor, now=clock.now(), total=size,
            choice=work.as_facts(choice), **facts,
        )  # fmt: skip
        if not small:
            defer("planning.presences", run_id=run.pk)
    if small:
        carry_out(run.pk, work.carry_out_body)
        run.refresh_from_db()
    return run


def _shown(run: Run) -> HttpResponse:
    return redirect("presence_run" if run.status == RunStatus.DONE else "run", run.pk)


@needs("board.plan", "planning.admin")
def presence_run(request: HttpRequest, pk: int) -> HttpResponse:
    """What generating would do, or did; sent back, the preview is carried out exactly as it was shown."""
    run = readable_run(pk, actor=request.actor)
    if run.name not in (work.PREVIEW, work.WRITE):
        raise NotFound
    if run.status != RunStatus.DONE:
        return redirect("run", pk)
    if request.method == "POST" and run.name == work.PREVIEW:
        return _shown(_carried_out(request, run))
    return render(request, "planning/presence_run.html", _context(request, run))


def _carried_out(request: HttpRequest, run: Run) -> Run:
    """The run that carries the preview out; asked twice, the same one."""
    known = Run.objects.filter(name=work.WRITE, result__preview=run.pk).order_by("pk").first()
    if known is not None:
        return known
    tallies = {pk: tally for pk, tally in run.result["tallies"].items() if _changes(tally)}
    seen = {pk: run.result["seen"][pk] for pk in tallies}
    choice = work.choice_of(run.result["choice"])
    title = _("Presences from %(first)s to %(last)s")
    return _begin(request, work.WRITE, title, choice, len(seen), preview=run.pk, seen=seen, tallies=tallies)


def _changes(tally: dict[str, int]) -> int:
    return tally["write"] + tally["replace"] + tally["remove"]


def _counts(tally: dict[str, int]) -> list[tuple[tuple[Any, str], int]]:
    """Each fate with its count, always in the same order."""
    return [(words, tally[fate]) for fate, words in FATES.items()]


def _context(request: HttpRequest, run: Run) -> dict[str, Any]:
    """The counts, and days: all of one resource, else the clashes."""
    result, choice = run.result, work.choice_of(run.result["choice"])
    names = queries.resources_visible_to(request.actor).in_bulk(int(pk) for pk in result["tallies"])
    rows = [
        (names[int(pk)], _counts(tally), _changes(tally)) for pk, tally in result["tallies"].items() if int(pk) in names
    ]
    wanted = request.GET.get("resource", "") or (next(iter(result["tallies"]), "") if len(rows) == 1 else "")
    chosen = names.get(int(wanted)) if wanted.isdecimal() and len(wanted) < 19 else None
    writes = run.name == work.WRITE
    return {
        "run": run, "choice": choice, "writes": writes, "changes": _changes(result["sums"]),
        "sums": _counts(result["sums"]),
        "rows": sorted(rows, key=lambda row: str(row[0])), "chosen": chosen, "fates": FATES.values(),
        "lines": [] if writes else _days(chosen, choice) if chosen else _clashes(result["clashes"], names),
        "cut": not chosen and len(result.get("clashes", ())) >= work.TOLD,
        "left": [str(each) for each in work.names_of(result.get("changed", [])).values()],
    }  # fmt: skip


def _days(resource: Resource, choice: Choice) -> list[dict[str, Any]]:
    """Every day of one resource as it stands now."""
    _resource, lines = plans([resource], choice, now=clock.now())[resource.pk]
    return [_line(work.line_facts(line), resource) for line in lines]


def _clashes(lines: list[dict[str, Any]], names: dict[int, Resource]) -> list[dict[str, Any]]:
    return [_line(line, names[line["resource"]]) for line in lines if line["resource"] in names]


def _line(line: dict[str, Any], resource: Resource) -> dict[str, Any]:
    zone = resource.time_zone
    hours = span(datetime.fromisoformat(line["starts"]), datetime.fromisoformat(line["ends"]), zone)
    return {
        "resource": resource, "day": shown_day(date.fromisoformat(line["day"])), "hours": hours, "zone": line["zone"],
        "fate": FATES[line["fate"]], "reason": reason(line, zone),
    }  # fmt: skip
