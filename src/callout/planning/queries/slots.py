"""The next free slots for a piece of work, while the customer is on the phone.

Free time is kept (see FreeTime), so that a few days of a whole company are one indexed read. For resources whose free
time is not kept that far, it is worked out from their calendars.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from math import cos, radians
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from callout.accounts.actor import Actor
from callout.core.intervals import Interval
from callout.core.slots import Gap, Neighbours, Window, Wish, fit, wished
from callout.core.travel import Place, Roads
from callout.core.worktime import zone_of
from callout.customers.models import Site
from callout.planning.models import ActivityType, Appointment, Resource
from callout.planning.queries.calendar import free_times
from callout.planning.queries.eligibility import performers
from callout.planning.queries.scope import resources_visible_to
from callout.planning.rules import LONGEST

SLOT_DAYS = 60
"""How far ahead slots are looked for."""
NEAREST = 8
"""Of so many people who are free at the same time, those who live nearest are compared."""
_BATCHES = (1, 2, 4, 8, 16, 32)

_KEPT = """
    SELECT resource_id, starts, ends, gap_starts, gap_ends FROM (
        SELECT f.resource_id, greatest(f.starts, w.starts) AS starts, least(f.ends, w.until) AS ends,
            f.starts AS gap_starts, f.ends AS gap_ends, row_number() OVER (
                PARTITION BY greatest(f.starts, w.starts)
                ORDER BY power(r.home_latitude::float - %(latitude)s::float, 2)
                    + power((r.home_longitude::float - %(longitude)s::float) * %(narrow)s::float, 2),
                    r.position, r.id
            ) AS place
        FROM (
            SELECT starts, ends, CASE WHEN %(holds)s THEN ends ELSE 'infinity'::timestamptz END AS until
            FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS window_ (starts, ends)
        ) AS w
        JOIN planning_freetime f ON tstzrange(f.starts, f.ends, '[)') && tstzrange(w.starts, w.ends, '[)')
        JOIN planning_resource r ON r.id = f.resource_id
        WHERE f.resource_id = ANY(%(resources)s)
            AND least(f.ends, w.until) - greatest(f.starts, w.starts) >= make_interval(mins => %(minutes)s::int)
            AND (f.zone_id IS NULL OR %(zone)s::bigint IS NULL OR f.zone_id = %(zone)s::bigint)
    ) AS found
    WHERE place <= %(nearest)s
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot that somebody could take, with the driving that it adds to that person's day.

    `detour_km` is None where a place on the way is not known. `others` more people are free then.
    """

    resource: Resource
    interval: Interval
    detour_km: float | None = None
    others: int = 0


def free_slots(
    activity_type: ActivityType,
    after: datetime,
    *,
    actor: Actor,
    site: Site | None = None,
    minutes: int | None = None,
    wish: Wish | None = None,
    resources: Collection[int] | None = None,
    limit: int = 10,
    days: int = SLOT_DAYS,
    roads: Roads | None = None,
) -> list[Offer]:
    """The next slots for work of a type, earliest first, on quarters of an hour, within so many days of `after`.

    Each start is offered once, with whom it costs the least driving; a free stretch is offered at its first moment that
    leaves time for the way from the appointment before and to the one behind. `minutes` is the type's expected duration
    unless given; `wish` narrows days and hours by the site's clock; `resources` names who may be asked.
    """
    minutes = minutes or activity_type.minutes
    candidates = _candidates(activity_type, actor, resources)
    zone = zone_of(site.branch.time_zone if site is not None else actor.time_zone)
    search = _Search(candidates, site, minutes, roads or Roads())
    found: dict[datetime, Offer] = {}
    for windows in _batches(wished(wish or Wish(), after, after + timedelta(days=days), zone)):
        for offer in search.offers(windows):
            _keep(found, offer)
        if len(found) >= limit:
            break
    return list(islice((found[start] for start in sorted(found)), limit))


def _candidates(activity_type: ActivityType, actor: Actor, resources: Collection[int] | None) -> dict[int, Resource]:
    rows: QuerySet[Resource] = performers(activity_type).filter(pk__in=resources_visible_to(actor).values("pk"))
    if resources is not None:
        rows = rows.filter(pk__in=resources)
    return {resource.pk: resource for resource in rows}


def _batches(windows: Iterable[Window]) -> Iterator[list[Window]]:
    """The windows in order, few at first: the next days answer most callers."""
    left = iter(windows)
    for size in _BATCHES:
        batch = list(islice(left, size))
        if not batch:
            return
        yield batch
    yield from iter(lambda: list(islice(left, _BATCHES[-1])), [])


def _keep(found: dict[datetime, Offer], offer: Offer) -> None:
    start = offer.interval.starts
    known = found.get(start)
    if known is None:
        found[start] = offer
        return
    best, other = (offer, known) if _rank(offer) < _rank(known) else (known, offer)
    found[start] = Offer(best.resource, best.interval, best.detour_km, best.others + other.others + 1)


def _rank(offer: Offer) -> tuple[float, int, str, int]:
    far = offer.detour_km if offer.detour_km is not None else float("inf")
    return far, offer.resource.position, str(offer.resource), offer.resource.pk


class _Search:
    """Who is asked for which work at which place."""

    def __init__(self, candidates: dict[int, Resource], site: Site | None, minutes: int, roads: Roads) -> None:
        self.candidates, self.minutes, self.roads = candidates, minutes, roads
        self.place = _place(site.latitude, site.longitude) if site is not None else None
        self.zone_id = site.zone_id if site is not None else None

    def offers(self, windows: Sequence[Window]) -> list[Offer]:
        """What fits into these windows."""
        gaps = self._gaps(windows)
        around = self._neighbours(gaps) if self.place else {}
        found = []
        for pk, gap in gaps:
            resource = self.candidates[pk]
            home = _place(resource.home_latitude, resource.home_longitude)
            fitting = fit(gap, self.minutes, self.place, around.get(pk, Neighbours()), home, self.roads)
            if fitting:
                found.append(Offer(resource, *fitting))
        return found

    def _gaps(self, windows: Sequence[Window]) -> list[tuple[int, Gap]]:
        """The free stretches of the candidates that are long enough, cut to the windows."""
        last = windows[-1].interval.ends
        kept = [pk for pk, each in self.candidates.items() if each.free_until is not None and each.free_until >= last]
        found = self._read(kept, windows) if kept else []
        rest = [each for pk, each in self.candidates.items() if pk not in set(kept)]
        return found + self._work_out(rest, windows) if rest else found

    def _read(self, ids: list[int], windows: Sequence[Window]) -> list[tuple[int, Gap]]:
        values: dict[str, Any] = {
            "resources": ids, "minutes": self.minutes, "zone": self.zone_id, "nearest": NEAREST,
            "holds": windows[0].holds, "starts": [each.interval.starts for each in windows],
            "ends": [each.interval.ends for each in windows],
            "latitude": self.place and self.place.latitude, "longitude": self.place and self.place.longitude,
            "narrow": cos(radians(self.place.latitude)) if self.place else 1.0,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_KEPT, values)
            return [
                (pk, Gap(Interval(starts, ends), Interval(gap_starts, gap_ends)))
                for pk, starts, ends, gap_starts, gap_ends in cursor.fetchall()
            ]

    def _work_out(self, resources: Sequence[Resource], windows: Sequence[Window]) -> list[tuple[int, Gap]]:
        whole = Interval(windows[0].interval.starts - LONGEST, windows[-1].interval.ends + LONGEST)
        return [
            (pk, Gap(part, each.interval))
            for pk, stretches in free_times(resources, whole).items()
            for each in stretches
            if not each.zone or not self.zone_id or each.zone == self.zone_id
            for window in windows
            if (part := window.part(each.interval, self.minutes))
        ]

    def _neighbours(self, gaps: Sequence[tuple[int, Gap]]) -> dict[int, Neighbours]:
        """The appointments with a place around the gaps, by resource."""
        if not gaps:
            return {}
        first, last = min(gap.whole.starts for _, gap in gaps), max(gap.whole.ends for _, gap in gaps)
        rows = Appointment.objects.filter(
            resource__in={pk for pk, _ in gaps}, blocks=True, starts__gt=first - 2 * LONGEST, starts__lt=last + LONGEST,
            site__latitude__isnull=False,
        ).order_by("starts")  # fmt: skip
        found: dict[int, Neighbours] = {}
        for pk, starts, ends, latitude, longitude in rows.values_list(
            "resource_id", "starts", "ends", "site__latitude", "site__longitude"
        ):
            place = _place(latitude, longitude)
            if place:
                found.setdefault(pk, Neighbours()).add(Interval(starts, ends), place)
        return found


def _place(latitude: object, longitude: object) -> Place | None:
    if latitude is None or longitude is None:
        return None
    return Place(float(str(latitude)), float(str(longitude)))
