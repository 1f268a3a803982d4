"""The next free slots for a piece of work, while the customer is on the phone.

Free time is kept (see FreeTime), so that the first stretches of a whole company are one indexed read. For resources
whose free time is not kept that far, it is worked out from their calendars.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from math import inf
from typing import Any

from django.db.models import Q, Subquery
from django.db.models.functions import JSONArray

from callout.accounts.actor import Actor
from callout.accounts.models import Branch
from callout.core.errors import NotFound
from callout.core.free import Stretch
from callout.core.intervals import Interval
from callout.core.slots import Neighbours, Trip, Window, Wish, fit, wished
from callout.core.travel import Place, Roads, straight_km
from callout.core.worktime import zone_of
from callout.customers.models import Site
from callout.customers.queries import sees_all, sites_visible_to
from callout.db.compiled import Compiled
from callout.db.rows import partial
from callout.planning.models import ActivityType, Appointment, Resource
from callout.planning.queries.calendar import free_times
from callout.planning.queries.eligibility import performers
from callout.planning.queries.kept import NEAREST, Asked, stop, stretches
from callout.planning.queries.scope import resources_visible_to, sees_calendars
from callout.planning.rules import LONGEST

SLOT_DAYS = 60
"""How far ahead slots are looked for."""
MOST = 60
"""Free stretches that are read at first."""
_CHUNK = 3
"""Days that are worked out at once where free time is not kept."""
_BATCHES = (12, 48)


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot that somebody could take, with the driving that it adds to that person's day.

    `detour_km` is None where a place on the way is not known. `others` more people are free then.
    """

    resource_id: int
    name: str
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
    search = _Search(activity_type, actor, site, minutes, resources, roads)
    zone = zone_of(site.branch.time_zone if site is not None else actor.time_zone)
    found: dict[datetime, _Found] = {}
    for windows in _batches(wished(wish or Wish(), after, after + timedelta(days=days), zone)):
        search.collect(found, windows, limit)
        if len(found) >= limit:
            break
    return [found[start].offer for start in sorted(found)[:limit]]


def work_at(type_id: int, site_id: int | None, *, actor: Actor) -> tuple[ActivityType, Site | None]:
    """The type and the site that somebody asks about, with what the search needs of them; one statement for most.

    Raises NotFound on `activity_type_id` or `site_id`.
    """
    kind: Any = _what_for.first(kind=type_id, site=site_id or 0)
    if kind is None:
        raise NotFound("activity_type_id")
    if site_id is None:
        return kind, None
    if kind.at is None or not (sees_all(actor) or sites_visible_to(actor).filter(pk=site_id).exists()):
        raise NotFound("site_id")
    *own, zone = kind.at
    site = partial(Site, _SITE, own)
    site.branch = partial(Branch, ("id", "time_zone"), (site.branch_id, zone))
    return kind, site


_SITE = ("id", "branch_id", "zone_id", "latitude", "longitude")
_what_for = Compiled(
    lambda kind, site: (
        ActivityType.objects.only("id", "minutes")
        .filter(pk=kind, active=True)
        .annotate(at=Subquery(Site.objects.filter(pk=site).values(row=JSONArray(*_SITE, "branch__time_zone"))))
    ),
    kind=-1,
    site=-2,
)


def _batches(windows: Iterable[Window]) -> Iterator[list[Window]]:
    """The windows in order, some days at first: they answer most callers."""
    left = iter(windows)
    for size in _BATCHES:
        if batch := list(islice(left, size)):
            yield batch
    yield from iter(lambda: list(islice(left, _BATCHES[-1])), [])


@dataclass(frozen=True, slots=True)
class _Person:
    """What of a resource decides who is offered."""

    pk: int
    name: str
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

    @property
    def offer(self) -> Offer:
        """As it is told."""
        return Offer(self.person.pk, self.person.name, self.interval, self.detour_km, self.others)


def _keep(found: dict[datetime, _Found], new: _Found) -> None:
    """Of those who could come at the same time, the best one."""
    known = found.get(new.interval.starts)
    if known is not None:
        best, other = (new, known) if new.rank < known.rank else (known, new)
        new = replace(best, others=best.others + other.others + 1)
    found[new.interval.starts] = new


def _is_late(found: dict[datetime, _Found], limit: int, moment: datetime) -> bool:
    """Whether nothing that starts after this moment can be among the first any more."""
    return len(found) >= limit and moment > sorted(found)[limit - 1]


class _Search:
    """Who is asked for which work at which place."""

    def __init__(
        self, kind: ActivityType, actor: Actor, site: Site | None, minutes: int | None,
        resources: Collection[int] | None, roads: Roads | None,
    ) -> None:  # fmt: skip
        self.kind, self.actor, self.resources = kind, actor, resources
        self.minutes, self.roads = minutes or kind.minutes, roads or Roads()
        self.place = _place(site.latitude, site.longitude) if site is not None else None
        self.zone_id = site.zone_id if site is not None else None
        self.asked = self._asked()

    def _asked(self) -> Asked:
        """The question for the database: branches bound most people's sight, others see few calendars."""
        branches, only = self.actor.branch_ids or None, self.resources
        if not sees_calendars(self.actor):
            seen = set(resources_visible_to(self.actor).values_list("pk", flat=True))
            branches, only = None, seen if only is None else seen & set(only)
        return Asked(self.kind.pk, self.minutes, self.place, self.zone_id, branches, only)

    def collect(self, found: dict[datetime, _Found], windows: Sequence[Window], limit: int) -> None:
        """Add what fits into these windows, up to the first `limit` starts at least."""
        late = self._collect_kept(found, windows, limit)
        if not late:
            return
        people = self._not_kept(windows[-1].interval.ends)
        for at in range(0, len(windows), _CHUNK):
            chunk = windows[at : at + _CHUNK]
            if not people or _is_late(found, limit, chunk[0].interval.starts):
                return
            for each in self._work_out(people, chunk):
                _keep(found, each)

    def _collect_kept(self, found: dict[datetime, _Found], windows: Sequence[Window], limit: int) -> int:
        """Add what fits where free time is kept; how many people there are for whom it is not."""
        most = MOST
        while True:
            late, rows = stretches(self.asked, windows, most)
            here = dict(found)
            if self._fill(here, rows, limit) or len(rows) < most:
                found.update(here)
                return late
            most *= 8

    def _fill(self, found: dict[datetime, _Found], rows: Iterable[tuple[Any, ...]], limit: int) -> bool:
        """Go through rows in the order of their starts; whether no later one can be among the first any more."""
        for pk, name, position, latitude, longitude, starts, ends, *stops in rows:
            if _is_late(found, limit, starts):
                return True
            home = _place(latitude, longitude)
            trip = Trip(self.minutes, self.place, stop(*stops[:3]), stop(*stops[3:]), home)
            if fitting := fit(starts, ends, trip, self.roads):
                _keep(found, self._found(_Person(pk, name, position, home), *fitting))
        return False

    def _found(self, person: _Person, start: datetime, detour: float | None) -> _Found:
        return _Found(person, Interval(start, start + timedelta(minutes=self.minutes)), detour)

    def _not_kept(self, last: datetime) -> list[Resource]:
        """Who may be asked though the free time is not kept that far."""
        people = performers(self.kind).filter(pk__in=resources_visible_to(self.actor).values("pk"))
        if self.resources is not None:
            people = people.filter(pk__in=self.resources)
        return list(people.filter(Q(free_until=None) | Q(free_until__lt=last)).order_by("pk"))

    def _work_out(self, people: Collection[Resource], windows: Sequence[Window]) -> Iterator[_Found]:
        """What fits for people whose free time is not kept that far."""
        whole = Interval(windows[0].interval.starts - LONGEST, windows[-1].interval.ends + LONGEST)
        around = _neighbours([each.pk for each in people], whole) if self.place else {}
        by_id = {each.pk: each for each in people}
        found: list[tuple[datetime, _Found]] = []
        for pk, free in free_times(people, whole).items():
            home = _place(by_id[pk].home_latitude, by_id[pk].home_longitude)
            person, near = _Person(pk, str(by_id[pk]), by_id[pk].position, home), around.get(pk, Neighbours())
            for part, gap in self._cut(free, windows):
                trip = Trip(self.minutes, self.place, near.before(gap.starts), near.behind(gap.ends), home)
                if fitting := fit(part.starts, part.ends, trip, self.roads):
                    found.append((part.starts, self._found(person, *fitting)))
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

    def _cut(self, free: Sequence[Stretch], windows: Sequence[Window]) -> Iterator[tuple[Interval, Interval]]:
        """The parts of use, each with its whole stretch."""
        for each in free:
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


def _place(latitude: Decimal | None, longitude: Decimal | None) -> Place | None:
    return None if latitude is None or longitude is None else Place(float(latitude), float(longitude))
