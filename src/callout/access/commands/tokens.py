"""Writing API tokens."""

from datetime import datetime, timedelta

from django.db import transaction

from callout.access.models import Token
from callout.access.tokens import digest, new_token
from callout.accounts.actor import Actor
from callout.accounts.errors import NameMissing
from callout.accounts.models import User
from callout.audit.commands import record
from callout.core.errors import Forbidden
from callout.core.text import clean_name

USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_token(*, user: User, name: str, actor: Actor, now: datetime) -> str:
    """Make an API token for `user` and return its secret, which is not kept. Raises NameMissing, Forbidden.

    People make tokens for themselves only; the system makes them for anybody who may sign in.
    """
    if not actor.is_system and actor.user_id != user.pk:
        raise Forbidden
    if not user.is_active or user.setup_pending:
        raise Forbidden
    name = clean_name(name)[:80]
    if not name:
        raise NameMissing("name")
    secret = new_token()
    token = Token.objects.create(user=user, name=name, token_hash=digest(secret), hint=secret[-4:], created_at=now)
    record("token.created", subject=token, actor=actor, at=now, name=name, user=user.pk)
    return secret


@transaction.atomic
def revoke_token(*, token_id: int, user: User, actor: Actor, now: datetime) -> None:
    """End a token of `user`; a second time changes nothing."""
    token = Token.objects.select_for_update().filter(pk=token_id, user=user, revoked_at__isnull=True).first()
    if token:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        record("token.revoked", subject=token, actor=actor, at=now, name=token.name)


def note_token_use(*, token: Token, now: datetime) -> None:
    """Remember that a token was used, once a minute at most, so that reading costs no write."""
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
