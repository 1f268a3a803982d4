"""Presence patterns, the presences that they have given, and what generating them would do."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q, QuerySet

from callout.accounts.actor import Actor
from callout.accounts.models import Membership
from callout.core.errors import Invalid, NotFound
from callout.core.intervals import Interval
from callout.core.recurrence import Unit
from callout.core.worktime import Closure, Shift, expand
from callout.customers.models import Zone
from callout.planning.models import Appointment, Category, Presence, PresencePattern, Resource, WorkingHours
from callout.planning.queries.calendar import ResourceDay, calendar
from callout.planning.queries.scope import resources_visible_to
from callout.planning.rules import LONGEST
from callout.planning.rules import patterns as rules
from callout.planning.rules.patterns import Line

_MARGIN = timedelta(days=2)
_NIGHT = timedelta(days=1)
CHUNK = 40
"""Resources whose calendars are read together."""


@dataclass(frozen=True, slots=True)
class Choice:
    """For whom and for which local days presences are generated, or cleared; no resource, team or zone means all."""

    first: date
    last: date
    resource_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    zone_ids: frozenset[int] = frozenset()
    clear: bool = False

    @property
    def days(self) -> int:
        """How many days it is."""
        return (self.last - self.first).days + 1


def patterns_visible_to(actor: Actor) -> QuerySet[PresencePattern]:
    """The presence patterns of the resources that the actor sees."""
    rows = PresencePattern.objects.select_related("resource__user", "zone")
    return rows.filter(resource__in=resources_visible_to(actor).values("pk"))


def presences_visible_to(actor: Actor) -> QuerySet[Presence]:
    """The presences on the calendars that the actor sees."""
    rows = Presence.objects.select_related("resource__user", "zone", "pattern")
    return rows.filter(resource__in=resources_visible_to(actor).values("pk"))


def one_pattern(pk: int, *, actor: Actor) -> PresencePattern:
    """The pattern. Raises NotFound."""
    found = patterns_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def chosen_ids(choice: Choice, *, actor: Actor) -> list[int]:
    """The active resources that the choice is about, by id: those that have patterns, or presences to be cleared."""
    rows = resources_visible_to(actor).filter(active=True)
    named = Q()
    if choice.resource_ids:
        named |= Q(pk__in=choice.resource_ids)
    if choice.team_ids:
        named |= Q(user_id__in=Membership.objects.filter(team__in=choice.team_ids).values("user_id"))
    patterns = PresencePattern.objects.all()
    presences = Presence.objects.filter(ends__gt=_midnight(choice.first) - _MARGIN)
    if choice.zone_ids:
        patterns, presences = patterns.filter(zone__in=choice.zone_ids), presences.filter(zone__in=choice.zone_ids)
    source: QuerySet = presences if choice.clear else patterns
    rows = rows.filter(named, pk__in=source.values("resource_id"))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def plain(row: PresencePattern) -> rules.Pattern:
    """The pattern as the rules know it. Raises Invalid for a recurrence that there is not."""
    if row.unit not in PresencePattern.Unit.values:
        raise Invalid("unit")
    return rules.Pattern(
        pk=row.pk or 0,
        unit=Unit(row.unit),
        every=row.every,
        weekdays=frozenset(row.weekdays),
        starts=row.starts,
        ends=row.ends,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        zone=row.zone_id or 0,
        zone_name=str(row.zone) if row.zone else "",
    )


def plans_in_chunks(
    ids: Sequence[int], choice: Choice, *, now: datetime
) -> Iterator[dict[int, tuple[Resource, list[Line]]]]:
    """What the choice does to these resources' calendars, some resources at a time."""
    for at in range(0, len(ids), CHUNK):
        part = Resource.objects.select_related("user", "branch").filter(pk__in=ids[at : at + CHUNK]).order_by("pk")
        yield plans(list(part), choice, now=now)


def plans(resources: Sequence[Resource], choice: Choice, *, now: datetime) -> dict[int, tuple[Resource, list[Line]]]:
    """What generating, or clearing, the choice does to each calendar; eight statements, however many resources."""
    start, end = _midnight(choice.first) - _MARGIN, _midnight(choice.last) + _MARGIN
    ids = [each.pk for each in resources]
    standing = _standing(ids, start, end)
    hours, work = _hours(resources, choice), _work(resources, start, end)
    patterns, days = _patterns(ids, choice), calendar(resources, start, end)
    found = {}
    for each in resources:
        pk = each.pk
        known = rules.Calendar(
            zone=each.time_zone, standing=standing.get(pk, ()), closures=_closures(days[pk]), hours=hours.get(pk, ()),
            work=work.get(pk, ()),
        )  # fmt: skip
        if choice.clear:
            gone = [one for one in known.standing if _is_chosen(one, choice, days[pk])]
            found[pk] = each, rules.cleared(known, gone, now=now)
        else:
            found[pk] = each, rules.generated(patterns.get(pk, ()), known, choice.first, choice.last, now=now)
    return found


def future_plan(resource: Resource, pattern_id: int, *, now: datetime) -> list[Line]:
    """What taking every presence that is still to come of one pattern off the calendar does."""
    rows = list(
        Presence.objects.filter(pattern=pattern_id, ends__gt=now).order_by("starts", "pk").values_list("starts", "ends")
    )
    if not rows:
        return []
    start, end = rows[0][0], max(ends for _, ends in rows)
    standing = _standing([resource.pk], start, end).get(resource.pk, [])
    known = rules.Calendar(resource.time_zone, standing, work=_work([resource], start, end).get(resource.pk, ()))
    own = [each for each in standing if each.pattern == pattern_id and each.interval.starts >= now]
    return rules.cleared(known, own, now=now)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _is_chosen(standing: rules.Standing, choice: Choice, day: ResourceDay) -> bool:
    first = standing.day or standing.interval.starts.astimezone(day.zone).date()
    return choice.first <= first <= choice.last and (not choice.zone_ids or standing.zone in choice.zone_ids)


def _closures(day: ResourceDay) -> list[Closure]:
    return sorted(day.closures, key=lambda each: (each.interval, each.label))


def _standing(ids: Collection[int], start: datetime, end: datetime) -> dict[int, list[rules.Standing]]:
    rows = Presence.objects.filter(resource__in=ids, starts__lt=end, ends__gt=start).order_by("starts", "pk")
    names = {zone.pk: str(zone) for zone in Zone.objects.all()}
    found: dict[int, list[rules.Standing]] = {}
    for resource, pk, pattern, day, zone, starts, ends in rows.values_list(
        "resource_id", "pk", "pattern_id", "day", "zone_id", "starts", "ends"
    ):
        each = rules.Standing(pk, pattern, day, zone or 0, names.get(zone, ""), Interval(starts, ends))
        found.setdefault(resource, []).append(each)
    return found


def _patterns(ids: Collection[int], choice: Choice) -> dict[int, list[rules.Pattern]]:
    rows = PresencePattern.objects.filter(resource__in=ids).select_related("zone").order_by("starts_on", "pk")
    if choice.zone_ids:
        rows = rows.filter(zone__in=choice.zone_ids)
    found: dict[int, list[rules.Pattern]] = {}
    for row in rows:
        found.setdefault(row.resource_id, []).append(plain(row))
    return found


def _hours(resources: Iterable[Resource], choice: Choice) -> dict[int, list[Interval]]:
    """The working hours, which people mostly share."""
    shifts: dict[int, list[Shift]] = {}
    by_pk = {each.pk: each for each in resources}
    rows = WorkingHours.objects.filter(resource__in=by_pk).order_by("weekday", "starts")
    for pk, weekday, starts, ends in rows.values_list("resource_id", "weekday", "starts", "ends"):
        shifts.setdefault(pk, []).append(Shift(weekday, starts, ends))
    known: dict[tuple[tuple[Shift, ...], str], list[Interval]] = {}
    found = {}
    for pk, own in shifts.items():
        key = tuple(own), by_pk[pk].time_zone
        if key not in known:
            known[key] = expand(*key, choice.first - _NIGHT, choice.last + _NIGHT)
        found[pk] = known[key]
    return found


def _work(resources: Iterable[Resource], start: datetime, end: datetime) -> dict[int, list[rules.Work]]:
    """What is still to be done by those whose generated presences are what work can be booked in."""
    ids = [each.pk for each in resources if each.presence == Resource.PresenceMode.PATTERNS]
    if not ids:
        return {}
    rows = Appointment.objects.filter(
        resource__in=ids, blocks=True, starts__lt=end, starts__gt=start - LONGEST, ends__gt=start
    ).exclude(category=Category.DONE)
    found: dict[int, list[rules.Work]] = {}
    for pk, starts, ends, title in rows.order_by("starts", "pk").values_list("resource_id", "starts", "ends", "title"):
        found.setdefault(pk, []).append(rules.Work(Interval(starts, ends), title))
    return found
