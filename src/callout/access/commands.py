"""Writing tokens and the answers that are given again."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from callout.access.models import IdempotentRequest, Token
from callout.access.tokens import digest, new_token
from callout.accounts.actor import Actor
from callout.accounts.models import User
from callout.audit.commands import record

USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_token(*, user: User, name: str, actor: Actor, now: datetime) -> str:
    """Make an API token for `user` and return its secret, which is not kept."""
    secret = new_token()
    token = Token.objects.create(
        user=user, name=name, token_hash=digest(secret), hint=secret[-4:], created_at=now
    )
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


def claim_key(*, actor: Actor, key: str, fingerprint: str, now: datetime) -> IdempotentRequest | None:
    """Take an idempotency key, or return the request that was carried out with it.

    A request with the same key that is still running makes this one wait for its end.
    """
    claim = IdempotentRequest(
        user_id=actor.user_id, key=key, fingerprint=fingerprint, status=0, body=None, created_at=now
    )
    IdempotentRequest.objects.bulk_create([claim], ignore_conflicts=True)
    row = IdempotentRequest.objects.get(user_id=actor.user_id, key=key)
    return row if row.status else None


def keep_answer(*, actor: Actor, key: str, status: int, body: Any) -> None:
    """Keep the answer of the request that holds `key`."""
    IdempotentRequest.objects.filter(user_id=actor.user_id, key=key).update(status=status, body=body)
