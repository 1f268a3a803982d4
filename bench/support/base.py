"""The small part of a generated company: people with rights, activity types, number books, tokens and sessions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib import import_module

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
ROLES = ("operator", "dispatcher", "verifier", "administrator")


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that the generated rows refer to; tokens and sessions are by role.

    `branch_dispatcher` and `technician` besides: one dispatcher of the small branch, and the first technician.
    """

    branch_ids: list[int]
    operator_id: int
    verifier_id: int
    user_ids: list[int]
    resource_ids: list[int]
    type_ids: list[int]
    planned_state_id: int
    product_id: int
    vat_rate_id: int
    tokens: dict[str, str]
    sessions: dict[str, str]


def found(technicians: int) -> Known:
    """Make one person per role, technicians with working hours, ten activity types, and what documents need."""
    from callout.catalog.models import Product, VatRate
    from callout.planning.models import ActivityType, Category, Sector
    from callout.planning.queries import default_state

    branches = _branches()
    sector, _ = Sector.objects.get_or_create(name="Technical")
    types = [
        ActivityType.objects.create(name=f"Work {number}", sector=sector, minutes=60, notify_owner=True)
        for number in range(10)
    ]
    people = {role: _person(role, role) for role in ROLES}
    people["branch_dispatcher"] = _person("branch_dispatcher", "dispatcher")
    people["branch_dispatcher"].branches.add(branches[1])
    resources = [_technician(number, branches[0]) for number in range(1, technicians + 1)]
    people["technician"] = resources[0].user
    _eligible(types, resources)
    vat = VatRate.objects.create(name="IVA 22%", percent=22, country="IT")
    product = Product.objects.create(code="B24", name="Boiler 24 kW", folded="boiler 24 kw", kind="equipment")
    return Known(
        branch_ids=[branch.pk for branch in branches],
        operator_id=people["operator"].pk,
        verifier_id=people["verifier"].pk,
        user_ids=[resource.user_id for resource in resources],
        resource_ids=[resource.pk for resource in resources],
        type_ids=[kind.pk for kind in types],
        planned_state_id=default_state(Category.PLANNED).pk,
        product_id=product.pk,
        vat_rate_id=vat.pk,
        tokens={role: token(person) for role, person in people.items()},
        sessions={role: session(person) for role, person in people.items()},
    )


def _branches() -> list:
    """A large and a small one, with periods and number books that they share."""
    from callout.accounts.models import Branch
    from callout.documents.models import NumberBook, Period

    Period.objects.create(branch=None, starts=date(2024, 1, 1), ends=date(2099, 12, 31))
    for kind, series in (("ticket", "T"), ("workorder", "W"), ("invoice", "I")):
        NumberBook.objects.create(kind=kind, branch=None, series=series)
    return [
        Branch.objects.create(
            code=code, name=name, country="IT", currency="EUR", time_zone="Europe/Rome", language="it"
        )
        for code, name in (("MI", "Milano"), ("TO", "Torino"))
    ]


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


def _eligible(types: list, resources: list) -> None:
    """Everybody performs everything, as one team."""
    from callout.accounts.models import Membership, Team
    from callout.planning.models import Eligibility

    crew = Team.objects.create(name="Crew")
    Membership.objects.bulk_create(Membership(user_id=resource.user_id, team=crew) for resource in resources)
    Eligibility.objects.bulk_create(Eligibility(activity_type=kind, role="performs", team=crew) for kind in types)


def token(person) -> str:
    """An API token of a person."""
    from callout.access.commands import create_token
    from callout.accounts.actor import SYSTEM

    return create_token(user=person, name="bench", actor=SYSTEM, now=NOW)


def session(person) -> str:
    """The key of a signed-in session, as the login page would make it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return store.session_key


def cookie(key: str) -> dict[str, str]:
    """The header of a browser with this session."""
    from django.conf import settings

    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}


def bearer(secret: str) -> dict[str, str]:
    """The header of a program with this token."""
    return {"Authorization": f"Bearer {secret}"}
