"""What the menu offers to whom, and where each role begins."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import NOBODY, Actor
from callout.core.text import fold
from callout.ui import search


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu; shown to who has at least one of `rights`."""

    label: Any
    url_name: str
    icon: str
    rights: tuple[str, ...]
    group: str = "work"


@dataclass(frozen=True, slots=True)
class Item:
    """An entry on a page, with its address."""

    label: Any
    url: str
    icon: str
    group: str
    current: bool


MENU = (
    Entry(_("Today"), "today", "calendar-event", ("own.work",)),
    Entry(_("To do"), "to_do", "checklist", ("own.work", "customer.read", "ticket.read", "planning.admin")),
    Entry(_("Calls"), "intake", "phone-incoming", ("ticket.write",)),
    Entry(_("Tickets"), "tickets", "ticket", ("ticket.read",)),
    Entry(_("Work orders"), "work_orders", "tool", ("ticket.read",)),
    Entry(_("Monitor"), "monitor", "activity", ("ticket.read",)),
    Entry(_("Planner"), "board", "calendar-week", ("board.read",)),
    Entry(_("Absences"), "absence_requests", "calendar-off", ("board.plan", "planning.admin")),
    Entry(_("My absences"), "my_absences", "calendar-off", ("own.work",)),
    Entry(_("Worked hours"), "worked_hours", "clock", ("own.work", "planning.admin")),
    Entry(_("Verification"), "verification", "clipboard-check", ("verify.write",)),
    Entry(_("Invoices"), "invoices", "file-invoice", ("billing.read",)),
    Entry(_("Customers"), "customers", "building", ("customer.read",)),
    Entry(_("Products"), "products", "package", ("catalog.read",)),
    Entry(_("Rate cards"), "rate_cards", "receipt", ("catalog.write",), "setup"),
    Entry(_("Imports"), "imports", "table-import", ("import.run",), "setup"),
    Entry(_("People"), "people", "users", ("people.admin",), "setup"),
    Entry(_("Planning setup"), "planning_setup", "adjustments-horizontal", ("planning.admin",), "setup"),
    Entry(_("Settings"), "settings", "settings", ("settings.admin",), "setup"),
)
PROFILE = Entry(_("Profile"), "profile", "user", ())

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


@cache
def address(url_name: str) -> str:
    """Where an entry leads; empty for a capability that this installation does not serve."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def offered(actor: Actor) -> list[Entry]:
    """The entries of the menu for this person."""
    return [entry for entry in MENU if any(actor.may(right) for right in entry.rights) and address(entry.url_name)]


def items(entries: Iterable[Entry], path: str) -> list[Item]:
    """The entries with their addresses; the current one is the longest that the path begins with."""
    placed = [(entry, address(entry.url_name)) for entry in entries]
    current = max((url for _, url in placed if path.startswith(url)), key=len, default="")
    return [Item(entry.label, url, entry.icon, entry.group, url == current) for entry, url in placed]


def context(request: HttpRequest) -> dict[str, Any]:
    """The menu for the page; people in the field have theirs at the bottom of a phone as well."""
    actor = getattr(request, "actor", NOBODY)
    if actor.user_id is None:
        return {"actor": actor, "menu": [], "bottom_menu": [], "profile_url": ""}
    menu = items(offered(actor), request.path)
    bottom: list[Item] = []
    if actor.may("own.work"):
        field = [entry for entry in offered(actor) if entry.group == "work"][:3]
        bottom = items([*field, *([PROFILE] if address("profile") else [])], request.path)
    return {"actor": actor, "menu": menu, "bottom_menu": bottom, "profile_url": address("profile")}


def pages_found(term: str, actor: Actor, limit: int) -> list[search.SearchHit]:
    """The pages of the menu whose name holds the term; all of them for no term."""
    wanted = fold(term)
    return [
        search.SearchHit(label=str(entry.label), detail="", url=address(entry.url_name), icon=entry.icon, why="")
        for entry in offered(actor)
        if wanted in fold(str(entry.label))
    ][:limit]


search.register("pages", _("Pages"), pages_found, order=90)
