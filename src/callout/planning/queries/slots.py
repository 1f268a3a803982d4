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

from django.db.models import QuerySet

from callout.accounts.actor import Actor
from callout.core.free import Stretch
from callout.core.intervals import Interval
from callout.core.slots import NEAR, Neighbours, Stop, Trip, Window, Wish, fit, wished
from callout.core.travel import Place, Roads, straight_km
from callout.core.worktime import zone_of
from callout.customers.models import Site
from callout.db.rows import read
from callout.planning.models import ActivityType, Appointment, Resource
from callout.planning.queries.calendar import free_times
from callout.planning.queries.eligibility import performers
from callout.planning.queries.scope import resources_visible_to
from callout.planning.rules import LONGEST

SLOT_DAYS = 60
"""How far ahead slots are looked for."""
NEAREST = 8
"""Of so many people who are free at the same time, those who live nearest are compared."""
MOST = 150
"""Free stretches that are read at first."""
_BATCHES = (3, 9, 24)

_KEPT = """
    SELECT found.*, before.ends, before.latitude, before.longitude, behind.starts, behind.latitude, behind.longitude
    FROM (
        SELECT resource_id, position, home_latitude, home_longitude, starts, ends, gap_starts, gap_ends FROM (
            SELECT f.resource_id, r.position, r.home_latitude, r.home_longitude,
                greatest(f.starts, w.starts) AS starts, least(f.ends, w.until) AS ends,
                f.starts AS gap_starts, f.ends AS gap_ends,
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
        ) AS fitting
        WHERE place <= %(nearest)s ORDER BY starts, place LIMIT %(most)s
    ) AS found
    LEFT JOIN LATERAL (
        SELECT a.ends, s.latitude, s.longitude FROM planning_appointment a JOIN customers_site s ON s.id = a.site_id
        WHERE a.resource_id = found.resource_id AND a.blocks AND s.latitude IS NOT NULL
            AND a.starts < found.gap_starts AND a.starts > found.gap_starts - %(day)s
            AND a.ends >= found.gap_starts - %(near)s
        ORDER BY a.starts DESC LIMIT 1
    ) AS before ON %(latitude)s::float IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT a.starts, s.latitude, s.longitude FROM planning_appointment a JOIN customers_site s ON s.id = a.site_id
        WHERE a.resource_id = found.resource_id AND a.blocks AND s.latitude IS NOT NULL
            AND a.starts >= found.gap_ends AND a.starts <= found.gap_ends + %(near)s
        ORDER BY a.starts LIMIT 1
    ) AS behind ON %(latitude)s::float IS NOT NULL
    ORDER BY found.starts
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
        search.collect(found, windows, limit)
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

    @property
    def rank(self) -> tuple[int, int]:
        """As on the planner."""
        return self.position, self.pk


@dataclass(frozen=True, slots=True)
class _Found:
    """An offer on the way."""

    person: _Person
    interval: Interval
    detour_km: float | None
    others: int = 0

    @property
    def rank(self) -> tuple[float, tuple[int, int]]:
        """The least driving first, then as on the planner."""
        return self.detour_km if self.detour_km is not None else inf, self.person.rank


_Row = tuple[datetime, datetime, _Person, Trip]
"""A free stretch from and to, whose it is, and what is around it."""


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

    def collect(self, found: dict[datetime, _Found], windows: Sequence[Window], limit: int) -> None:
        """Add what fits into these windows, up to the first `limit` starts at least."""
        last = windows[-1].interval.ends
        kept = [pk for pk, until in self.candidates.items() if until is not None and until >= last]
        if len(kept) < len(self.candidates):
            for each in self._work_out(self.candidates.keys() - set(kept), windows):
                _keep(found, each)
        most = MOST
        while kept:
            rows = self._read(kept, windows, most)
            here = dict(found)
            done = self._fill(here, rows, limit)
            if done or len(rows) < most:
                found.update(here)
                return
            most *= 8

    def _fill(self, found: dict[datetime, _Found], rows: Iterable[_Row], limit: int) -> bool:
        """Go through rows in the order of their starts; whether no later one can be among the first any more."""
        for starts, ends, person, trip in rows:
            if len(found) >= limit and starts > sorted(found)[limit - 1]:
                return True
            self._try(found, starts, ends, person, trip)
        return False

    def _try(
        self, found: dict[datetime, _Found], starts: datetime, ends: datetime, person: _Person, trip: Trip
    ) -> None:
        fitting = fit(starts, ends, trip, self.roads)
        if fitting:
            start, detour = fitting
            _keep(found, _Found(person, Interval(start, start + timedelta(minutes=self.minutes)), detour))

    def _read(self, ids: list[int], windows: Sequence[Window], most: int) -> list[_Row]:
        """The first free stretches that are kept and long enough, with the stops around them."""
        values: dict[str, Any] = {
            "resources": ids, "minutes": self.minutes, "zone": self.zone_id, "nearest": NEAREST, "most": most,
            "holds": windows[0].holds, "starts": [each.interval.starts for each in windows], "near": NEAR,
            "ends": [each.interval.ends for each in windows], "day": NEAR + LONGEST,
            "latitude": self.place and self.place.latitude, "longitude": self.place and self.place.longitude,
            "narrow": cos(radians(self.place.latitude)) if self.place else 1.0,
        }  # fmt: skip
        return [self._row(*row) for row in read(_KEPT, values)]

    def _row(self, pk: int, position: int, *more: Any) -> _Row:
        home_latitude, home_longitude, starts, ends, _gap_starts, _gap_ends, *stops = more
        home = _place(home_latitude, home_longitude)
        trip = Trip(self.minutes, self.place, _stop(*stops[:3]), _stop(*stops[3:]), home)
        return starts, ends, _Person(pk, position, home), trip

    def _work_out(self, ids: Collection[int], windows: Sequence[Window]) -> Iterator[_Found]:
        """What fits for people whose free time is not kept that far."""
        people = Resource.objects.select_related("branch").in_bulk(ids)
        whole = Interval(windows[0].interval.starts - LONGEST, windows[-1].interval.ends + LONGEST)
        around = _neighbours(ids, whole) if self.place else {}
        found: list[tuple[datetime, _Found]] = []
        for pk, stretches in free_times(people.values(), whole).items():
            home = _place(people[pk].home_latitude, people[pk].home_longitude)
            person, near = _Person(pk, people[pk].position, home), around.get(pk, Neighbours())
            for part, gap in self._cut(stretches, windows):
                trip = Trip(self.minutes, self.place, near.before(gap.starts), near.behind(gap.ends), home)
                if fitting := fit(part.starts, part.ends, trip, self.roads):
                    slot = Interval(fitting[0], fitting[0] + timedelta(minutes=self.minutes))
                    found.append((part.starts, _Found(person, slot, fitting[1])))
        return self._nearest(found)

    def _nearest(self, found: list[tuple[datetime, _Found]]) -> Iterator[_Found]:
        """As where free time is kept, of those whose stretch begins at the same time only the nearest are compared."""
        by_start: dict[datetime, list[_Found]] = {}
        for start, each in found:
            by_start.setdefault(start, []).append(each)
        for same in by_start.values():
            yield from sorted(same, key=lambda each: (self._far(each.person.home), each.person.rank))[:NEAREST]

    def _far(self, home: Place | None) -> float:
        return straight_km(home, self.place) if home and self.place else inf

    def _cut(self, stretches: Sequence[Stretch], windows: Sequence[Window]) -> Iterator[tuple[Interval, Interval]]:
        """The parts of use, each with its whole stretch."""
        for each in stretches:
            if not each.zone or not self.zone_id or each.zone == self.zone_id:
                for window in windows:
                    if part := window.part(each.interval, self.minutes):
                        yield part, each.interval


def _neighbours(ids: Collection[int], whole: Interval) -> dict[int, Neighbours]:
    """The appointments with a place in and around that time, by resource."""
    rows = Appointment.objects.filter(
        resource__in=ids, blocks=True, starts__gt=whole.starts - 2 * LONGEST, starts__lt=whole.ends + LONGEST,
        site__latitude__isnull=False,
    ).order_by("starts")  # fmt: skip
    found: dict[int, Neighbours] = {}
    for pk, starts, ends, *place in rows.values_list(
        "resource_id", "starts", "ends", "site__latitude", "site__longitude"
    ):
        found.setdefault(pk, Neighbours()).add(Interval(starts, ends), Place(*(float(each or 0) for each in place)))
    return found


def _stop(moment: datetime | None, latitude: Decimal | None, longitude: Decimal | None) -> Stop | None:
    place = _place(latitude, longitude)
    return (moment, place) if moment is not None and place is not None else None


def _place(latitude: Decimal | None, longitude: Decimal | None) -> Place | None:
    return None if latitude is None or longitude is None else Place(float(latitude), float(longitude))
