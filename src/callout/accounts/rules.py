"""Roles, and the rights that each gives."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from zoneinfo import available_timezones

from stdnum import get_cc_module, iban

from callout.accounts.errors import (
    BadCountry,
    BadCurrency,
    BadIban,
    BadPhone,
    BadTimeZone,
    BadUsername,
    BadVatNumber,
    UnknownRight,
    UnknownRole,
)
from callout.core.errors import N_, Forbidden
from callout.core.phones import normalise

RIGHTS: Mapping[str, str] = {
    "customer.read": N_("See customers, sites, contacts and assets"),
    "customer.write": N_("Change customers, sites, contacts and assets"),
    "catalog.read": N_("See products and rate cards"),
    "catalog.write": N_("Change products and rate cards"),
    "ticket.read": N_("See tickets and work orders"),
    "ticket.write": N_("Take calls and change tickets"),
    "board.read": N_("See the planner"),
    "board.plan": N_("Plan, move and unplan work"),
    "slot.book": N_("Promise a free time to a customer who calls"),
    "own.work": N_("See and report one's own work orders"),
    "report.write": N_("Report work orders: hours, expenses, parts, notes"),
    "verify.write": N_("Verify reported work and approve it for billing"),
    "billing.read": N_("See invoices"),
    "billing.write": N_("Bill verified work and cancel invoices"),
    "import.run": N_("Import files"),
    "planning.admin": N_("Set up activity types, states, resources and working hours"),
    "people.admin": N_("Administer people, teams and rights"),
    "settings.admin": N_("Change the settings of the installation"),
    "audit.read": N_("Read the history of every record"),
}

ROLES: Mapping[str, tuple[str, ...]] = {
    "operator": (
        "customer.read",
        "customer.write",
        "catalog.read",
        "ticket.read",
        "ticket.write",
        "board.read",
        "slot.book",
    ),
    "dispatcher": (
        "customer.read",
        "customer.write",
        "catalog.read",
        "ticket.read",
        "ticket.write",
        "board.read",
        "board.plan",
        "slot.book",
        "report.write",
        "import.run",
    ),  # fmt: skip
    "technician": ("own.work", "report.write", "catalog.read"),
    "agent": ("customer.read", "catalog.read", "board.read"),
    "sales_office": ("customer.read", "customer.write", "catalog.read", "catalog.write", "ticket.read", "import.run"),
    "verifier": (
        "customer.read",
        "catalog.read",
        "ticket.read",
        "report.write",
        "verify.write",
        "billing.read",
        "billing.write",
    ),  # fmt: skip
    "administrator": tuple(right for right in RIGHTS if right != "own.work"),
}
ROLE_NAMES: Mapping[str, str] = {
    "operator": N_("Operator"),
    "dispatcher": N_("Dispatcher"),
    "technician": N_("Technician"),
    "agent": N_("Sales agent"),
    "sales_office": N_("Sales office"),
    "verifier": N_("Verifier"),
    "administrator": N_("Administrator"),
}


def lacking(right: str) -> Forbidden:
    """The refusal for want of that right, called as where rights are given."""
    return Forbidden(right=RIGHTS.get(right, right), right_code=right)


def rights_of(roles: Iterable[str], grants: Iterable[tuple[str, bool]]) -> frozenset[str]:
    """The rights of a person: what the roles give, plus what is allowed and less what is denied.

    `grants` are (right, allowed) of the person and of the person's teams. A denial wins over any allowance.
    """
    rights = {right for role in roles for right in ROLES.get(role, ())}
    grants = list(grants)
    rights |= {right for right, allowed in grants if allowed}
    rights -= {right for right, allowed in grants if not allowed}
    return frozenset(rights & RIGHTS.keys())


ADMINISTERS = "people.admin"
"""The right that at least one person keeps."""

_USERNAME = re.compile(r"[^\W_][\w.@+-]{2,59}")


def check_username(text: str) -> str:
    """The user name as it is kept. Raises BadUsername."""
    name = unicodedata.normalize("NFKC", text).strip()
    if not _USERNAME.fullmatch(name):
        raise BadUsername("username")
    return name


def check_roles(roles: Iterable[str]) -> list[str]:
    """The roles, each once, in the order of ROLES. Raises UnknownRole."""
    wanted = set(roles)
    for role in wanted - ROLES.keys():
        raise UnknownRole("roles", role=role)
    return [role for role in ROLES if role in wanted]


def check_grants(grants: Mapping[str, bool]) -> dict[str, bool]:
    """Rights allowed (True) or denied (False). Raises UnknownRight."""
    for right in grants.keys() - RIGHTS.keys():
        raise UnknownRight("grants", right=right)
    return dict(grants)


def check_time_zone(name: str) -> str:
    """The name of a time zone. Raises BadTimeZone."""
    if name not in available_timezones():
        raise BadTimeZone("time_zone", time_zone=name)
    return name


def check_phone(text: str, country: str) -> str:
    """The number in international notation; empty stays empty. Raises BadPhone."""
    if not text.strip():
        return ""
    number = normalise(text, country)
    if number is None:
        raise BadPhone("phone", phone=text)
    return number


def check_iban(text: str) -> str:
    """The account number without spaces; empty stays empty. Raises BadIban."""
    if text.strip() and not iban.is_valid(text):
        raise BadIban("bank_account")
    return iban.compact(text)


def check_vat_number(text: str, country: str) -> str:
    """The number as it is written, its check digits compared where the country has them. Raises BadVatNumber."""
    text = " ".join(text.split()).upper()
    module = get_cc_module(country.lower(), "vat") if text else None
    if module and not module.is_valid(text):
        raise BadVatNumber("vat_number", country=country)
    return text


def check_codes(country: str, currency: str) -> tuple[str, str]:
    """Country and currency in capitals. Raises BadCountry, BadCurrency."""
    country, currency = country.strip().upper(), currency.strip().upper()
    if not re.fullmatch("[A-Z]{2}", country):
        raise BadCountry("country", country=country)
    if not re.fullmatch("[A-Z]{3}", currency):
        raise BadCurrency("currency", currency=currency)
    return country, currency
