"""API of the catalogue: products, VAT rates, payment terms, rate cards."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Status

from callout.access.api import writes
from callout.accounts.gate import reads
from callout.catalog import commands, queries
from callout.catalog.errors import UnknownReference
from callout.catalog.models import PaymentTerm, Product, RateCard, VatRate
from callout.catalog.schemas import (
    PaymentTermOut,
    ProductIn,
    ProductOut,
    ProductPage,
    ProductPatch,
    RateCardIn,
    RateCardOut,
    RateCardPatch,
    RateCardWhole,
    RateLineIn,
    VatRateOut,
    text,
)
from callout.core.errors import DomainError, Many
from callout.core.ids import decode_cursor, encode_cursor
from callout.ui import clock

router = Router(tags=["catalogue"])
READ = ("catalog.read", "catalog.write")
PAGE = 50


def resolve(values: dict[str, Any], **sources: QuerySet) -> dict[str, Any]:
    """Put records in the place of `name_id` for each `name=queryset`; refuses with Many the ids that nothing has."""
    found = dict(values)
    errors: list[DomainError] = []
    for name, rows in sources.items():
        field = f"{name}_id"
        if field not in found:
            continue
        pk = found.pop(field)
        found[name] = rows.filter(pk=pk).first() if pk is not None else None
        if pk is not None and found[name] is None:
            errors.append(UnknownReference(field, value=str(pk)))
    if errors:
        raise Many(errors)
    return found


@router.get("/products", response=ProductPage, operation_id="list_products", summary="Products by code")
@reads(*READ)
def list_products(
    request: HttpRequest,
    search: text(80) = "",
    cursor: text(2000) = "",
) -> Any:
    """Products by code, 50 at a time; `search` are words of the name or the beginning of the code, `cursor` is `next`
    of the page before.
    """
    rows = queries.products_visible_to(request.actor).order_by("code", "pk")
    if search:
        rows = queries.search_products(search, rows)
    if cursor:
        (code,) = decode_cursor(cursor, kinds=[str])
        rows = rows.filter(code__gt=code)
    found = list(rows[: PAGE + 1])
    following = encode_cursor([found[PAGE - 1].code]) if len(found) > PAGE else None
    return {"items": found[:PAGE], "next": following}


@router.get("/products/{product_id}", response=ProductOut, operation_id="get_product", summary="One product")
@reads(*READ)
def get_product(request: HttpRequest, product_id: int) -> Product:
    """One product."""
    return queries.product(product_id, actor=request.actor)


@router.post("/products", response={201: ProductOut}, operation_id="create_product", summary="Add a product")
@writes("catalog.write")
def create_product(request: HttpRequest, data: ProductIn) -> Status:
    """Add a product."""
    values = resolve(data.dict(), vat_rate=VatRate.objects.all())
    made = commands.create_product(actor=request.actor, now=clock.now(), **values)
    return Status(201, ProductOut.from_orm(made))


@router.patch("/products/{product_id}", response=ProductOut, operation_id="change_product", summary="Change a product")
@writes("catalog.write")
def change_product(request: HttpRequest, product_id: int, data: ProductPatch) -> ProductOut:
    """Change the fields that the request names."""
    values = resolve(data.given(), vat_rate=VatRate.objects.all())
    changed = commands.change_product(product_id=product_id, actor=request.actor, now=clock.now(), **values)
    return ProductOut.from_orm(changed)


@router.get("/vat-rates", response=list[VatRateOut], operation_id="list_vat_rates", summary="VAT rates in use")
@reads(*READ)
def list_vat_rates(request: HttpRequest, country: text(2) = "") -> Any:
    """VAT rates in use, of one country or of all."""
    return list(queries.vat_rates(country=country.upper()))


@router.get("/payment-terms", response=list[PaymentTermOut], operation_id="list_payment_terms", summary="Payment terms")
@reads(*READ)
def list_payment_terms(request: HttpRequest) -> list[PaymentTerm]:
    """Terms of payment, shortest first."""
    return list(queries.payment_terms())


@router.get("/rate-cards", response=list[RateCardOut], operation_id="list_rate_cards", summary="Rate cards")
@reads(*READ)
def list_rate_cards(request: HttpRequest) -> list[RateCard]:
    """Every rate card without its lines."""
    return list(queries.rate_cards_visible_to(request.actor).order_by("name", "pk"))


@router.get("/rate-cards/{rate_card_id}", response=RateCardWhole, operation_id="get_rate_card", summary="One rate card")
@reads(*READ)
def get_rate_card(request: HttpRequest, rate_card_id: int) -> RateCardWhole:
    """One rate card with its lines."""
    return _whole(queries.rate_card(rate_card_id, actor=request.actor))


@router.post("/rate-cards", response={201: RateCardWhole}, operation_id="create_rate_card", summary="Add a rate card")
@writes("catalog.write")
def create_rate_card(request: HttpRequest, data: RateCardIn) -> Status:
    """Add a rate card with its lines."""
    values = {name: value for name, value in data.dict().items() if name != "lines"}
    card = commands.create_rate_card(actor=request.actor, now=clock.now(), lines=_lines(data.lines), **values)
    return Status(201, _whole(card))


@router.patch(
    "/rate-cards/{rate_card_id}", response=RateCardWhole, operation_id="change_rate_card", summary="Change a rate card"
)
@writes("catalog.write")
def change_rate_card(request: HttpRequest, rate_card_id: int, data: RateCardPatch) -> RateCardWhole:
    """Change the fields that the request names; `lines` are then all the lines of the card."""
    values = data.given()
    if "lines" in values:
        values["lines"] = _lines(data.lines)
    card = commands.change_rate_card(rate_card_id=rate_card_id, actor=request.actor, now=clock.now(), **values)
    return _whole(card)


def _lines(lines: list[RateLineIn]) -> list[dict[str, Any]]:
    """The lines for the command, ids resolved; refusals stand at `lines.N.field`."""
    errors: list[DomainError] = []
    kept = []
    for place, line in enumerate(lines):
        try:
            kept.append(resolve(line.dict(), product=Product.objects.all(), vat_rate=VatRate.objects.all()))
        except Many as error:
            for part in error.errors:
                part.field = f"lines.{place}.{part.field}"
            errors += error.errors
    if errors:
        raise Many(errors)
    return kept


def _whole(card: RateCard) -> RateCardWhole:
    card.refresh_from_db()
    plain = RateCardOut.from_orm(card).dict()
    lines = queries.lines_of(card).values(
        "id", "kind", "description", "unit", "price", "quantity", "product_id", "vat_rate_id"
    )
    return RateCardWhole(**plain, lines=list(lines))
