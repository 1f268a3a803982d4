"""How many calls a second can be taken through the API by 8 clients, each with work order, audit and job?

Beside it, in the same run: a bare Django view that inserts a ticket of the same shape and one line of its history,
without work order, number, job, login, rights or checks.
"""

import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.support import data, installation, measure
from bench.support.base import bearer
from bench.support.schema import SCHEMA

CLIENTS = 8
ROUNDS = {"smoke": 6, "full": 20}
ROUND_SECONDS = 1.5
"""Both take turns so quickly that whatever else the machine does falls on both alike."""


def main() -> None:
    """Run both, in turn, some rounds of each, on a database that waits for the disk at each commit."""
    options = measure.arguments(__doc__ or "")
    smoke = options.size == "smoke"
    with installation.database(durable=True) as url:
        made = data.fill(url, data.Size(1_000, 500, 10, 500) if smoke else data.Size(100_000, 10_000, 50))
        with psycopg.connect(url, autocommit=True) as session:
            session.execute(SCHEMA)
        before = measure.value("select count(*) from procrastinate_jobs")
        with installation.web() as ours, installation.web("bench.support.serve") as bare:
            created, rates = rounds(ours, bare, made, ROUNDS[options.size])
        problems = check(created, made, before)
    figures = {"per_second": measure.median(rates["ours"]), "bare_per_second": measure.median(rates["bare"])}
    figures["share"] = measure.median([one / other for one, other in zip(rates["ours"], rates["bare"], strict=True)])
    measure.table(["", "a second"], [["Callout", figures["per_second"]], ["bare view", figures["bare_per_second"]]])
    print(f"share of the bare view: {figures['share']:.2f}; {created:,} tickets created by {CLIENTS} clients")
    measure.finish(options, {**figures, "created": created}, problems)


def rounds(ours: str, bare: str, made: data.Made, times: int) -> tuple[int, dict[str, list[float]]]:
    """How many tickets were created, and what each of the two did a second in each round."""
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    created = 0
    for turn in range(times + 1):
        done, took = measure.together(CLIENTS, ROUND_SECONDS, lambda number: take_call(ours, made, number))
        inserted, spent = measure.together(CLIENTS, ROUND_SECONDS, lambda number: insert(bare, made, number))
        created += done
        if turn:  # the first one warms both up
            rates["ours"].append(done / took)
            rates["bare"].append(inserted / spent)
    return created, rates


def take_call(base: str, made: data.Made, number: int) -> Callable[[], Any]:
    """A client that takes calls of its own customers."""
    client, bodies = measure.Client(base, bearer(made.tokens["operator"])), calls(made, number)
    return lambda: client.post("/api/tickets", next(bodies))


def insert(base: str, made: data.Made, number: int) -> Callable[[], Any]:
    """A client of the bare view, which has to be told what Callout finds out by itself."""
    client, bodies, more = measure.Client(base), calls(made, number), {"branch_id": made.branch_ids[0]}
    return lambda: client.post("/create/", next(bodies) | more)


def calls(made: data.Made, number: int) -> Iterator[dict[str, Any]]:
    """What a client's customers want."""
    for count in itertools.count():
        customer = made.customer_ids[(number * 131 + count) % len(made.customer_ids)]
        yield {
            "customer_id": customer, "site_id": customer, "activity_type_id": made.type_ids[0],
            "subject": f"Call {number}-{count}", "channel": "phone",
        }  # fmt: skip


def check(created: int, made: data.Made, jobs_before: int) -> list[str]:
    """Each ticket has its work order, both their audit entries, a job and numbers of their own without a gap."""
    problems = []
    for kind, table in (("ticket", "tickets_ticket"), ("workorder", "workorders_workorder")):
        count, numbers, first, last, silent = measure.row(
            "select count(*), count(distinct number), coalesce(min(number), 1), coalesce(max(number), 0), "
            "count(*) filter (where not exists (select from audit_entry a where a.subject_kind = %s "
            f"and a.subject_id = d.id)) from {table} d where id > %s",
            [kind, made.ticket_ids[-1]],
        )
        if not count == numbers == created == last - first + 1:
            problems.append(f"{created} calls answered, {count} of {kind}, {numbers} numbers from {first} to {last}")
        if silent:
            problems.append(f"{silent} of {kind} without audit")
    bare = measure.value(
        "select count(*) from tickets_ticket t where id > %s and (select count(*) from workorders_workorder w "
        "where w.ticket_id = t.id) <> 1",
        [made.ticket_ids[-1]],
    )
    jobs = measure.value("select count(*) from procrastinate_jobs") - jobs_before
    if bare:
        problems.append(f"{bare} tickets without just one work order")
    if jobs != created:
        problems.append(f"{jobs} jobs for {created} tickets")
    return problems


if __name__ == "__main__":
    main()
