"""What documents have in common: their kinds, their modules, whether a date is open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from callout.core.errors import N_
from callout.documents.errors import EndsBeforeStart, OutsidePeriod, PeriodLocked, PeriodsOverlap

KINDS: Mapping[str, str] = {
    "ticket": N_("Ticket"),
    "workorder": N_("Work order"),
    "invoice": N_("Invoice"),
    "task": N_("Task"),
}
"""Kinds of document that take their number from a number book."""

MODULES: Mapping[str, str] = {
    "tickets": N_("Tickets"),
    "workorders": N_("Work orders"),
    "billing": N_("Billing"),
}
"""Parts of the work whose periods can be locked on their own."""

MODULE_OF: Mapping[str, str] = {
    "ticket": "tickets", "workorder": "workorders", "invoice": "billing", "task": "tickets",
}  # fmt: skip
"""The part of the work that each kind of document belongs to."""

MAX_FILE_BYTES = 25 * 2**20
"""The largest file that is kept with a record."""

MAX_IMAGE_PIXELS = 50_000_000
"""The most pixels of a picture, all its frames together."""


class Book(Protocol):
    """What the choice of a number book looks at; `branch_id` is None where it is everybody's."""

    kind: str
    series: str
    is_default: bool
    branch_id: int | None


AnyBook = TypeVar("AnyBook", bound=Book)


def choose_book(books: Iterable[AnyBook], *, kind: str, series: str = "") -> AnyBook | None:
    """The book that numbers a document of `kind`: the named series, else the branch's default, else everybody's.

    `books` are the active ones of the branch and of all branches; None when none of them fits.
    """
    fitting = [book for book in books if book.kind == kind and (book.series == series if series else book.is_default)]
    return min(fitting, key=lambda book: book.branch_id is None, default=None)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `starts` to `ends` inclusive, locked or not."""

    starts: date
    ends: date
    locked: bool = False


def check_open(spans: Iterable[Span], *, on: date, branch: str) -> None:
    """Refuse a date that no span holds, or one of whose spans is locked. Raises OutsidePeriod, PeriodLocked.

    `spans` are those of the branch and of all branches, for the module and for all modules.
    """
    found = [span for span in spans if span.starts <= on <= span.ends]
    if not found:
        raise OutsidePeriod("date", on=on, branch=branch)
    locked = next((span for span in found if span.locked), None)
    if locked:
        raise PeriodLocked("date", on=on, branch=branch, starts=locked.starts, ends=locked.ends)


def check_new_span(new: Span, others: Iterable[Span]) -> None:
    """Refuse a span that ends before it starts or shares days with another. Raises EndsBeforeStart, PeriodsOverlap."""
    if new.ends < new.starts:
        raise EndsBeforeStart("ends")
    for other in others:
        if new.starts <= other.ends and other.starts <= new.ends:
            raise PeriodsOverlap("starts", starts=other.starts, ends=other.ends)
