"""Showing what generating presences would do, and doing it, resource by resource. An edge: it reads the clock."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse

from callout.accounts.actor import SYSTEM, Actor
from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.core.errors import NotFound
from callout.jobs.commands import progress
from callout.jobs.models import Run
from callout.planning.commands.patterns import generate
from callout.planning.errors import NotGenerated
from callout.planning.models import Resource
from callout.planning.queries.patterns import Choice, chosen_ids, plans_in_chunks
from callout.planning.rules import patterns as rules
from callout.planning.rules.patterns import Fate, Line, Why
from callout.ui import clock

PREVIEW, WRITE = "presence.preview", "presence.write"
AT_ONCE = 3_000
"""Days of resources that a page deals with while somebody waits; more are a job."""
TOLD = 200
"""Clashes that a preview of several resources tells one by one."""
_SETS = ("resource_ids", "team_ids", "zone_ids")


def as_facts(choice: Choice) -> dict[str, Any]:
    """The choice as JSON values."""
    ids = {name: sorted(getattr(choice, name)) for name in _SETS}
    return {"first": choice.first.isoformat(), "last": choice.last.isoformat(), "clear": choice.clear, **ids}


def choice_of(facts: Mapping[str, Any]) -> Choice:
    """The choice that `as_facts` wrote."""
    return Choice(
        first=date.fromisoformat(facts["first"]),
        last=date.fromisoformat(facts["last"]),
        clear=facts["clear"],
        **{name: frozenset(facts[name]) for name in _SETS},
    )


def carry_out_body(run: Run) -> dict[str, Any]:
    """What the job of a run does, by the run's name; its page then leads to the one that shows the result."""
    done = write(run) if run.name == WRITE else preview(run)
    return {**done, "url": reverse("presence_run", args=[run.pk])}


def preview(run: Run) -> dict[str, Any]:
    """Work out what generating would do; nothing is written.

    The result has for each resource the digest of its lines and how many meet which fate, the first clashes, and the
    sums.
    """
    choice = choice_of(run.result["choice"])
    ids = chosen_ids(choice, actor=_who(run))
    seen: dict[str, str] = {}
    tallies: dict[str, dict[str, int]] = {}
    clashes: list[dict[str, Any]] = []
    progress(run_id=run.pk, done=0, total=len(ids))
    for chunk in plans_in_chunks(ids, choice, now=clock.now()):
        for pk, (_resource, lines) in chunk.items():
            seen[str(pk)], tallies[str(pk)] = rules.digest(lines), rules.tally(lines)
            told = [line for line in lines if line.why is not Why.NOTHING]
            clashes += [{"resource": pk, **line_facts(line)} for line in told[: max(0, TOLD - len(clashes))]]
        progress(run_id=run.pk, done=len(seen))
    return {"seen": seen, "tallies": tallies, "clashes": clashes, "sums": _sums(tallies)}


def write(run: Run) -> dict[str, Any]:
    """Write what the preview showed, one transaction a resource; those whose calendar is another by now are left out.

    Goes on behind the last resource that is done when a worker was killed.
    """
    choice, actor = choice_of(run.result["choice"]), _who(run)
    seen = sorted(run.result["seen"].items(), key=lambda each: int(each[0]))
    tallies = {pk: run.result["tallies"][pk] for pk, _ in seen[: run.done]}
    changed: list[int] = []
    for at, (pk, told) in enumerate(seen[run.done :], run.done + 1):
        try:
            with transaction.atomic():
                tallies[pk] = generate(resource_id=int(pk), choice=choice, seen=told, actor=actor, now=clock.now())
                progress(run_id=run.pk, done=at)
        except (NotGenerated, NotFound):
            changed.append(int(pk))
            progress(run_id=run.pk, done=at)
    return {"tallies": tallies, "changed": changed, "sums": _sums(tallies)}


def _sums(tallies: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    sums = Counter({fate.value: 0 for fate in Fate})
    for each in tallies.values():
        sums.update(each)
    return dict(sums)


def _who(run: Run) -> Actor:
    """Who started the run, with the rights that he or she has now."""
    return SYSTEM if run.started_by_id is None else actor_for(User.objects.get(pk=run.started_by_id))


def line_facts(line: Line) -> dict[str, Any]:
    """A line as JSON values; times in ISO notation."""
    zone = line.pattern.zone_name if line.pattern else line.standing.zone_name if line.standing else ""
    return {
        "day": line.day.isoformat(),
        "starts": line.time.starts.isoformat(),
        "ends": line.time.ends.isoformat(),
        "zone": zone,
        "fate": line.fate.value,
        "why": line.why.value,
        "label": line.label,
        "clash": [line.clash.starts.isoformat(), line.clash.ends.isoformat()] if line.clash else None,
    }


def names_of(ids: list[int]) -> dict[int, Resource]:
    """The resources, with the names of the people."""
    return Resource.objects.select_related("user").in_bulk(ids)
