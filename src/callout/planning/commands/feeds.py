"""Calendar feeds: secret addresses by which other programs read a calendar."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from callout.accounts.actor import Actor
from callout.accounts.models import User
from callout.audit.commands import record
from callout.core.errors import Forbidden, NotFound
from callout.planning.models import Feed
from callout.planning.queries import todo

SECRET_BYTES = 24
READ_STEP = timedelta(hours=1)
"""How often at most it is written down that a feed was read."""


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_feed(*, team_id: int | None, actor: Actor, now: datetime) -> tuple[Feed, str]:
    """A new feed of one's own calendar, or of a team's, with its secret, which is not kept and not shown again.

    Raises Forbidden for nobody, NotFound for a team whose list the actor does not see.
    """
    if actor.user_id is None or not User.objects.filter(pk=actor.user_id, is_active=True).exists():
        raise Forbidden
    todo.check_whose(todo.Whose(team_id=team_id), actor=actor)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed = Feed.objects.create(owner_id=actor.user_id, team_id=team_id, secret_hash=hash_of(secret), created_at=now)
    record("feed.created", subject=feed, actor=actor, at=now, team_id=team_id)
    return feed, secret


@transaction.atomic
def revoke_feed(*, feed_id: int, actor: Actor, now: datetime) -> None:
    """End one of one's own feeds: its address is no longer there. Raises NotFound."""
    feed = Feed.objects.select_for_update().filter(pk=feed_id, owner_id=actor.user_id or 0).first()
    if feed is None:
        raise NotFound
    if feed.revoked_at is None:
        feed.revoked_at = now
        feed.save(update_fields=["revoked_at"])
        record("feed.revoked", subject=feed, actor=actor, at=now)


def note_read(*, feed: Feed, now: datetime) -> None:
    """Write down that a feed was read, once an hour at most."""
    if feed.read_at is None or now - feed.read_at >= READ_STEP:
        Feed.objects.filter(pk=feed.pk).update(read_at=now)
