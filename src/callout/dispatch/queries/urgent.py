"""What an urgent call meets: the days of whoever performs it, and the planned work that could make room."""

from dataclasses import dataclass, replace
from datetime import datetime

from callout.accounts.actor import Actor
from callout.core.intervals import Interval, covers
from callout.dispatch.errors import NobodyPresent
from callout.dispatch.queries.situation import Situation, chosen_people, people_of, performed_by, standing, work_of
from callout.dispatch.rules import Choice
from callout.dispatch.rules.building import Work
from callout.planning.errors import NobodyPerforms
from callout.planning.rules import MOVABLE
from callout.workorders import queries as workorders
from callout.workorders.models import WorkOrder, WorkStatus


@dataclass(frozen=True)
class UrgentSituation:
    """The situation with the call as its first work, and the planned work orders that may move, by id."""

    situation: Situation
    movable: dict[int, WorkOrder]


def urgent_situation(
    order: WorkOrder, choice: Choice, *, may_move: bool, actor: Actor, now: datetime
) -> UrgentSituation:
    """The days of all who perform the work. Raises NobodyToDispatch, NobodyPerforms, NobodyPresent."""
    resources = chosen_people(choice, actor=actor)
    performed = performed_by(resources)
    able = [each for each in resources if order.activity_type_id in performed[each.pk]]
    if not able:
        raise NobodyPerforms(activity=str(order.activity_type), activity_type_id=order.activity_type_id)
    people = people_of(choice, able, performed)
    if not any(person.bookable for person in people):
        raise NobodyPresent("days")
    bookable = {person.id: person.bookable for person in people}
    movable = {}
    if may_move:
        planned = workorders.visible_to(actor).filter(
            status=WorkStatus.PLANNED, resource__in=able, appointment__category__in=MOVABLE,
            appointment__starts__gt=now, helpers=None,
        )  # fmt: skip
        planned = planned.select_related("appointment", "site", "ticket")
        for each in planned.order_by("pk"):
            if covers(bookable.get(each.slot.resource_id, ()), Interval(each.slot.starts, each.slot.ends)):
                movable[each.pk] = each
    works = [work_of(order), *(_as_long(each) for each in movable.values())]
    versions = {each.pk: each.version for each in (order, *movable.values())}
    branches = sorted({each.branch_id for each in able})
    return UrgentSituation(Situation(people, list(standing(people, movable)), works, versions, branches), movable)


def _as_long(order: WorkOrder) -> Work:
    """A planned work order takes the time that it has on the calendar; a promise that is broken there holds nothing."""
    slot, work = order.slot, work_of(order)
    due = work.due_at if work.due_at is not None and work.due_at >= slot.starts else None
    return replace(work, minutes=int((slot.ends - slot.starts).total_seconds() // 60), due_at=due)
