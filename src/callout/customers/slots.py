"""What higher apps show on a customer's page: fragments that the page fetches when they are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from callout.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Slot:
    """A tab of the customer's page; `url_name` takes the customer's primary key and gives an HTML fragment."""

    name: str
    url_name: str
    label: Any
    right: str = ""
    order: int = 50


_slots: dict[str, Slot] = {}


def register(name: str, url_name: str, label: Any, *, right: str = "", order: int = 50) -> None:
    """Add a tab to the customer's page; shown to who has `right` (to everybody without). Called again, it replaces."""
    _slots[name] = Slot(name, url_name, label, right, order)


def slots(actor: Actor) -> list[Slot]:
    """The tabs that the actor may open, in their order."""
    shown = [slot for slot in _slots.values() if not slot.right or actor.may(slot.right)]
    return sorted(shown, key=lambda slot: slot.order)
