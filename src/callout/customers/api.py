"""API of customers, their sites, contacts, assets and contracts."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from callout.access.api import writes
from callout.accounts.actor import Actor
from callout.accounts.gate import reads
from callout.accounts.models import User
from callout.accounts.queries import branches_for
from callout.catalog.api import resolve
from callout.catalog.errors import UnknownReference
from callout.catalog.models import PaymentTerm, RateCard
from callout.catalog.queries import products_visible_to
from callout.core.errors import DomainError, Many
from callout.core.ids import decode_cursor, encode_cursor
from callout.customers import commands, queries, search
from callout.customers.models import Asset, Classification, Contact, Contract, Customer, Priority, Site, Zone
from callout.customers.schemas import (
    AssetIn,
    AssetOut,
    AssetPatch,
    ContactIn,
    ContactOut,
    ContactPatch,
    ContractIn,
    ContractOut,
    CustomerIn,
    CustomerOut,
    CustomerPage,
    CustomerPatch,
    CustomerWhole,
    SiteIn,
    SiteOut,
    SitePatch,
    text,
)
from callout.ui import clock

router = Router(tags=["customers"])
READ = ("customer.read",)
PAGE = 50


@router.get("/customers", response=CustomerPage, operation_id="list_customers", summary="Customers")
@reads(*READ)
def list_customers(request: HttpRequest, search: text(80) = "", cursor: text(2000) = "") -> Any:
    """Customers by name, 50 at a time; with `search` the best 50 matches and why they matched."""
    if search:
        return {"items": _hits(search, request.actor), "next": None}
    rows = queries.with_place(queries.visible_to(request.actor)).order_by("folded", "pk")
    if cursor:
        folded, pk = decode_cursor(cursor, kinds=[str, int])
        rows = rows.filter(folded__gte=folded).exclude(folded=folded, pk__lte=pk)
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    items = [
        {
            "id": row.pk, "code": row.code, "name": row.name, "place": row.place or "", "active": row.active, "why": "",
            "matched": "",
        }
        for row in found[:PAGE]
    ]  # fmt: skip
    return {"items": items, "next": encode_cursor([last.folded, last.pk]) if last else None}


def _hits(term: str, actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "id": hit.customer_id, "code": hit.code, "name": hit.name, "place": hit.place, "active": hit.active,
            "why": hit.kind, "matched": hit.matched,
        }
        for hit in search.find(term, actor=actor, limit=PAGE)
    ]  # fmt: skip


@router.get(
    "/customers/{customer_id}",
    response=CustomerWhole,
    operation_id="get_customer",
    summary="One customer",
)
@reads(*READ)
def get_customer(request: HttpRequest, customer_id: int) -> CustomerWhole:
    """One customer with sites, contacts, assets and contracts."""
    return _whole(queries.customer(customer_id, actor=request.actor), request.actor)


@router.post("/customers", response={201: CustomerWhole}, operation_id="create_customer", summary="Add a customer")
@writes("customer.write")
def create_customer(request: HttpRequest, data: CustomerIn) -> Status:
    """Add a customer, with sites and people in one go."""
    values = data.given()
    sites = _each("sites", data.sites, lambda site: _site_values(site.given(), request.actor))
    people = [person.given() for person in data.contacts]
    own = _customer_values({name: value for name, value in values.items() if name not in ("sites", "contacts")})
    made = commands.create_customer(sites=sites, contacts=people, actor=request.actor, now=clock.now(), **own)
    return Status(201, _whole(made, request.actor))


@router.patch(
    "/customers/{customer_id}", response=CustomerOut, operation_id="change_customer", summary="Change a customer"
)
@writes("customer.write")
def change_customer(request: HttpRequest, customer_id: int, data: CustomerPatch) -> CustomerOut:
    """Change the fields that the request names."""
    changed = commands.change_customer(
        customer_id=customer_id, actor=request.actor, now=clock.now(), **_customer_values(data.given())
    )
    return CustomerOut.from_orm(changed)


def _customer_values(values: dict[str, Any]) -> dict[str, Any]:
    if "priority" in values:
        values["priority"] = Priority[values["priority"].upper()]
    return resolve(
        values,
        zone=Zone.objects.all(),
        classification_1=Classification.objects.filter(axis=1),
        classification_2=Classification.objects.filter(axis=2),
        classification_3=Classification.objects.filter(axis=3),
        payment_term=PaymentTerm.objects.all(),
        rate_card=RateCard.objects.all(),
        agent=User.objects.filter(is_active=True),
    )


def _site_values(values: dict[str, Any], actor: Actor) -> dict[str, Any]:
    return resolve(values, zone=Zone.objects.all(), branch=branches_for(actor))


def _each(name: str, parts: list[Any], read: Any) -> list[dict[str, Any]]:
    """The parts for the command; refusals stand at `name.N.field`."""
    errors: list[DomainError] = []
    kept = []
    for place, part in enumerate(parts):
        try:
            kept.append(read(part))
        except Many as error:
            for one in error.errors:
                one.field = f"{name}.{place}.{one.field}"
            errors += error.errors
    if errors:
        raise Many(errors)
    return kept


def _whole(customer: Customer, actor: Actor) -> CustomerWhole:
    customer.refresh_from_db()
    parts = {
        "sites": [SiteOut.from_orm(row) for row in queries.sites_of(customer, actor=actor)],
        "contacts": [ContactOut.from_orm(row) for row in queries.contacts_of(customer, actor=actor)],
        "assets": [AssetOut.from_orm(row) for row in queries.assets_of(customer, actor=actor)],
        "contracts": [ContractOut.from_orm(row) for row in queries.contracts_of(customer, actor=actor)],
    }
    return CustomerWhole(**CustomerOut.from_orm(customer).dict(), **parts)


@router.post("/customers/{customer_id}/sites", response={201: SiteOut}, operation_id="add_site", summary="Add a site")
@writes("customer.write")
def add_site(request: HttpRequest, customer_id: int, data: SiteIn) -> Status:
    """Add a site to a customer."""
    values = _site_values(data.given(), request.actor)
    made = commands.add_site(customer_id=customer_id, actor=request.actor, now=clock.now(), **values)
    return Status(201, SiteOut.from_orm(_read_again(made)))


@router.patch("/sites/{site_id}", response=SiteOut, operation_id="change_site", summary="Change a site")
@writes("customer.write")
def change_site(request: HttpRequest, site_id: int, data: SitePatch) -> SiteOut:
    """Change the fields that the request names."""
    values = _site_values(data.given(), request.actor)
    changed = commands.change_site(site_id=site_id, actor=request.actor, now=clock.now(), **values)
    return SiteOut.from_orm(_read_again(changed))


@router.post(
    "/customers/{customer_id}/contacts", response={201: ContactOut}, operation_id="add_contact", summary="Add a person"
)
@writes("customer.write")
def add_contact(request: HttpRequest, customer_id: int, data: ContactIn) -> Status:
    """Add a person to a customer."""
    values = resolve(data.given(), site=queries.sites_visible_to(request.actor))
    made = commands.add_contact(customer_id=customer_id, actor=request.actor, now=clock.now(), **values)
    return Status(201, ContactOut.from_orm(made))


@router.patch("/contacts/{contact_id}", response=ContactOut, operation_id="change_contact", summary="Change a person")
@writes("customer.write")
def change_contact(request: HttpRequest, contact_id: int, data: ContactPatch) -> ContactOut:
    """Change the fields that the request names."""
    values = resolve(data.given(), site=queries.sites_visible_to(request.actor))
    changed = commands.change_contact(contact_id=contact_id, actor=request.actor, now=clock.now(), **values)
    return ContactOut.from_orm(changed)


@router.post(
    "/customers/{customer_id}/assets", response={201: AssetOut}, operation_id="add_asset", summary="Add an asset"
)
@writes("customer.write")
def add_asset(request: HttpRequest, customer_id: int, data: AssetIn) -> Status:
    """Add an installed product to a customer."""
    values = _asset_values(data.given(), request.actor)
    made = commands.add_asset(customer_id=customer_id, actor=request.actor, now=clock.now(), **values)
    return Status(201, AssetOut.from_orm(made))


@router.patch("/assets/{asset_id}", response=AssetOut, operation_id="change_asset", summary="Change an asset")
@writes("customer.write")
def change_asset(request: HttpRequest, asset_id: int, data: AssetPatch) -> AssetOut:
    """Change the fields that the request names."""
    values = _asset_values(data.given(), request.actor)
    changed = commands.change_asset(asset_id=asset_id, actor=request.actor, now=clock.now(), **values)
    return AssetOut.from_orm(changed)


def _asset_values(values: dict[str, Any], actor: Actor) -> dict[str, Any]:
    return resolve(values, site=queries.sites_visible_to(actor), product=products_visible_to(actor))


@router.post(
    "/customers/{customer_id}/contracts", response={201: ContractOut}, operation_id="add_contract",
    summary="Add a contract",
)  # fmt: skip
@writes("customer.write")
def add_contract(request: HttpRequest, customer_id: int, data: ContractIn) -> Status:
    """Add an agreement with a customer."""
    values = resolve(data.given(), rate_card=RateCard.objects.all())
    values["assets"] = _assets(values.pop("asset_ids", []), request.actor)
    made = commands.add_contract(customer_id=customer_id, actor=request.actor, now=clock.now(), **values)
    return Status(201, ContractOut.from_orm(made))


def _assets(wanted: list[int], actor: Actor) -> list[Asset]:
    """The assets with these ids. Raises UnknownReference."""
    found = {asset.pk: asset for asset in queries.assets_visible_to(actor).filter(pk__in=wanted)}
    unknown = next((pk for pk in wanted if pk not in found), None)
    if unknown is not None:
        raise UnknownReference("asset_ids", value=str(unknown))
    return list(found.values())


def _read_again(row: Site | Contact | Asset | Contract) -> Any:
    """The row as the database keeps it: coordinates with their six decimals."""
    row.refresh_from_db()
    return row
