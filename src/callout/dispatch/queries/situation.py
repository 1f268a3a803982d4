"""What a run starts from: whose time there is, what stands on the calendars, and what waits."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from callout.accounts.actor import Actor
from callout.accounts.models import Membership
from callout.core.intervals import Interval
from callout.core.travel import Place
from callout.dispatch.errors import NobodyPresent, NobodyToDispatch, NothingToDispatch
from callout.dispatch.rules import MOST_ORDERS, Choice
from callout.dispatch.rules.building import Person, Spot, Standing, Work
from callout.planning import queries as planning
from callout.planning.models import Appointment, Resource
from callout.planning.rules import LONGEST
from callout.workorders import queries as workorders
from callout.workorders.models import WorkOrder

MARGIN = timedelta(hours=38)
"""A chosen day of somebody far east or west, and a night shift that goes on after it."""


@dataclass(frozen=True)
class Situation:
    """Everything that a run needs to know; `versions` are those of the work orders, `cut` when more work waits."""

    people: list[Person]
    standing: list[Standing]
    works: list[Work]
    versions: dict[int, int] = field(default_factory=dict)
    branch_ids: list[int] = field(default_factory=list)
    cut: bool = False


def chosen_people(choice: Choice, *, actor: Actor) -> list[Resource]:
    """The active resources that the choice names, of those that the actor sees. Raises NobodyToDispatch."""
    rows = planning.resources_visible_to(actor).filter(active=True)
    if choice.names_people:
        members = Membership.objects.filter(team__in=choice.team_ids).values("user_id")
        rows = rows.filter(Q(pk__in=choice.resource_ids) | Q(user_id__in=members))
    found = list(rows.order_by("position", "pk"))
    if not found:
        raise NobodyToDispatch("resource_ids")
    return found


def situation(choice: Choice, *, actor: Actor) -> Situation:
    """The situation for a choice, in eight statements. Raises NobodyToDispatch, NobodyPresent, NothingToDispatch."""
    resources = chosen_people(choice, actor=actor)
    performed = performed_by(resources)
    waiting = _waiting(choice, actor)
    if choice.names_people:
        waiting = waiting.filter(activity_type_id__in=frozenset().union(*performed.values()))
    orders = list(waiting.order_by("-ticket__priority", "ticket__received_at", "pk")[: MOST_ORDERS + 1])
    if not orders:
        raise NothingToDispatch
    people = people_of(choice, resources, performed)
    if not any(person.bookable for person in people):
        raise NobodyPresent("days")
    cut = len(orders) > MOST_ORDERS
    orders = orders[:MOST_ORDERS]
    return Situation(
        people,
        list(standing(people)),
        [work_of(order) for order in orders],
        {order.pk: order.version for order in orders},
        sorted({each.branch_id for each in resources}),
        cut,
    )


def _waiting(choice: Choice, actor: Actor) -> QuerySet[WorkOrder]:
    rows = workorders.unplanned(actor)
    if choice.type_ids:
        rows = rows.filter(activity_type__in=choice.type_ids)
    if choice.sector_ids:
        rows = rows.filter(activity_type__sector__in=choice.sector_ids)
    if choice.zone_ids:
        rows = rows.filter(site__zone__in=choice.zone_ids)
    return rows


def performed_by(resources: Collection[Resource]) -> dict[int, frozenset[int]]:
    """The types that each of them performs."""
    teams: dict[int, set[int]] = {}
    users = [each.user_id for each in resources]
    for user, team in Membership.objects.filter(user__in=users).values_list("user_id", "team_id"):
        teams.setdefault(user, set()).add(team)
    eligible = planning.eligible_by_type()
    return {
        each.pk: frozenset(
            pk for pk, who in eligible.items() if who.includes(each.user_id, frozenset(teams.get(each.user_id, ())))
        )
        for each in resources
    }


def people_of(choice: Choice, resources: Collection[Resource], performed: dict[int, frozenset[int]]) -> list[Person]:
    """Their time on the chosen days."""
    start = datetime.combine(choice.days[0], time(), UTC) - MARGIN
    end = datetime.combine(choice.days[-1], time(), UTC) + timedelta(days=1) + MARGIN
    wanted = set(choice.days)
    found = []
    for pk, day in planning.calendar(resources, start, end).items():
        there = [each for each in day.bookable if _touches(each, day.zone, wanted)]
        home = place_of(day.resource.home_latitude, day.resource.home_longitude)
        found.append(Person(pk, day.resource.time_zone, there, day.zones, performed[pk], home))
    return found


def _touches(piece: Interval, zone: ZoneInfo, wanted: Collection[date]) -> bool:
    return any(moment.astimezone(zone).date() in wanted for moment in (piece.starts, piece.ends))


def standing(people: Iterable[Person], but: Collection[int] = ()) -> Iterable[Standing]:
    """What stands on these people's calendars in their time, by resource and time; `but` leaves work orders out."""
    there = {person.id: person for person in people if person.bookable}
    if not there:
        return
    starts = min(person.bookable[0].starts for person in there.values())
    ends = max(person.bookable[-1].ends for person in there.values())
    rows = Appointment.objects.filter(
        resource__in=there, blocks=True, starts__lt=ends, starts__gt=starts - LONGEST, ends__gt=starts
    )
    if but:
        rows = rows.exclude(work_order__in=but)
    columns = ("pk", "resource_id", "starts", "ends", "site_id", "site__latitude", "site__longitude")
    for pk, person, begin, end, site, *place in rows.order_by("resource", "starts").values_list(*columns):
        yield Standing(pk, person, Interval(begin, end), spot_of(site, *place))


def work_of(order: WorkOrder) -> Work:
    """A work order (with ticket and site loaded) as the rules know it."""
    ticket, site = order.ticket, order.site
    spot = spot_of(site.pk, site.latitude, site.longitude)
    return Work(
        id=order.pk,
        type=order.activity_type_id,
        spot=spot if spot is not None else site.pk,
        minutes=order.minutes,
        priority=ticket.priority,
        received_at=ticket.received_at,
        due_at=ticket.due_at,
        zone=site.zone_id or 0,
    )


def spot_of(site: int | None, latitude: Decimal | None, longitude: Decimal | None) -> Spot | None:
    """Where a site is; its number when nobody knows that, None for no site."""
    return place_of(latitude, longitude) or site


def place_of(latitude: Decimal | None, longitude: Decimal | None) -> Place | None:
    """The place with these coordinates, if both are known."""
    return None if latitude is None or longitude is None else Place(float(latitude), float(longitude))
