"""What is done on the board. An appointment of a work order moves with its work order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from callout.accounts.actor import Actor
from callout.board import queries, rules
from callout.board.errors import BelongsToWorkOrder, MovedMeanwhile, TakenOffMeanwhile
from callout.board.models import Look
from callout.core.errors import DomainError, NotFound, StaleVersion, check_version
from callout.core.intervals import Interval
from callout.core.worktime import local, zone_of
from callout.planning import commands as planning
from callout.planning import queries as calendars
from callout.planning.models import ActivityType, Appointment
from callout.workorders import commands as workorders
from callout.workorders import queries as orders
from callout.workorders.models import Helper, WorkOrder, WorkStatus


@transaction.atomic
def plan(
    *,
    work_order_id: int,
    resource_id: int,
    starts: datetime,
    ends: datetime | None,
    version: int | None,
    actor: Actor,
    now: datetime,
    helpers: Sequence[int] = (),
    tell: bool = True,
) -> WorkOrder:
    """Plan a work order; without `ends` the block is as long as the work order is expected to take.

    Raises what workorders.commands.plan raises.
    """
    if ends is None:
        minutes = orders.visible_to(actor).filter(pk=work_order_id).values_list("minutes", flat=True).first()
        if minutes is None:
            raise NotFound
        ends = starts + timedelta(minutes=minutes)
    return workorders.plan(
        work_order_id=work_order_id,
        resource_id=resource_id,
        window=Interval(starts, ends),
        version=version,
        helpers=helpers,
        tell=tell,
        actor=actor,
        now=now,
    )


@transaction.atomic
def place(
    *,
    work_order_id: int,
    resource_id: int,
    window: Interval,
    helpers: Sequence[int],
    version: int | None,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """Plan a work order, or put one that is planned elsewhere; these resources help, nobody else.

    Raises what workorders.commands.plan and workorders.commands.reschedule raise.
    """
    planned = orders.visible_to(actor).filter(pk=work_order_id, status=WorkStatus.PLANNED).exists()
    command = workorders.reschedule if planned else workorders.plan
    return command(
        work_order_id=work_order_id, resource_id=resource_id, window=window, helpers=helpers, version=version,
        actor=actor, now=now,
    )  # fmt: skip


def unplan(*, work_order_id: int, version: int | None, actor: Actor, now: datetime, tell: bool = True) -> WorkOrder:
    """Take a work order off the calendar. Raises what workorders.commands.unplan raises."""
    return workorders.unplan(work_order_id=work_order_id, version=version, tell=tell, actor=actor, now=now)


@transaction.atomic
def create_appointment(
    *, resource_id: int, activity_type_id: int, window: Interval, title: str, actor: Actor, now: datetime
) -> Appointment:
    """Make an appointment that belongs to no work order; the title is the type's name unless given.

    Raises NotFound and what planning.commands.book raises.
    """
    activity_type = ActivityType.objects.filter(pk=activity_type_id).first()
    if activity_type is None:
        raise NotFound("activity_type_id")
    return planning.book(
        resource_id=resource_id,
        window=window,
        activity_type=activity_type,
        title=title,
        site=None,
        actor=actor,
        now=now,
    )


@transaction.atomic
def move_appointment(
    *,
    appointment_id: int,
    resource_id: int,
    window: Interval,
    version: int | None,
    actor: Actor,
    now: datetime,
    tell: bool = True,
) -> Appointment:
    """Put an appointment elsewhere; `version` is the appointment's. Everybody on a work order moves with it.

    Raises NotFound, MovedMeanwhile, TakenOffMeanwhile, and what workorders.commands.reschedule or
    planning.commands.move raises.
    """
    actor.require("board.plan")
    seen = _seen(appointment_id, actor)
    with _told_who(appointment_id, version, actor):
        return _moved(seen, resource_id=resource_id, window=window, version=version, tell=tell, actor=actor, now=now)


def _moved(
    seen: Appointment,
    *,
    resource_id: int,
    window: Interval,
    version: int | None,
    tell: bool,
    actor: Actor,
    now: datetime,
) -> Appointment:
    check_version(seen.version, version)
    helper: Helper | None = getattr(seen, "helps", None)
    if helper is not None:
        workorders.move_helper(
            work_order_id=helper.work_order_id, resource_id=seen.resource_id, to_resource_id=resource_id,
            window=window, version=helper.work_order.version, tell=tell, actor=actor, now=now,
        )  # fmt: skip
        return seen
    order: WorkOrder | None = getattr(seen, "work_order", None)
    if order is None:
        return planning.move(
            appointment=seen, resource_id=resource_id, window=window, version=version, actor=actor, now=now
        )
    # Its version was read together with the appointment's: whatever came between is noticed under the order's lock.
    moved = workorders.reschedule(
        work_order_id=order.pk, resource_id=resource_id, window=window, version=order.version, tell=tell, actor=actor,
        now=now,
    )  # fmt: skip
    return moved.appointment or seen


@transaction.atomic
def cancel_appointment(*, appointment_id: int, version: int | None, actor: Actor, now: datetime) -> Appointment:
    """Cancel an appointment that belongs to no work order. Raises NotFound, StaleVersion, NotMovable."""
    actor.require("board.plan")
    seen = _seen(appointment_id, actor)
    helper: Helper | None = getattr(seen, "helps", None)
    order: WorkOrder | None = getattr(seen, "work_order", None) if helper is None else helper.work_order
    if order is not None:
        raise BelongsToWorkOrder(title=seen.title, work_order=order.code, work_order_id=order.pk)
    with _told_who(appointment_id, version, actor):
        return planning.cancel(appointment_id=appointment_id, version=version, actor=actor, now=now)


@contextmanager
def _told_who(appointment_id: int, version: int | None, actor: Actor) -> Iterator[None]:
    """Turn the refusal of an old version into one that says who was faster, and where the block is now."""
    try:
        yield
    except StaleVersion as error:
        block = _seen(appointment_id, actor)
        facts: dict[str, Any] = {
            "person": queries.changed_last_by(block),
            "title": block.title,
            "resource": str(block.resource),
            "resource_id": block.resource_id,
            "starts": block.starts,
            "ends": block.ends,
            "current": block.version,
            "seen": version,
        }
        raise (MovedMeanwhile if block.blocks else TakenOffMeanwhile)(**facts) from error


def _seen(appointment_id: int, actor: Actor) -> Appointment:
    visible = calendars.appointments_visible_to(actor)
    found = (
        visible.select_related("work_order", "helps__work_order", "resource__user").filter(pk=appointment_id).first()
    )
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Copy:
    """What became of copying one appointment: where the copy goes (None when that time does not exist there), the
    appointment made, or why there is none. In a dry run neither means that it would be made."""

    source: Appointment
    window: Interval | None
    made: Appointment | None = None
    refusal: DomainError | None = None


@transaction.atomic
def copy_appointments(
    *, appointment_ids: Sequence[int], weeks: int, dry_run: bool, actor: Actor, now: datetime
) -> list[Copy]:
    """Make each appointment once more, `weeks` later at the same time of its calendar's clock, without a work order.

    A copy that is refused leaves the others alone. A dry run really makes them all and takes them back, so it tells
    exactly what would come. Raises NotFound when one of the appointments is not there.
    """
    actor.require("board.plan")
    wanted = set(appointment_ids)
    visible = calendars.appointments_visible_to(actor).select_related("resource", "activity_type", "site")
    sources = list(visible.filter(pk__in=wanted).order_by("starts", "pk"))
    if len(sources) != len(wanted):
        raise NotFound("appointment_ids")
    with transaction.atomic():
        calendars.lock_resources({each.resource_id for each in sources}, actor=actor)
        copies = [_copy(each, weeks, actor, now) for each in sources]
        if dry_run:
            transaction.set_rollback(True)
    return [Copy(each.source, each.window, None, each.refusal) for each in copies] if dry_run else copies


def _copy(source: Appointment, weeks: int, actor: Actor, now: datetime) -> Copy:
    window = None
    try:
        window = _weeks_on(source, weeks)
        with transaction.atomic():
            made = planning.book(
                resource_id=source.resource_id,
                window=window,
                activity_type=source.activity_type,
                title=source.title,
                site=source.site,
                actor=actor,
                now=now,
            )
    except DomainError as refusal:
        return Copy(source, window, refusal=refusal)
    return Copy(source, window, made)


def _weeks_on(source: Appointment, weeks: int) -> Interval:
    zone = source.resource.time_zone
    wall = source.starts.astimezone(zone_of(zone)).replace(tzinfo=None) + timedelta(weeks=weeks)
    starts = local(wall, zone)
    return Interval(starts, starts + (source.ends - source.starts))


@transaction.atomic
def save_look(*, look: rules.Look, actor: Actor, now: datetime) -> rules.Look:
    """Keep how the actor has arranged the planner, for every machine that the actor signs in on."""
    actor.require("board.read")
    if actor.user_id is None:
        raise NotFound
    Look.objects.update_or_create(user_id=actor.user_id, defaults={"settings": rules.plain(look), "changed_at": now})
    return look
