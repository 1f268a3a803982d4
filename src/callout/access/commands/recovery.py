"""A lost password: a mailed link or an administrator's release, then the secret answer, then a new password."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.urls import reverse

from callout.access import queries, tokens
from callout.access.commands.first_access import keep_question
from callout.access.errors import Disabled, NoSecretQuestion, RecoveryOver, WrongAnswer, WrongPassword
from callout.access.models import Recovery, SecretQuestion
from callout.access.rules import LINK_LIFE, MAX_ANSWERS, RELEASE_LIFE, plain_answer
from callout.accounts import commands as accounts
from callout.accounts.actor import Actor
from callout.accounts.models import User
from callout.accounts.queries import actor_for, lock_person
from callout.accounts.rules import ADMINISTERS
from callout.audit.commands import record
from callout.notices.commands import send_mail

EVENT = "access.recovery"


@transaction.atomic
def request_recovery(*, username: str, now: datetime) -> None:
    """Mail a link to whoever has this user name, an address and a secret question; to nobody else, and silently."""
    person = queries.recoverable(username)
    if person is None or not person.email:
        return
    person = lock_person(person.pk)
    code = _open(person, now, LINK_LIFE)
    send_mail(
        event=EVENT,
        to=[person.email],
        language=person.language,
        facts={
            "person": {"name": person.display_name},
            "link": settings.PUBLIC_URL.rstrip("/") + reverse("recover_answer", args=[code]),
            "minutes": int(LINK_LIFE.total_seconds() // 60),
        },
        about=person,
        customer_id=None,
        now=now,
    )
    record("recovery.requested", subject=person, actor=actor_for(person), at=now)


@transaction.atomic
def release(*, person_id: int, actor: Actor, now: datetime) -> str:
    """A code with which the person may answer the secret question. Raises Forbidden, NotFound, Disabled,
    NoSecretQuestion.
    """
    actor.require(ADMINISTERS)
    person = lock_person(person_id)
    if not person.is_active:
        raise Disabled(name=person.display_name)
    if person.setup_pending or not SecretQuestion.objects.filter(user=person).exists():
        raise NoSecretQuestion(name=person.display_name)
    code = _open(person, now, RELEASE_LIFE, released_by=actor.name)
    record("recovery.released", subject=person, actor=actor, at=now)
    return code


def _open(person: User, now: datetime, life: timedelta, released_by: str = "") -> str:
    """A new way open, in place of the earlier ones."""
    Recovery.objects.filter(user=person, used_at=None).update(expires_at=now)
    code = tokens.new_code()
    Recovery.objects.create(
        user=person,
        code_hash=tokens.code_hash(code),
        released_by_name=released_by,
        created_at=now,
        expires_at=now + life,
    )
    return code


def recover(*, typed: str, answer: str, password: str, now: datetime) -> User:
    """Set a new password by code and secret answer; all sessions of the person end.

    A wrong answer is counted, whatever becomes of the request. Raises RecoveryOver, WrongAnswer, BadPassword.
    """
    with transaction.atomic():
        found = queries.live_recovery(typed, now=now, lock=True)
        if found is None:
            raise RecoveryOver
        person = lock_person(found.user_id)
        question = SecretQuestion.objects.get(user=person)
        right = check_password(plain_answer(answer), question.answer_hash)
        if right:
            _set_new(found, person, password, now)
        else:
            found.attempts += 1
            found.save(update_fields=["attempts"])
            record("recovery.wrong_answer", subject=person, actor=actor_for(person), at=now, attempts=found.attempts)
    if right:
        return person
    if found.attempts >= MAX_ANSWERS:
        raise RecoveryOver
    raise WrongAnswer("answer", left=MAX_ANSWERS - found.attempts)


def _set_new(found: Recovery, person: User, password: str, now: datetime) -> None:
    accounts.change_password(person=person, password=password, actor=actor_for(person), now=now)
    found.used_at = now
    found.save(update_fields=["used_at"])
    record("recovery.used", subject=person, actor=actor_for(person), at=now)


@transaction.atomic
def change_question(*, question: str, answer: str, password: str, actor: Actor, now: datetime) -> None:
    """Another secret question for oneself. Raises WrongPassword and what `rules.check_question` raises."""
    person = lock_person(actor.user_id or 0)
    if not person.check_password(password):
        raise WrongPassword("password")
    keep_question(person=person, question=question, answer=answer)
    record("secret_question.changed", subject=person, actor=actor, at=now)
