"""Lists of settings."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.models import Branch
from callout.documents import queries
from callout.documents.models import NumberBook, Period
from callout.documents.rules import KINDS, MODULES
from callout.ui.filters import BoolFilter, ChoiceFilter, ModelFilter
from callout.ui.lists import Column, ListPage

RIGHT = "settings.admin"


def branch_or_all(row: Any) -> str:
    """The branch, or that it is for all of them."""
    return row.branch.name if row.branch else gettext("all branches")


def kind_name(row: NumberBook) -> str:
    """The kind of document in words."""
    return gettext(KINDS.get(row.kind, row.kind))


def lock_state(row: Period) -> tuple[Any, str]:
    """Whether the period is locked."""
    return (_("locked"), "red") if row.locked else (_("open"), "green")


class NumberBooks(ListPage):
    """Series and next numbers."""

    name = "number_books"
    title = _("Number books")
    right = RIGHT
    order = ("kind", "series")
    row_url = "number_book"
    actions = ((_("New number book"), "number_book_new", RIGHT),)
    columns = (
        Column("series", _("Series"), sort="series"),
        Column("kind", _("Document"), value=kind_name, sort="kind"),
        Column("branch", _("Branch"), value=branch_or_all, sort="branch__name"),
        Column("format", _("Format")),
        Column("next_number", _("Next number"), sort="next_number", kind="number"),
        Column("is_default", _("By default"), kind="bool"),
        Column("active", _("Active"), kind="bool"),
    )
    filters = (
        ChoiceFilter("kind", _("Document"), lambda: [(kind, _(name)) for kind, name in KINDS.items()]),
        ModelFilter("branch", _("Branch"), Branch.objects.all()),
        BoolFilter("active", _("Active")),
    )

    def rows(self, actor: Actor) -> QuerySet[NumberBook]:
        """Every book."""
        return queries.number_books(actor)


class Periods(ListPage):
    """Accounting periods."""

    name = "periods"
    title = _("Periods")
    right = RIGHT
    order = ("-starts", "-id")
    row_url = "period"
    actions = ((_("New period"), "period_new", RIGHT),)
    columns = (
        Column("starts", _("From"), sort="starts", kind="date"),
        Column("ends", _("To"), sort="ends", kind="date"),
        Column("branch", _("Branch"), value=branch_or_all, sort="branch__name"),
        Column("module", _("Module"), value=lambda row: gettext(MODULES[row.module]) if row.module else gettext("all")),
        Column("locked", _("State"), value=lock_state, kind="status", sort="locked"),
    )
    filters = (ModelFilter("branch", _("Branch"), Branch.objects.all()), BoolFilter("locked", _("Locked")))

    def rows(self, actor: Actor) -> QuerySet[Period]:
        """Every period."""
        return queries.periods(actor)


class Branches(ListPage):
    """Offices and companies."""

    name = "branches"
    title = _("Branches")
    right = RIGHT
    order = ("code",)
    row_url = "branch"
    actions = ((_("New branch"), "branch_new", RIGHT),)
    columns = (
        Column("code", _("Code"), sort="code"),
        Column("name", _("Name"), sort="name"),
        Column("legal_name", _("Registered name"), sort="legal_name"),
        Column("country", _("Country"), sort="country"),
        Column("currency", _("Currency"), sort="currency"),
        Column("time_zone", _("Time zone")),
        Column("vat_number", _("VAT number")),
        Column("phone", _("Phone"), kind="phone", default=False),
        Column("email", _("E-mail"), default=False),
    )

    def rows(self, actor: Actor) -> QuerySet[Branch]:
        """Every branch."""
        return queries.branches(actor)
