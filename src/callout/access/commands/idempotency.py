"""The answers to writes that are given again when the same request returns."""

from datetime import datetime
from typing import Any

from callout.access.models import IdempotentRequest
from callout.accounts.actor import Actor


def claim_key(*, actor: Actor, key: str, fingerprint: str, now: datetime) -> IdempotentRequest | None:
    """Take an idempotency key, or return the request that was carried out with it.

    A request with the same key that is still running makes this one wait for its end.
    """
    claim = IdempotentRequest(
        user_id=actor.user_id or 0, key=key, fingerprint=fingerprint, status=0, body=None, created_at=now
    )
    IdempotentRequest.objects.bulk_create([claim], ignore_conflicts=True)
    row = IdempotentRequest.objects.get(user_id=actor.user_id or 0, key=key)
    return row if row.status else None


def keep_answer(*, actor: Actor, key: str, status: int, body: Any) -> None:
    """Keep the answer of the request that holds `key`."""
    IdempotentRequest.objects.filter(user_id=actor.user_id or 0, key=key).update(status=status, body=body)
