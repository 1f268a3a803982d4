"""What this app tells lower ones when the program starts."""

from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.catalog.kinds import PRODUCTS
from callout.documents import registry as documents
from callout.imports import registry as imports


def register() -> None:
    """Offer the import of products, the settings pages, and say who may read a product's files and history."""
    imports.register_kind(PRODUCTS)
    for kind in ("product", "ratecard", "vatrate", "paymentterm"):
        documents.register_subject(kind, may_read=_may_read)
    documents.register_settings(
        documents.SettingsPage(
            "vat_rates",
            _("VAT rates"),
            _("Rates by country, with the reason of exemptions."),
            "receipt",
            "catalog.write",
        )  # fmt: skip
    )
    documents.register_settings(
        documents.SettingsPage(
            "payment_terms", _("Payment terms"), _("How and when customers pay."), "report-money", "catalog.write"
        )
    )


def _may_read(actor: Actor, subject_id: int) -> bool:
    return actor.may("catalog.read") or actor.may("catalog.write")
