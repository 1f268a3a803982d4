"""The to-do list: what a person or a team has to do, and doing it."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callout.accounts.actor import Actor
from callout.accounts.gate import signed_in
from callout.core.errors import NotFound
from callout.documents.registry import may_read
from callout.planning import commands, queries
from callout.planning.commands import Changed
from callout.planning.forms.todo import DEFAULT_SPAN, HandOverForm, PostponeForm, TaskForm, WishForm
from callout.planning.models import AbsenceRequest, Category, Task
from callout.planning.presence_words import away_words
from callout.planning.queries import todo
from callout.planning.queries.requests import to_decide
from callout.planning.queries.todo import Whose
from callout.ui import clock
from callout.ui.forms import handle

FORM = "planning/task_form.html"
SHOWN_IDS = 200
"""Reminders that a session remembers to have shown."""


@signed_in
@require_safe
def to_do(request: HttpRequest) -> HttpResponse:
    """The list, and beside it the person's calendar of a day."""
    now = clock.now()
    today = timezone.localdate(now)
    wanted = request.GET.copy()
    for name, usual in (("whose", f"u{request.actor.user_id}"), ("days", str(DEFAULT_SPAN))):
        wanted.setdefault(name, usual)
    form = WishForm(wanted, actor=request.actor, today=today)
    whose, wish, day = form.read()
    found = todo.to_do(whose, wish, actor=request.actor, now=now)
    context = {
        "form": form,
        "found": found,
        "whose": whose,
        "today": today,
        "here": request.get_full_path(),
        "narrowed": any(request.GET.get(name) for name in ("q", "kind", "sector", "state")),
        "asked": _asked(request.actor) if whose.user_id == request.actor.user_id else [],
        "alone": sum(len(group[1]) for group in form.fields["whose"].choices) < 2,
        **_beside(whose, day, request),
    }
    return render(request, "planning/to_do.html", context)


def _asked(actor: Actor) -> list[tuple[AbsenceRequest, str]]:
    """The absences on which the actor decides, each with when it would be."""
    return [(row, away_words(row)) for row in to_decide(actor)]


def _beside(whose: Whose, day: date, request: HttpRequest) -> dict[str, Any]:
    """The calendar of the day; none beside a team's list."""
    if whose.user_id is None:
        return {"calendar": None}
    rest = request.GET.copy()
    urls = {}
    for name, step in (("before", -1), ("after", 1)):
        rest["day"] = (day + timedelta(days=step)).isoformat()
        urls[name] = f"{request.path}?{rest.urlencode()}"
    return {"calendar": todo.day_calendar(whose.user_id, day, actor=request.actor), "day": day, **urls}


@signed_in
@require_http_methods(["GET", "POST"])
def task_new(request: HttpRequest) -> HttpResponse:
    """A new task or reminder."""
    back = _back(request)
    form = TaskForm(request.POST or None, actor=request.actor, today=timezone.localdate(clock.now()))

    def save(form: TaskForm) -> Changed:
        kind = form.cleaned_data["activity_type"]
        return commands.create_task(
            activity_type_id=kind.pk, **form.target(), **form.values(), actor=request.actor, now=clock.now()
        )

    def leave(done: Changed) -> str:
        _tell(request, _("Saved."), done)
        return back

    context = {"heading": _("New task"), "back": back, "none": not form.fields["activity_type"].queryset.exists()}  # type: ignore[attr-defined]  # a field of records
    return handle(request, form, save, template=FORM, context=context, success=leave)


@signed_in
@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """A task with everything about it; it is changed here while it is to be done."""
    row = todo.one_task(pk, actor=request.actor)
    today = timezone.localdate(clock.now())
    form = TaskForm(request.POST or None, actor=request.actor, task=row, today=today)

    def save(form: TaskForm) -> Changed:
        return commands.change_task(
            task_id=pk, version=form.cleaned_data["version"], **form.values(), actor=request.actor, now=clock.now()
        )

    context = {
        "row": row,
        "today": today,
        "followers": _followers(row, request.actor),
        "has_history": may_read(request.actor, "task", pk),
        "back": _back(request),
    }
    return handle(
        request, form, save, template="planning/task.html", context=context, success=_back(request),
        message=_("Saved."),
    )  # fmt: skip


def _followers(row: Task, actor: Actor) -> list[Task]:
    """What its chains have made of it, as far as the actor sees that."""
    found = todo.tasks_visible_to(actor).filter(follows=row)
    return list(found.select_related("activity_type", "state").order_by("due_on", "id")[:50])


@signed_in
@require_http_methods(["GET", "POST"])
def task_action(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Done, given up, to be done again, postponed, handed over."""
    row = todo.one_task(pk, actor=request.actor)
    if action in STEPS:
        return _step(request, row, action)
    if action not in ("postpone", "hand-over"):
        raise NotFound
    return _postpone(request, row) if action == "postpone" else _hand_over(request, row)


STEPS = {
    "done": (commands.close_task, {"done": True}),
    "give-up": (commands.close_task, {"done": False}),
    "reopen": (commands.reopen_task, {}),
}


def _step(request: HttpRequest, row: Task, action: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseRedirect(reverse("task", args=[row.pk]))
    command, extra = STEPS[action]
    done: Changed = command(task_id=row.pk, version=_version(request), actor=request.actor, now=clock.now(), **extra)
    said = {"done": _("Done: %(title)s"), "give-up": _("Given up: %(title)s"), "reopen": _("To do again: %(title)s")}
    _tell(request, said[action] % {"title": row.title}, done)
    return HttpResponseRedirect(_back(request))


def _postpone(request: HttpRequest, row: Task) -> HttpResponse:
    tomorrow = max(row.due_on, timezone.localdate(clock.now())) + timedelta(days=1)
    form = PostponeForm(request.POST or None, initial={"due_on": tomorrow, "version": row.version})

    def save(form: PostponeForm) -> Changed:
        data = form.cleaned_data
        return commands.postpone_task(
            task_id=row.pk, version=data["version"], due_on=data["due_on"], actor=request.actor, now=clock.now()
        )

    def leave(done: Changed) -> str:
        day = formats.date_format(done.task.due_on, "SHORT_DATE_FORMAT")
        messages.success(request, _("Postponed to %(day)s: %(title)s") % {"day": day, "title": row.title})
        return _back(request)

    context = {"row": row, "heading": _("Postpone"), "back": _back(request), "button": _("Postpone")}
    return handle(request, form, save, template=FORM, context=context, success=leave)


def _hand_over(request: HttpRequest, row: Task) -> HttpResponse:
    form = HandOverForm(request.POST or None, initial={"version": row.version})

    def save(form: HandOverForm) -> Changed:
        chosen: Whose = form.cleaned_data["whose"]
        return commands.hand_over(
            task_id=row.pk, version=form.cleaned_data["version"], owner_id=chosen.user_id, team_id=chosen.team_id,
            actor=request.actor, now=clock.now(),
        )  # fmt: skip

    context = {"row": row, "heading": _("Hand over"), "back": _back(request), "button": _("Hand over")}
    return handle(
        request, form, save, template=FORM, context=context, success=lambda done: _back(request, reverse("to_do")),
        message=_("Handed over."),
    )  # fmt: skip


@signed_in
@require_POST
def appointment_done(request: HttpRequest, pk: int) -> HttpResponse:
    """An appointment of one's own calendar that has no page where it is carried out is done."""
    actor = request.actor
    found = queries.appointments_visible_to(actor).filter(pk=pk, category__in=todo.TO_DO)
    if not actor.may("board.plan"):
        found = found.filter(resource__user_id=actor.user_id)
    row = found.first()
    if row is None or todo.carried_out_elsewhere(row):
        raise NotFound
    commands.set_category(appointment=row, category=Category.DONE, actor=actor, now=clock.now())
    messages.success(request, _("Done: %(title)s") % {"title": row.title})
    return HttpResponseRedirect(_back(request))


@signed_in
@require_safe
def reminders(request: HttpRequest) -> HttpResponse:
    """The reminders that have come and were not shown in this session yet."""
    shown = request.session.get("reminded", [])
    fresh = [
        row for row in todo.fired_reminders(request.actor, now=clock.now())
        if [row.pk, row.version] not in shown
    ]  # fmt: skip
    if fresh:
        request.session["reminded"] = [*shown, *([row.pk, row.version] for row in fresh)][-SHOWN_IDS:]
    return render(request, "planning/_reminders.html", {"rows": fresh})


def _tell(request: HttpRequest, text: str, done: Changed) -> None:
    """Say that it is done, and what was made of it."""
    messages.success(request, text)
    count = len(done.made.tasks)
    if count:
        words = ngettext("%(count)d further task was made.", "%(count)d further tasks were made.", count)
        messages.info(request, words % {"count": count})
    if done.made.cut:
        messages.warning(request, _("No more than 1,000 tasks are made at once: the rest was left out."))


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _back(request: HttpRequest, otherwise: str = "") -> str:
    """The list that the visitor came from; an address of anywhere else is not followed."""
    url = request.POST.get("back") or request.GET.get("back") or ""
    home = otherwise or reverse("to_do")
    is_ours = url.startswith(home) and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if is_ours else home
