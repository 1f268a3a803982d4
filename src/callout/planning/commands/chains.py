"""Tasks that activities make by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import connection

from callout.accounts.actor import Actor
from callout.accounts.models import Branch, Team, User
from callout.audit.commands import entry, record
from callout.core.errors import Invalid, NotFound
from callout.core.recurrence import FreeDays, Rule, Unit
from callout.core.worktime import zone_of
from callout.db.rows import insert
from callout.documents.commands import next_codes
from callout.documents.queries import share_periods
from callout.jobs.commands import defer
from callout.planning import queries
from callout.planning.errors import ChainMakesAppointment, ChainNeverFires
from callout.planning.models import ActivityType, Appointment, Category, Chain, Task
from callout.planning.queries import chains as chain_queries
from callout.planning.rules import chains as chain_rules
from callout.planning.rules.chains import Plan

MORNING = time(9)
"""When a reminder that a chain makes comes, unless the activity itself has a time."""


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A chain as it is to be; `id` None for a new one. Without owner and team its tasks go to who had the activity."""

    trigger: str
    creates_id: int
    id: int | None = None
    unit: str = ""
    every: int = 1
    free_days: str = FreeDays.AFTER
    base: str = "due"
    owner_id: int | None = None
    team_id: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What sets chains going, and what its tasks take over from it."""

    activity: Appointment | Task
    due: date
    branch: Branch
    owner_id: int | None
    team_id: int | None
    customer_id: int | None
    site_id: int | None
    subject: tuple[str, int | None]
    clock: time | None


@dataclass(frozen=True, slots=True)
class Made:
    """Tasks that were made; `cut` says that there would have been more than can be made at once."""

    tasks: Sequence[Task] = ()
    cut: bool = False


def fire(activity: Appointment | Task, *, closes: bool, actor: Actor, now: datetime) -> Made:
    """Make the tasks that follow from an activity that has just been opened or closed; once for each chain.

    Called in the transaction of that command, as its last writing, with the activity locked or new. Raises
    OutsidePeriod, PeriodLocked or NoNumberBook when a task cannot get its number.
    """
    links = chain_queries.links()
    is_task = isinstance(activity, Task)
    triggers = chain_rules.triggers_of(closes=closes, is_task=is_task)
    if not any(link.trigger in triggers for link in links.get(activity.activity_type_id, ())):
        return Made()
    origin = _origin(activity)
    plan = chain_rules.plan(
        links,
        type_id=activity.activity_type_id,
        triggers=triggers,
        due=origin.due,
        today=now.astimezone(zone_of(origin.branch.time_zone)).date(),
        is_working=chain_queries.WorkingDays(origin.branch),
        fired=_fired(activity),
    )
    return _make(plan, origin, actor=actor, now=now) if plan.dues else Made()


def _fired(activity: Appointment | Task) -> set[int]:
    """The chains that have made their tasks for this activity before."""
    tasks = Task.objects.filter(chain__isnull=False)
    if isinstance(activity, Task):
        return set(tasks.filter(follows=activity).values_list("chain_id", flat=True))
    own = tasks.filter(subject_kind="appointment", subject_id=activity.pk, follows=None)
    return set(own.values_list("chain_id", flat=True))


def _origin(activity: Appointment | Task) -> Origin:
    if isinstance(activity, Task):
        zone = ZoneInfo(activity.branch.time_zone)
        remind_at = activity.remind_at
        return Origin(
            activity, activity.due_on, activity.branch, activity.owner_id, activity.team_id, activity.customer_id,
            activity.site_id, (activity.subject_kind, activity.subject_id),
            remind_at.astimezone(zone).time() if remind_at else None,
        )  # fmt: skip
    resource, site = activity.resource, activity.site
    starts = activity.starts.astimezone(ZoneInfo(resource.time_zone))
    return Origin(
        activity, starts.date(), resource.branch, resource.user_id, None, site.customer_id if site else None,
        activity.site_id, ("appointment", activity.pk), None,
    )  # fmt: skip


def _make(plan: Plan, origin: Origin, *, actor: Actor, now: datetime) -> Made:
    chains = Chain.objects.select_related("owner").in_bulk({due.link.id for due in plan.dues})
    types = ActivityType.objects.in_bulk({due.link.creates for due in plan.dues})
    states = {closed: queries.default_state(Category.DONE if closed else Category.OPEN) for closed in (False, True)}
    keys = _keys(len(plan.dues))
    tasks = []
    for key, due in zip(keys, plan.dues, strict=True):
        chain, kind, state = chains[due.link.id], types[due.link.creates], states[due.closed]
        owner_id = chain.owner_id if chain.owner is not None and chain.owner.is_active else None
        own = owner_id or chain.team_id
        tasks.append(
            Task(
                pk=key,
                activity_type=kind,
                state=state,
                category=state.category,
                owner_id=owner_id if own else origin.owner_id,
                team_id=chain.team_id if own else origin.team_id,
                branch=origin.branch,
                title=origin.activity.title,
                due_on=due.on,
                remind_at=_remind_at(kind, due.on, origin),
                customer_id=origin.customer_id,
                site_id=origin.site_id,
                subject_kind=origin.subject[0],
                subject_id=origin.subject[1],
                chain=chain,
                follows_id=_follows(due.after, keys, origin),
                created_at=now,
                created_by_name=actor.name,
                closed_at=now if due.closed else None,
            )
        )
    write_new(tasks, actor=actor, now=now)
    record("chain.fired", subject=origin.activity, actor=actor, at=now, made=len(tasks), cut=plan.cut)
    return Made(tasks, plan.cut)


def _follows(after: int | None, keys: Sequence[int], origin: Origin) -> int | None:
    if after is not None:
        return keys[after]
    return origin.activity.pk if isinstance(origin.activity, Task) else None


def _remind_at(kind: ActivityType, on: date, origin: Origin) -> datetime | None:
    if kind.kind != ActivityType.Kind.REMINDER:
        return None
    return datetime.combine(on, origin.clock or MORNING, ZoneInfo(origin.branch.time_zone))


def _keys(count: int) -> list[int]:
    """Fresh keys for tasks, so that one can name another before either is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('planning_task_id_seq') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def write_new(tasks: Sequence[Task], *, actor: Actor, now: datetime) -> None:
    """Write new tasks of one branch with their history, numbers where their types have a book, and word to owners.

    Raises OutsidePeriod, PeriodLocked, NoNumberBook.
    """
    _number(tasks, now=now)
    Task.objects.bulk_create(tasks)
    facts = ("title", "owner_id", "team_id")
    insert(
        [
            entry(
                "task.created",
                subject=task,
                actor=actor,
                at=now,
                due_on=task.due_on.isoformat(),
                chain=task.chain_id,
                closed=task.closed_at is not None,
                **{name: getattr(task, name) for name in facts},
            )  # fmt: skip
            for task in tasks
        ]
    )
    told = [task.pk for task in tasks if task.activity_type.notify_owner and task.closed_at is None]
    if told:
        defer("planning.tell_owners", task_ids=told)


def _number(tasks: Sequence[Task], *, now: datetime) -> None:
    """Books are locked by the order of their series."""
    series = sorted({task.activity_type.number_series for task in tasks} - {""})
    if series:
        share_periods()
    for name in series:
        numbered = [task for task in tasks if task.activity_type.number_series == name]
        branch = numbered[0].branch
        today = now.astimezone(zone_of(branch.time_zone)).date()
        codes = next_codes(kind="task", branch=branch, series=name, on=today, count=len(numbered))
        for task, code in zip(numbered, codes, strict=True):
            task.series, task.number, task.code = code


def write_chains(row: ActivityType, chains: Sequence[ChainRow]) -> None:
    """Make the type's chains these, in this order; those that are no longer among them go.

    Raises NotFound, ChainNeverFires, ChainMakesAppointment, BadRecurrence or Invalid.
    """
    kept = {chain.pk: chain for chain in row.chains.select_for_update()}
    if any(wanted.id is not None and wanted.id not in kept for wanted in chains):
        raise NotFound("chains")
    row.chains.exclude(pk__in=[wanted.id for wanted in chains if wanted.id is not None]).delete()
    for position, wanted in enumerate(chains):
        check_chain(row, wanted)
        chain = kept[wanted.id] if wanted.id is not None else Chain(activity_type=row)
        chain.position, chain.trigger, chain.creates_id = position, wanted.trigger, wanted.creates_id
        chain.unit, chain.every, chain.free_days = wanted.unit, wanted.every, wanted.free_days
        chain.base, chain.owner_id, chain.team_id = wanted.base, wanted.owner_id, wanted.team_id
        chain.save()


def check_chain(row: ActivityType, wanted: ChainRow) -> None:
    """Refuse a chain that could not be, or would never be set going."""
    for field, known in (("trigger", Chain.Trigger), ("free_days", Chain.FreeDays), ("base", Chain.Base)):
        if getattr(wanted, field) not in known.values:
            raise Invalid(field)
    if wanted.unit:
        if wanted.unit not in Chain.Unit.values:
            raise Invalid("unit")
        Rule(Unit(wanted.unit), wanted.every)
    creates = row if wanted.creates_id == row.pk else ActivityType.objects.filter(pk=wanted.creates_id).first()
    if creates is None:
        raise NotFound("creates")
    if creates.kind == ActivityType.Kind.APPOINTMENT:
        raise ChainMakesAppointment("creates", activity=str(creates))
    if wanted.trigger == Chain.Trigger.TASK_CLOSED and row.kind == ActivityType.Kind.APPOINTMENT:
        raise ChainNeverFires("trigger", activity=str(row))
    _check_owner(wanted)


def _check_owner(wanted: ChainRow) -> None:
    if wanted.owner_id is not None and not User.objects.filter(pk=wanted.owner_id, is_active=True).exists():
        raise NotFound("owner")
    if wanted.team_id is not None and not Team.objects.filter(pk=wanted.team_id).exists():
        raise NotFound("team")
