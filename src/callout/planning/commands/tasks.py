"""Tasks and reminders of people and teams."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db import transaction

from callout.accounts.actor import SYSTEM, Actor
from callout.accounts.models import Branch, Team, User
from callout.accounts.queries import branches_for
from callout.audit.commands import record
from callout.core.errors import Forbidden, Invalid, NotFound, check_version
from callout.core.text import clean_name, has_forbidden
from callout.core.worktime import check_day, zone_of
from callout.customers.models import Customer, Site
from callout.customers.queries import sites_visible_to
from callout.customers.queries import visible_to as customers_visible_to
from callout.jobs.commands import defer
from callout.planning import mails, queries
from callout.planning.commands.chains import Made, fire, write_new
from callout.planning.errors import (
    NobodysTask,
    NoName,
    NotATask,
    ReminderWithoutTime,
    TaskClosed,
    TaskOpen,
    TypeInactive,
)
from callout.planning.models import ActivityType, Category, Resource, Task
from callout.planning.queries import todo

LONGEST_NOTES = 20_000
REMINDED_AT_ONCE = 500


class TaskFields(TypedDict, total=False):
    """What can be said about a task; what is left out stays as it is."""

    title: str
    notes: str
    due_on: date
    remind_at: datetime | None
    customer_id: int | None
    site_id: int | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A task after a change, and what its chains made of that."""

    task: Task
    made: Made = Made()


@transaction.atomic
def create_task(
    *,
    activity_type_id: int,
    owner_id: int | None = None,
    team_id: int | None = None,
    actor: Actor,
    now: datetime,
    **fields: Unpack[TaskFields],
) -> Changed:
    """Put something into a person's or a team's list; anybody may, for anybody.

    A reminder without `due_on` is due on the day of its time. Raises NotFound, NotATask, TypeInactive, NoName,
    NobodysTask, ReminderWithoutTime, DayOutOfRange; OutsidePeriod, PeriodLocked or NoNumberBook for a numbered type.
    """
    _somebody(actor)
    kind = ActivityType.objects.filter(pk=activity_type_id).first()
    if kind is None:
        raise NotFound("activity_type")
    if not kind.active:
        raise TypeInactive("activity_type", activity_type=kind.pk, activity=str(kind))
    if kind.kind == ActivityType.Kind.APPOINTMENT:
        raise NotATask("activity_type", activity=str(kind))
    state = queries.default_state(Category.OPEN)
    task = Task(
        activity_type=kind, state=state, category=state.category, created_at=now, created_by_name=actor.name,
        due_on=now.astimezone(zone_of(actor.time_zone)).date(),
    )  # fmt: skip
    if "due_on" not in fields and (at := fields.get("remind_at")):
        check_day(at.date(), field="remind_at")
        task.due_on = at.astimezone(zone_of(actor.time_zone)).date()
    _give(task, owner_id, team_id)
    _put(task, fields, actor)
    task.branch = _branch_of(task, actor)
    write_new([task], actor=actor, now=now)
    return Changed(task, fire(task, closes=False, actor=actor, now=now))


@transaction.atomic
def change_task(
    *, task_id: int, version: int | None, actor: Actor, now: datetime, **fields: Unpack[TaskFields]
) -> Changed:
    """Change what a task says. Raises NotFound, StaleVersion, TaskClosed and what `create_task` raises."""
    task = _open(task_id, version, actor)
    before = {name: _plain(getattr(task, name)) for name in fields}
    if "remind_at" in fields and fields["remind_at"] != task.remind_at:
        task.reminded_at = None
    _put(task, fields, actor)
    _save(task)
    after = {name: _plain(getattr(task, name)) for name in fields}
    record("task.changed", subject=task, actor=actor, at=now, before=before, **after)
    return Changed(task)


@transaction.atomic
def close_task(*, task_id: int, version: int | None, actor: Actor, now: datetime, done: bool = True) -> Changed:
    """Done, or given up; what is done makes the tasks of its chains.

    Raises NotFound, StaleVersion, TaskClosed; OutsidePeriod, PeriodLocked or NoNumberBook when a following task cannot
    get its number.
    """
    task = _open(task_id, version, actor)
    task.state = queries.default_state(Category.DONE if done else Category.CANCELLED)
    task.category, task.closed_at = task.state.category, max(now, task.created_at)
    _save(task)
    record("task.closed" if done else "task.given_up", subject=task, actor=actor, at=now)
    return Changed(task, fire(task, closes=True, actor=actor, now=now) if done else Made())


@transaction.atomic
def reopen_task(*, task_id: int, version: int | None, actor: Actor, now: datetime) -> Changed:
    """To be done after all; what its chains made stays. Raises NotFound, StaleVersion, TaskOpen."""
    _somebody(actor)
    task = todo.lock_task(task_id, actor=actor)
    check_version(task.version, version)
    if task.closed_at is None:
        raise TaskOpen(title=task.title)
    task.state = queries.default_state(Category.OPEN)
    task.category, task.closed_at = task.state.category, None
    _save(task)
    record("task.reopened", subject=task, actor=actor, at=now)
    return Changed(task)


@transaction.atomic
def postpone_task(*, task_id: int, version: int | None, due_on: date, actor: Actor, now: datetime) -> Changed:
    """Due on another day; a reminder comes then at the same time of the day, by the actor's clock.

    Raises NotFound, StaleVersion, TaskClosed, DayOutOfRange.
    """
    task = _open(task_id, version, actor)
    before = task.due_on
    task.due_on = check_day(due_on, field="due_on")
    if task.remind_at is not None:
        zone = ZoneInfo(actor.time_zone)
        clock = task.remind_at.astimezone(zone).time()
        task.remind_at, task.reminded_at = datetime.combine(due_on, clock, zone).astimezone(UTC), None
    _save(task)
    record(
        "task.postponed", subject=task, actor=actor, at=now, before=before.isoformat(), due_on=task.due_on.isoformat()
    )
    return Changed(task)


@transaction.atomic
def hand_over(
    *,
    task_id: int,
    version: int | None,
    owner_id: int | None = None,
    team_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Changed:
    """Give a task to another person or team. Raises NotFound, StaleVersion, TaskClosed, NobodysTask."""
    task = _open(task_id, version, actor)
    before = {"owner_id": task.owner_id, "team_id": task.team_id}
    _give(task, owner_id, team_id)
    _save(task)
    record("task.handed_over", subject=task, actor=actor, at=now, before=before, owner_id=owner_id, team_id=team_id)
    if task.activity_type.notify_owner:
        defer("planning.tell_owners", task_ids=[task.pk])
    return Changed(task)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Let the reminders come whose time it is, each once; how many. Their owners get a mail if the type says so."""
    rows = Task.objects.select_for_update(skip_locked=True, of=("self",)).select_related("activity_type")
    due = rows.filter(remind_at__lte=now, reminded_at=None, closed_at=None).order_by("remind_at", "id")
    tasks = list(due[:REMINDED_AT_ONCE])
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(reminded_at=now)
    for task in tasks:
        record("task.reminded", subject=task, actor=SYSTEM, at=now)
    told = [task.pk for task in tasks if task.activity_type.notify_owner]
    if told:
        defer("planning.send_reminders", task_ids=told)
    return len(tasks)


@transaction.atomic
def tell_owners(*, task_ids: list[int], reminder: bool, now: datetime) -> int:
    """Write to whom these tasks belong, of a team to everybody in it, that they are there or due; how many mails."""
    related = ("activity_type", "owner", "team", "branch", "customer", "site")
    rows = Task.objects.select_related(*related).filter(pk__in=task_ids, closed_at=None).order_by("id")
    return sum(mails.tell(task, todo.owners_of(task), reminder=reminder, now=now) for task in rows)


def _somebody(actor: Actor) -> None:
    if actor.user_id is None and not actor.is_system:
        raise Forbidden


def _open(task_id: int, version: int | None, actor: Actor) -> Task:
    """The task, locked and still to be done."""
    _somebody(actor)
    task = todo.lock_task(task_id, actor=actor)
    check_version(task.version, version)
    if task.closed_at is not None:
        raise TaskClosed(title=task.title)
    return task


def _save(task: Task) -> None:
    task.version += 1
    task.save()


def _give(task: Task, owner_id: int | None, team_id: int | None) -> None:
    """Set whose it is: a person's or a team's, not both."""
    if (owner_id is None) == (team_id is None):
        raise NobodysTask("owner")
    if owner_id is not None and not User.objects.filter(pk=owner_id, is_active=True).exists():
        raise NotFound("owner")
    if team_id is not None and not Team.objects.filter(pk=team_id).exists():
        raise NotFound("team")
    task.owner_id, task.team_id = owner_id, team_id


def _put(task: Task, fields: TaskFields, actor: Actor) -> None:
    for name, value in fields.items():
        setattr(task, name, value)
    task.title = clean_name(task.title)[:200]
    if not task.title:
        raise NoName("title")
    if has_forbidden(task.notes) or len(task.notes) > LONGEST_NOTES:
        raise Invalid("notes")
    check_day(task.due_on, field="due_on")
    if task.remind_at is not None:
        check_day(task.remind_at.date(), field="remind_at")
    elif task.activity_type.kind == ActivityType.Kind.REMINDER:
        raise ReminderWithoutTime("remind_at")
    if {"customer_id", "site_id"} & fields.keys():
        task.customer, task.site = _place(fields.get("customer_id"), fields.get("site_id"), actor)


def _place(customer_id: int | None, site_id: int | None, actor: Actor) -> tuple[Customer | None, Site | None]:
    """Customer and site as the actor sees them; the site's customer where only that is named."""
    site = sites_visible_to(actor).filter(pk=site_id).select_related("branch").first() if site_id else None
    if site_id and site is None:
        raise NotFound("site")
    wanted = customer_id or (site.customer_id if site else None)
    customer = customers_visible_to(actor).filter(pk=wanted).first() if wanted else None
    if (wanted and customer is None) or (site and customer and site.customer_id != customer.pk):
        raise NotFound("customer")
    return customer, site


def _branch_of(task: Task, actor: Actor) -> Branch:
    """The branch of the site, else of the owner's calendar, of the team, of the actor."""
    if task.site is not None:
        return task.site.branch
    resource = Resource.objects.select_related("branch").filter(user_id=task.owner_id or 0).first()
    if resource is not None:
        return resource.branch
    if task.team is not None and task.team.branch is not None:
        return task.team.branch
    branch = branches_for(actor).order_by("pk").first()
    if branch is None:
        raise NotFound("branch")
    return branch


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
