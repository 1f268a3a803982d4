"""Writing products, tax, terms of payment and rate cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.catalog import fields
from callout.catalog.errors import AlreadyTaken, CurrencyInUse, EndBeforeStart, OutOfRange, UnknownLine
from callout.catalog.models import PaymentTerm, Product, RateCard, RateLine, VatRate
from callout.core.errors import DomainError, Many, NotFound, check_version
from callout.core.text import fold

PRODUCT = frozenset({
    "name", "names", "code", "kind", "category", "unit", "price", "cost", "vat_rate", "serialised", "active",
    "external_id",
})  # fmt: skip
VAT_RATE = frozenset({"name", "names", "percent", "country", "reason", "active"})
PAYMENT_TERM = frozenset({"name", "names", "method", "days", "end_of_month"})
RATE_CARD = frozenset({"name", "names", "currency", "is_general", "valid_from", "valid_to", "active"})
RATE_LINE = frozenset({"kind", "product", "description", "unit", "price", "quantity", "vat_rate"})

Row = TypeVar("Row", bound=models.Model)


def save_unique(row: models.Model, *names: str) -> None:
    """Save; of two people who take the same value of `names` at the same moment the second is refused."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        cause = error.__cause__
        if getattr(cause, "sqlstate", "") != "23505":
            raise
        constraint = getattr(getattr(cause, "diag", None), "constraint_name", "") or ""
        field = next((name for name in names if name in constraint), names[0])
        raise AlreadyTaken(field, value=str(getattr(row, field)), other="") from error


def locked(rows: models.QuerySet[Row], pk: int) -> Row:
    """The row, locked until the transaction ends; NotFound when it is not among `rows`."""
    found = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


@transaction.atomic
def create_product(*, actor: Actor, now: datetime, **values: Any) -> Product:
    """Add a product; `values` are the fields in PRODUCT, of which `code` and `name` are needed.

    Raises Many with a refusal per field, AlreadyTaken for a code or external id in use.
    """
    actor.require("catalog.write")
    product = Product(**_product_values(values, whole=True))
    product.folded = fold(product.name)[:200]
    _check_product_free(product)
    save_unique(product, "code", "external_id")
    record("product.created", subject=product, actor=actor, at=now, code=product.code, name=product.name)
    return product


@transaction.atomic
def change_product(
    *, product_id: int, actor: Actor, now: datetime, version: int | None = None, **values: Any
) -> Product:
    """Change the named fields; what is equal already changes nothing, not even the version.

    Raises NotFound, StaleVersion and what `create_product` raises.
    """
    actor.require("catalog.write")
    product = locked(Product.objects.all(), product_id)
    check_version(product.version, version)
    changes = fields.assign(product, _product_values(values, whole=False))
    if changes:
        product.folded = fold(product.name)[:200]
        product.version += 1
        _check_product_free(product)
        save_unique(product, "code", "external_id")
        record("product.changed", subject=product, actor=actor, at=now, changes=changes)
    return product


def _product_values(values: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    kept = fields.clean(Product, values, allowed=PRODUCT, whole=whole)
    _check_not_negative(kept, "price", "cost")
    return kept


def _check_not_negative(values: Mapping[str, Any], *names: str) -> None:
    errors: list[DomainError] = [
        OutOfRange(name, least=0, most=Decimal("9999999999.99"))
        for name in names
        if values.get(name) is not None and values[name] < 0
    ]
    if errors:
        raise Many(errors)


def _check_product_free(product: Product) -> None:
    fields.check_free(Product, "code", product.code, but=product.pk)
    fields.check_free(Product, "external_id", product.external_id, but=product.pk)


@transaction.atomic
def save_vat_rate(*, actor: Actor, now: datetime, vat_rate_id: int | None = None, **values: Any) -> VatRate:
    """Add a VAT rate, or change the one with this id; a rate of zero should say why, since invoices print it."""
    actor.require("catalog.write")
    kept = fields.clean(VatRate, values, allowed=VAT_RATE, whole=vat_rate_id is None)
    if "percent" in kept and not 0 <= kept["percent"] <= 100:
        raise OutOfRange("percent", least=0, most=100)
    return _save_word(VatRate, vat_rate_id, kept, actor=actor, now=now)


@transaction.atomic
def save_payment_term(*, actor: Actor, now: datetime, payment_term_id: int | None = None, **values: Any) -> PaymentTerm:
    """Add terms of payment, or change the ones with this id; at most 365 days."""
    actor.require("catalog.write")
    kept = fields.clean(PaymentTerm, values, allowed=PAYMENT_TERM, whole=payment_term_id is None)
    if not 0 <= kept.get("days", 0) <= 365:
        raise OutOfRange("days", least=0, most=365)
    return _save_word(PaymentTerm, payment_term_id, kept, actor=actor, now=now)


def _save_word(model: type[Row], pk: int | None, values: Mapping[str, Any], *, actor: Actor, now: datetime) -> Row:
    """Write one row of a small vocabulary without a version; an equal one stays untouched."""
    row = locked(model._default_manager.all(), pk) if pk is not None else model()
    changes = fields.assign(row, values)
    if changes or pk is None:
        row.save()
        verb = "created" if pk is None else "changed"
        record(f"{model._meta.model_name}.{verb}", subject=row, actor=actor, at=now, changes=changes)
    return row


@transaction.atomic
def create_rate_card(
    *, actor: Actor, now: datetime, lines: Sequence[Mapping[str, Any]] = (), **values: Any
) -> RateCard:
    """Add a rate card with its lines (each a mapping of RATE_LINE fields), in the order given.

    Raises Many; refusals of a line stand at `lines.N.field`.
    """
    actor.require("catalog.write")
    card = RateCard(**fields.clean(RateCard, values, allowed=RATE_CARD, whole=True))
    _check_validity(card)
    kept = _line_values(lines)
    card.save()
    _write_lines(card, kept)
    record("rate_card.created", subject=card, actor=actor, at=now, name=card.name, lines=len(kept))
    return card


@transaction.atomic
def change_rate_card(
    *,
    rate_card_id: int,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    lines: Sequence[Mapping[str, Any]] | None = None,
    **values: Any,
) -> RateCard:
    """Change a rate card. `lines`, when given, are all its lines from now on: those with an `id` are changed, those
    without are new, those not named are gone. Estimates and bills that were made keep their prices.

    Raises NotFound, StaleVersion, UnknownLine, CurrencyInUse and what `create_rate_card` raises.
    """
    actor.require("catalog.write")
    card = locked(RateCard.objects.all(), rate_card_id)
    check_version(card.version, version)
    changes = fields.assign(card, fields.clean(RateCard, values, allowed=RATE_CARD, whole=False))
    if "currency" in changes and card.lines.exists():
        raise CurrencyInUse("currency")
    _check_validity(card)
    if lines is not None:
        changes |= _write_lines(card, _line_values(lines))
    if changes:
        card.version += 1
        card.save()
        record("rate_card.changed", subject=card, actor=actor, at=now, changes=changes)
    return card


def _check_validity(card: RateCard) -> None:
    if card.valid_from and card.valid_to and card.valid_to < card.valid_from:
        raise EndBeforeStart("valid_to")


def _line_values(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines as they are kept, each with the id that it came with."""
    kept: list[dict[str, Any]] = []
    errors: list[DomainError] = []
    for place, line in enumerate(lines):
        given = {name: value for name, value in line.items() if name != "id"}
        try:
            cleaned = fields.clean(RateLine, given, allowed=RATE_LINE, whole=True)
            _check_not_negative(cleaned, "price", "quantity")
            kept.append({**cleaned, "id": line.get("id")})
        except Many as error:
            errors += [_at_line(part, place) for part in error.errors]
    if errors:
        raise Many(errors)
    return kept


def _at_line(error: DomainError, place: int) -> DomainError:
    error.field = f"lines.{place}.{error.field}"
    return error


def _write_lines(card: RateCard, lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Make `lines` the card's lines; returns what changed, for the audit trail."""
    there = {line.pk: line for line in card.lines.all()}
    named = {line["id"] for line in lines if line["id"] is not None}
    if not named <= there.keys():
        raise UnknownLine("lines")
    gone = there.keys() - named
    RateLine.objects.filter(pk__in=gone).delete()
    changes: dict[str, Any] = {f"line {pk}": [str(there[pk]), None] for pk in sorted(gone)}
    for position, values in enumerate(lines, start=1):
        pk = values["id"]
        line = there[pk] if pk is not None else RateLine(rate_card=card)
        kept = {name: value for name, value in values.items() if name != "id"}
        differences = fields.assign(line, {**kept, "position": position})
        if differences:
            line.save()
            changes[f"line {line.pk}"] = differences if pk is not None else [None, str(line)]
    return changes
