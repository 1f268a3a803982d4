"""Writing what is installed at a customer, and under which agreements it is served."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.catalog import fields
from callout.catalog.commands import locked, save_unique
from callout.catalog.errors import EndBeforeStart
from callout.core.errors import check_version
from callout.customers import queries
from callout.customers.commands.common import cleaned, locked_customer, set_keys
from callout.customers.errors import AssetOfAnother, NoSite, SerialTaken, SiteOfAnother
from callout.customers.keys import asset_keys
from callout.customers.models import Asset, Contract, Customer, Site

ASSET = frozenset({
    "site", "product", "serial", "lot", "installed_on", "warranty_until", "notes", "active", "external_id",
})  # fmt: skip
CONTRACT = frozenset({"code", "description", "starts", "ends", "rate_card", "external_id"})


@transaction.atomic
def add_asset(*, customer_id: int, actor: Actor, now: datetime, **values: Any) -> Asset:
    """Add an installed product; `values` are the fields in ASSET, of which `product` and `serial` are needed.

    Without a site it stands at the customer's main one. Raises NotFound, Many, NoSite, SiteOfAnother, SerialTaken,
    AlreadyTaken for an external id in use.
    """
    actor.require("customer.write")
    customer = locked_customer(customer_id, actor)
    values["site"] = values.get("site") or _main_site(customer)
    asset = Asset(customer=customer, **cleaned(Asset, values, allowed=ASSET, whole=True, country=None))
    _write_asset(asset, fresh=True)
    record("asset.created", subject=asset, actor=actor, at=now, customer=customer.pk, serial=asset.serial)
    return asset


def _main_site(customer: Customer) -> Site:
    site = customer.sites.order_by("-is_main", "id").first()
    if site is None:
        raise NoSite("site", customer=customer.name)
    return site


@transaction.atomic
def change_asset(*, asset_id: int, actor: Actor, now: datetime, version: int | None = None, **values: Any) -> Asset:
    """Change the named fields of an asset; what is equal already changes nothing, not even the version.

    Raises NotFound, StaleVersion and what `add_asset` raises.
    """
    actor.require("customer.write")
    found = queries.asset(asset_id, actor=actor)
    locked_customer(found.customer_id, actor)
    asset = locked(queries.assets_visible_to(actor).select_related("customer"), asset_id)
    check_version(asset.version, version)
    changes = fields.assign(asset, cleaned(Asset, values, allowed=ASSET, whole=False, country=None))
    if changes:
        asset.version += 1
        _write_asset(asset)
        record("asset.changed", subject=asset, actor=actor, at=now, changes=changes)
    return asset


def _write_asset(asset: Asset, *, fresh: bool = False) -> None:
    if asset.site.customer_id != asset.customer_id:
        raise SiteOfAnother("site")
    twin = Asset.objects.filter(product=asset.product, serial=asset.serial).exclude(pk=asset.pk)
    other = twin.select_related("customer").first()
    if other is not None:
        raise SerialTaken("serial", product=str(asset.product), serial=asset.serial, customer=other.customer.name)
    fields.check_free(Asset, "external_id", asset.external_id, but=asset.pk)
    save_unique(asset, "serial", "external_id")
    set_keys(asset.customer, "asset", asset.pk, asset_keys(serial=asset.serial), fresh=fresh)


@transaction.atomic
def add_contract(
    *, customer_id: int, actor: Actor, now: datetime, assets: Sequence[Asset] = (), **values: Any
) -> Contract:
    """Add an agreement; `values` are the fields in CONTRACT, of which `starts` is needed. `assets` are those covered.

    Without a code it gets the customer's and a number. Raises NotFound, Many, EndBeforeStart, AssetOfAnother,
    AlreadyTaken for a code or external id in use.
    """
    actor.require("customer.write")
    customer = locked_customer(customer_id, actor)
    values["code"] = values.get("code") or _free_code(customer)
    contract = Contract(customer=customer, **cleaned(Contract, values, allowed=CONTRACT, whole=True, country=None))
    _write_contract(contract)
    _cover(contract, assets)
    record("contract.created", subject=contract, actor=actor, at=now, customer=customer.pk, code=contract.code)
    return contract


def _free_code(customer: Customer) -> str:
    taken = set(Contract.objects.filter(code__startswith=f"{customer.code}-").values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := f"{customer.code}-{n}") not in taken)


@transaction.atomic
def change_contract(
    *,
    contract_id: int,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    assets: Sequence[Asset] | None = None,
    **values: Any,
) -> Contract:
    """Change the named fields of an agreement, and with `assets` which ones it covers.

    Raises NotFound, StaleVersion and what `add_contract` raises.
    """
    actor.require("customer.write")
    found = queries.contract(contract_id, actor=actor)
    locked_customer(found.customer_id, actor)
    contract = locked(queries.contracts_visible_to(actor), contract_id)
    check_version(contract.version, version)
    changes = fields.assign(contract, cleaned(Contract, values, allowed=CONTRACT, whole=False, country=None))
    if assets is not None:
        changes |= _cover(contract, assets)
    if changes:
        contract.version += 1
        _write_contract(contract)
        record("contract.changed", subject=contract, actor=actor, at=now, changes=changes)
    return contract


def _write_contract(contract: Contract) -> None:
    if contract.ends is not None and contract.ends < contract.starts:
        raise EndBeforeStart("ends")
    for name in ("code", "external_id"):
        fields.check_free(Contract, name, getattr(contract, name), but=contract.pk)
    save_unique(contract, "code", "external_id")


def _cover(contract: Contract, assets: Sequence[Asset]) -> dict[str, Any]:
    """Make `assets` the ones covered; returns the difference for the audit trail."""
    for asset in assets:
        if asset.customer_id != contract.customer_id:
            raise AssetOfAnother("assets", asset=str(asset))
    before = sorted(contract.assets.values_list("pk", flat=True))
    after = sorted({asset.pk for asset in assets})
    if before == after:
        return {}
    contract.assets.set(after)
    return {"assets": [before, after]}
