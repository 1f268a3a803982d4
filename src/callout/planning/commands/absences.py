"""Time in which people are away."""

from datetime import datetime
from typing import Any

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import NotFound, check_version
from callout.core.intervals import Interval, hull
from callout.core.text import clean_name
from callout.live.commands import tell
from callout.planning import queries
from callout.planning.commands.checks import require_no_work
from callout.planning.commands.free import refresh
from callout.planning.errors import NoReason
from callout.planning.models import Absence

MAY_WRITE = ("board.plan", "planning.admin")


@transaction.atomic
def add_absence(*, resource_id: int, window: Interval, reason: str, actor: Actor, now: datetime) -> Absence:
    """Take a resource out of its presence for that time.

    Raises NotFound for a calendar that the actor does not see, WorkPlanned when appointments lie in that time.
    """
    actor.require(*MAY_WRITE)
    resource = queries.lock_resources([resource_id], actor=actor)[resource_id]
    require_no_work(resource, window)
    absence = Absence.objects.create(resource=resource, starts=window.starts, ends=window.ends, reason=_reason(reason))
    refresh(resource, window)
    record("absence.added", subject=absence, actor=actor, at=now, **_facts(absence))
    tell("absence", actor=actor, resources=[resource.pk], window=window)
    return absence


@transaction.atomic
def change_absence(
    *, absence_id: int, window: Interval, reason: str, version: int | None, actor: Actor, now: datetime
) -> Absence:
    """Change when or why a resource is away. Raises NotFound, StaleVersion or WorkPlanned."""
    actor.require(*MAY_WRITE)
    absence = _lock(absence_id, actor=actor)
    check_version(absence.version, version)
    before, left = _facts(absence), Interval(absence.starts, absence.ends)
    require_no_work(absence.resource, window)
    absence.starts, absence.ends, absence.reason = window.starts, window.ends, _reason(reason)
    absence.version += 1
    absence.save(update_fields=["starts", "ends", "reason", "version"])
    refresh(absence.resource, left)
    refresh(absence.resource, window)
    record("absence.changed", subject=absence, actor=actor, at=now, before=before, **_facts(absence))
    tell("absence", actor=actor, resources=[absence.resource_id], window=hull(left, window))
    return absence


@transaction.atomic
def remove_absence(*, absence_id: int, version: int | None, actor: Actor, now: datetime) -> None:
    """The resource is there after all. Raises NotFound or StaleVersion."""
    actor.require(*MAY_WRITE)
    absence = _lock(absence_id, actor=actor)
    check_version(absence.version, version)
    record("absence.removed", subject=absence, actor=actor, at=now, **_facts(absence))
    absence.delete()
    window = Interval(absence.starts, absence.ends)
    refresh(absence.resource, window)
    tell("absence", actor=actor, resources=[absence.resource_id], window=window)


def _lock(absence_id: int, *, actor: Actor) -> Absence:
    """The absence, and the calendar that it is in, locked."""
    found = queries.absences_visible_to(actor).filter(pk=absence_id).first()
    if found is None:
        raise NotFound
    resources = queries.lock_resources([found.resource_id], actor=actor)
    fresh = Absence.objects.select_for_update().filter(pk=absence_id).first()
    if fresh is None:
        raise NotFound
    fresh.resource = resources[fresh.resource_id]
    return fresh


def _reason(text: str) -> str:
    reason = clean_name(text)[:80]
    if not reason:
        raise NoReason("reason")
    return reason


def _facts(absence: Absence) -> dict[str, Any]:
    return {
        "resource": absence.resource_id,
        "starts": absence.starts.isoformat(),
        "ends": absence.ends.isoformat(),
        "reason": absence.reason,
    }
