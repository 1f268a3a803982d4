"""Small real objects for tests. Each takes what a test cares about and fills in the rest."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

from callout.accounts.actor import Actor
from callout.accounts.models import Branch, Membership, Team, User
from callout.accounts.queries import actor_for
from callout.catalog.models import LineKind, PaymentTerm, Product, RateCard, RateLine, VatRate
from callout.core.holidays_of import holidays_between
from callout.customers.models import Asset, Contact, Customer, Site, Zone
from callout.documents.models import NumberBook, Period
from callout.planning.models import (
    ActivityState,
    ActivityType,
    Category,
    Eligibility,
    Resource,
    Sector,
    WorkingHours,
)

_serial = count(1)
# Monday morning in Rome (UTC+1), an ordinary week without holidays.
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PASSWORD = "correct-horse-7-staple"  # noqa: S105 - of test people only


def n() -> int:
    """A number not used before."""
    return next(_serial)


def branch(**fields) -> Branch:
    """The Milan branch with open period and number books for every document."""
    fields = {
        "code": f"B{n()}", "name": "Milano", "country": "IT", "currency": "EUR", "time_zone": "Europe/Rome",
        "language": "it", **fields,
    }  # fmt: skip
    made = Branch.objects.create(**fields)
    Period.objects.create(branch=made, starts="2026-01-01", ends="2027-12-31")
    for kind, prefix in (("ticket", "TK"), ("workorder", "WO"), ("invoice", "INV")):
        NumberBook.objects.create(kind=kind, branch=made, series=f"{prefix}{n()}", format="{series}-{number:05}")
    return made


def user(*roles: str, name: str = "", teams: tuple[Team, ...] = (), **fields) -> User:
    """A person with these roles who can sign in with PASSWORD."""
    number = n()
    made = User(
        username=fields.pop("username", f"person{number}"),
        display_name=name or f"Person {number}",
        roles=list(roles),
        created_at=MONDAY,
        **fields,
    )
    made.set_password(PASSWORD)
    made.save()
    for team in teams:
        Membership.objects.create(user=made, team=team)
    return made


def free_monday(today: date) -> date:
    """The first Monday from next week on whose working week has no holiday in Italy."""
    monday = today + timedelta(days=7 - today.weekday())
    while holidays_between("IT", "", monday, monday + timedelta(days=4), "en"):
        monday += timedelta(days=7)
    return monday


def actor(*roles: str, **fields) -> Actor:
    """The actor of a new person with these roles."""
    return actor_for(user(*roles, **fields))


def team(name: str = "") -> Team:
    """A team."""
    return Team.objects.create(name=name or f"Team {n()}")


def vat(percent: str = "22", country: str = "IT") -> VatRate:
    """A VAT rate."""
    return VatRate.objects.create(name=f"VAT {percent}%", percent=Decimal(percent), country=country)


def payment_term(days: int = 30) -> PaymentTerm:
    """Payment by transfer after some days."""
    return PaymentTerm.objects.create(name=f"{days} days", days=days)


def product(name: str = "Filter", kind: str = Product.Kind.PART, price: str = "10.00", **fields) -> Product:
    """A product with a price."""
    number = n()
    fields = {"vat_rate": fields.pop("vat_rate", None) or vat(), **fields}
    return Product.objects.create(
        code=f"P{number}", name=name, folded=name.casefold(), kind=kind, price=Decimal(price), **fields
    )


def rate_card(hour: str = "50.00", call_out: str = "35.00", currency: str = "EUR") -> RateCard:
    """A rate card with a call-out and one hour of work."""
    card = RateCard.objects.create(name=f"Card {n()}", currency=currency)
    rate = vat()
    RateLine.objects.create(
        rate_card=card, position=1, kind=LineKind.FIXED, description="Call-out", unit="pc",
        price=Decimal(call_out), quantity=1, vat_rate=rate,
    )  # fmt: skip
    RateLine.objects.create(
        rate_card=card, position=2, kind=LineKind.HOURS, description="Technician", unit="h",
        price=Decimal(hour), quantity=2, vat_rate=rate,
    )  # fmt: skip
    return card


def customer(name: str = "Rossi Impianti", **fields) -> Customer:
    """A customer (without search keys: those come from the customers' commands)."""
    fields = {"currency": "EUR", "created_at": MONDAY, "language": "it", **fields}
    return Customer.objects.create(code=f"C{n()}", name=name, folded=name.casefold(), **fields)


def site(of: Customer | None = None, served_by: Branch | None = None, **fields) -> Site:
    """The main site of a customer."""
    fields = {
        "name": "Sede", "city": "Milano", "country": "IT", "time_zone": "Europe/Rome", "is_main": True, **fields,
    }  # fmt: skip
    return Site.objects.create(customer=of or customer(), branch=served_by or branch(), **fields)


def zone(name: str = "") -> Zone:
    """A commercial zone."""
    return Zone.objects.create(code=f"Z{n()}", name=name or "North")


def contact(of: Customer, **fields) -> Contact:
    """A person at a customer."""
    return Contact.objects.create(customer=of, name=fields.pop("name", "Anna Bianchi"), **fields)


def asset(at: Site, **fields) -> Asset:
    """An installed product at a site."""
    made = fields.pop("product", None) or product("Boiler", Product.Kind.EQUIPMENT)
    return Asset.objects.create(
        customer=at.customer, site=at, product=made, serial=fields.pop("serial", f"SN{n()}"), **fields
    )


def states() -> dict[str, ActivityState]:
    """One default state per category."""
    return {
        category: ActivityState.objects.get_or_create(
            category=category, is_default=True, defaults={"name": category.capitalize()}
        )[0]
        for category in Category.values
    }


def activity_type(name: str = "Repair", minutes: int = 60, **fields) -> ActivityType:
    """A kind of appointment, with the default states in place."""
    states()
    sector = fields.pop("sector", None) or Sector.objects.get_or_create(name="Technical")[0]
    return ActivityType.objects.create(name=name, minutes=minutes, sector=sector, **fields)


def technician(name: str = "", works: Branch | None = None, performs: tuple[ActivityType, ...] = ()) -> Resource:
    """A technician who works Monday to Friday 8-12 and 13-17 in Rome's time and performs these types."""
    person = user("technician", name=name)
    made = Resource.objects.create(user=person, branch=works or branch(), time_zone="Europe/Rome")
    for weekday in range(5):
        for starts, ends in ((time(8), time(12)), (time(13), time(17))):
            WorkingHours.objects.create(resource=made, weekday=weekday, starts=starts, ends=ends)
    for kind in performs:
        Eligibility.objects.create(activity_type=kind, role=Eligibility.Role.PERFORMS, user=person)
    return made
