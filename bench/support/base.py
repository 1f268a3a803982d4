"""The small part of a generated company: people with rights, teams, activity types, number books, tokens."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib import import_module

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that the generated rows refer to."""

    branch_id: int
    operator_id: int
    user_ids: list[int]
    resource_ids: list[int]
    type_ids: list[int]
    planned_state_id: int
    tokens: dict[str, str]
    sessions: dict[str, str]


def people_and_vocabulary(technicians: int) -> Known:
    """Make one person per role, technicians with working hours, ten activity types, and what documents need."""
    from callout.accounts.models import Branch
    from callout.documents.models import NumberBook, Period
    from callout.planning.models import ActivityState, ActivityType, Category, Eligibility, Sector

    branch = Branch.objects.create(
        code="MI", name="Milano", country="IT", currency="EUR", time_zone="Europe/Rome", language="it"
    )
    Period.objects.create(branch=branch, starts=date(2024, 1, 1), ends=date(2027, 12, 31))
    for kind, series in (("ticket", "T"), ("workorder", "W"), ("invoice", "I")):
        NumberBook.objects.create(kind=kind, branch=branch, series=series)
    states = {
        category: ActivityState.objects.get_or_create(
            category=category, is_default=True, defaults={"name": category.capitalize()}
        )[0]
        for category in Category.values
    }
    sector, _ = Sector.objects.get_or_create(name="Technical")
    types = [ActivityType.objects.create(name=f"Work {number}", sector=sector, minutes=60) for number in range(10)]
    people = {role: _person(role, role) for role in ("operator", "dispatcher", "verifier", "administrator")}
    resources = [_technician(number, branch) for number in range(1, technicians + 1)]
    Eligibility.objects.bulk_create(
        Eligibility(activity_type=kind, role="performs", user_id=resource.user_id)
        for kind in types
        for resource in resources
    )
    return Known(
        branch_id=branch.pk,
        operator_id=people["operator"].pk,
        user_ids=[resource.user_id for resource in resources],
        resource_ids=[resource.pk for resource in resources],
        type_ids=[kind.pk for kind in types],
        planned_state_id=states["planned"].pk,
        tokens={role: _token(person) for role, person in people.items()},
        sessions={role: _session(person) for role, person in people.items()},
    )


def _person(username: str, role: str):
    from callout.accounts.models import User

    return User.objects.create(
        username=username, display_name=username.capitalize(), roles=[role], created_at=NOW, password="!"
    )


def _technician(number: int, branch):
    from callout.planning.models import Resource, WorkingHours

    resource = Resource.objects.create(
        user=_person(f"tech{number}", "technician"), branch=branch, time_zone="Europe/Rome", position=number % 1000
    )
    WorkingHours.objects.bulk_create(
        WorkingHours(resource=resource, weekday=day, starts=time(8), ends=time(18)) for day in range(5)
    )
    return resource


def _token(person) -> str:
    from callout.access.commands import create_token
    from callout.accounts.actor import SYSTEM

    return create_token(user=person, name="bench", actor=SYSTEM, now=NOW)


def _session(person) -> str:
    """The key of a signed-in session, as the login page would make it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return store.session_key


def cookie(session: str) -> dict[str, str]:
    """The header of a browser with this session."""
    from django.conf import settings

    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}


def bearer(token: str) -> dict[str, str]:
    """The header of a program with this token."""
    return {"Authorization": f"Bearer {token}"}
