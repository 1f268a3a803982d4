"""Writing customers themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.catalog import fields
from callout.catalog.commands import save_unique
from callout.core.errors import DomainError, check_version
from callout.core.text import fold
from callout.customers import queries, rules
from callout.customers.commands import contacts as people
from callout.customers.commands import sites as places
from callout.customers.commands.common import Gathered, cleaned, country_of, locked_customer, set_keys
from callout.customers.errors import WrongAxis
from callout.customers.keys import customer_keys
from callout.customers.models import Customer

FIELDS = frozenset({
    "code", "name", "priority", "tax_code", "vat_number", "phone", "email", "language", "currency", "zone",
    "classification_1", "classification_2", "classification_3", "payment_term", "rate_card", "agent", "notes", "active",
    "external_id",
})  # fmt: skip
CODE = "C{:06d}"


@transaction.atomic
def create_customer(
    *,
    actor: Actor,
    now: datetime,
    sites: Sequence[Mapping[str, Any]] = (),
    contacts: Sequence[Mapping[str, Any]] = (),
    **values: Any,
) -> Customer:
    """Add a customer, with sites and contacts in one go; `values` are the fields in FIELDS, only `name` is needed.

    Without a code the next free one is taken (C000123); currency and language are those of the actor's branch. The
    first site is the main one unless another says so. Telephone numbers are kept in E.164 where they can be.

    Raises Many with a refusal per field (`sites.0.country`, `contacts.1.email`), AlreadyTaken for a code or external id
    that is in use.
    """
    actor.require("customer.write")
    gathered = Gathered()
    site_parts = [_part(gathered, f"sites.{n}", places.prepared, site, actor) for n, site in enumerate(sites)]
    branch = queries.home_branch(actor)
    country = next((part["country"] for part in site_parts if part), branch.country if branch else None)
    people_parts = [_part(gathered, f"contacts.{n}", people.prepared, one, country) for n, one in enumerate(contacts)]
    defaults = {
        "currency": branch.currency if branch else settings.DEFAULT_CURRENCY,
        "language": branch.language if branch else settings.LANGUAGE_CODE,
    }
    given = {**defaults, **{name: value for name, value in values.items() if value not in (None, "")}}
    kept = _part(gathered, "", _values, {"code": "", **given}, country, True)
    gathered.settle()
    customer = _write_new(Customer(**kept, created_at=now), actor=actor, now=now)
    places.write_first(customer, site_parts, actor=actor, now=now)
    for part in people_parts:
        people.write_new(customer, part, actor=actor, now=now)
    return customer


def _part(gathered: Gathered, prefix: str, prepare: Any, *arguments: Any) -> dict[str, Any]:
    """A part made ready, or nothing when it is refused: the refusal is kept for the end."""
    try:
        return prepare(*arguments)
    except DomainError as error:
        gathered.add(error, prefix)
        return {}


def _values(values: Mapping[str, Any], country: str | None, whole: bool) -> dict[str, Any]:
    """A customer's values as they are kept; an empty code of a new one is filled in later."""
    missing_code = whole and not values.get("code")
    given = {**values, "code": "-"} if missing_code else values
    kept = cleaned(Customer, given, allowed=FIELDS, whole=whole, country=country)
    if missing_code:
        kept["code"] = ""
    gathered = Gathered()
    for axis in (1, 2, 3):
        word = kept.get(f"classification_{axis}")
        if word is not None and word.axis != axis:
            gathered.add(WrongAxis(f"classification_{axis}", value=str(word)))
    for name, check in (("tax_code", rules.kept_tax_code), ("vat_number", rules.kept_vat_number)):
        if kept.get(name):
            try:
                kept[name] = check(kept[name], country)
            except DomainError as error:
                gathered.add(error)
    gathered.settle()
    return kept


def _write_new(customer: Customer, *, actor: Actor, now: datetime) -> Customer:
    customer.code = customer.code or _next_code()
    customer.folded = fold(customer.name)[:200]
    _check_free(customer)
    save_unique(customer, "code", "external_id")
    _refresh_keys(customer, fresh=True)
    record("customer.created", subject=customer, actor=actor, at=now, code=customer.code, name=customer.name)
    return customer


@transaction.atomic
def change_customer(
    *, customer_id: int, actor: Actor, now: datetime, version: int | None = None, **values: Any
) -> Customer:
    """Change the named fields; what is equal already changes nothing, not even the version.

    Raises NotFound, StaleVersion and what `create_customer` raises.
    """
    actor.require("customer.write")
    customer = locked_customer(customer_id, actor)
    check_version(customer.version, version)
    if "code" in values and not values["code"]:
        values.pop("code")
    changes = fields.assign(customer, _values(values, country_of(customer, actor), False))
    if changes:
        customer.folded = fold(customer.name)[:200]
        customer.version += 1
        _check_free(customer)
        save_unique(customer, "code", "external_id")
        _refresh_keys(customer)
        record("customer.changed", subject=customer, actor=actor, at=now, changes=changes)
    return customer


def _check_free(customer: Customer) -> None:
    for name in ("code", "external_id"):
        fields.check_free(Customer, name, getattr(customer, name), but=customer.pk)


def _refresh_keys(customer: Customer, *, fresh: bool = False) -> None:
    keys = customer_keys(
        code=customer.code, name=customer.name, phone=customer.phone, email=customer.email,
        tax_code=customer.tax_code, vat_number=customer.vat_number,
    )  # fmt: skip
    set_keys(customer, "customer", customer.pk, keys, fresh=fresh)


def _next_code() -> str:
    """The next code of the sequence; one that came from elsewhere moves the sequence behind it."""
    code = CODE.format(_from_sequence("SELECT nextval('customer_code')"))
    if Customer.objects.filter(code=code).exists():
        code = CODE.format(
            _from_sequence(
                "SELECT setval('customer_code', max(substring(code, 2)::bigint) + 1)"
                " FROM customers_customer WHERE code ~ '^C[0-9]{6,12}$'"
            )
        )
    return code


def _from_sequence(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
