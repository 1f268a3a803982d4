"""Who is on a work order: the technician who leads the work, and those who help."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext as _

from callout.accounts.actor import Actor
from callout.core.worktime import day_of
from callout.planning.models import Appointment, Resource
from callout.workorders.models import Helper, WorkOrder, WorkSession, WorkStatus

ON_THE_DAY = (WorkStatus.PLANNED, WorkStatus.UNDER_WAY, WorkStatus.DONE, WorkStatus.REPORTED)
LEFT_OVER = (WorkStatus.UNDER_WAY, WorkStatus.DONE)


class _Among(Func):
    """Whether a column is among the values of a subquery, in a form that lets the database use the column's index."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = models.BooleanField()


def own(user_id: int) -> Q:
    """The work orders on which that person is, as who leads or as who helps."""
    mine = Resource.objects.filter(user_id=user_id).order_by().values("pk")
    helping = Helper.objects.filter(resource__user_id=user_id).order_by().values("work_order_id")
    return Q(resource_id=models.Subquery(mine)) | Q(_Among(F("pk"), ArraySubquery(helping)))


def of_resources(resources: Collection[int]) -> Q:
    """The work orders on which one of these technicians is."""
    helping = Helper.objects.filter(resource__in=resources).order_by().values("work_order_id")
    return Q(resource__in=resources) | Q(_Among(F("pk"), ArraySubquery(helping)))


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on a work order; `clock` is the stretch of work that has not ended, `ended_at` when the own part was
    over, `worked` whether there is any stretch of work."""

    resource: Resource
    appointment: Appointment | None
    leads: bool
    clock: WorkSession | None = None
    ended_at: datetime | None = None
    worked: bool = False


def crew_of(order: WorkOrder) -> list[Member]:
    """Everybody on a work order, who leads first, then in the order in which they came; two statements at most."""
    if order.resource is None:
        return []
    helpers = list(order.helpers.select_related("resource__user", "appointment").order_by("id"))
    sessions = list(order.sessions.all()) if order.started_at else []
    running = {each.resource_id: each for each in sessions if each.ended_at is None}
    worked = {each.resource_id for each in sessions}
    lead = order.resource
    return [
        Member(lead, order.appointment, True, running.get(lead.pk), order.ended_at, lead.pk in worked),
        *(
            Member(
                each.resource, each.appointment, False, running.get(each.resource_id),
                each.ended_at or order.ended_at, each.resource_id in worked,
            )
            for each in helpers
        ),
    ]  # fmt: skip


def own_alone(people: Collection[Member], actor: Actor) -> int | None:
    """The resource of a helper, who writes the own hours alone; None for who leads and for the office."""
    if actor.may("ticket.read"):
        return None
    return next(
        (each.resource.pk for each in people if not each.leads and each.resource.user_id == actor.user_id), None
    )


def people_on(order: WorkOrder) -> str:
    """The names of everybody on a work order, who leads first; empty without anybody."""
    if order.resource is None:
        return ""
    names = order.helpers.order_by("id").values_list("resource__user__display_name", flat=True)
    return ", ".join([str(order.resource), *names])


def named(order: WorkOrder) -> str:
    """Who comes, in the reader's language: `Rossi`, or `Rossi with Bianchi`; helpers as prefetched, if they are."""
    if order.resource is None:
        return ""
    helpers = ", ".join(str(each) for each in order.helpers.all())
    return (
        _("%(lead)s with %(others)s") % {"lead": order.resource, "others": helpers} if helpers else str(order.resource)
    )


HELPERS = models.Prefetch("helpers", queryset=Helper.objects.select_related("resource__user").order_by("id"))
"""What `named` needs of many work orders; one statement."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One work order of a technician's day, in its place; `appointment` is the technician's own, as is the clock."""

    position: int
    order: WorkOrder
    appointment: Appointment
    running: bool
    leads: bool
    others: tuple[str, ...] = ()


def stops(actor: Actor, *, day: date, shown: Collection[str]) -> list[Stop]:
    """The technician's own work of a local day in the order of its times, and what is still under way from before.

    Three statements, four where others come along.
    """
    if actor.user_id is None:
        return []
    whole = day_of(day, actor.time_zone)
    leading = WorkOrder.objects.filter(
        _within("appointment", "", whole.starts, whole.ends), resource__user_id=actor.user_id
    ).select_related(*shown)
    helping = (
        Helper.objects.filter(
            _within("appointment", "work_order__", whole.starts, whole.ends), resource__user_id=actor.user_id
        )
        .select_related("appointment", *(f"work_order__{path}" for path in shown))
    )  # fmt: skip
    found = [(each.slot, each, True) for each in leading]
    found += [(each.appointment, each.work_order, False) for each in helping]
    models.prefetch_related_objects([order for _slot, order, _leads in found], HELPERS)
    sessions = WorkSession.objects.filter(resource__user_id=actor.user_id, ended_at=None)
    running = set(sessions.values_list("work_order_id", flat=True))
    found.sort(key=lambda one: (one[0].starts, one[1].pk))
    return [
        Stop(place, order, slot, order.pk in running, leads, tuple(_others(order, actor.user_id)))
        for place, (slot, order, leads) in enumerate(found, start=1)
    ]


def _within(slot: str, order: str, starts: datetime, ends: datetime) -> Q:
    """On that day, or begun before it and not handed in."""
    today = Q(**{f"{slot}__starts__lt": ends, f"{slot}__ends__gt": starts, f"{order}status__in": ON_THE_DAY})
    return today | Q(**{f"{order}status__in": LEFT_OVER, f"{slot}__starts__lt": starts})


def _others(order: WorkOrder, user_id: int) -> list[str]:
    people = [order.worker, *(each.resource for each in order.helpers.all())]
    return [str(each) for each in people if each.user_id != user_id]
