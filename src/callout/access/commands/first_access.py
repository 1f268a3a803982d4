"""The first access of a person: a code from an administrator, used once, then data and a password of one's own."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from callout.access import tokens
from callout.access.errors import CodeAsPassword, Disabled, SetUpAlready
from callout.access.models import FirstAccess, SecretQuestion
from callout.access.rules import FIRST_ACCESS_LIFE, check_question
from callout.accounts import commands as accounts
from callout.accounts.actor import Actor
from callout.accounts.models import User
from callout.accounts.queries import actor_for, lock_person
from callout.accounts.rules import ADMINISTERS
from callout.audit.commands import record


@transaction.atomic
def invite(*, actor: Actor, now: datetime, **person: Any) -> tuple[User, str]:
    """Create a person (see `accounts.commands.create_person`) with a first-access code, which is not kept."""
    created = accounts.create_person(actor=actor, now=now, **person)
    return created, issue_code(person_id=created.pk, actor=actor, now=now)


@transaction.atomic
def issue_code(*, person_id: int, actor: Actor, now: datetime) -> str:
    """A new first-access code in place of any earlier one. Raises Forbidden, NotFound, Disabled, SetUpAlready.

    For people who have not finished their first access, and for those without a secret question, whom nothing else
    would let in again: they begin anew, and their sessions end. The last administrator is sent there by the command
    line only. Also raises LastAdministrator.
    """
    actor.require(ADMINISTERS)
    person = lock_person(person_id)
    if not person.is_active:
        raise Disabled(name=person.display_name)
    if not person.setup_pending and SecretQuestion.objects.filter(user=person).exists():
        raise SetUpAlready(name=person.display_name)
    if actor.is_system or person.setup_pending:
        accounts.begin_setup(person=person)
    else:
        with accounts.keeping_an_administrator():
            accounts.begin_setup(person=person)
    code = tokens.new_code()
    FirstAccess.objects.update_or_create(
        user=person,
        defaults={
            "code_hash": tokens.code_hash(code),
            "created_at": now,
            "expires_at": now + FIRST_ACCESS_LIFE,
            "used_at": None,
        },
    )
    record("first_access.issued", subject=person, actor=actor, at=now)
    return code


@transaction.atomic
def use_code(*, typed: str, now: datetime) -> User | None:
    """Spend a first-access code: the person it lets in, once, also when it is used twice at the same moment.

    None for what is no code, is not known, used, expired, or belongs to somebody disabled.
    """
    code_hash = tokens.code_digest(typed)
    if code_hash is None:
        return None
    live = FirstAccess.objects.filter(code_hash=code_hash, used_at=None, expires_at__gt=now, user__is_active=True)
    # Locked first: an UPDATE over the join would take its rows from before it waited for the other one.
    first = live.select_for_update(of=("self",)).select_related("user").first()
    if first is None:
        return None
    first.used_at = now
    first.save(update_fields=["used_at"])
    person = first.user
    record("first_access.used", subject=person, actor=actor_for(person), at=now)
    return person


@transaction.atomic
def finish(*, person_id: int, question: str, answer: str, password: str, now: datetime, **data: Any) -> User:
    """What a new person enters: own data (see `accounts.commands.finish_setup`), password, secret question.

    Raises what `accounts.commands.finish_setup` and `rules.check_question` raise, and CodeAsPassword.
    """
    person = lock_person(person_id)
    first = FirstAccess.objects.filter(user=person).first()
    if first and tokens.code_digest(password) == first.code_hash:
        raise CodeAsPassword("password")
    person = accounts.finish_setup(person_id=person_id, password=password, actor=actor_for(person), now=now, **data)
    keep_question(person=person, question=question, answer=answer)
    FirstAccess.objects.filter(user=person).delete()
    return person


def keep_question(*, person: User, question: str, answer: str) -> None:
    """Keep the secret question of a person and the hash of its answer."""
    question, answer = check_question(question, answer)
    SecretQuestion.objects.update_or_create(
        user=person, defaults={"question": question, "answer_hash": make_password(answer)}
    )
