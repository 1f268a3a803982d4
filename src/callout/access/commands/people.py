"""Taking a person's access away, with everything that could let the person in."""

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from callout.access.models import FirstAccess, IdempotentRequest, Recovery, Token
from callout.access.rules import KEEP_RECOVERIES, KEEP_REQUESTS
from callout.accounts import commands as accounts
from callout.accounts.actor import Actor
from callout.accounts.models import User


@transaction.atomic
def disable(*, person_id: int, actor: Actor, now: datetime) -> User:
    """Disable a person: sessions, tokens and codes end at once. Raises what `accounts.commands.disable_person` does."""
    person = accounts.disable_person(person_id=person_id, actor=actor, now=now)
    Token.objects.filter(user=person, revoked_at=None).update(revoked_at=now)
    FirstAccess.objects.filter(user=person).delete()
    Recovery.objects.filter(user=person, used_at=None).update(expires_at=now)
    return person


def clean_up(*, now: datetime) -> None:
    """Forget answers to old requests, old recoveries and sessions that have expired."""
    IdempotentRequest.objects.filter(created_at__lt=now - KEEP_REQUESTS).delete()
    Recovery.objects.filter(created_at__lt=now - KEEP_RECOVERIES).delete()
    SessionStore.clear_expired()
