"""The next free slots for a piece of work, while the customer is on the phone.

Free time is kept (see FreeTime), so that a few days of a whole company are one indexed read. For resources whose free
time is not kept that far, it is worked out from their calendars.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from math import cos, inf, radians
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from callout.accounts.actor import Actor
from callout.core.free import Stretch
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
_BATCHES = (3, 9, 24)

_KEPT = """
    SELECT resource_id, starts, ends, gap_starts, gap_ends, home_latitude, home_longitude, position FROM (
        SELECT f.resource_id, greatest(f.starts, w.starts) AS starts, least(f.ends, w.until) AS ends,
            f.starts AS gap_starts, f.ends AS gap_ends, r.home_latitude, r.home_longitude, r.position,
            row_number() OVER (
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
    search = _Search(
        _candidates(activity_type, actor, resources), site, minutes or activity_type.minutes, roads or Roads()
    )
    zone = zone_of(site.branch.time_zone if site is not None else actor.time_zone)
    found: dict[datetime, _Found] = {}
    for windows in _batches(wished(wish or Wish(), after, after + timedelta(days=days), zone)):
        for each in search.fitting(windows):
            _keep(found, each)
        if len(found) >= limit:
            break
    return _offers([found[start] for start in sorted(found)[:limit]])


def _candidates(
    activity_type: ActivityType, actor: Actor, resources: Collection[int] | None
) -> dict[int, datetime | None]:
    """Who may be asked, and until when the free time of each is kept."""
    rows: QuerySet[Resource] = performers(activity_type).filter(pk__in=resources_visible_to(actor).values("pk"))
    if resources is not None:
        rows = rows.filter(pk__in=resources)
    return dict(rows.order_by().values_list("pk", "free_until"))


def _offers(chosen: Sequence[_Found]) -> list[Offer]:
    """The offers, with the people whom they are about."""
    people = Resource.objects.select_related("user", "branch").in_bulk({each.person.pk for each in chosen})
    return [Offer(people[each.person.pk], each.interval, each.detour_km, each.others) for each in chosen]


def _batches(windows: Iterable[Window]) -> Iterator[list[Window]]:
    """The windows in order, few at first: the next days answer most callers."""
    left = iter(windows)
    for size in _BATCHES:
        batch = list(islice(left, size))
        if not batch:
            return
        yield batch
    yield from iter(lambda: list(islice(left, _BATCHES[-1])), [])


@dataclass(frozen=True, slots=True)
class _Person:
    """What of a resource decides who is offered."""

    pk: int
    position: int
    home: Place | None


@dataclass(frozen=True, slots=True)
class _Found:
    """An offer on the way."""

    person: _Person
    interval: Interval
    detour_km: float | None
    others: int = 0

    @property
    def rank(self) -> tuple[float, int, int]:
        """The least driving first, then as on the planner."""
        far = self.detour_km if self.detour_km is not None else inf
        return far, self.person.position, self.person.pk


def _keep(found: dict[datetime, _Found], new: _Found) -> None:
    """Of those who could come at the same time, the best one."""
    known = found.get(new.interval.starts)
    if known is not None:
        best, other = (new, known) if new.rank < known.rank else (known, new)
        new = replace(best, others=best.others + other.others + 1)
    found[new.interval.starts] = new


class _Search:
    """Who is asked for which work at which place."""

    def __init__(
        self, candidates: Mapping[int, datetime | None], site: Site | None, minutes: int, roads: Roads
    ) -> None:
        self.candidates, self.minutes, self.roads = candidates, minutes, roads
        self.place = _place(site.latitude, site.longitude) if site is not None else None
        self.zone_id = site.zone_id if site is not None else None

    def fitting(self, windows: Sequence[Window]) -> Iterator[_Found]:
        """What fits into these windows."""
        gaps = self._gaps(windows)
        around = self._neighbours(gaps) if self.place else {}
        for person, gap in gaps:
            near = around.get(person.pk, Neighbours())
            fitting = fit(gap, self.minutes, self.place, near, person.home, self.roads)
            if fitting:
                yield _Found(person, *fitting)

    def _gaps(self, windows: Sequence[Window]) -> list[tuple[_Person, Gap]]:
        """The free stretches of the candidates that are long enough, cut to the windows."""
        last = windows[-1].interval.ends
        kept = [pk for pk, until in self.candidates.items() if until is not None and until >= last]
        found = self._read(kept, windows) if kept else []
        if len(kept) == len(self.candidates):
            return found
        return found + self._work_out(self.candidates.keys() - set(kept), windows)

    def _read(self, ids: list[int], windows: Sequence[Window]) -> list[tuple[_Person, Gap]]:
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
                (_Person(pk, position, _place(*home)), Gap(Interval(starts, ends), Interval(gap_starts, gap_ends)))
                for pk, starts, ends, gap_starts, gap_ends, *home, position in cursor.fetchall()
            ]

    def _work_out(self, ids: Collection[int], windows: Sequence[Window]) -> list[tuple[_Person, Gap]]:
        people = Resource.objects.select_related("branch").in_bulk(ids)
        whole = Interval(windows[0].interval.starts - LONGEST, windows[-1].interval.ends + LONGEST)
        return [
            (_Person(pk, people[pk].position, _place(people[pk].home_latitude, people[pk].home_longitude)), gap)
            for pk, stretches in free_times(people.values(), whole).items()
            for gap in self._cut(stretches, windows)
        ]

    def _cut(self, stretches: Sequence[Stretch], windows: Sequence[Window]) -> Iterator[Gap]:
        for each in stretches:
            if not each.zone or not self.zone_id or each.zone == self.zone_id:
                for window in windows:
                    if part := window.part(each.interval, self.minutes):
                        yield Gap(part, each.interval)

    def _neighbours(self, gaps: Sequence[tuple[_Person, Gap]]) -> dict[int, Neighbours]:
        """The appointments with a place around the gaps, by resource."""
        if not gaps:
            return {}
        first, last = min(gap.whole.starts for _, gap in gaps), max(gap.whole.ends for _, gap in gaps)
        rows = Appointment.objects.filter(
            resource__in={person.pk for person, _ in gaps}, blocks=True, starts__gt=first - 2 * LONGEST,
            starts__lt=last + LONGEST, site__latitude__isnull=False,
        ).order_by("starts")  # fmt: skip
        found: dict[int, Neighbours] = {}
        for pk, starts, ends, *place in rows.values_list(
            "resource_id", "starts", "ends", "site__latitude", "site__longitude"
        ):
            found.setdefault(pk, Neighbours()).add(Interval(starts, ends), Place(*map(float, place)))
        return found


def _place(latitude: Decimal | None, longitude: Decimal | None) -> Place | None:
    return None if latitude is None or longitude is None else Place(float(latitude), float(longitude))
