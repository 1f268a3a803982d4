"""What somebody, or a team, has to do: appointments, reminders and tasks, what is overdue first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from callout.accounts.actor import SYSTEM, Actor
from callout.accounts.models import Membership, Team, User
from callout.accounts.queries import colleagues
from callout.core.errors import NotFound
from callout.core.worktime import day_of, zone_of
from callout.planning import registry
from callout.planning.models import Appointment, Category, Task
from callout.planning.queries.scope import resources_visible_to

SEES_ALL = ("board.plan", "planning.admin")
"""Who has one of these rights sees everybody's list."""
TO_DO = (Category.OPEN, Category.PLANNED, Category.CONFIRMED, Category.UNDER_WAY)
SHOWN = 200
PAST_DAYS = 30
"""How far back what is closed is shown, and appointments that nobody closed."""


@dataclass(frozen=True, slots=True)
class Whose:
    """One person's list, or one team's."""

    user_id: int | None = None
    team_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What of a list is wanted; what is empty narrows nothing. `until` is the last day."""

    until: date
    kind: str = ""
    sector_id: int | None = None
    state_id: int | None = None
    text: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """Something to do. `at` is None for a task, which is due some time on `day`; `url` is where it is carried out."""

    row: Appointment | Task
    kind: str
    day: date
    at: datetime | None
    overdue: bool
    url: str = ""

    @property
    def is_task(self) -> bool:
        """Whether it is a task or a reminder, not an appointment."""
        return isinstance(self.row, Task)


@dataclass(frozen=True, slots=True)
class Group:
    """What is overdue (`day` None), or of one day."""

    day: date | None
    items: list[Item]


@dataclass(frozen=True, slots=True)
class ToDo:
    """A list by days; `more` when not everything is shown."""

    groups: list[Group] = field(default_factory=list)
    count: int = 0
    more: bool = False


def tasks_visible_to(actor: Actor) -> QuerySet[Task]:
    """One's own tasks and those of one's teams; those of the actor's branches for who plans."""
    own = Q(owner_id=actor.user_id, owner__isnull=False) | Q(team_id__in=actor.team_ids)
    if any(actor.may(right) for right in SEES_ALL):
        return Task.objects.filter(own | Q(branch_id__in=actor.branch_ids)) if actor.branch_ids else Task.objects.all()
    return Task.objects.filter(own) if actor.user_id is not None else Task.objects.none()


def one_task(pk: int, *, actor: Actor) -> Task:
    """A task with what its page shows. Raises NotFound."""
    related = ("activity_type__sector", "state", "owner", "team", "branch", "customer", "site")
    found = tasks_visible_to(actor).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def lock_task(pk: int, *, actor: Actor) -> Task:
    """The task, locked until the transaction ends. Raises NotFound."""
    rows = Task.objects.select_for_update(of=("self",)).select_related("activity_type", "branch", "state")
    found = rows.filter(pk=pk).first()
    if found is None or not tasks_visible_to(actor).filter(pk=pk).exists():
        raise NotFound
    return found


def people_whose_list(actor: Actor) -> QuerySet[User]:
    """The people whose list the actor may see; of those who are disabled, whoever still has something to do."""
    if not any(actor.may(right) for right in SEES_ALL):
        return colleagues().filter(pk=actor.user_id or 0)
    left = Task.objects.filter(owner=OuterRef("pk"), closed_at=None)
    return User.objects.filter(Q(is_active=True) | Exists(left)).order_by("display_name", "id")


def teams_whose_list(actor: Actor) -> QuerySet[Team]:
    """The teams whose list the actor may see."""
    everybody = Team.objects.order_by("name")
    return everybody if any(actor.may(right) for right in SEES_ALL) else everybody.filter(pk__in=actor.team_ids)


def check_whose(whose: Whose, *, actor: Actor) -> None:
    """Refuse a list that the actor may not see. Raises NotFound."""
    other = whose.user_id if whose.user_id != actor.user_id else None
    if other is not None and not people_whose_list(actor).filter(pk=other).exists():
        raise NotFound
    if whose.team_id is not None and not teams_whose_list(actor).filter(pk=whose.team_id).exists():
        raise NotFound


def to_do(whose: Whose, wish: Wish, *, actor: Actor, now: datetime) -> ToDo:
    """The list, at most SHOWN tasks and SHOWN appointments of it. Raises NotFound for a list that is not the actor's.

    Days are those of the actor's time zone.
    """
    check_whose(whose, actor=actor)
    tasks = list(_tasks(whose, wish, actor, now)[: SHOWN + 1])
    visits = list(_appointments(whose, wish, actor, now)[: SHOWN + 1]) if wish.kind in ("", "appointment") else []
    more = len(tasks) > SHOWN or len(visits) > SHOWN
    pages = registry.pages_of([row.pk for row in visits[:SHOWN]], actor)
    zone = zone_of(actor.time_zone)
    today = now.astimezone(zone).date()
    items = [_of_task(row, today, now) for row in tasks[:SHOWN]]
    for row in visits[:SHOWN]:
        overdue = row.ends < now and row.category in TO_DO
        items.append(
            Item(row, "appointment", row.starts.astimezone(zone).date(), row.starts, overdue, pages.get(row.pk, ""))
        )
    return ToDo(_grouped(items, backwards=wish.closed), len(items), more)


def _of_task(row: Task, today: date, now: datetime) -> Item:
    late = row.due_on < today or (row.remind_at is not None and row.remind_at < now)
    return Item(row, row.activity_type.kind, row.due_on, row.remind_at, late and row.closed_at is None)


def _grouped(items: Iterable[Item], *, backwards: bool) -> list[Group]:
    """What is overdue, the oldest first; then day by day, what has a time by that, the rest behind it."""
    ordered = sorted(items, key=_order)
    late = [item for item in ordered if item.overdue]
    rest = [item for item in ordered if not item.overdue]
    days = [Group(day, list(found)) for day, found in groupby(rest, key=lambda item: item.day)]
    if backwards:
        days.reverse()
    return ([Group(None, late)] if late else []) + days


def _order(item: Item) -> tuple[Any, ...]:
    return (item.day, item.at is None, item.at.isoformat() if item.at else "", item.kind, item.row.pk)


def _tasks(whose: Whose, wish: Wish, actor: Actor, now: datetime) -> QuerySet[Task]:
    rows = tasks_visible_to(actor).filter(_of_whom(whose, "owner_id", "team_id"))
    rows = rows.select_related("activity_type__sector", "state", "owner", "team", "customer", "site", "branch")
    if wish.kind:
        rows = rows.filter(activity_type__kind=wish.kind)
    if wish.closed:
        rows = rows.filter(closed_at__gte=now - timedelta(days=PAST_DAYS)).order_by("-due_on", "-id")
    else:
        rows = rows.filter(closed_at=None, due_on__lte=wish.until).order_by("due_on", "id")
    return _narrowed(rows, wish, "customer__name__icontains", "code__istartswith")


def _of_whom(whose: Whose, owner: str, team: str) -> Q:
    return Q(**({team: whose.team_id} if whose.team_id is not None else {owner: whose.user_id}))


def _appointments(whose: Whose, wish: Wish, actor: Actor, now: datetime) -> QuerySet[Appointment]:
    zone = actor.time_zone
    start = now - timedelta(days=PAST_DAYS)
    rows = Appointment.objects.filter(starts__gte=start, starts__lt=day_of(wish.until, zone).ends)
    rows = rows.select_related("activity_type__sector", "state", "resource__user", "site__customer")
    if whose.team_id is not None:
        members = Membership.objects.filter(team_id=whose.team_id).values("user_id")
        rows = rows.filter(resource__user_id__in=members, resource__in=resources_visible_to(actor).values("pk"))
    elif whose.user_id == actor.user_id:
        rows = rows.filter(resource__user_id=actor.user_id or 0)
    else:
        rows = rows.filter(resource__user_id=whose.user_id or 0, resource__in=resources_visible_to(actor).values("pk"))
    if wish.closed:
        rows = rows.exclude(category__in=TO_DO).filter(starts__lt=now).order_by("-starts", "-id")
    else:
        rows = rows.filter(category__in=TO_DO).order_by("starts", "id")
    return _narrowed(rows, wish, "site__customer__name__icontains")


def _narrowed(rows: QuerySet[Any], wish: Wish, *also: str) -> QuerySet[Any]:
    if wish.sector_id is not None:
        rows = rows.filter(activity_type__sector_id=wish.sector_id)
    if wish.state_id is not None:
        rows = rows.filter(state_id=wish.state_id)
    if wish.text:
        matches = Q(title__icontains=wish.text)
        for lookup in also:
            matches |= Q(**{lookup: wish.text})
        rows = rows.filter(matches)
    return rows


def day_calendar(user_id: int, day: date, *, actor: Actor) -> Sequence[Appointment]:
    """A person's appointments of a local day of the actor, in their order; those given up are left out."""
    whole = day_of(day, actor.time_zone)
    rows = Appointment.objects.filter(
        resource__user_id=user_id, blocks=True, starts__lt=whole.ends, ends__gt=whole.starts,
        starts__gt=whole.starts - timedelta(days=1),
    )  # fmt: skip
    if user_id != actor.user_id:
        rows = rows.filter(resource__in=resources_visible_to(actor).values("pk"))
    return list(rows.select_related("state", "site__customer", "activity_type").order_by("starts", "id"))


def fired_reminders(actor: Actor, *, now: datetime) -> list[Task]:
    """Reminders of the actor that came in the last day and are still open, the newest first."""
    if actor.user_id is None:
        return []
    rows = Task.objects.filter(
        Q(owner_id=actor.user_id) | Q(team_id__in=actor.team_ids), closed_at=None,
        reminded_at__gt=now - timedelta(days=1),
    )  # fmt: skip
    return list(rows.select_related("activity_type", "customer").order_by("-reminded_at", "-id")[:10])


def owners_of(task: Task) -> list[User]:
    """Whom a task belongs to: its person, or everybody in its team."""
    if task.team_id is not None:
        return list(colleagues().filter(teams=task.team_id))
    return list(colleagues().filter(pk=task.owner_id or 0))


def carried_out_elsewhere(row: Appointment) -> bool:
    """Whether the appointment belongs to something with a page of its own, on which its state moves."""
    return bool(registry.pages_of([row.pk], SYSTEM))
