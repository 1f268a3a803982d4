"""How fast are the pages people open all day: ticket list, ticket page, customer search?

Each is compared, in turn with it in the same run, with a bare Django view that reads the same rows without login and
rights; and the list with itself at a hundredth of the tickets. Statements behind each page are counted.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.support import data, installation, measure  # noqa: E402 - the project's folder comes first
from bench.support.base import cookie  # noqa: E402

SIZES = {
    "smoke": (data.Size(500, 300, 20), data.Size(5_000, 1_000, 20)),
    "full": (data.Size(10_000, 100_000, 200), data.Size(1_000_000, 100_000, 200)),
}
LIST = "/tickets/?status=finalised&sort=-received_at"


def main() -> None:
    """Measure the small company for the list, then the large one for everything."""
    options = measure.arguments(__doc__ or "")
    small, large = SIZES[options.size]
    times = 30 if options.size == "smoke" else 200
    figures: dict[str, float] = {}
    with installation.database() as url:
        made = data.fill(url, small)
        with installation.web() as ours:
            client = measure.Client(ours, cookie(made.sessions["dispatcher"]))
            figures["list_small_ms"] = measure.median(measure.timed(lambda: client.get(LIST), times))
    with installation.database() as url:
        made = data.fill(url, large)
        os.environ["BENCH_TICKET"] = str(made.ticket_ids[-1])
        with installation.web() as ours, installation.web("bench.support.bare:app") as bare:
            compare(ours, bare, made, times, figures)
        problems = check(made, large, figures)
    report(small, large, figures)
    measure.finish(options, figures, problems)


def compare(ours: str, bare: str, made: data.Made, times: int, figures: dict[str, float]) -> None:
    """Time each page beside the bare view of the same rows."""
    client, plain = measure.Client(ours, cookie(made.sessions["dispatcher"])), measure.Client(bare)
    ticket, name = made.ticket_ids[-1], "rossi%20im"
    pages = {
        "list": (LIST, "/tickets/?status=finalised"),
        "ticket": (f"/tickets/{ticket}/", f"/tickets/{ticket}/"),
        "search": ("/api/customers?search=" + name, "/customers/?q=" + name),
        "search_phone": ("/api/customers?search=0200004", "/customers/?q=" + name),
        "search_part": ("/api/customers?search=impia", "/customers/?q=" + name),
    }
    for page, (path, other) in pages.items():
        found = measure.interleaved(
            {"ours": lambda path=path: client.get(path), "bare": lambda other=other: plain.get(other)}, times
        )
        figures[f"{page}_ms"] = measure.median(found["ours"])
        figures[f"{page}_p95_ms"] = measure.p(found["ours"], 95)
        figures[f"{page}_bare_ms"] = measure.median(found["bare"])
        figures[f"{page}_ratio"] = figures[f"{page}_ms"] / figures[f"{page}_bare_ms"]


def check(made: data.Made, size: data.Size, figures: dict[str, float]) -> list[str]:
    """Count what is there and the statements behind each page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from callout.tickets.models import Ticket

    problems = [] if Ticket.objects.count() == size.tickets else ["not every ticket is there"]
    browser = Client(headers=cookie(made.sessions["dispatcher"]))
    for page, path in (("list", LIST), ("ticket", f"/tickets/{made.ticket_ids[-1]}/")):
        browser.get(path)
        with CaptureQueriesContext(
            connection,
        ) as statements:
            answer = browser.get(path)
        figures[f"{page}_statements"] = len(statements)
        if answer.status_code != 200:
            problems.append(f"{path} answered {answer.status_code}")
    return problems


def report(small: data.Size, large: data.Size, figures: dict[str, float]) -> None:
    """Print the figures side by side."""
    figures["list_growth"] = figures["list_ms"] / figures["list_small_ms"]
    pages = ("list", "ticket", "search", "search_phone", "search_part")
    print(f"{large.tickets:,} tickets, {large.customers:,} customers; milliseconds, median")
    measure.table(
        ["page", "Callout", "p95", "bare view", "ratio"],
        [[page, *(figures[f"{page}{part}"] for part in ("_ms", "_p95_ms", "_bare_ms", "_ratio"))] for page in pages],
    )
    print(
        f"ticket list at {small.tickets:,} tickets: {figures['list_small_ms']:.2f} ms; growth {figures['list_growth']:.2f}; "
        f"statements: list {figures['list_statements']}, ticket {figures['ticket_statements']}"
    )


if __name__ == "__main__":
    main()
