"""Presence patterns, and the presences that they give."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, TypedDict, Unpack

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import NotFound, check_version
from callout.core.intervals import hull
from callout.customers.models import Zone
from callout.live.commands import tell
from callout.planning import queries
from callout.planning.commands.free import refresh
from callout.planning.errors import NotGenerated, WorkPlanned
from callout.planning.models import Presence, PresencePattern, Resource
from callout.planning.queries.patterns import Choice, future_plan, one_pattern, plain, plans
from callout.planning.rules import patterns as rules
from callout.planning.rules.patterns import Fate, Line, Why

MAY_WRITE = ("board.plan", "planning.admin")
_GONE = (Fate.REPLACE, Fate.REMOVE)
_NEW = (Fate.WRITE, Fate.REPLACE)


class PatternFields(TypedDict, total=False):
    """What can be said about a pattern; what is left out stays as it is."""

    zone_id: int | None
    unit: str
    every: int
    weekdays: Sequence[int]
    starts: time
    ends: time
    starts_on: date
    ends_on: date | None


@transaction.atomic
def add_pattern(*, resource_id: int, actor: Actor, now: datetime, **fields: Unpack[PatternFields]) -> PresencePattern:
    """Add a pattern to a resource; no presence is written before it is generated.

    Raises NotFound for a resource that the actor does not see and for a zone that there is not; BadRecurrence,
    BadShift, NoWeekday, EndsBeforeFirstDay, Invalid.
    """
    actor.require(*MAY_WRITE)
    resource = queries.lock_resources([resource_id], actor=actor)[resource_id]
    pattern = PresencePattern(resource=resource)
    _put(pattern, fields)
    pattern.save()
    record("pattern.added", subject=pattern, actor=actor, at=now, **_facts(pattern))
    return pattern


@transaction.atomic
def change_pattern(
    *, pattern_id: int, version: int | None, actor: Actor, now: datetime, **fields: Unpack[PatternFields]
) -> PresencePattern:
    """Change a pattern; the presences that it has given follow when they are generated again.

    Raises NotFound, StaleVersion and what `add_pattern` raises.
    """
    actor.require(*MAY_WRITE)
    pattern = _lock(pattern_id, actor=actor)
    check_version(pattern.version, version)
    before = _facts(pattern)
    _put(pattern, fields)
    pattern.version += 1
    pattern.save()
    record("pattern.changed", subject=pattern, actor=actor, at=now, before=before, **_facts(pattern))
    return pattern


@transaction.atomic
def remove_pattern(*, pattern_id: int, version: int | None, actor: Actor, now: datetime) -> None:
    """Delete a pattern with its presences that are still to come; those that have begun stay.

    Raises NotFound, StaleVersion; WorkPlanned when work lies in one of those presences.
    """
    actor.require(*MAY_WRITE)
    pattern = _lock(pattern_id, actor=actor)
    check_version(pattern.version, version)
    resource = pattern.resource
    lines = future_plan(resource, pattern.pk, now=now)
    held = next((line for line in lines if line.why is Why.WORK), None)
    if held is not None:
        raise WorkPlanned(person=str(resource), resource_id=resource.pk, work=held.label, first=held.day)
    record("pattern.removed", subject=pattern, actor=actor, at=now, **_facts(pattern))
    _carry_out(resource, lines, actor)
    pattern.delete()


@transaction.atomic
def generate(
    *, resource_id: int, choice: Choice, actor: Actor, now: datetime, seen: str | None = None
) -> dict[str, int]:
    """Write the presences of one resource's patterns on the chosen days, or clear them; how many met which fate.

    `seen` is the digest of the lines that somebody was shown. Doing it again changes nothing.
    Raises NotFound; NotGenerated when the lines are others by now; EndsBeforeFirstDay, RangeTooLong.
    """
    actor.require(*MAY_WRITE)
    rules.check_range(choice.first, choice.last)
    resource = queries.lock_resources([resource_id], actor=actor)[resource_id]
    _, lines = plans([resource], choice, now=now)[resource_id]
    if seen is not None and seen != rules.digest(lines):
        raise NotGenerated(person=str(resource))
    _carry_out(resource, lines, actor)
    if not choice.clear:
        _note_generated(lines, choice.last)
    tally = rules.tally(lines)
    action = "presence.cleared" if choice.clear else "presence.generated"
    facts: dict[str, Any] = {"first": choice.first.isoformat(), "last": choice.last.isoformat(), **tally}
    record(action, subject=resource, actor=actor, at=now, **facts)
    return tally


def _carry_out(resource: Resource, lines: Iterable[Line], actor: Actor) -> None:
    """Write what the lines say, bring the free time in line, and let open boards know."""
    changed = [line for line in lines if line.fate in {*_GONE, *_NEW}]
    if not changed:
        return
    gone = [line.standing.pk for line in changed if line.fate in _GONE and line.standing]
    Presence.objects.filter(resource=resource, pk__in=gone).delete()
    Presence.objects.bulk_create(
        (
            Presence(
                resource=resource, pattern_id=line.pattern.pk, day=line.day, zone_id=line.pattern.zone or None,
                starts=line.wanted.starts, ends=line.wanted.ends,
            )
            for line in changed
            if line.fate in _NEW and line.pattern and line.wanted
        ),
        batch_size=1000,
    )  # fmt: skip
    touched = [each for line in changed for each in (line.wanted, line.standing and line.standing.interval) if each]
    window = hull(*touched)
    refresh(resource, window)
    tell("presence", actor=actor, resources=[resource.pk], window=window)


def _note_generated(lines: Iterable[Line], last: date) -> None:
    """Keep with each pattern up to which day it was generated."""
    ids = {line.pattern.pk for line in lines if line.pattern}
    rows = PresencePattern.objects.filter(pk__in=ids)
    rows.exclude(generated_until__gte=last).update(generated_until=last)


def _lock(pattern_id: int, *, actor: Actor) -> PresencePattern:
    """The pattern, and the calendar that it belongs to, locked."""
    found = one_pattern(pattern_id, actor=actor)
    resources = queries.lock_resources([found.resource_id], actor=actor)
    fresh = PresencePattern.objects.select_for_update(of=("self",)).select_related("zone").filter(pk=pattern_id).first()
    if fresh is None:
        raise NotFound
    fresh.resource = resources[fresh.resource_id]
    return fresh


def _put(pattern: PresencePattern, fields: PatternFields) -> None:
    zone_id = fields.get("zone_id", pattern.zone_id)
    pattern.zone = Zone.objects.filter(pk=zone_id).first() if zone_id else None
    if zone_id and pattern.zone is None:
        raise NotFound("zone_id")
    for name, value in fields.items():
        if name != "zone_id":
            setattr(pattern, name, value)
    pattern.weekdays = sorted(set(pattern.weekdays)) if pattern.unit == PresencePattern.Unit.WEEK else []
    rules.check(plain(pattern))


def _facts(pattern: PresencePattern) -> dict[str, Any]:
    days = {name: day.isoformat() if (day := getattr(pattern, name)) else None for name in ("starts_on", "ends_on")}
    hours = f"{pattern.starts:%H:%M}-{pattern.ends:%H:%M}"
    zone = str(pattern.zone) if pattern.zone else ""
    recurrence = {"every": pattern.every, "recurrence": pattern.unit, "weekdays": ",".join(map(str, pattern.weekdays))}
    return {"resource": str(pattern.resource), "zone": zone, "hours": hours, **recurrence, **days}
