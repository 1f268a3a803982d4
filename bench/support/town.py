"""A small service company in New York, founded through the commands: what the main job is done with."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

ZONE = "America/New_York"
FIRST_YEAR = 2014
OFFICE = ("administrator", "operator", "dispatcher", "verifier")


@dataclass(frozen=True, slots=True)
class Town:
    """Tokens of the office by role, of technicians by resource, and what work is priced by."""

    office: dict[str, str]
    technicians: dict[int, str]
    team_id: int
    rate_card_id: int
    product_id: int


def found(technicians: int, now: datetime) -> Town:
    """A branch with periods since 2014 and number books, an office, a crew with working hours, prices in dollars."""
    from callout.accounts import commands as accounts
    from callout.accounts.actor import SYSTEM

    branch = accounts.create_branch(
        code="NY", name="New York", country="US", region="NY", currency="USD", time_zone=ZONE, language="en",
        actor=SYSTEM, now=now,
    )  # fmt: skip
    _documents(branch, now)
    crew = accounts.create_team(name="Crew", branch=branch, actor=SYSTEM, now=now)
    office = {role: _token(_person(role.capitalize(), role, [], now), now) for role in OFFICE}
    workers = {}
    for number in range(1, technicians + 1):
        person = _person(f"Technician {number}", "technician", [crew.pk], now)
        workers[_resource(person, branch, number, now)] = _token(person, now)
    rate_card_id, product_id = _prices(now)
    return Town(office, workers, crew.pk, rate_card_id, product_id)


def _documents(branch, now: datetime) -> None:
    from callout.accounts.actor import SYSTEM
    from callout.documents import commands as documents

    for year in range(FIRST_YEAR, now.year + 2):
        documents.create_period(
            branch=branch, module="", starts=date(year, 1, 1), ends=date(year, 12, 31), actor=SYSTEM, now=now
        )
    for kind, series in (("ticket", "TK"), ("workorder", "WO"), ("invoice", "INV")):
        documents.create_number_book(
            kind=kind, branch=branch, series=series, number_format="{series}-{number:05}", next_number=1,
            is_default=True, actor=SYSTEM, now=now,
        )  # fmt: skip


def _person(name: str, role: str, team_ids: list[int], now: datetime):
    """Somebody who works with a token alone: the password is not known to anybody."""
    from callout.accounts import commands as accounts
    from callout.accounts.actor import SYSTEM
    from callout.accounts.models import User

    made = accounts.create_person(
        display_name=name, roles=[role], time_zone=ZONE, team_ids=team_ids, actor=SYSTEM, now=now
    )
    User.objects.filter(pk=made.pk).update(setup_pending=False, password="!")
    made.refresh_from_db()
    return made


def _token(person, now: datetime) -> str:
    from callout.access.commands import create_token
    from callout.accounts.actor import SYSTEM

    return create_token(user=person, name="main job", actor=SYSTEM, now=now)


def _resource(person, branch, position: int, now: datetime) -> int:
    from callout.accounts.actor import SYSTEM
    from callout.core.worktime import Shift
    from callout.planning import commands as planning

    hours = [
        Shift(weekday, starts, ends)
        for weekday in range(5)
        for starts, ends in ((time(8), time(12)), (time(13), time(17)))
    ]
    made = planning.add_resource(
        user_id=person.pk, branch_id=branch.pk, hours=hours, time_zone=ZONE, position=position, actor=SYSTEM, now=now
    )
    return made.pk


def _prices(now: datetime) -> tuple[int, int]:
    """The rate card and a spare part."""
    from callout.accounts.actor import SYSTEM
    from callout.catalog import commands as catalog

    tax = catalog.save_vat_rate(name="Services 4.5%", percent=Decimal("4.5"), country="US", actor=SYSTEM, now=now)
    part = catalog.create_product(
        code="VALVE", kind="part", name="Valve", unit="pc", price=Decimal("18.40"), vat_rate=tax, actor=SYSTEM, now=now
    )
    card = catalog.create_rate_card(
        name="New York", currency="USD", actor=SYSTEM, now=now,
        lines=[
            {
                "kind": kind, "description": text, "unit": unit, "price": Decimal(price), "quantity": Decimal(quantity),
                "product": part if kind == "part" else None, "vat_rate": tax,
            }
            for kind, text, unit, price, quantity in (
                ("hours", "Working hour", "h", "95.00", "1"), ("fixed", "Call-out", "pc", "60.00", "1"),
                ("part", "Valve", "pc", "18.40", "0"),
            )
        ],
    )  # fmt: skip
    return card.pk, part.pk


def let_the_crew_perform(team_id: int, now: datetime) -> int:
    """Every activity type is performed by the crew, those that an import made too; returns how many there are."""
    from callout.accounts.actor import SYSTEM
    from callout.planning import commands as planning
    from callout.planning.models import ActivityType
    from callout.planning.queries import Eligible

    types = list(ActivityType.objects.filter(active=True).order_by("pk"))
    for kind in types:
        planning.save_type(
            type_id=kind.pk, name=kind.name, version=kind.version, performs=Eligible(team_ids=frozenset({team_id})),
            actor=SYSTEM, now=now,
        )  # fmt: skip
    return len(types)
