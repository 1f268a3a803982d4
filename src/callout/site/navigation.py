"""What the menu offers to whom, and where each role begins."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import NOBODY, Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu; shown to who has at least one of `rights`."""

    label: Any
    url_name: str
    icon: str
    rights: tuple[str, ...]
    group: str = "work"


MENU = (
    Entry(_("Today"), "today", "calendar-check", ("own.work",)),
    Entry(_("Calls"), "intake", "phone-incoming", ("ticket.write",)),
    Entry(_("Tickets"), "tickets", "ticket", ("ticket.read",)),
    Entry(_("Work orders"), "work_orders", "tool", ("ticket.read",)),
    Entry(_("Planner"), "board", "calendar-time", ("board.read",)),
    Entry(_("Verification"), "verification", "checklist", ("verify.write",)),
    Entry(_("Invoices"), "invoices", "file-invoice", ("billing.read",)),
    Entry(_("Customers"), "customers", "building", ("customer.read",)),
    Entry(_("Products"), "products", "package", ("catalog.read",)),
    Entry(_("Rate cards"), "rate_cards", "receipt-2", ("catalog.write",), "setup"),
    Entry(_("Imports"), "imports", "file-import", ("import.run",), "setup"),
    Entry(_("People"), "people", "users", ("people.admin",), "setup"),
    Entry(_("Planning setup"), "planning_setup", "adjustments", ("planning.admin",), "setup"),
    Entry(_("Settings"), "settings", "settings", ("settings.admin",), "setup"),
)

FIRST_PAGES = (
    ("own.work", "today"),
    ("board.plan", "board"),
    ("verify.write", "verification"),
    ("ticket.write", "intake"),
    ("customer.read", "customers"),
)


def first_page(actor: Actor) -> str:
    """The name of the page where this person's work is."""
    if "administrator" in actor.roles:
        return "tickets"
    return next((page for right, page in FIRST_PAGES if actor.may(right)), "profile")


def context(request: HttpRequest) -> dict[str, Any]:
    """The menu for the page; the current entry is the longest that the address begins with."""
    actor = getattr(request, "actor", NOBODY)
    return {"actor": actor, "menu": [entry for entry in MENU if any(actor.may(right) for right in entry.rights)]}
