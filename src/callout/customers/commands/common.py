"""What the commands of this app share: cleaned values, search keys, locks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from callout.accounts.actor import Actor
from callout.catalog import fields
from callout.catalog.commands import locked
from callout.core.errors import DomainError, Many
from callout.customers import queries, rules
from callout.customers.keys import Key
from callout.customers.models import Customer, SearchKey, Site

PHONES = ("phone", "mobile")


def cleaned(
    model: type[models.Model], values: Mapping[str, Any], *, allowed: frozenset[str], whole: bool, country: str | None
) -> dict[str, Any]:
    """The values as they are kept, telephone numbers in E.164 where the country allows it. Raises Many."""
    kept = fields.clean(model, values, allowed=allowed, whole=whole)
    for name in PHONES:
        if kept.get(name):
            kept[name] = rules.kept_phone(kept[name], country)
    return kept


def locked_customer(customer_id: int, actor: Actor) -> Customer:
    """The customer, locked; NotFound outside the actor's scope."""
    return locked(queries.visible_to(actor), customer_id)


def country_of(customer: Customer, actor: Actor) -> str | None:
    """Where the customer's telephone numbers are at home: at the main site, else where the actor works."""
    sites = Site.objects.filter(customer=customer).order_by("-is_main", "id")
    country = sites.values_list("country", flat=True).first()
    if country:
        return country
    branch = queries.home_branch(actor)
    return branch.country if branch else None


def set_keys(customer: Customer, source: str, source_id: int, keys: Iterable[Key], *, fresh: bool = False) -> None:
    """Make `keys` what the customer is found by because of this record; `fresh`: there were none before."""
    wanted = list(keys)
    rows = SearchKey.objects.filter(source=source, source_id=source_id)
    if not fresh:
        there = {Key(*row, grams=[]) for row in rows.values_list("kind", "shown", "folded")}
        if there == set(wanted):
            return
        rows.delete()
    SearchKey.objects.bulk_create(
        SearchKey(
            customer=customer, source=source, source_id=source_id, kind=key.kind, shown=key.shown, folded=key.folded,
            grams=key.grams,
        )
        for key in wanted
    )  # fmt: skip


def drop_keys(source: str, source_id: int) -> None:
    """The record is gone, and nobody is found by it any more."""
    SearchKey.objects.filter(source=source, source_id=source_id).delete()


class Gathered:
    """Refusals of several parts of one input, raised together at the end, each at `prefix.field`."""

    def __init__(self) -> None:
        self.errors: list[DomainError] = []

    def add(self, error: DomainError, prefix: str = "") -> None:
        """Keep a refusal of a part."""
        for part in error.errors if isinstance(error, Many) else [error]:
            if prefix:
                part.field = f"{prefix}.{part.field}" if part.field else prefix
            self.errors.append(part)

    def settle(self) -> None:
        """Refuse when any part was refused."""
        if self.errors:
            raise Many(self.errors)
