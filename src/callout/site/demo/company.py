"""Founds the demo company: branches, people, vocabulary, prices, customers."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from callout.accounts import commands as accounts
from callout.accounts.actor import SYSTEM, Actor
from callout.accounts.models import Branch, Team, User
from callout.accounts.queries import actor_for
from callout.catalog import commands as catalog
from callout.catalog.models import PaymentTerm, Product, RateCard, VatRate
from callout.core.worktime import Shift
from callout.customers import commands as customers
from callout.customers.models import Classification, Customer, Zone
from callout.documents import commands as documents
from callout.planning import commands as planning
from callout.planning.models import ActivityType, Resource, Sector
from callout.planning.queries import Eligible
from callout.site.demo import customers as places
from callout.site.demo import people, to_do, words

HOURS = [
    Shift(weekday, starts, ends) for weekday in range(5) for starts, ends in ((time(8), time(12)), (time(13), time(17)))
]
BRANCHES = {
    "MI": {
        "code": "MI", "name": "Aria e Calore Milano", "legal_name": "Aria e Calore S.r.l.", "country": "IT",
        "currency": "EUR", "time_zone": "Europe/Rome", "language": "it", "vat_number": "00743110157",
        "address": "Via Tortona 27\n20144 Milano", "phone": "+390289401100", "email": "milano@ariaecalore.example",
        "bank_account": "IT60X0542811101000000123456",
    },
    "CJ": {
        "code": "CJ", "name": "Aer și Căldură Cluj", "legal_name": "Aer și Căldură S.R.L.", "country": "RO",
        "currency": "RON", "time_zone": "Europe/Bucharest", "language": "ro", "vat_number": "RO18547290",
        "address": "Strada Fabricii 12\n400620 Cluj-Napoca", "phone": "+40264411200",
        "email": "cluj@aersicaldura.example", "bank_account": "RO49AAAA1B31007593840000",
    },
}  # fmt: skip


@dataclass
class Company:
    """What was founded, by the keys of the lists in words and people."""

    now: datetime
    password: str
    branches: dict[str, Branch] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    types: dict[str, ActivityType] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    cards: dict[str, RateCard] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)
    classifications: dict[tuple[int, str], Classification] = field(default_factory=dict)
    customers: dict[str, list[Customer]] = field(default_factory=dict)

    actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        """The actor that a person is; nobody's rights change while the company is founded."""
        if username not in self.actors:
            self.actors[username] = actor_for(self.users[username])
        return self.actors[username]


def found(now: datetime, password: str) -> Company:
    """Everything that stands before the first call."""
    company = Company(now=now, password=password)
    _branches(company)
    _people(company)
    _catalogue(company)
    _planning(company)
    _vocabulary(company)
    for code, rows in (("MI", places.MILAN), ("CJ", places.CLUJ)):
        company.customers[code] = [_customer(company, code, place) for place in rows]
    return company


def _branches(company: Company) -> None:
    year = company.now.year
    for code, values in BRANCHES.items():
        branch = accounts.create_branch(actor=SYSTEM, now=company.now, **values)
        company.branches[code] = branch
        for starts, ends in ((year - 1, year - 1), (year, year), (year + 1, year + 1)):
            documents.create_period(
                branch=branch, module="", starts=date(starts, 1, 1), ends=date(ends, 12, 31), actor=SYSTEM,
                now=company.now,
            )  # fmt: skip
        for kind, prefix in (("ticket", "TK"), ("workorder", "WO"), ("invoice", "INV")):
            documents.create_number_book(
                kind=kind, branch=branch, series=f"{prefix}{code}", number_format="{series}-{yy}-{number:04}",
                next_number=1, is_default=True, actor=SYSTEM, now=company.now,
            )  # fmt: skip


def _people(company: Company) -> None:
    for key, (name, branch) in people.TEAMS.items():
        company.teams[key] = accounts.create_team(
            name=name, branch=company.branches[branch], actor=SYSTEM, now=company.now
        )
    for place, person in enumerate(people.PEOPLE):
        company.users[person.username] = _person(company, person)
        if person.home:
            company.resources[person.username] = planning.add_resource(
                user_id=company.users[person.username].pk,
                branch_id=company.branches[person.branch].pk,
                hours=HOURS,
                colour=person.colour,
                time_zone=company.branches[person.branch].time_zone,
                home_latitude=Decimal(person.home[0]),
                home_longitude=Decimal(person.home[1]),
                position=place,
                actor=SYSTEM,
                now=company.now,
            )


def _person(company: Company, person: people.Person) -> User:
    zone = company.branches[person.branch or "MI"].time_zone
    common = {
        "display_name": person.name, "email": f"{person.username}@ariaecalore.example", "phone": "",
        "language": person.language, "time_zone": zone, "actor": SYSTEM, "now": company.now,
    }  # fmt: skip
    made = accounts.create_person(
        roles=[person.role],
        team_ids=[company.teams[team].pk for team in person.teams],
        branch_ids=[company.branches[person.branch].pk] if person.branch else [],
        **common,
    )
    return accounts.finish_setup(person_id=made.pk, username=person.username, password=company.password, **common)


def _catalogue(company: Company) -> None:
    now = company.now
    vat = {
        "MI": catalog.save_vat_rate(actor=SYSTEM, now=now, name="IVA 22%", percent=Decimal(22), country="IT"),
        "CJ": catalog.save_vat_rate(actor=SYSTEM, now=now, name="TVA 21%", percent=Decimal(21), country="RO"),
    }
    for code, (kind, names, unit, price, cost) in words.PRODUCTS.items():
        company.products[code] = catalog.create_product(
            code=code, kind=kind, name=names[0], names=words.others(names), unit=unit, price=Decimal(price),
            cost=Decimal(cost), vat_rate=vat["MI"], serialised=False, category=words.CATEGORIES[code.split("-")[0]], actor=SYSTEM, now=now,
        )  # fmt: skip
    for key, branch in (("milan", "MI"), ("cluj", "CJ")):
        company.cards[branch] = _rate_card(company, key, vat[branch])


def _rate_card(company: Company, key: str, vat: VatRate) -> RateCard:
    names, currency, lines = words.RATE_CARDS[key]
    place = {"EUR": 1, "RON": 2}[currency]
    return catalog.create_rate_card(
        name=names[0], names=words.others(names), currency=currency, actor=SYSTEM, now=company.now,
        lines=[
            {
                "kind": kind, "description": text[place], "unit": unit, "price": Decimal(price),
                "quantity": Decimal(quantity), "vat_rate": vat,
            }
            for kind, text, unit, price, quantity in lines
        ],
    )  # fmt: skip


def _planning(company: Company) -> None:
    sectors: dict[str, Sector] = {
        key: planning.save_sector(
            sector_id=None, name=names[0], names=words.others(names), position=place, actor=SYSTEM, now=company.now
        )
        for place, (key, names) in enumerate(words.SECTORS.items())
    }
    crews = {key: {team.pk} for key, team in company.teams.items()}
    heating, cooling = crews["heating-milan"] | crews["cluj"], crews["cooling-milan"] | crews["cluj"]
    everybody = heating | cooling
    performs = {"cooling": cooling, "repair": heating, "leak": heating, "installation": heating}
    for key, (names, sector, minutes, colour, chargeable) in words.TYPES.items():
        company.types[key] = planning.save_type(
            type_id=None, name=names[0], names=words.others(names), sector_id=sectors[sector].pk, minutes=minutes,
            colour=colour, chargeable=chargeable, mail_customer_on=["created", "moved", "cancelled"],
            plans=Eligible(team_ids=frozenset(crews["back-milan"] | crews["cluj"])),
            performs=Eligible(team_ids=frozenset(performs.get(key, everybody))), actor=SYSTEM, now=company.now,
        )  # fmt: skip
    to_do.types(company, sectors)


def _vocabulary(company: Company) -> None:
    common = {"actor": SYSTEM, "now": company.now}
    for code, names in words.ZONES.items():
        company.zones[code] = customers.save_zone(code=code, name=names[0], names=words.others(names), **common)
    for key, names in words.CLASSIFICATIONS.items():
        company.classifications[key] = customers.save_classification(
            axis=key[0], name=names[0], names=words.others(names), **common
        )


def _customer(company: Company, code: str, place: places.Place) -> Customer:
    branch = company.branches[code]
    customer = customers.create_customer(
        name=place.name,
        priority=place.priority,
        phone=place.phone,
        email=place.email,
        language=branch.language,
        currency=branch.currency,
        payment_term=_terms(company, 30 if place.email else 0),
        rate_card=company.cards[code],
        zone=company.zones[places.zone_of(code, place)],
        classification_1=company.classifications[1, places.kind_of(place)],
        classification_2=company.classifications[2, "plan" if place.priority == 3 else "call"],
        agent=company.users[people.AGENTS[code]],
        sites=[
            {
                "name": "Sede" if code == "MI" else "Sediu", "address": place.address, "city": place.city,
                "postal_code": place.postal_code, "country": branch.country, "latitude": Decimal(place.latitude),
                "longitude": Decimal(place.longitude), "time_zone": branch.time_zone, "branch": branch,
            }
        ],
        contacts=[{"name": place.contact, "phone": place.phone, "email": place.email}],
        actor=SYSTEM,
        now=company.now,
    )  # fmt: skip
    for number, product in enumerate(place.equipment, 1):
        _asset(company, customer, product, f"{product.replace('-', '')}-{customer.pk:03}{number}")
    return customer


def _asset(company: Company, customer: Customer, product: str, serial: str) -> None:
    """Installed some weeks to nine years ago; a heat pump has a warranty of five years, the rest of two."""
    installed = company.now.date() - timedelta(days=random.Random(serial).randrange(40, 9 * 365))
    years = 5 if product.startswith("HP") else 2
    customers.add_asset(
        customer_id=customer.pk, product=company.products[product], serial=serial, installed_on=installed,
        warranty_until=installed + timedelta(days=years * 365), actor=SYSTEM, now=company.now,
    )  # fmt: skip


def _terms(company: Company, days: int) -> PaymentTerm:
    names = {
        30: ("30 days, bank transfer", {"it": "30 giorni, bonifico", "ro": "30 de zile, transfer"}, "transfer"),
        0: ("On receipt", {"it": "A vista", "ro": "La primire"}, "cash"),
    }
    name, others, method = names[days]
    known = PaymentTerm.objects.filter(name=name).first()
    return known or catalog.save_payment_term(
        name=name, names=others, method=method, days=days, actor=SYSTEM, now=company.now
    )
