"""Lists of customers and of the words that group them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.customers import queries, search
from callout.customers.models import Classification, Customer, Priority, Site, Zone
from callout.ui.filters import BoolFilter, ChoiceFilter, DateFilter, ModelFilter, TextFilter
from callout.ui.lists import Column, ListPage

PRIORITY_COLOURS = {Priority.LOW: "secondary", Priority.MEDIUM: "blue", Priority.HIGH: "red"}


def priority_pill(row: Any) -> tuple[str, str]:
    """A priority's word and colour."""
    return str(row.get_priority_display()), PRIORITY_COLOURS[row.priority]


def _status(row: Customer) -> tuple[str, str]:
    return (gettext("active"), "green") if row.active else (gettext("inactive"), "secondary")


def _in_city(rows: QuerySet, text: str) -> QuerySet:
    return rows.filter(Exists(Site.objects.filter(customer=OuterRef("pk"), city__icontains=text)))


def _classification(axis: int) -> ModelFilter:
    return ModelFilter(
        f"classification_{axis}", Customer._meta.get_field(f"classification_{axis}").verbose_name,
        Classification.objects.filter(axis=axis),
    )  # fmt: skip


class Customers(ListPage):
    """Who calls, is visited and pays."""

    name = "customers"
    title = _("Customers")
    right = "customer.read"
    order = ("folded",)
    columns = (
        Column("code", _("Code"), sort="code", width=96),
        Column("name", _("Name"), sort="folded", share=28),
        Column("place", _("Place"), share=14),
        Column("phone", _("Phone"), kind="phone"),
        Column("email", _("E-mail"), sort="email", default=False),
        Column("tax_code", _("Tax code"), sort="tax_code", default=False),
        Column("vat_number", _("VAT number"), sort="vat_number", default=False),
        Column("zone", _("Zone"), "zone.label", sort="zone__code", share=15),
        Column(
            "classification_1", _("Classification 1"), "classification_1.label", sort="classification_1__name", share=16
        ),
        Column(
            "classification_2", _("Classification 2"), "classification_2.label", sort="classification_2__name",
            default=False,
        ),
        Column(
            "classification_3", _("Classification 3"), "classification_3.label", sort="classification_3__name",
            default=False,
        ),
        Column("priority", _("Priority"), priority_pill, kind="status", sort="priority"),
        Column("agent", _("Sales agent"), "agent.display_name", sort="agent__display_name", share=14),
        Column("language", _("Language"), "get_language_display", default=False),
        Column("currency", _("Currency"), sort="currency", default=False),
        Column("payment_term", _("Payment terms"), "payment_term.label", default=False),
        Column("active", _("Status"), _status, kind="status", sort="active", default=False),
        Column("external_id", _("External id"), sort="external_id", default=False),
        Column("created_at", _("Created"), kind="date", sort="created_at"),
    )  # fmt: skip
    filters = (
        ModelFilter("zone", _("Zone"), Zone.objects.all()),
        _classification(1),
        _classification(2),
        _classification(3),
        ChoiceFilter("priority", _("Priority"), Priority.choices),
        ModelFilter("agent", _("Sales agent"), lambda actor: queries.agents()),
        TextFilter("city", _("City"), apply=_in_city),
        DateFilter("created_at", _("Created")),
        BoolFilter("active", _("Active")),
    )
    row_url = "customer"
    actions = ((_("New customer"), "customer_new", "customer.write"),)
    search_hint = _("Name, phone, tax code, serial number…")
    empty = _("No customers yet.")

    def rows(self, actor: Actor) -> QuerySet[Customer]:
        """The customers that the actor may see."""
        related = (
            "zone", "classification_1", "classification_2", "classification_3", "agent", "payment_term",
        )  # fmt: skip
        return queries.with_place(queries.visible_to(actor)).select_related(*related)

    def search(rows: QuerySet, text: str) -> QuerySet:  # noqa: N805 - a plain function, as the list wants it
        """By everything that a customer is found by."""
        return search.narrowed(rows, text)


class Zones(ListPage):
    """Commercial zones."""

    name = "zones"
    title = _("Zones")
    right = "settings.admin"
    order = ("code",)
    columns = (
        Column("code", _("Code"), sort="code"),
        Column("name", _("Name"), "label", sort="name"),
        Column("customers", _("Customers"), "customer_count", kind="number"),
    )
    row_url = "zone"
    actions = ((_("New zone"), "zone_new", "settings.admin"),)
    empty = _("No zones yet. They say where customers are served and technicians are present.")

    def rows(self, actor: Actor) -> QuerySet[Zone]:
        """Every zone."""
        zones = queries.zones().annotate(customer_count=Count("customer"))
        return zones if actor.may("settings.admin") else zones.none()


class Classifications(ListPage):
    """The values of the three classifications."""

    name = "classifications"
    title = _("Classifications")
    right = "settings.admin"
    order = ("axis", "name")
    columns = (
        Column("axis", _("Classification"), kind="number", sort="axis"),
        Column("name", _("Name"), "label", sort="name"),
    )
    filters = (ChoiceFilter("axis", _("Classification"), [(1, "1"), (2, "2"), (3, "3")]),)
    row_url = "classification"
    actions = ((_("New value"), "classification_new", "settings.admin"),)
    empty = _("No classifications yet. Customers are grouped by them.")

    def rows(self, actor: Actor) -> QuerySet[Classification]:
        """Every value of every classification."""
        values = queries.classifications()
        return values if actor.may("settings.admin") else values.none()
