"""Requests to be away: whose they are, who else is away then, which work lies in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from callout.accounts.actor import Actor
from callout.accounts.models import Membership, User
from callout.accounts.queries import actor_for, people_with_rights
from callout.accounts.rules import ROLES
from callout.core.errors import NotFound
from callout.core.intervals import Interval
from callout.planning.errors import NotMyself
from callout.planning.models import Absence, AbsenceRequest, Appointment, Category, Resource
from callout.planning.queries.calendar import unfinished
from callout.planning.queries.scope import resource_of, resources_visible_to

DECIDES = ("board.plan", "planning.admin")
ASKED = AbsenceRequest.Status.ASKED
WAITING = 20
"""Requests that a to-do list shows at most."""


def requests_visible_to(actor: Actor) -> QuerySet[AbsenceRequest]:
    """The requests that the actor decides on, those of the own branches; for others the own ones."""
    rows = AbsenceRequest.objects.select_related("resource__user", "resource__branch")
    if any(actor.may(right) for right in DECIDES):
        return rows.filter(resource__in=resources_visible_to(actor).values("pk"))
    if actor.user_id is None:
        return rows.none()
    return rows.filter(resource__user_id=actor.user_id)


def one_request(pk: int, *, actor: Actor) -> AbsenceRequest:
    """The request. Raises NotFound."""
    found = requests_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def deciders(resource: Resource) -> list[User]:
    """Who decides on the person's requests and can be written to: not that person, and only who sees the calendar."""
    roles = [role for role, rights in ROLES.items() if set(rights) & set(DECIDES)]
    named = Q(grants__right__in=DECIDES, grants__allowed=True)
    named |= Q(teams__grants__right__in=DECIDES, teams__grants__allowed=True)
    of_branch = Q(branches=None) | Q(branches=resource.branch_id)
    found = people_with_rights().filter(Q(roles__overlap=roles) | named, of_branch, is_active=True, setup_pending=False)
    people = {user.pk: user for user in found.exclude(pk=resource.user_id).exclude(email="").order_by("pk")}
    return [user for user in people.values() if any(actor_for(user).may(right) for right in DECIDES)]


def to_decide(actor: Actor) -> list[AbsenceRequest]:
    """The open requests that wait for the actor's decision, the next first; one's own are others' business."""
    if not any(actor.may(right) for right in DECIDES):
        return []
    rows = requests_visible_to(actor).filter(status=ASKED).exclude(resource__user_id=actor.user_id or 0)
    return list(rows.order_by("starts", "pk")[:WAITING])


def own_resource(actor: Actor) -> Resource:
    """The calendar that is the actor's own. Raises NotMyself."""
    found = resource_of(actor)
    if found is None:
        raise NotMyself
    return found


def own_requests(resource: Resource, *, since: datetime) -> list[AbsenceRequest]:
    """What a person asked for that is open or not over yet, the next first."""
    rows = AbsenceRequest.objects.select_related("resource").filter(resource=resource)
    return list(rows.filter(Q(ends__gt=since) | Q(status=ASKED)).order_by("starts", "pk")[:100])


def own_absences(resource: Resource, *, since: datetime) -> list[Absence]:
    """When a person is away that was entered without a request, and is not over yet."""
    rows = Absence.objects.select_related("resource").filter(resource=resource, ends__gt=since, request=None)
    return list(rows.order_by("starts", "pk")[:100])


def in_that_time(resource: Resource, window: Interval) -> AbsenceRequest | Absence | None:
    """What of the person's own lies in that time already: an open request, else an absence."""
    rows: Sequence[Any] = (AbsenceRequest.objects.filter(status=ASKED), Absence.objects.all())
    for row in rows:
        found = row.filter(resource=resource, starts__lt=window.ends, ends__gt=window.starts).order_by("starts", "pk")
        if first := found.first():
            return first
    return None


def work_in(request: AbsenceRequest) -> list[Appointment]:
    """What is planned and still to be done in the time asked for, in order."""
    return list(unfinished(request.resource, request.starts, request.ends).select_related("activity_type")[:100])


def colleagues_of(resource: Resource) -> QuerySet[Resource]:
    """The active others of the person's teams; of the branch for who is in no team."""
    others = Resource.objects.filter(active=True).exclude(pk=resource.pk)
    teams = Membership.objects.filter(user=resource.user_id).values("team_id")
    if not teams.exists():
        return others.filter(branch=resource.branch_id)
    return others.filter(user_id__in=Membership.objects.filter(team__in=teams).values("user_id"))


def others_away(request: AbsenceRequest) -> tuple[list[Absence], list[AbsenceRequest]]:
    """Which colleagues are away at some time of the request, and who else asks to be."""
    then = {"starts__lt": request.ends, "ends__gt": request.starts, "resource__in": colleagues_of(request.resource)}
    absences = Absence.objects.filter(**then).select_related("resource__user").order_by("starts", "pk")
    asked = AbsenceRequest.objects.filter(status=ASKED, **then).select_related("resource__user")
    return list(absences[:100]), list(asked.order_by("starts", "pk")[:100])


def with_conflicts(rows: QuerySet[AbsenceRequest]) -> QuerySet[AbsenceRequest]:
    """Adds to each open request how many colleagues are `away` in its time, and how much `work` is planned in it."""
    own_teams = Membership.objects.filter(user=OuterRef(OuterRef("resource__user_id")))
    mates = Membership.objects.filter(team__membership__user=OuterRef(OuterRef("resource__user_id"))).values("user_id")
    away = (
        Absence.objects.filter(starts__lt=OuterRef("ends"), ends__gt=OuterRef("starts"), resource__active=True)
        .exclude(resource=OuterRef("resource"))
        .filter(
            Q(resource__user_id__in=mates) | Q(~Exists(own_teams), resource__branch_id=OuterRef("resource__branch_id"))
        )
    )
    work = Appointment.objects.filter(
        resource=OuterRef("resource"), blocks=True, starts__lt=OuterRef("ends"), ends__gt=OuterRef("starts")
    ).exclude(category=Category.DONE)
    return rows.annotate(away=_count(away, F("resource_id")), work=_count(work, F("pk")))


def _count(rows: QuerySet[Any], what: F) -> Coalesce:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)
