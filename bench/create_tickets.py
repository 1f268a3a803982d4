"""How many calls a second can be taken through the API by 8 clients, each with work order, audit and job?

Beside it, in the same run: a bare Django view that inserts one row and one line of history.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.support import data, installation, measure  # noqa: E402 - the project's folder comes first
from bench.support.base import bearer  # noqa: E402

CLIENTS = 8


def main() -> None:
    """Run both, in turn, three times each."""
    options = measure.arguments(__doc__ or "")
    seconds = 2.0 if options.size == "smoke" else 10.0
    with installation.database() as url:
        import psycopg

        from bench.support.bare import SCHEMA

        made = data.fill(url, data.Size(200 if options.size == "smoke" else 100_000, 1_000, 20))
        with psycopg.connect(url, autocommit=True) as session:
            session.execute(SCHEMA)
        with installation.web() as ours, installation.web("bench.support.bare:app") as bare:
            rates: dict[str, list[float]] = {"ours": [], "bare": []}
            created = 0
            for _ in range(3):
                done, took = measure.together(CLIENTS, seconds, lambda n: take_call(ours, made, n))
                created += done
                rates["ours"].append(done / took)
                done, took = measure.together(CLIENTS, seconds, lambda n: insert(bare, n))
                rates["bare"].append(done / took)
        problems = check(created, made)
    figures = {"per_second": measure.median(rates["ours"]), "bare_per_second": measure.median(rates["bare"])}
    figures["share"] = figures["per_second"] / figures["bare_per_second"]
    measure.table(["", "a second"], [["Callout", figures["per_second"]], ["bare view", figures["bare_per_second"]]])
    print(f"share of the bare view: {figures['share']:.2f}; {created:,} tickets created")
    measure.finish(options, {**figures, "created": created}, problems)


def take_call(base: str, made: data.Made, number: int) -> Callable[[], Any]:
    """A client that takes calls of its own customers."""
    client = measure.Client(base, bearer(made.tokens["operator"]))
    count = 0

    def call() -> None:
        nonlocal count
        count += 1
        customer = made.customer_ids[(number * 131 + count) % len(made.customer_ids)]
        body = {
            "customer_id": customer, "site_id": customer, "activity_type_id": made.type_ids[0],
            "subject": f"Call {number}-{count}", "channel": "phone",
        }  # fmt: skip
        client.post("/api/tickets", body)

    return call


def insert(base: str, number: int) -> Callable[[], Any]:
    """A client of the bare view."""
    client = measure.Client(base)
    return lambda: client.post("/create/", {"subject": f"Call {number}", "customer_id": 1})


def check(created: int, made: data.Made) -> list[str]:
    """Each ticket has its work order, its audit entry and a number of its own; no number is missing."""
    from django.db import connection

    problems = []
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), count(distinct number), max(number), min(number), count(*) filter (where not exists "
            "(select from workorders_workorder w where w.ticket_id = t.id)), count(*) filter (where not exists "
            "(select from audit_entry a where a.subject_kind = 'ticket' and a.subject_id = t.id)) "
            "from tickets_ticket t where id > %s and subject like 'Call %%'",
            [made.ticket_ids[-1]],
        )
        count, numbers, last, first, bare, silent = cursor.fetchone()
    if count != created or numbers != count:
        problems.append(f"{created} answered, {count} tickets, {numbers} numbers")
    if count and last - first + 1 != count:
        problems.append(f"the numbers have gaps: {first} to {last} for {count} tickets")
    if bare or silent:
        problems.append(f"{bare} tickets without work order, {silent} without audit")
    return problems


if __name__ == "__main__":
    main()
