"""Writing to calendars. Every writer locks the resource first, so that presence and overlap are judged as they stay."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import NotFound, check_version
from callout.core.intervals import Interval, hull
from callout.core.text import clean_name
from callout.core.worktime import refusal_of
from callout.customers.models import Site
from callout.live.commands import tell
from callout.planning import queries, rules
from callout.planning.commands import chains, free
from callout.planning.errors import (
    JustTaken,
    NobodyPerforms,
    NotEligible,
    NotMovable,
    OtherZone,
    ResourceInactive,
    TypeInactive,
)
from callout.planning.models import (
    BLOCKS_THE_SLOT,
    FREES_THE_SLOT,
    ActivityState,
    ActivityType,
    Appointment,
    Category,
    Eligibility,
    Resource,
)

NO_OVERLAP = "appointment_no_overlap"
EXCLUSION_VIOLATION = "23P01"


@transaction.atomic
def book(
    *,
    resource_id: int,
    window: Interval,
    activity_type: ActivityType,
    title: str,
    site: Site | None,
    actor: Actor,
    now: datetime,
    chained: bool = True,
) -> Appointment:
    """Give a resource an appointment in `window`, which may lie in the past.

    No tasks follow from one that is not `chained`: it accompanies another. Raises NotFound for a calendar that the
    actor does not see; BadLength, TypeInactive, NobodyPerforms, NotEligible, ResourceInactive, NotPresent,
    OutsideHours, OnAbsence, OnHoliday or SlotTaken, with who is free instead; OtherZone.
    """
    actor.require("board.plan", "slot.book")
    if not activity_type.active:
        raise TypeInactive("activity_type_id", activity_type=activity_type.pk, activity=str(activity_type))
    resource = queries.lock_resources([resource_id], actor=actor)[resource_id]
    _check(resource, window, activity_type, actor=actor)
    _check_zone(resource, window, site)
    state = queries.default_state(Category.PLANNED)
    with _free_slot(resource, window, activity_type, actor):
        appointment = Appointment.objects.create(
            resource=resource,
            activity_type=activity_type,
            state=state,
            category=state.category,
            starts=window.starts,
            ends=window.ends,
            title=clean_name(title)[:200] or str(activity_type)[:200],
            site=site,
            created_at=now,
            created_by_name=actor.name,
        )
    free.take(resource, window)
    record("appointment.booked", subject=appointment, actor=actor, at=now, **_place(appointment))
    _tell("booked", appointment, actor)
    if chained:
        chains.fire(appointment, closes=False, actor=actor, now=now)
    return appointment


@transaction.atomic
def move(
    *,
    appointment: Appointment,
    resource_id: int,
    window: Interval,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Appointment:
    """Put an appointment elsewhere: another time, another length, another resource.

    Refused like `book`; also NotMovable when it is under way, over or given up, StaleVersion when `version` is not the
    present one.
    """
    actor.require("board.plan")
    resources, fresh = _lock(appointment, resource_id, actor=actor)
    check_version(fresh.version, version)
    if fresh.category not in rules.MOVABLE:
        raise NotMovable(title=fresh.title, category=str(fresh.get_category_display()))
    resource = resources[resource_id]
    _check(resource, window, fresh.activity_type, actor=actor, moving=fresh)
    _check_zone(resource, window, fresh.site)
    before, left = _place(fresh), (fresh.resource, Interval(fresh.starts, fresh.ends))
    fresh.resource, fresh.starts, fresh.ends = resource, window.starts, window.ends
    with _free_slot(resource, window, fresh.activity_type, actor):
        _save(fresh, "resource", "starts", "ends")
    free.refresh(*left)
    free.take(resource, window)
    record("appointment.moved", subject=fresh, actor=actor, at=now, before=before, **_place(fresh))
    concerned = [left[0].pk, resource.pk]
    tell("moved", actor=actor, resources=concerned, window=hull(left[1], window), appointment=fresh.pk)
    return fresh


@transaction.atomic
def lead_to(*, appointment: Appointment, site: Site, title: str, actor: Actor, now: datetime) -> Appointment:
    """Let an appointment lead to another site, at the same time and with the same person.

    Whoever calls has checked that the actor may see the appointment. Raises NotMovable when it is under way, over or
    given up, OtherZone when the person is present in another zone than the site's.
    """
    actor.require("board.plan", "ticket.write")
    _, fresh = _lock(appointment)
    if fresh.category not in rules.MOVABLE:
        raise NotMovable(title=fresh.title, category=str(fresh.get_category_display()))
    _check_zone(fresh.resource, Interval(fresh.starts, fresh.ends), site)
    fresh.site, fresh.title = site, clean_name(title)[:200]
    _save(fresh, "site", "title")
    record("appointment.site", subject=fresh, actor=actor, at=now, site=str(site))
    _tell("site", fresh, actor)
    return fresh


@transaction.atomic
def release(
    *, appointment: Appointment, actor: Actor, now: datetime, category: str = Category.CANCELLED
) -> Appointment:
    """Give the time of an appointment back: it stays as cancelled, missed or superseded and blocks nothing.

    Releasing it again changes nothing. Whoever calls has checked that the actor may see the appointment.
    """
    actor.require("board.plan", "ticket.write")
    if category not in FREES_THE_SLOT:
        raise ValueError(f"{category} does not free the slot")
    return _become(appointment, category, actor=actor, now=now)


@transaction.atomic
def set_category(
    *, appointment: Appointment, category: str, actor: Actor, now: datetime, chained: bool = True
) -> Appointment:
    """Put an appointment into the default state of `category`; in the same category it keeps its state.

    One that had freed its time gets it back only where it could still be booked; refused like `book` otherwise.
    No tasks follow from closing one that is not `chained`: it accompanies another.
    Whoever calls has checked that the actor may see the appointment.
    """
    actor.require("board.plan", "ticket.write", "own.work", "report.write", "verify.write")
    return _become(appointment, category, actor=actor, now=now, chained=chained)


@transaction.atomic
def cancel(*, appointment_id: int, version: int | None, actor: Actor, now: datetime) -> Appointment:
    """Cancel an appointment of a calendar that the actor sees. Raises NotFound, StaleVersion or NotMovable."""
    actor.require("board.plan")
    seen = queries.appointments_visible_to(actor).filter(pk=appointment_id).first()
    if seen is None:
        raise NotFound
    _, fresh = _lock(seen, actor=actor)
    check_version(fresh.version, version)
    if fresh.category not in rules.MOVABLE:
        raise NotMovable(title=fresh.title, category=str(fresh.get_category_display()))
    return release(appointment=fresh, actor=actor, now=now)


def _become(
    appointment: Appointment, category: str, *, actor: Actor, now: datetime, chained: bool = True
) -> Appointment:
    _, fresh = _lock(appointment)
    if fresh.category == category:
        return fresh
    before, state = fresh.category, queries.default_state(category)
    window = Interval(fresh.starts, fresh.ends)
    if before in FREES_THE_SLOT and category in rules.MOVABLE:
        _check(fresh.resource, window, fresh.activity_type, actor=actor, moving=fresh)
    with _free_slot(fresh.resource, window, fresh.activity_type, actor):
        _enter(fresh, state)
    if fresh.blocks != (before in BLOCKS_THE_SLOT):
        free.refresh(fresh.resource, window)
    record("appointment.state", subject=fresh, actor=actor, at=now, before=before, after=category, state=state.pk)
    _tell(category, fresh, actor)
    if category == Category.DONE and chained:
        chains.fire(fresh, closes=True, actor=actor, now=now)
    return fresh


def _tell(what: str, appointment: Appointment, actor: Actor) -> None:
    window = Interval(appointment.starts, appointment.ends)
    tell(what, actor=actor, resources=[appointment.resource_id], window=window, appointment=appointment.pk)


def _enter(appointment: Appointment, state: ActivityState) -> None:
    appointment.state = state
    appointment.category = state.category
    appointment.blocks = state.category not in FREES_THE_SLOT
    _save(appointment, "state", "category", "blocks")


def _save(appointment: Appointment, *fields: str) -> None:
    appointment.version += 1
    appointment.save(update_fields=[*fields, "version"])


def _lock(
    appointment: Appointment, *resource_ids: int, actor: Actor | None = None
) -> tuple[dict[int, Resource], Appointment]:
    """Lock the calendars concerned, then the appointment; its own calendar may have changed while this waited."""
    resources = queries.lock_resources({appointment.resource_id, *resource_ids}, actor=actor)
    fresh = queries.lock_appointment(appointment.pk)
    if fresh.resource_id not in resources:
        check_version(fresh.version, appointment.version)
    fresh.resource = resources[fresh.resource_id]
    return resources, fresh


def _check(
    resource: Resource,
    window: Interval,
    activity_type: ActivityType,
    *,
    actor: Actor,
    moving: Appointment | None = None,
) -> None:
    """Refuse what the resource cannot take, and say who could; whatever stays on its resource is eligible there."""
    rules.check_length(window)
    facts: dict[str, Any] = {"person": str(resource), "resource_id": resource.pk}
    if not resource.active:
        raise ResourceInactive("resource_id", free=_others(resource, window, activity_type, actor), **facts)
    if (moving is None or moving.resource_id != resource.pk) and not queries.performs(resource, activity_type):
        _refuse_type(resource, window, activity_type, actor=actor)
    day = queries.calendar([resource], window.starts, window.ends)[resource.pk]
    taken = queries.busy([resource.pk], window.starts, window.ends, but=moving.pk if moving else None)
    taken_here = taken.get(resource.pk, [])
    refusal = refusal_of(window, day.bookable, day.closures, taken_here)
    if refusal:
        free = _others(resource, window, activity_type, actor)
        raise rules.unbookable(refusal, day.zone, day.presence, [*day.closures, *taken_here], free=free, **facts)


def _check_zone(resource: Resource, window: Interval, site: Site | None) -> None:
    """Refuse a site in another zone than the one in which the resource is present then. Raises OtherZone."""
    if site is None or site.zone is None or resource.presence != Resource.PresenceMode.PATTERNS:
        return
    zones = queries.zones_then(resource, window)
    if zones and site.zone not in zones:
        present = ", ".join(map(str, zones))
        raise OtherZone(person=str(resource), present=present, site=str(site), zone=str(site.zone))


def _refuse_type(resource: Resource, window: Interval, activity_type: ActivityType, *, actor: Actor) -> None:
    facts: dict[str, Any] = {"activity": str(activity_type), "activity_type_id": activity_type.pk}
    if not Eligibility.objects.filter(activity_type=activity_type, role=Eligibility.Role.PERFORMS).exists():
        raise NobodyPerforms(**facts)
    free = _others(resource, window, activity_type, actor)
    raise NotEligible("resource_id", person=str(resource), resource_id=resource.pk, free=free, **facts)


def _others(resource: Resource, window: Interval, activity_type: ActivityType, actor: Actor) -> list[str]:
    """Names of colleagues who could take the window."""
    return [str(each) for each in queries.free_then(activity_type, window, actor=actor, besides=[resource.pk])]


@contextmanager
def _free_slot(resource: Resource, window: Interval, activity_type: ActivityType, actor: Actor) -> Iterator[None]:
    """Turn the database's refusal of an overlap into ours; what was written inside is undone."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not _is_overlap(error):
            raise
        free = _others(resource, window, activity_type, actor)
        raise JustTaken("starts", person=str(resource), resource_id=resource.pk, free=free) from error


def _is_overlap(error: IntegrityError) -> bool:
    cause: Any = error.__cause__
    sqlstate = getattr(cause, "sqlstate", None)
    return sqlstate == EXCLUSION_VIOLATION and cause.diag.constraint_name == NO_OVERLAP


def _place(appointment: Appointment) -> dict[str, Any]:
    """Where an appointment stands, for the audit."""
    return {
        "resource": appointment.resource_id,
        "starts": appointment.starts.isoformat(),
        "ends": appointment.ends.isoformat(),
    }
