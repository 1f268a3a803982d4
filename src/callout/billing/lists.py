"""The lists of verification and billing."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.billing import queries
from callout.billing.models import Invoice
from callout.customers.models import Customer
from callout.documents.models import DocumentStatus
from callout.ui.filters import ChoiceFilter, DateFilter, ModelFilter, TextFilter
from callout.ui.lists import Column, ListPage

STATUS_COLOURS = {"draft": "yellow", "pending": "orange", "posted": "green", "cancelled": "secondary"}


def invoice_status(invoice: Invoice) -> tuple[Any, str]:
    """The word and the colour of an invoice's document status."""
    return invoice.get_doc_status_display(), STATUS_COLOURS[invoice.doc_status]


class Invoices(ListPage):
    """Every invoice, newest first."""

    name = "invoices"
    title = _("Invoices")
    right = "billing.read"
    order = ("-date", "-id")
    row_url = "invoice"
    actions = [(_("Bill verified work"), "to_bill", "billing.write")]
    columns = [
        Column("code", _("Number"), sort=("number",)),
        Column("date", _("Date"), sort=("date",), kind="date"),
        Column("customer", _("Customer"), value="customer.name"),
        Column("doc_status", _("Status"), value=invoice_status, kind="status"),
        Column("net", _("Net"), sort=("net",), kind="money"),
        Column("tax", _("VAT"), kind="money", default=False),
        Column("total", _("Total"), sort=("total",), kind="money"),
        Column("currency", _("Currency")),
        Column("due_on", _("Due"), sort=("due_on",), kind="date"),
        Column("branch", _("Branch"), value="branch.name", default=False),
    ]
    filters = [
        DateFilter("date", _("Date")),
        ModelFilter("customer", _("Customer"), queryset=Customer.objects.all()),
        ChoiceFilter("doc_status", _("Status"), choices=DocumentStatus.choices),
        TextFilter("code", _("Number"), lookup="code__istartswith"),
    ]

    def rows(self, actor: Actor) -> models.QuerySet[Invoice]:
        """Invoices in the actor's scope."""
        return queries.invoices_visible_to(actor).select_related("customer", "branch")
