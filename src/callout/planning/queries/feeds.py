"""What stands in a calendar feed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from callout.accounts.actor import Actor
from callout.accounts.models import Membership
from callout.accounts.queries import actor_for
from callout.audit.models import Entry
from callout.core.errors import NotFound
from callout.planning.models import Appointment, Feed, Task
from callout.planning.queries import todo
from callout.planning.queries.scope import resources_visible_to

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MOST = 5_000
"""Appointments, and tasks, that a feed holds at most; the nearest to come count before older ones."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The appointments and tasks of a feed, and when each was changed last, by kind and key."""

    feed: Feed
    appointments: list[Appointment]
    tasks: list[Task]
    changed: dict[tuple[str, int], datetime]


def feeds_of(actor: Actor) -> QuerySet[Feed]:
    """The actor's own feeds that are not revoked, the newest first."""
    return Feed.objects.filter(owner_id=actor.user_id or 0, revoked_at=None).select_related("team")


def by_secret(secret: str) -> tuple[Feed, Actor]:
    """The feed at a secret address, and as whom it is read: its owner, with the rights that the owner has now.

    Raises NotFound for an unknown or revoked one, for that of somebody disabled, and for that of a team that the owner
    no longer sees.
    """
    hashed = hashlib.sha256(secret.encode(errors="replace")).hexdigest()
    feed = Feed.objects.filter(secret_hash=hashed, revoked_at=None).select_related("owner", "team").first()
    actor = actor_for(feed.owner) if feed is not None else None
    if feed is None or actor is None or actor.user_id is None:
        raise NotFound
    todo.check_whose(todo.Whose(team_id=feed.team_id), actor=actor)
    return feed, actor


def contents(feed: Feed, *, actor: Actor, now: datetime) -> Contents:
    """What the feed holds: two months back, thirteen ahead; four statements."""
    appointments = list(_appointments(feed, actor, now)[:MOST])
    tasks = list(_tasks(feed, actor, now)[:MOST])
    return Contents(feed, appointments, tasks, _changed(appointments, tasks))


def _appointments(feed: Feed, actor: Actor, now: datetime) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(starts__gte=now - BACK, starts__lt=now + AHEAD)
    if feed.team_id is None:
        rows = rows.filter(resource__user_id=feed.owner_id)
    else:
        members = Membership.objects.filter(team_id=feed.team_id).values("user_id")
        seen = Q(resource__in=resources_visible_to(actor).values("pk")) | Q(resource__user_id=actor.user_id)
        rows = rows.filter(seen, resource__user_id__in=members)
    return rows.select_related("activity_type", "state", "resource__user", "site__customer").order_by("-starts", "-id")


def _tasks(feed: Feed, actor: Actor, now: datetime) -> QuerySet[Task]:
    mine = Q(team_id=feed.team_id) if feed.team_id is not None else Q(owner_id=feed.owner_id)
    recent = Q(closed_at=None) | Q(closed_at__gte=now - BACK)
    rows = todo.tasks_visible_to(actor).filter(mine, recent, due_on__lt=(now + AHEAD).date())
    return rows.select_related("activity_type", "state", "customer", "site").order_by("-due_on", "-id")


def _changed(appointments: list[Appointment], tasks: list[Task]) -> dict[tuple[str, int], datetime]:
    """When the audit trail last told of each."""
    wanted = Q(subject_kind="appointment", subject_id__in=[row.pk for row in appointments])
    wanted |= Q(subject_kind="task", subject_id__in=[row.pk for row in tasks])
    rows = Entry.objects.filter(wanted).order_by().values_list("subject_kind", "subject_id").annotate(last=Max("at"))
    return {(kind, pk): last for kind, pk, last in rows}
