"""Writing the sites of a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError

from callout.accounts.actor import Actor
from callout.accounts.models import Branch
from callout.accounts.queries import branches_for
from callout.audit.commands import record
from callout.catalog import fields
from callout.catalog.commands import locked, save_unique
from callout.core.errors import check_version
from callout.customers import queries, rules
from callout.customers.commands.common import cleaned, drop_keys, locked_customer, set_keys
from callout.customers.errors import InUse, MainSiteStays, NoBranch
from callout.customers.keys import site_keys
from callout.customers.models import Customer, Site

FIELDS = frozenset({
    "name", "address", "postal_code", "city", "county", "country", "latitude", "longitude", "time_zone", "zone",
    "branch", "is_main", "is_billing", "notes", "external_id",
})  # fmt: skip
NAME = "Main site"


@transaction.atomic
def add_site(*, customer_id: int, actor: Actor, now: datetime, **values: Any) -> Site:
    """Add a site; `values` are the fields in FIELDS, none of which is needed.

    The branch is the actor's own in that country, else the actor's first; the country is the branch's; the time zone
    the branch's where it fits the country, else the country's. A customer's first site is its main one, and a new main
    or billing site takes the place of the old.

    Raises NotFound, Many, NoBranch, AlreadyTaken for an external id in use.
    """
    actor.require("customer.write")
    customer = locked_customer(customer_id, actor)
    return write_new(customer, prepared(values, actor), actor=actor, now=now)


def prepared(values: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """The values of a new site as they are kept, with what follows from others filled in. Raises Many, NoBranch."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    branch = given.get("branch") or queries.home_branch(actor, str(given.get("country", "")).upper())
    if branch is None:
        raise NoBranch("branch")
    given = {"name": given.get("city") or given.get("address") or NAME, "country": branch.country, **given}
    given["name"] = str(given["name"])[:120] if "name" not in values else given["name"]
    return _values({**given, "branch": branch}, actor, branch=branch, whole=True)


def _values(values: dict[str, Any], actor: Actor, *, branch: Branch, whole: bool) -> dict[str, Any]:
    """A site's values as they are kept; coordinates are rounded, so they come before what refuses decimals."""
    given = dict(values)
    if "latitude" in given or "longitude" in given:
        given["latitude"], given["longitude"] = rules.coordinates(given.get("latitude"), given.get("longitude"))
    if "country" in given and not given.get("time_zone"):
        given["time_zone"] = rules.time_zone(
            "", country=str(given["country"]).upper(), branch_country=branch.country, branch_zone=branch.time_zone
        )
    kept = cleaned(Site, given, allowed=FIELDS, whole=whole, country=None)
    if "time_zone" in kept:
        rules.time_zone(kept["time_zone"], country="", branch_country="", branch_zone="")
    if "branch" in kept and not branches_for(actor).filter(pk=kept["branch"].pk).exists():
        raise NoBranch("branch")
    return kept


def write_first(customer: Customer, parts: Sequence[dict[str, Any]], *, actor: Actor, now: datetime) -> None:
    """Write the sites of a new customer: the first is the main one unless another is."""
    if parts and not any(part.get("is_main") for part in parts):
        parts[0]["is_main"] = True
    for part in parts:
        write_new(customer, part, actor=actor, now=now)


def write_new(customer: Customer, kept: dict[str, Any], *, actor: Actor, now: datetime) -> Site:
    """Write a prepared site of a customer that is locked or new."""
    site = Site(customer=customer, **kept)
    site.is_main = site.is_main or not customer.sites.exists()
    fields.check_free(Site, "external_id", site.external_id)
    _give_way(site)
    save_unique(site, "external_id")
    _refresh_keys(site, fresh=True)
    record("site.created", subject=site, actor=actor, at=now, customer=customer.pk, name=site.name)
    return site


@transaction.atomic
def change_site(*, site_id: int, actor: Actor, now: datetime, version: int | None = None, **values: Any) -> Site:
    """Change the named fields of a site; what is equal already changes nothing, not even the version.

    A new country without a time zone takes the zone that the country has. Raises NotFound, StaleVersion,
    MainSiteStays and what `add_site` raises.
    """
    actor.require("customer.write")
    found = queries.site(site_id, actor=actor)
    locked_customer(found.customer_id, actor)
    site = locked(queries.sites_visible_to(actor), site_id)
    check_version(site.version, version)
    _complete(site, values)
    changes = fields.assign(site, _values(values, actor, branch=values.get("branch") or site.branch, whole=False))
    if "is_main" in changes and not site.is_main:
        raise MainSiteStays("is_main")
    if changes:
        site.version += 1
        fields.check_free(Site, "external_id", site.external_id, but=site.pk)
        _give_way(site)
        save_unique(site, "external_id")
        _refresh_keys(site)
        record("site.changed", subject=site, actor=actor, at=now, changes=changes)
    return site


def _complete(site: Site, values: dict[str, Any]) -> None:
    """A coordinate given alone goes with the other as it is kept; the same country keeps its time zone."""
    if ("latitude" in values) != ("longitude" in values):
        values.setdefault("latitude", site.latitude)
        values.setdefault("longitude", site.longitude)
    if values.get("country") == site.country and "time_zone" not in values:
        values["time_zone"] = site.time_zone
    elif "time_zone" in values and not values["time_zone"] and "country" not in values:
        values["country"] = site.country


def _give_way(site: Site) -> None:
    """The customer's other sites are no longer the main one, or the one for bills, when this one is."""
    others = Site.objects.filter(customer=site.customer_id).exclude(pk=site.pk)
    for name in ("is_main", "is_billing"):
        if getattr(site, name):
            others.filter(**{name: True}).update(**{name: False, "version": F("version") + 1})


def _refresh_keys(site: Site, *, fresh: bool = False) -> None:
    keys = site_keys(name=site.name, address=site.address, postal_code=site.postal_code, city=site.city)
    set_keys(site.customer, "site", site.pk, keys, fresh=fresh)


@transaction.atomic
def remove_site(*, site_id: int, actor: Actor, now: datetime) -> None:
    """Remove a site that was entered by mistake. Raises NotFound, MainSiteStays, InUse when anything refers to it."""
    actor.require("customer.write")
    found = queries.site(site_id, actor=actor)
    customer = locked_customer(found.customer_id, actor)
    site = locked(queries.sites_visible_to(actor), site_id)
    if site.is_main and customer.sites.count() > 1:
        raise MainSiteStays()
    record("site.removed", subject=site, actor=actor, at=now, customer=customer.pk, name=site.name)
    drop_keys("site", site.pk)
    try:
        with transaction.atomic():
            site.delete()
    except ProtectedError as error:
        raise InUse(name=str(site)) from error
