"""Customers and sites that a file names by its own words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from callout.accounts.actor import Actor
from callout.core.text import fold
from callout.customers import queries
from callout.customers.commands.customers import create_customer
from callout.customers.commands.sites import add_site
from callout.customers.errors import UnknownPlace
from callout.customers.models import Customer, Site


@transaction.atomic
def ensure_place(
    *,
    actor: Actor,
    now: datetime,
    customer_external_id: str = "",
    customer_name: str = "",
    site_external_id: str = "",
    site_name: str = "",
    customer: Mapping[str, Any] | None = None,
    site: Mapping[str, Any] | None = None,
) -> Site:
    """The site that a row of a file is about, with its customer; both are made when they are not there yet.

    A customer is known by its external id, else by its name when exactly one visible customer has it. A site is known
    by its external id, else by its address or name at that customer; a row that says nothing of a site means the main
    one. `customer` and `site` are further fields for what is made; what exists is not changed.

    Raises UnknownPlace when neither name nor external id of the customer is given, and what the other commands raise.
    """
    actor.require("customer.write")
    further = {name: value for name, value in (site or {}).items() if value not in (None, "")}
    known = queries.site_known_as(site_external_id, actor=actor) if site_external_id else None
    if known is not None:
        return known
    owner = queries.customer_known_as(external_id=customer_external_id, name=customer_name, actor=actor)
    if owner is None:
        owner = _new_customer(customer_external_id, customer_name, customer or {}, further, actor=actor, now=now)
    found = None if site_external_id else _site_at(owner, site_name, further)
    if found is not None:
        return found
    values = {**further, "external_id": site_external_id or None}
    if site_name:
        values["name"] = site_name
    return add_site(customer_id=owner.pk, actor=actor, now=now, **values)


def _new_customer(
    external_id: str, name: str, values: Mapping[str, Any], site: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Customer:
    if not (name or external_id):
        raise UnknownPlace("customer_name")
    zone = values.get("zone") or site.get("zone")
    given = {**values, "name": name or external_id, "external_id": external_id or None, "zone": zone}
    return create_customer(actor=actor, now=now, **given)


def _site_at(customer: Customer, name: str, site: Mapping[str, Any]) -> Site | None:
    """The customer's site that the words fit; the main one when they say nothing."""
    address = fold(str(site.get("address", "")))
    for there in customer.sites.select_related("customer", "branch").order_by("-is_main", "id"):
        if not address and not name:
            return there
        if address and fold(there.address) == address:
            return there
        if not address and fold(there.name) == fold(name):
            return there
    return None
