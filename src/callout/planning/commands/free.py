"""Keeping free time: every command that writes to a calendar says here where it has changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from callout.core.errors import NotFound
from callout.core.free import Stretch, patched
from callout.core.intervals import Interval, intersect
from callout.planning import queries
from callout.planning.models import FreeTime, Resource

HORIZON = timedelta(days=190)
"""How far ahead free time is kept."""
BEHIND = timedelta(days=2)

log = structlog.get_logger("callout.planning")


def take(resource: Resource, window: Interval) -> None:
    """An appointment takes this time of a locked resource."""
    _replace(resource, window, ())


def refresh(resource: Resource, window: Interval) -> None:
    """Something on the calendar of a locked resource has changed within the window, and is written already."""
    for part in _kept(resource, window):
        _replace(resource, part, queries.free_times([resource], part)[resource.pk])


@transaction.atomic
def rebuild(*, resource_id: int, now: datetime) -> int:
    """Keep a resource's free time from two days ago to the horizon; how many stretches were not as they should be.

    Moving on in time is no mistake: what counts lies where free time was kept before. Raises NotFound.
    """
    resource = queries.lock_resources([resource_id])[resource_id]
    start = now.replace(minute=0, second=0, microsecond=0) - BEHIND
    whole = Interval(start, start + BEHIND + HORIZON)
    before = _kept(resource, whole)
    FreeTime.objects.filter(resource=resource, ends__lte=start).delete()
    old = set(_stretches(resource, whole))
    new = set(queries.free_times([resource], whole)[resource.pk] if resource.active else ())
    _write(resource, old, new)
    resource.free_from, resource.free_until = whole.starts, whole.ends
    resource.save(update_fields=["free_from", "free_until"])
    return sum(
        part.starts < each.interval.starts and each.interval.ends < part.ends for each in old ^ new for part in before
    )


def rebuild_all(*, now: datetime) -> None:
    """Move every kept free time on by a day; holidays that have been announced since count from now on."""
    for pk in Resource.objects.filter(active=True).order_by("pk").values_list("pk", flat=True):
        try:
            wrong = rebuild(resource_id=pk, now=now)
        except NotFound:  # gone meanwhile
            continue
        if wrong:
            log.info("planning.free_time", resource=pk, changed=wrong)


def _kept(resource: Resource, window: Interval) -> list[Interval]:
    """The part of the window in which free time is kept."""
    if resource.free_from is None or resource.free_until is None:
        return []
    return intersect([window], [Interval(resource.free_from, resource.free_until)])


def _replace(resource: Resource, window: Interval, fresh: Iterable[Stretch]) -> None:
    old = _stretches(resource, window)
    _write(resource, set(old), set(patched(old, window, fresh)))


def _stretches(resource: Resource, window: Interval) -> list[Stretch]:
    """What is kept and overlaps or touches the window."""
    rows = FreeTime.objects.filter(resource=resource, starts__lte=window.ends, ends__gte=window.starts)
    return [
        Stretch(Interval(starts, ends), zone or 0)
        for starts, ends, zone in rows.values_list("starts", "ends", "zone_id").order_by("starts")
    ]


def _write(resource: Resource, old: set[Stretch], new: set[Stretch]) -> None:
    gone = [each.interval.starts for each in old - new]
    if gone:  # stretches of one resource never overlap, so that a start names one
        FreeTime.objects.filter(resource=resource, starts__in=gone).delete()
    FreeTime.objects.bulk_create(
        FreeTime(resource=resource, starts=each.interval.starts, ends=each.interval.ends, zone_id=each.zone or None)
        for each in new - old
    )
