"""What higher apps know of a customer's products: offered first where a call is taken."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from callout.accounts.actor import Actor
from callout.catalog.models import Product
from callout.customers.models import Customer

OFFERED = 12
"""Products that are offered at most."""


@dataclass(frozen=True, slots=True)
class BilledProduct:
    """A product that a customer was billed: on which date last, and on which invoice."""

    product: Product
    date: date
    invoice: str


Source = Callable[[Customer, Actor, int], Iterable[BilledProduct]]
_sources: dict[str, Source] = {}


def register_billed_products(name: str, source: Source) -> None:
    """Make a source known: given a customer, who asks, and how many at most. Called again, it replaces."""
    _sources[name] = source


def billed_products(customer: Customer, *, actor: Actor) -> list[BilledProduct]:
    """The products in use that the customer was billed last, each once, the newest first; OFFERED at most."""
    found: dict[int, BilledProduct] = {}
    every = [one for source in _sources.values() for one in source(customer, actor, OFFERED)]
    for one in sorted(every, key=lambda one: one.date, reverse=True):
        found.setdefault(one.product.pk, one)
    return list(found.values())[:OFFERED]
