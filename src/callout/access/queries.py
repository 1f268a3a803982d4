"""Looking up keys and codes."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F

from callout.access.models import FirstAccess, Recovery, SecretQuestion, Token
from callout.access.rules import MAX_ANSWERS
from callout.access.tokens import code_digest, digest
from callout.accounts.actor import Actor
from callout.accounts.models import User
from callout.accounts.queries import people_with_rights
from callout.db.compiled import Compiled

_bearer = Compiled(
    lambda hashed: (
        people_with_rights()
        .only("is_active", "display_name", "roles", "language", "time_zone")  # what an actor is made of
        .filter(is_active=True, tokens__token_hash=hashed, tokens__revoked_at=None)
        .annotate(token_id=F("tokens__id"), token_used_at=F("tokens__last_used_at"))
    ),
    hashed="?",
)


def live_token(secret: str) -> Token | None:
    """The token with this secret: its key, last use and person with rights; None when unknown, revoked or disabled."""
    user: Any = _bearer.first(hashed=digest(secret))
    return user and Token(pk=user.token_id, last_used_at=user.token_used_at, user=user)


def tokens_of(actor: Actor) -> models.QuerySet[Token]:
    """The actor's own tokens that are in use, newest first."""
    return Token.objects.filter(user_id=actor.user_id or 0, revoked_at=None).order_by("-id")


def recoverable(username: str) -> User | None:
    """The active person with this user name and a secret question, or None."""
    return User.objects.filter(
        username__iexact=username.strip(), is_active=True, setup_pending=False, secret_question__isnull=False
    ).first()


def live_recovery(typed: str, *, now: datetime, lock: bool = False) -> Recovery | None:
    """The recovery that a typed or linked code opens, with its person; None when there is none any more."""
    code_hash = code_digest(typed)
    if code_hash is None:
        return None
    found = Recovery.objects.filter(
        code_hash=code_hash, used_at=None, expires_at__gt=now, attempts__lt=MAX_ANSWERS, user__is_active=True,
        user__secret_question__isnull=False,
    ).select_related("user__secret_question")  # fmt: skip
    return (found.select_for_update(of=("self",)) if lock else found).first()


def first_access_of(person: User) -> FirstAccess | None:
    """The first-access code that was given last, unless the person has finished."""
    return FirstAccess.objects.filter(user=person).first()


def question_of(person: User) -> SecretQuestion | None:
    """The secret question of a person, if there is one."""
    return SecretQuestion.objects.filter(user=person).first()
