"""What this app tells lower ones when the program starts."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.customers import queries, search
from callout.customers.kinds import KINDS
from callout.documents import registry as documents
from callout.imports.registry import register_kind
from callout.ui.search import SearchHit
from callout.ui.search import register as register_search


def register() -> None:
    """Offer the imports, the search, the settings pages, and say who may read whose files and history."""
    for kind in KINDS:
        register_kind(kind)
    register_search("customers", _("Customers"), found, order=10)
    seen = {
        "customer": queries.visible_to,
        "site": queries.sites_visible_to,
        "contact": queries.contacts_visible_to,
        "asset": queries.assets_visible_to,
        "contract": queries.contracts_visible_to,
    }
    for name, visible in seen.items():
        documents.register_subject(name, may_read=lambda actor, pk, rows=visible: rows(actor).filter(pk=pk).exists())
    for page in (
        documents.SettingsPage(
            "zones", _("Zones"), _("Where customers are served and technicians are present."), "map-pin",
            "settings.admin",
        ),
        documents.SettingsPage(
            "classifications", _("Classifications"), _("Three groupings of customers, in your own words."), "tag",
            "settings.admin",
        ),
    ):  # fmt: skip
        documents.register_settings(page)


def found(term: str, actor: Actor, limit: int) -> Sequence[SearchHit]:
    """Customers for the search over everything."""
    if not actor.may("customer.read"):
        return []
    return [
        SearchHit(
            label=hit.name,
            detail=", ".join(part for part in (hit.code, hit.place) if part),
            url=reverse("customer", args=[hit.customer_id]),
            icon="building",
            why="" if hit.kind == "name" else f"{hit.why}: {hit.matched}",
        )
        for hit in search.find(term, actor=actor, limit=limit)
    ]
