"""Products from files."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.catalog import commands, queries
from callout.catalog.errors import UnknownReference
from callout.catalog.models import Product, VatRate
from callout.imports.registry import Field, Kind, Outcome

PRODUCT_FIELDS = (
    Field("external_id", _("external id"), aliases=("id", "product id", "id prodotto", "id produs")),
    Field("code", _("code"), required=True, aliases=("sku", "product code", "codice", "cod", "item")),
    Field("name", _("name"), required=True, aliases=("product", "product name", "nome", "nume", "descrizione")),
    Field("kind", _("kind"), kind="choice", choices=Product.Kind.choices, aliases=("type", "tipo", "tip")),
    Field("category", _("category"), aliases=("categoria", "categorie", "group")),
    Field("unit", _("unit"), aliases=("um", "uom", "unita", "unitate")),
    Field("price", _("price"), kind="decimal", aliases=("unit price", "prezzo", "pret", "list price")),
    Field("cost", _("cost"), kind="decimal", aliases=("costo", "unit cost")),
    Field("vat_rate", _("VAT rate"), aliases=("vat", "iva", "tva"), help=_("The name or the percentage of a rate.")),
    Field("serialised", _("has serial numbers"), kind="boolean", aliases=("serial", "matricola")),
    Field("active", _("active"), kind="boolean", aliases=("attivo", "activ")),
)


def save_product(values: dict[str, Any], *, actor: Actor, now: datetime) -> Outcome:
    """Take in one product: found again by its external id, else by its code."""
    known = {name: value for name, value in values.items() if name in commands.PRODUCT}
    if known.get("vat_rate"):
        known["vat_rate"] = vat_rate_named(known["vat_rate"])
    found = queries.product_known_as(external_id=values.get("external_id"), code=values.get("code", ""))
    if found is None:
        made = commands.create_product(actor=actor, now=now, **known)
        return Outcome("created", made.pk, made.name)
    changed = commands.change_product(product_id=found.pk, actor=actor, now=now, **known)
    return Outcome("unchanged" if changed.version == found.version else "updated", changed.pk, changed.name)


def vat_rate_named(text: str) -> VatRate:
    """The rate with this name or percentage (`22`, `22%`, `22,00`); refuses one that is unknown."""
    rates = list(queries.vat_rates())
    digits = text.replace("%", "").replace(",", ".").strip()
    for rate in rates:
        if text.casefold() in (rate.name.casefold(), rate.label.casefold()):
            return rate
        if digits.replace(".", "", 1).isdigit() and rate.percent == Decimal(digits):
            return rate
    raise UnknownReference("vat_rate", value=text[:60])


PRODUCTS = Kind(
    code="products",
    label=_("Products"),
    right="catalog.write",
    fields=PRODUCT_FIELDS,
    save=save_product,
    url_name="product_edit",
)
