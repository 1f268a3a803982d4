"""Writing the people at a customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.catalog import fields
from callout.catalog.commands import locked, save_unique
from callout.core.errors import check_version
from callout.customers import queries
from callout.customers.commands.common import cleaned, country_of, drop_keys, locked_customer, set_keys
from callout.customers.errors import SiteOfAnother
from callout.customers.keys import contact_keys
from callout.customers.models import Contact, Customer

FIELDS = frozenset({"name", "job_title", "phone", "mobile", "email", "language", "site", "external_id"})


@transaction.atomic
def add_contact(*, customer_id: int, actor: Actor, now: datetime, **values: Any) -> Contact:
    """Add a person; `values` are the fields in FIELDS, only `name` is needed.

    Raises NotFound, Many, SiteOfAnother, AlreadyTaken for an external id in use.
    """
    actor.require("customer.write")
    customer = locked_customer(customer_id, actor)
    return write_new(customer, prepared(values, _country(customer, values, actor)), actor=actor, now=now)


def prepared(values: Mapping[str, Any], country: str | None) -> dict[str, Any]:
    """The values of a new contact as they are kept. Raises Many."""
    return cleaned(Contact, values, allowed=FIELDS, whole=True, country=country)


def _country(customer: Customer, values: Mapping[str, Any], actor: Actor) -> str | None:
    """Where the person's telephone numbers are at home: at the site, else at the customer's main one."""
    site = values.get("site")
    return site.country if site is not None else country_of(customer, actor)


def write_new(customer: Customer, kept: dict[str, Any], *, actor: Actor, now: datetime) -> Contact:
    """Write a prepared contact of a customer that is locked or new."""
    contact = Contact(customer=customer, **kept)
    _write(contact, fresh=True)
    record("contact.created", subject=contact, actor=actor, at=now, customer=customer.pk, name=contact.name)
    return contact


@transaction.atomic
def change_contact(
    *, contact_id: int, actor: Actor, now: datetime, version: int | None = None, **values: Any
) -> Contact:
    """Change the named fields of a person; what is equal already changes nothing, not even the version.

    Raises NotFound, StaleVersion and what `add_contact` raises.
    """
    actor.require("customer.write")
    found = queries.contact(contact_id, actor=actor)
    customer = locked_customer(found.customer_id, actor)
    contact = locked(queries.contacts_visible_to(actor), contact_id)
    check_version(contact.version, version)
    country = _country(customer, {"site": values.get("site") or contact.site}, actor)
    changes = fields.assign(contact, cleaned(Contact, values, allowed=FIELDS, whole=False, country=country))
    if changes:
        contact.version += 1
        _write(contact)
        record("contact.changed", subject=contact, actor=actor, at=now, changes=changes)
    return contact


def _write(contact: Contact, *, fresh: bool = False) -> None:
    if contact.site is not None and contact.site.customer_id != contact.customer_id:
        raise SiteOfAnother("site")
    fields.check_free(Contact, "external_id", contact.external_id, but=contact.pk)
    save_unique(contact, "external_id")
    keys = contact_keys(name=contact.name, phone=contact.phone, mobile=contact.mobile, email=contact.email)
    set_keys(contact.customer, "contact", contact.pk, keys, fresh=fresh)


@transaction.atomic
def remove_contact(*, contact_id: int, actor: Actor, now: datetime) -> None:
    """Remove a person; tickets keep what they say and lose the link. Raises NotFound."""
    actor.require("customer.write")
    found = queries.contact(contact_id, actor=actor)
    customer = locked_customer(found.customer_id, actor)
    contact = locked(queries.contacts_visible_to(actor), contact_id)
    record("contact.removed", subject=contact, actor=actor, at=now, customer=customer.pk, name=contact.name)
    drop_keys("contact", contact.pk)
    contact.delete()
