"""How fast are the pages people open all day: ticket list, ticket page, customer search?

In one run and in turn: each page of a large company, of a company with a hundredth of its tickets, and a bare Django
view that reads the same rows without login and rights. The statements behind each page are counted.
"""

import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.support import data, installation, measure
from bench.support.base import bearer, cookie
from bench.support.measure import Client

SIZES = {
    "smoke": (data.Size(500, 300, 20, 100), data.Size(5_000, 1_000, 20, 500)),
    "full": (data.Size(10_000, 10_000, 200), data.Size(1_000_000, 100_000, 200)),
}
TIMES = {"smoke": 15, "full": 100}


@dataclass(frozen=True, slots=True)
class Page:
    """A page, who opens it, its address, the bare view of the same rows, and what it must hold.

    `{ticket}` and `{customer}` in addresses are the newest ticket and a customer in the middle.
    """

    name: str
    who: str
    path: str
    bare: str
    holds: str = ""
    token: bool = False


LIST, SEARCH = "/tickets/?sort=-received_at&state=", "/customers/search/?q="
BARE_LIST, BARE_SEARCH = "/tickets/?status=", "/customers/?q="
PAGES = (
    Page("list", "dispatcher", LIST + "finalised", BARE_LIST + "finalised", "TK-"),
    Page("list, rare status", "dispatcher", LIST + "received", BARE_LIST + "received", "TK-"),
    Page("list of one branch", "branch_dispatcher", LIST + "finalised", BARE_LIST + "finalised", "TK-"),
    Page("list by API", "dispatcher", "/api/tickets?status=finalised", BARE_LIST + "finalised", "TK-", token=True),
    Page("ticket", "dispatcher", "/tickets/{ticket}/", "/tickets/{ticket}/", "TK-"),
    Page("search by name", "dispatcher", SEARCH + "rossi+impia", BARE_SEARCH + "rossi+impia", "Rossi"),
    Page("search by phone", "dispatcher", SEARCH + "02-{customer}", BARE_SEARCH + "3902{customer}", "02"),
    Page("search inside a name", "dispatcher", SEARCH + "ermica", BARE_SEARCH + "ermica", "ermica"),
    Page("search by serial number", "dispatcher", SEARCH + "SN0{customer}", BARE_SEARCH + "SN0{customer}", "SN0"),
    Page("search by name and city", "dispatcher", SEARCH + "greco+verona", BARE_SEARCH + "greco+verona", "Greco"),
    Page("search in one branch", "branch_dispatcher", SEARCH + "rossi", BARE_SEARCH + "rossi", "Rossi"),
)


def main() -> None:
    """Make both companies, then measure every page."""
    options = measure.arguments(__doc__ or "")
    sizes = SIZES[options.size]
    problems: list[str] = []
    with installation.database() as empty, ExitStack() as stack:
        sides = []
        for name, size in zip(("small", "large"), sizes, strict=True):
            installation.use(url := installation.twin(empty, name))
            made = data.fill(url, size)
            problems += data.problems(url, size)
            sides.append(Side(stack.enter_context(installation.web()), made))
        bare = stack.enter_context(installation.web("bench.support.serve"))
        figures = {page.name: compare(page, *sides, bare, TIMES[options.size]) for page in PAGES}
        problems += check(sides[1], figures)
    report(*sizes, figures)
    measure.finish(options, figures, problems)


@dataclass(frozen=True, slots=True)
class Side:
    """The web processes of one company."""

    base: str
    made: data.Made

    def path(self, path: str) -> str:
        """An address with this company's own ticket and customer."""
        customer = self.made.customer_ids[len(self.made.customer_ids) // 2]
        return path.format(ticket=self.made.ticket_ids[-1], customer=f"{customer:07}")

    def headers(self, page: Page) -> dict[str, str]:
        """What the page is asked for with."""
        return bearer(self.made.tokens[page.who]) if page.token else cookie(self.made.sessions[page.who])


def compare(page: Page, small: Side, large: Side, bare: str, times: int) -> dict[str, Any]:
    """Milliseconds of the page in both companies and of the bare view, in turn."""
    clients = [(Client(side.base, side.headers(page)), side.path(page.path)) for side in (small, large)]
    clients.append((Client(bare), large.path(page.bare)))
    calls = {
        name: lambda client=client, path=path: client.get(path)
        for name, (client, path) in zip(("small", "large", "bare"), clients, strict=True)
    }
    found = measure.interleaved(calls, times)
    figures = {f"{name}_ms": measure.median(values) for name, values in found.items()}
    return figures | {
        "p95_ms": measure.p(found["large"], 95),
        "to_bare": figures["large_ms"] / figures["bare_ms"],
        "growth": figures["large_ms"] / figures["small_ms"],
    }


def check(side: Side, figures: dict[str, dict[str, Any]]) -> list[str]:
    """Count the statements behind each page; each answers, and holds what it should."""
    from django.db import connection
    from django.test import Client as InProcess
    from django.test.utils import CaptureQueriesContext

    problems = []
    for page in PAGES:
        browser = InProcess(headers=side.headers(page), SERVER_NAME="localhost")
        browser.get(side.path(page.path))  # what is kept for later requests is read once
        with CaptureQueriesContext(connection) as statements:
            answer = browser.get(side.path(page.path))
        figures[page.name]["statements"] = len(statements)
        if answer.status_code != 200 or page.holds not in answer.content.decode():
            problems.append(f"{page.name}: {page.path} answered {answer.status_code} without {page.holds}")
        if os.environ.get("BENCH_STATEMENTS"):
            print(f"-- {page.name}", *(f"{each['time']} {each['sql']}" for each in statements), sep="\n")
    return problems


def report(small: data.Size, large: data.Size, figures: dict[str, dict[str, Any]]) -> None:
    """Print the figures side by side."""
    print(
        f"milliseconds, median; large: {large.tickets:,} tickets, {large.customers:,} customers; "
        f"small: {small.tickets:,} tickets, {small.customers:,} customers"
    )
    parts = ("large_ms", "p95_ms", "bare_ms", "to_bare", "small_ms", "growth", "statements")
    measure.table(
        ["page", "large", "p95", "bare view", "times bare", "small", "times small", "statements"],
        [[name, *(found[part] for part in parts)] for name, found in figures.items()],
    )


if __name__ == "__main__":
    main()
