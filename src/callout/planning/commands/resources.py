"""Whose time is planned, and their weekly hours."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from callout.accounts.actor import Actor
from callout.accounts.models import Branch, User
from callout.accounts.queries import branches_for
from callout.audit.commands import record
from callout.core.errors import Invalid, NotFound, check_version
from callout.core.intervals import Interval, covers
from callout.core.worktime import Shift, zone_of
from callout.live.commands import tell
from callout.planning import queries, rules
from callout.planning.commands.checks import refuse_work
from callout.planning.commands.free import rebuild
from callout.planning.errors import AlreadyResource
from callout.planning.models import Appointment, Resource, WorkingHours


class ResourceFields(TypedDict, total=False):
    """What can be said about a resource; what is left out stays as it is."""

    colour: str
    time_zone: str
    presence: str
    home_latitude: Decimal | None
    home_longitude: Decimal | None
    position: int
    active: bool


@transaction.atomic
def add_resource(
    *,
    user_id: int,
    branch_id: int,
    hours: Sequence[Shift] = (),
    actor: Actor,
    now: datetime,
    **fields: Unpack[ResourceFields],
) -> Resource:
    """Plan a person's time from now on; the time zone is the branch's unless given.

    Raises NotFound for a person or branch that is not there, AlreadyResource, BadColour, UnknownZone, HoursOverlap.
    """
    actor.require("planning.admin")
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound("user_id")
    branch = _branch(branch_id, actor)
    if Resource.objects.filter(user=user).exists():
        raise AlreadyResource("user_id", person=str(user))
    resource = Resource(user=user, branch=branch, time_zone=branch.time_zone)
    _put(resource, fields)
    resource.save()
    _write_hours(resource, hours)
    rebuild(resource_id=resource.pk, now=now)
    record("resource.added", subject=resource, actor=actor, at=now, user=user.pk, branch=branch.pk)
    tell("resource", actor=actor, resources=[resource.pk])
    return resource


@transaction.atomic
def change_resource(
    *,
    resource_id: int,
    version: int | None,
    branch_id: int | None = None,
    hours: Sequence[Shift] | None = None,
    actor: Actor,
    now: datetime,
    **fields: Unpack[ResourceFields],
) -> Resource:
    """Change a resource, and with `hours` the whole of its weekly hours.

    Raises NotFound, StaleVersion; WorkPlanned when work that is still to be done would lie outside the new hours, or
    belongs to a resource set inactive.
    """
    actor.require("planning.admin")
    resource = queries.lock_resources([resource_id], actor=actor)[resource_id]
    check_version(resource.version, version)
    promised = _promised(resource, now)
    if branch_id is not None:
        resource.branch = _branch(branch_id, actor)
    before = {name: str(getattr(resource, name)) for name in fields}
    _put(resource, fields)
    resource.version += 1
    resource.save()
    if hours is not None:
        before["hours"] = shown_week(resource)
        _write_hours(resource, hours)
    kept = _promised(resource, now) if resource.active else []
    refuse_work([each for each in promised if each not in kept], resource, field="hours")
    rebuild(resource_id=resource.pk, now=now)
    record("resource.changed", subject=resource, actor=actor, at=now, before=before)
    tell("resource", actor=actor, resources=[resource.pk])
    return resource


def shown_week(resource: Resource) -> str:
    """The weekly hours in one line, for the audit: `0 08:00-12:00; 0 13:00-17:00`."""
    rows = WorkingHours.objects.filter(resource=resource).order_by("weekday", "starts")
    return "; ".join(f"{row.weekday} {rules.shown_shift(Shift(row.weekday, row.starts, row.ends))}" for row in rows)


def _branch(branch_id: int, actor: Actor) -> Branch:
    branch = branches_for(actor).filter(pk=branch_id).first()
    if branch is None:
        raise NotFound("branch_id")
    return branch


def _promised(resource: Resource, now: datetime) -> list[Appointment]:
    """Work still to be done that lies in bookable time, as hours and closures are now."""
    work = list(queries.unfinished(resource, now))
    if not work:
        return []
    start, end = min(each.starts for each in work), max(each.ends for each in work)
    bookable = queries.calendar([resource], start, end)[resource.pk].bookable
    return [each for each in work if covers(bookable, Interval(each.starts, each.ends))]


def _put(resource: Resource, fields: ResourceFields) -> None:
    for name, value in fields.items():
        setattr(resource, name, value)
    rules.check_colour(resource.colour)
    rules.check_place(resource.home_latitude, resource.home_longitude)
    if resource.presence not in Resource.PresenceMode.values:
        raise Invalid("presence")
    zone_of(resource.time_zone)


def _write_hours(resource: Resource, shifts: Sequence[Shift]) -> None:
    rules.check_hours(shifts)
    WorkingHours.objects.filter(resource=resource).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(resource=resource, weekday=shift.weekday, starts=shift.starts, ends=shift.ends) for shift in shifts
    )
