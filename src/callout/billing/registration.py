"""What billing adds to the registries of lower apps."""

from callout.accounts.actor import Actor
from callout.billing import queries
from callout.core.errors import N_
from callout.documents.registry import register_subject
from callout.notices.registry import register_event
from callout.workorders.registry import register_billed_products


def may_read_invoice(actor: Actor, invoice_id: int) -> bool:
    """Whether the actor may see this invoice with its files and history."""
    return queries.invoices_visible_to(actor).filter(pk=invoice_id).exists()


def register() -> None:
    """Fill the registries; called once when the application starts."""
    register_subject("invoice", may_read=may_read_invoice)
    register_billed_products("invoices", queries.products_billed)
    register_event(
        "invoice.sent",
        label=N_("Invoice to the customer"),
        subject=N_("Invoice {{ invoice.code }} from {{ branch.name }}"),
        body=N_(
            "Good day,\n\nattached is invoice {{ invoice.code }} of {{ invoice.date }} over {{ invoice.total }}, "
            "due on {{ invoice.due }}.\n\nKind regards\n{{ branch.name }}"
        ),
        fields={
            "invoice.code": N_("number of the invoice"),
            "invoice.date": N_("date of the invoice"),
            "invoice.total": N_("total with currency"),
            "invoice.due": N_("date on which it is due"),
            "branch.name": N_("name of the branch"),
        },
    )
