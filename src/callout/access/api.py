"""How programs and pages identify themselves to the API, and writes that are safe to repeat."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from ninja import Status
from ninja.security import APIKeyCookie, HttpBearer
from pydantic import BaseModel

from callout.access import commands, queries
from callout.access.errors import IdempotencyMismatch
from callout.access.gate import Access, View
from callout.accounts.queries import actor_for
from callout.core.errors import Invalid
from callout.ui import clock


class TokenAuth(HttpBearer):
    """`Authorization: Bearer TOKEN`, with a token made on the profile page or by `callout token`."""

    openapi_bearerFormat = "callout_…"  # noqa: N815 - the name ninja reads

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token's person, or None."""
        found = queries.live_token(token)
        if found is None:
            return None
        commands.note_token_use(token=found, now=clock.now())
        request.actor = actor_for(found.user)
        return request.actor


class SessionAuth(APIKeyCookie):
    """The session of a signed-in page, with its CSRF token on writes."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The signed-in person, or None."""
        actor = request.actor
        return actor if actor.user_id is not None else None


def writes(*rights: str) -> Callable[[View], View]:
    """Declare an API operation that writes: needs one of `rights`, runs in one transaction, repeats its answer.

    With the header Idempotency-Key, a request that was carried out is not carried out again: its answer is.
    The same key with another request is refused. A refused request leaves nothing behind.
    """

    def wrap(operation: View) -> View:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor = request.actor
            if rights:
                actor.require(*rights)
            key = request.headers.get("Idempotency-Key", "")
            with transaction.atomic():
                if not key:
                    return operation(request, *args, **kwargs)
                return _once(request, key, lambda: operation(request, *args, **kwargs))

        guarded.access = Access(rights=rights)
        return guarded  # type: ignore[return-value]

    return wrap


def _once(request: HttpRequest, key: str, run: Callable[[], Any]) -> Any:
    if len(key) > 80 or not key.isprintable():
        raise Invalid("Idempotency-Key")
    fingerprint = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    actor = request.actor
    earlier = commands.claim_key(actor=actor, key=key, fingerprint=fingerprint, now=clock.now())
    if earlier:
        if earlier.fingerprint != fingerprint:
            raise IdempotencyMismatch("Idempotency-Key")
        return Status(earlier.status, earlier.body)
    result = run()
    status, body = (result.status_code, result.value) if isinstance(result, Status) else (200, result)
    plain = body.model_dump(mode="json") if isinstance(body, BaseModel) else json.loads(json.dumps(body))
    commands.keep_answer(actor=actor, key=key, status=status, body=plain)
    return result
