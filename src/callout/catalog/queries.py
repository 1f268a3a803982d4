"""Reading products, tax, terms of payment and rate cards."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from django.conf import settings
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex

from callout.accounts.actor import Actor
from callout.catalog import rules
from callout.catalog.models import PaymentTerm, Product, RateCard, RateLine, VatRate
from callout.core.errors import NotFound
from callout.core.text import fold


class Priced(Protocol):
    """A customer or a contract: something that may name a rate card."""

    rate_card: RateCard | None


def _readable(actor: Actor) -> bool:
    return actor.may("catalog.read") or actor.may("catalog.write")


def products_visible_to(actor: Actor) -> QuerySet[Product]:
    """The products that the actor may see: all of them or none."""
    products = Product.objects.select_related("vat_rate")
    return products if _readable(actor) else products.none()


def rate_cards_visible_to(actor: Actor) -> QuerySet[RateCard]:
    """The rate cards that the actor may see: all of them or none."""
    return RateCard.objects.all() if _readable(actor) else RateCard.objects.none()


def product(pk: int, *, actor: Actor) -> Product:
    """One product; NotFound when there is none for this actor."""
    found = products_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def rate_card(pk: int, *, actor: Actor) -> RateCard:
    """One rate card; NotFound when there is none for this actor."""
    found = rate_cards_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def search_products(text: str, products: QuerySet[Product]) -> QuerySet[Product]:
    """Products whose name holds every word of the text, or whose code begins with it; accents and case are free."""
    folded = fold(text)
    matches = Q()
    for word in folded.split():
        matches &= Q(folded__contains=word)
    return products.filter(matches | Q(code__istartswith=text.strip())) if folded else products


def found_products(text: str, *, actor: Actor, limit: int = 20) -> list[Product]:
    """Products in use that fit the text: those whose code is the text first, then those that begin with it."""
    folded = fold(text)
    products = search_products(text, products_visible_to(actor).filter(active=True))
    exact = products.filter(code__iexact=text.strip())
    rest = products.exclude(code__iexact=text.strip())
    ordered = rest.annotate(place=StrIndex("folded", Value(folded))).order_by("place", "folded", "code")
    return [*exact, *ordered[:limit]][:limit]


def lines_of(card: RateCard) -> QuerySet[RateLine]:
    """The lines of a rate card in their order."""
    return card.lines.select_related("product", "vat_rate").order_by("position", "id")


def vat_rates(*, country: str = "") -> QuerySet[VatRate]:
    """Rates in use, of one country or of all."""
    rates = VatRate.objects.filter(active=True)
    return rates.filter(country=country) if country else rates


def payment_terms() -> QuerySet[PaymentTerm]:
    """The terms of payment, shortest first."""
    return PaymentTerm.objects.order_by("days", "name", "id")


def rate_card_for(customer: Priced | None, contract: Priced | None, currency: str, on: date) -> RateCard | None:
    """The price list for work on a day: the contract's, else the customer's, else the newest general one.

    A card that is not active, not valid on that day or in another currency is passed over. None when nothing fits.
    """
    for owner in (contract, customer):
        card = owner.rate_card if owner is not None else None
        if card is not None and rules.is_usable(card, currency=currency, on=on):
            return card
    cards = RateCard.objects.filter(active=True, currency=currency, is_general=True)
    return rules.newest(card for card in cards if rules.is_usable(card, currency=currency, on=on))


def default_currency() -> str:
    """The installation's currency, in which products are priced."""
    return settings.DEFAULT_CURRENCY


def product_known_as(*, external_id: str | None, code: str) -> Product | None:
    """The product with this external id, else the one with this code that has no external id of its own."""
    if external_id:
        found = Product.objects.filter(external_id=external_id).first()
        if found is not None:
            return found
        return Product.objects.filter(code=code, external_id__isnull=True).first() if code else None
    return Product.objects.filter(code=code).first() if code else None
