"""What a proposal says in words, the same on the page, on the planner and in the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from callout.dispatch.models import Suggestion
from callout.dispatch.queries import Sheet
from callout.dispatch.rules import MOST_ORDERS
from callout.dispatch.rules.building import ASSUMED_METRES, ASSUMED_SECONDS

STALE = {
    "changed": gettext_lazy("Changed since this proposal was made."),
    "taken": gettext_lazy("Something else has been planned in this time."),
}


def reason_of(row: Suggestion) -> str:
    """Why a work order is left out."""
    return str(row.get_reason_display())


def notes_of(sheet: Sheet) -> list[str]:
    """What the reader of the proposal has to know about how it was made."""
    notes = sheet.proposal.notes
    said = []
    if notes.get("stopped"):
        said.append(_("The search was stopped; this is the best that it had found."))
    if notes.get("roads") == "osrm_failed":
        said.append(_("The road network did not answer: ways are estimated by the straight line."))
    assumed = notes.get("assumed", 0)
    if assumed:
        told = ngettext(
            "%(count)d work order's site has no coordinates: %(minutes)d minutes and %(km)d km of way are assumed.",
            "The sites of %(count)d work orders have no coordinates: %(minutes)d minutes and %(km)d km of way are "
            "assumed for each.",
            assumed,
        )
        said.append(told % {"count": assumed, "minutes": ASSUMED_SECONDS // 60, "km": ASSUMED_METRES // 1000})
    if notes.get("cut"):
        said.append(_("More work waits: the %(most)d most urgent work orders were looked at.") % {"most": MOST_ORDERS})
    return said


STATUS_COLOURS = {
    "working": "blue",
    "open": "azure",
    "accepted": "green",
    "dismissed": "secondary",
    "undone": "secondary",
    "failed": "red",
}


@dataclass(frozen=True, slots=True)
class CostsRow:
    """Somebody's days before and after, in kilometres and minutes."""

    name: str
    orders: int
    km: tuple[float, float]
    travel: tuple[int, int]
    overtime: tuple[int, int]


def costs_rows(sheet: Sheet) -> list[CostsRow]:
    """A row for each person, the total last; none without a result."""
    figures = sheet.figures
    if not figures:
        return []
    rows = [_costs(str(sheet.people.get(each["person"], "")), each["orders"], each) for each in figures["people"]]
    return [*rows, _costs("", sum(row.orders for row in rows), figures)]


def _costs(name: str, orders: int, figures: Mapping[str, Any]) -> CostsRow:
    before, after = figures["before"], figures["after"]

    def minutes(what: str) -> tuple[int, int]:
        return round(before[what] / 60), round(after[what] / 60)

    km = before["metres"] / 1000, after["metres"] / 1000
    return CostsRow(name, orders, km, minutes("travel"), minutes("overtime"))
