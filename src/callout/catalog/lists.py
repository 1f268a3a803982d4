"""Lists of the catalogue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.catalog import queries
from callout.catalog.models import PaymentTerm, Product, RateCard, VatRate
from callout.ui import shapes
from callout.ui.filters import BoolFilter, ChoiceFilter, ModelFilter, TextFilter
from callout.ui.lists import Column, ListPage

WRITE = "catalog.write"


def _status(row: Any) -> tuple[str, str]:
    return (gettext("active"), "green") if row.active else (gettext("inactive"), "secondary")


def _price(row: Product) -> tuple[Decimal, str]:
    return row.price, queries.default_currency()


def _unit(row: Product) -> str:
    return shapes.unit(row.unit)


class Products(ListPage):
    """What is sold, used and serviced."""

    name = "products"
    title = _("Products")
    right = ("catalog.read", WRITE)
    order = ("code",)
    columns = (
        Column("code", _("Code"), sort="code", width=140),
        Column("name", _("Name"), "label", sort="folded"),
        Column("kind", _("Kind"), "get_kind_display", sort="kind"),
        Column("category", _("Category"), sort="category"),
        Column("unit", _("Unit"), value=_unit),
        Column("price", _("Price"), _price, kind="money", sort="price"),
        Column("cost", _("Cost"), kind="money", sort="cost", default=False),
        Column("vat_rate", _("VAT rate"), "vat_rate.label"),
        Column("serialised", _("Serial numbers"), kind="bool", default=False),
        Column("active", _("Status"), _status, kind="status", sort="active"),
        Column("external_id", _("External id"), sort="external_id", default=False),
    )
    filters = (
        ChoiceFilter("kind", _("Kind"), Product.Kind.choices),
        TextFilter("category", _("Category")),
        ModelFilter("vat_rate", _("VAT rate"), VatRate.objects.all()),
        BoolFilter("serialised", _("Serial numbers")),
        BoolFilter("active", _("Active")),
    )
    row_url = "product_edit"
    actions = ((_("New product"), "product_new", WRITE),)
    search_hint = _("Code or name")
    empty = _("No products yet.")

    def rows(self, actor: Actor) -> QuerySet[Product]:
        """The products that the actor may see."""
        return queries.products_visible_to(actor)

    def search(rows: QuerySet, text: str) -> QuerySet:  # noqa: N805 - a plain function, as the list wants it
        """By code or words of the name."""
        return queries.search_products(text, rows)


class RateCards(ListPage):
    """Price lists for work."""

    name = "rate_cards"
    title = _("Rate cards")
    right = ("catalog.read", WRITE)
    order = ("name",)
    columns = (
        Column("name", _("Name"), "label", sort="name"),
        Column("currency", _("Currency"), sort="currency"),
        Column("lines", _("Lines"), "line_count", kind="number"),
        Column("valid_from", _("Valid from"), kind="date", sort="valid_from"),
        Column("valid_to", _("Valid to"), kind="date", sort="valid_to"),
        Column("is_general", _("General"), kind="bool"),
        Column("active", _("Status"), _status, kind="status", sort="active"),
    )
    filters = (TextFilter("currency", _("Currency"), "currency__iexact"), BoolFilter("active", _("Active")))
    row_url = "rate_card"
    actions = ((_("New rate card"), "rate_card_new", WRITE),)
    empty = _("No rate cards yet. Estimates need one.")

    def rows(self, actor: Actor) -> QuerySet[RateCard]:
        """The rate cards that the actor may see."""
        return queries.rate_cards_visible_to(actor).annotate(line_count=Count("lines"))

    def search(rows: QuerySet, text: str) -> QuerySet:  # noqa: N805 - a plain function, as the list wants it
        """By name."""
        return rows.filter(name__icontains=text)


class VatRates(ListPage):
    """Rates of value added tax."""

    name = "vat_rates"
    title = _("VAT rates")
    right = WRITE
    order = ("country", "-percent")
    columns = (
        Column("name", _("Name"), "label", sort="name"),
        Column("percent", _("Percent"), kind="number", sort="percent"),
        Column("country", _("Country"), sort="country"),
        Column("reason", _("Reason for exemption")),
        Column("active", _("Status"), _status, kind="status", sort="active"),
    )
    filters = (BoolFilter("active", _("Active")),)
    row_url = "vat_rate"
    actions = ((_("New VAT rate"), "vat_rate_new", WRITE),)
    empty = _("No VAT rates yet. Prices need one.")

    def rows(self, actor: Actor) -> QuerySet[VatRate]:
        """Every rate."""
        return VatRate.objects.all() if actor.may(WRITE) else VatRate.objects.none()


class PaymentTerms(ListPage):
    """How and when customers pay."""

    name = "payment_terms"
    title = _("Payment terms")
    right = WRITE
    order = ("days", "name")
    columns = (
        Column("name", _("Name"), "label", sort="name"),
        Column("method", _("Method"), "get_method_display", sort="method"),
        Column("days", _("Days"), kind="number", sort="days"),
        Column("end_of_month", _("End of month"), kind="bool"),
    )
    row_url = "payment_term"
    actions = ((_("New payment terms"), "payment_term_new", WRITE),)
    empty = _("No payment terms yet.")

    def rows(self, actor: Actor) -> QuerySet[PaymentTerm]:
        """Every terms of payment."""
        return PaymentTerm.objects.all() if actor.may(WRITE) else PaymentTerm.objects.none()
