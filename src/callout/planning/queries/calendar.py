"""When resources are there, when they are away, and what takes their time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import get_language

from callout.accounts.actor import Actor
from callout.core.free import Stretch, free_time
from callout.core.holidays_of import holidays_between
from callout.core.intervals import Interval, covers, intersect, normalise
from callout.core.worktime import Busy, Closure, ClosureKind, Shift, bookable, day_of, expand, zone_of
from callout.planning.models import Absence, ActivityType, Appointment, Category, Presence, Resource, WorkingHours
from callout.planning.queries.eligibility import performers
from callout.planning.queries.scope import resources_visible_to
from callout.planning.rules import LONGEST

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class ResourceDay:
    """The calendar of one resource over the asked time: all of its presence on the local days that this touches,
    and what closes some of it. Appointments are not in it.
    """

    resource: Resource
    zone: ZoneInfo
    presence: list[Interval]
    closures: list[Closure] = field(default_factory=list)
    zones: list[Stretch] | None = None
    """Where the resource is when, for who works by presence patterns."""

    @cached_property
    def bookable(self) -> list[Interval]:
        """Presence less absences and holidays."""
        return bookable(self.presence, self.presence, self.closures)


def calendar(resources: Iterable[Resource], start: datetime, end: datetime) -> dict[int, ResourceDay]:
    """The calendars of the resources (with branch loaded) from `start` to `end`, by id.

    Three statements at most, however many resources. Holidays are named in the reader's language.
    """
    by_id = {resource.pk: resource for resource in resources}
    shifts = _shifts(by_id)
    generated = _presences(
        [pk for pk, each in by_id.items() if each.presence == Resource.PresenceMode.PATTERNS], start, end
    )
    closures = _absences(by_id, start, end)
    days = _Days(start, end)
    found = {}
    for pk, resource in by_id.items():
        presence, zones = days.expand(shifts.get(pk, ()), resource.time_zone), None
        if resource.presence == Resource.PresenceMode.PATTERNS:
            zones = generated.get(pk, [])
            presence = intersect(normalise(each.interval for each in zones), presence)
        away = [*closures.get(pk, ()), *days.holidays(resource)]
        found[pk] = ResourceDay(resource, zone_of(resource.time_zone), presence, away, zones)
    return found


def busy(ids: Collection[int], start: datetime, end: datetime, *, but: int | None = None) -> dict[int, list[Busy]]:
    """What takes time of the resources from `start` to `end`, by resource; `but` leaves one appointment out."""
    rows = Appointment.objects.filter(
        resource__in=ids, blocks=True, starts__lt=end, starts__gt=start - LONGEST, ends__gt=start
    )
    if but is not None:
        rows = rows.exclude(pk=but)
    found: dict[int, list[Busy]] = {}
    for pk, starts, ends, title in rows.order_by("starts", "pk").values_list("resource_id", "starts", "ends", "title"):
        found.setdefault(pk, []).append(Busy(Interval(starts, ends), title))
    return found


def unfinished(resource: Resource, start: datetime, end: datetime | None = None) -> QuerySet[Appointment]:
    """The resource's appointments that are still to be done and touch the time from `start` (to `end`), in order."""
    rows = Appointment.objects.filter(
        resource=resource, blocks=True, starts__gt=start - LONGEST, ends__gt=start
    ).exclude(category=Category.DONE)
    return (rows.filter(starts__lt=end) if end else rows).order_by("starts", "pk")


def free_then(
    activity_type: ActivityType, window: Interval, *, actor: Actor, besides: Collection[int] = (), limit: int = 3
) -> list[Resource]:
    """Resources, at most `limit`, that perform the type and could take the window; in the planner's order."""
    visible = resources_visible_to(actor).values("pk")
    candidates = list(performers(activity_type).filter(pk__in=visible).exclude(pk__in=besides)[:500])
    days = calendar(candidates, window.starts, window.ends)
    taken = busy([each.pk for each in candidates], window.starts, window.ends)
    free = (each for each in candidates if each.pk not in taken and covers(days[each.pk].bookable, window))
    return list(islice(free, limit))


def free_times(resources: Iterable[Resource], within: Interval) -> dict[int, list[Stretch]]:
    """The free time of the resources (with branch loaded), worked out from their calendars; four statements at most."""
    days = calendar(resources, within.starts, within.ends)
    taken = busy(list(days), within.starts, within.ends)
    return {
        pk: free_time(day.bookable, (each.interval for each in taken.get(pk, ())), day.zones, within)
        for pk, day in days.items()
    }


class _Days:
    """The local days of a stretch of time; people with the same hours, zone or holidays share the work."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.whole = Interval(start, end)
        self._hours: dict[tuple[tuple[Shift, ...], str], list[Interval]] = {}
        self._holidays: dict[tuple[str, str, str], list[Closure]] = {}

    def expand(self, shifts: tuple[Shift, ...], zone: str) -> list[Interval]:
        """Working time on the local days, in UTC."""
        if (shifts, zone) not in self._hours:
            self._hours[shifts, zone] = expand(shifts, zone, *self._bounds(zone))
        return self._hours[shifts, zone]

    def holidays(self, resource: Resource) -> list[Closure]:
        """The public holidays of the resource's branch that touch the asked time, as whole days of its own zone."""
        key = (resource.branch.country, resource.branch.region, resource.time_zone)
        if key not in self._holidays:
            first, last = self._bounds(resource.time_zone)
            named = holidays_between(key[0], key[1], first, last, get_language() or "en")
            days = ((day_of(day, resource.time_zone), name) for day, name in named)
            self._holidays[key] = [
                Closure(day, ClosureKind.HOLIDAY, name) for day, name in days if day.overlaps(self.whole)
            ]
        return self._holidays[key]

    def _bounds(self, zone: str) -> tuple[date, date]:
        there = zone_of(zone)
        return self.whole.starts.astimezone(there).date(), (self.whole.ends - _TICK).astimezone(there).date()


def _shifts(ids: Collection[int]) -> dict[int, tuple[Shift, ...]]:
    found: dict[int, list[Shift]] = {}
    rows = WorkingHours.objects.filter(resource__in=ids).order_by("resource_id", "weekday", "starts")
    for pk, *hours in rows.values_list("resource_id", "weekday", "starts", "ends"):
        found.setdefault(pk, []).append(_shift(*hours))
    return {pk: tuple(shifts) for pk, shifts in found.items()}


@lru_cache(maxsize=2_000)
def _shift(weekday: int, starts: time, ends: time) -> Shift:
    """People of a company have few different hours: each is made, and checked, once."""
    return Shift(weekday, starts, ends)


def _presences(ids: Collection[int], start: datetime, end: datetime) -> dict[int, list[Stretch]]:
    if not ids:
        return {}
    found: dict[int, list[Stretch]] = {}
    day = timedelta(days=1)
    rows = Presence.objects.filter(resource__in=ids, starts__lt=end + day, ends__gt=start - day).order_by("pk")
    for pk, starts, ends, zone in rows.values_list("resource_id", "starts", "ends", "zone_id"):
        found.setdefault(pk, []).append(Stretch(Interval(starts, ends), zone or 0))
    return found


def _absences(ids: Collection[int], start: datetime, end: datetime) -> dict[int, list[Closure]]:
    found: dict[int, list[Closure]] = {}
    rows = Absence.objects.filter(resource__in=ids, starts__lt=end, ends__gt=start).order_by("starts", "pk")
    for pk, starts, ends, reason in rows.values_list("resource_id", "starts", "ends", "reason"):
        found.setdefault(pk, []).append(Closure(Interval(starts, ends), ClosureKind.ABSENCE, reason))
    return found
