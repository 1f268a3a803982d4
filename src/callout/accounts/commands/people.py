"""Writing people and what they may do."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.db.models import F

from callout.accounts import queries
from callout.accounts.actor import Actor
from callout.accounts.errors import BadPassword, LastAdministrator, NameMissing, NotYourself, UsernameTaken
from callout.accounts.models import LANGUAGES, Branch, Grant, Membership, Team, User
from callout.accounts.rules import (
    ADMINISTERS,
    check_grants,
    check_phone,
    check_roles,
    check_time_zone,
    check_username,
)
from callout.audit.commands import record
from callout.core.errors import Invalid, NotFound, check_version
from callout.core.text import clean_name


@transaction.atomic
def create_person(
    *,
    display_name: str,
    roles: Iterable[str],
    actor: Actor,
    now: datetime,
    email: str = "",
    phone: str = "",
    language: str = "en",
    time_zone: str = "Europe/Rome",
    team_ids: Iterable[int] = (),
    branch_ids: Iterable[int] = (),
    grants: Mapping[str, bool] | None = None,
) -> User:
    """A person who cannot sign in yet: give a first-access code. `grants` are rights allowed or denied.

    Raises Forbidden, NameMissing, UnknownRole, UnknownRight, BadTimeZone or Invalid beside the field.
    """
    actor.require(ADMINISTERS)
    person = User(username=f"new.{secrets.token_hex(8)}", setup_pending=True, created_at=now)
    person.set_unusable_password()
    fill(person, display_name=display_name, email=email, phone=phone, language=language, time_zone=time_zone)
    person.roles = check_roles(roles)
    person.save()
    _join(person, team_ids, branch_ids)
    set_grants(grants or {}, user=person)
    record("person.created", subject=person, actor=actor, at=now, name=person.display_name, roles=person.roles)
    return person


@transaction.atomic
def change_person(
    *,
    person_id: int,
    display_name: str,
    email: str,
    phone: str,
    language: str,
    time_zone: str,
    roles: Iterable[str],
    team_ids: Iterable[int],
    branch_ids: Iterable[int],
    grants: Mapping[str, bool],
    version: int | None,
    actor: Actor,
    now: datetime,
) -> User:
    """What an administrator sets for a person; it counts from the person's next request on.

    Raises Forbidden, NotFound, StaleVersion, LastAdministrator and what `create_person` raises.
    """
    actor.require(ADMINISTERS)
    with keeping_an_administrator():
        person = queries.lock_person(person_id)
        check_version(person.version, version)
        before = list(person.roles)
        fill(person, display_name=display_name, email=email, phone=phone, language=language, time_zone=time_zone)
        person.roles = check_roles(roles)
        person.version += 1
        person.save()
        _join(person, team_ids, branch_ids)
        set_grants(grants, user=person)
    record(
        "person.changed", subject=person, actor=actor, at=now, roles=person.roles, roles_before=before,
        grants=dict(grants), teams=sorted(team_ids), branches=sorted(branch_ids),
    )  # fmt: skip
    return person


@transaction.atomic
def disable_person(*, person_id: int, actor: Actor, now: datetime) -> User:
    """Take a person's access away, at once: no session goes on. Raises NotYourself, LastAdministrator, NotFound."""
    actor.require(ADMINISTERS)
    if person_id == actor.user_id:
        raise NotYourself
    with keeping_an_administrator():
        person = queries.lock_person(person_id)
        if person.is_active:
            person.is_active = False
            person.session_epoch += 1
            person.version += 1
            person.save(update_fields=["is_active", "session_epoch", "version"])
            record("person.disabled", subject=person, actor=actor, at=now, name=person.display_name)
    return person


@transaction.atomic
def enable_person(*, person_id: int, actor: Actor, now: datetime) -> User:
    """Give a person access again, with the password and rights from before. Raises NotFound."""
    actor.require(ADMINISTERS)
    person = queries.lock_person(person_id)
    if not person.is_active:
        person.is_active = True
        person.version += 1
        person.save(update_fields=["is_active", "version"])
        record("person.enabled", subject=person, actor=actor, at=now, name=person.display_name)
    return person


@transaction.atomic
def finish_setup(
    *,
    person_id: int,
    username: str,
    password: str,
    display_name: str,
    email: str,
    phone: str,
    language: str,
    time_zone: str,
    actor: Actor,
    now: datetime,
) -> User:
    """A new person's own data, user name and password. Raises BadUsername, UsernameTaken, BadPassword, NotFound."""
    person = queries.lock_person(person_id)
    if not person.setup_pending or not person.is_active:
        raise NotFound
    username = check_username(username)
    if User.objects.filter(username__iexact=username).exclude(pk=person.pk).exists():
        raise UsernameTaken("username", username=username)
    person.username = username
    fill(person, display_name=display_name, email=email, phone=phone, language=language, time_zone=time_zone)
    person.setup_pending = False
    set_password(person=person, password=password)
    person.version += 1
    person.save()
    record("person.set_up", subject=person, actor=actor, at=now, username=username)
    return person


def set_password(*, person: User, password: str) -> None:
    """Give `person`, locked and saved by the caller, a password; it ends the sessions of the old one.

    Raises BadPassword with the reasons.
    """
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise BadPassword("password", reasons=" ".join(error.messages)) from error
    person.set_password(password)


@transaction.atomic
def change_password(*, person: User, password: str, actor: Actor, now: datetime) -> None:
    """Give `person` another password and end every session. Raises BadPassword."""
    set_password(person=person, password=password)
    person.session_epoch += 1
    person.save(update_fields=["password", "session_epoch"])
    record("password.changed", subject=person, actor=actor, at=now)


def begin_setup(*, person: User) -> None:
    """Send `person`, locked by the caller, back to the first access: without a password, and with no session left."""
    person.set_unusable_password()
    person.setup_pending = True
    person.session_epoch += 1
    person.version += 1
    person.save(update_fields=["password", "setup_pending", "session_epoch", "version"])


def end_sessions(*, person_id: int) -> None:
    """End every session of a person at its next request."""
    User.objects.filter(pk=person_id).update(session_epoch=F("session_epoch") + 1)


def set_grants(grants: Mapping[str, bool], *, user: User | None = None, team: Team | None = None) -> None:
    """Replace the rights allowed and denied to one person or team, locked by the caller. Raises UnknownRight."""
    grants = check_grants(grants)
    Grant.objects.filter(user=user, team=team).delete()
    Grant.objects.bulk_create(
        [Grant(user=user, team=team, right=right, allowed=allowed) for right, allowed in grants.items()]
    )


@contextmanager
def keeping_an_administrator() -> Iterator[None]:
    """Refuse what the block writes when it leaves nobody who could administer people. Raises LastAdministrator.

    One such block runs at a time, so that two cannot take away the last two. An installation that has no
    administrator yet is let be.
    """
    queries.hold_administration()
    had_one = queries.administrators().exists()
    yield
    if had_one and not queries.administrators().exists():
        raise LastAdministrator


def fill(person: User, *, display_name: str, email: str, phone: str, language: str, time_zone: str) -> None:
    """Take over a person's data, checked; `person` is locked and saved by the caller."""
    person.display_name = clean_name(display_name)[:120]
    if not person.display_name:
        raise NameMissing("display_name")
    person.email = email.strip()
    if person.email:
        try:
            validate_email(person.email)
        except ValidationError as error:
            raise Invalid("email") from error
    person.phone = check_phone(phone, settings.DEFAULT_COUNTRY)
    if language not in dict(LANGUAGES):
        raise Invalid("language")
    person.language = language
    person.time_zone = check_time_zone(time_zone)


def _join(person: User, team_ids: Iterable[int], branch_ids: Iterable[int]) -> None:
    """Make the person a member of exactly these teams and branches; unknown ones are left out."""
    teams = set(Team.objects.filter(pk__in=list(team_ids)).values_list("pk", flat=True))
    Membership.objects.filter(user=person).exclude(team_id__in=teams).delete()
    Membership.objects.bulk_create([Membership(user=person, team_id=pk) for pk in sorted(teams)], ignore_conflicts=True)
    branches: models.QuerySet[Branch] = Branch.objects.filter(pk__in=list(branch_ids))
    person.branches.set(branches)
