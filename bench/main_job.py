"""The main job on real requests: import, plan, carry out, report, verify and bill, through the API, and count it all.

FILE is a table of service requests as New York City exports them (or set NYC311); without one, requests are invented.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.support import installation, measure, proof, requests, town
from bench.support.office import Office

SMOKE_ORDERS = 40
DISPATCHERS = 4
QUEUE_WAIT = 1800  # seconds that the worker may need for what was left to it
TABLES = ("tickets_ticket", "workorders_workorder", "customers_customer", "customers_site", "planning_activitytype")
STATUSES = "select status, count(*) from {} group by 1"


def main() -> None:
    """Do the job and say what is wrong, if anything."""
    options = arguments()
    smoke = options.size == "smoke"
    job = Job(SMOKE_ORDERS if smoke else None)
    with tempfile.TemporaryDirectory(prefix="callout-requests-") as folder, installation.database(durable=True):
        file = Path(options.file).absolute() if options.file else Path(folder) / "requests.csv"
        if not options.file:
            requests.invent(file, 200 if smoke else 1000)
        job.founded = town.found(6 if smoke else 12, job.now)
        with installation.web() as base, installation.worker():
            job.run(Office(base, job.founded), file)
        job.problems += proof.broken()
    measure.table(["step", "seconds"], [[name, seconds] for name, seconds in job.seconds.items()])
    print(f"{len(proof.NEVER) + len(proof.NUMBERED)} rules asked of the database, {len(job.problems)} problems")
    measure.finish(options, {"counts": job.counts, "seconds": job.seconds}, job.problems)


def arguments() -> argparse.Namespace:
    """What every benchmark takes, and the file."""
    file = {"nargs": "?", "default": os.environ.get("NYC311"), "metavar": "FILE", "help": "service requests as CSV"}
    return measure.arguments(__doc__ or "", file=file)


class Job:
    """One run: what was counted, how long each step took, what is wrong."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.now = datetime.now(UTC)
        self.today = self.now.astimezone(ZoneInfo(town.ZONE)).date()
        self.founded: Any = None
        self.counts: dict[str, Any] = {}
        self.seconds: dict[str, float] = {}
        self.problems: list[str] = []

    def run(self, office: Office, file: Path) -> None:
        """Every step in its order."""
        expected = requests.wanted(file)
        self.note(
            "requests in the file", sum(expected.values()), " ".join(f"{n} {c}" for n, c in sorted(expected.items()))
        )
        self.step("import", lambda: self.import_file(file, sum(expected.values())))
        self.step("import again", lambda: self.import_again(file))
        orders = self.step("estimate", lambda: self.estimate(office))
        self.step("plan", lambda: self.plan(office, orders))
        self.step("carry out", lambda: self.carry_out(office, len(orders)))
        self.step("verify", lambda: self.verify(office, len(orders)))
        self.step("bill", lambda: self.bill(office, len(orders)))
        self.step("jobs", lambda: self.wait_for_jobs(len(orders)))

    def step(self, name: str, do: Callable[[], Any]) -> Any:
        """Do a step and keep how long it took."""
        began = time.perf_counter()
        result = do()
        self.seconds[name] = round(time.perf_counter() - began, 2)
        return result

    def note(self, what: str, count: int, more: str = "") -> None:
        """Print and keep a count."""
        print(f"{what + ':':<44}{count:>7,}  {more}".rstrip())
        self.counts[what] = count

    def expect(self, what: str, count: int, expected: int, more: str = "") -> None:
        """Print and keep a count that has to be the expected one."""
        self.note(what, count, more)
        if count != expected:
            self.problems.append(f"{what}: {count} instead of {expected}")

    # The steps

    def import_file(self, file: Path, expected: int) -> None:
        """Take the file in; each wanted request is one ticket with one work order."""
        installation.python("-m", "callout", "import", "tickets", str(file), "--mapping", "nyc311")
        self.expect("tickets", measure.value("select count(*) from tickets_ticket"), expected)
        self.expect("work orders", measure.value("select count(*) from workorders_workorder"), expected)
        for what, table in (("customers", "customers_customer"), ("sites", "customers_site")):
            self.note(what, measure.value(f"select count(*) from {table}"))
        self.note("sites with coordinates", measure.value("select count(latitude) from customers_site"))
        self.note("types of work", town.let_the_crew_perform(self.founded.team_id, self.now))

    def import_again(self, file: Path) -> None:
        """A second time nothing comes and nothing changes."""
        state = "select (select count(*) from {0}), (select sum(version) from {0})"
        before = {table: measure.row(state.format(table)) for table in TABLES}
        installation.python("-m", "callout", "import", "tickets", str(file), "--mapping", "nyc311")
        after = {table: measure.row(state.format(table)) for table in TABLES}
        changed = [table for table in TABLES if before[table] != after[table]]
        self.expect("tables changed by importing it again", len(changed), 0, " ".join(changed))

    def estimate(self, office: Office) -> list[dict[str, Any]]:
        """What the dispatcher sees as unplanned work, estimated."""
        waiting = list(office.pages("dispatcher", "/api/board/unplanned"))
        self.expect("unplanned work orders on the board", len(waiting), self.counts["work orders"])
        calls = Counter(item["customer"] for item in waiting)
        waiting = sorted(waiting, key=lambda item: -calls[item["customer"]])[
            : self.limit
        ]  # who calls often comes along
        office.estimate(waiting)
        estimated = measure.value("select count(distinct work_order_id) from workorders_estimateline")
        self.expect("estimated work orders", estimated, len(waiting))
        return waiting

    def plan(self, office: Office, waiting: list[dict[str, Any]]) -> None:
        """Everything onto calendars, by dispatchers who compete for the same hours."""
        slots = [slot for week in office.free_slots(len(waiting) + DISPATCHERS, self.today) for slot in week]
        refused = office.plan(waiting, slots, DISPATCHERS)
        self.expect("planned work orders", len(office.orders("planned")), len(waiting), f"{refused:,} slots just taken")
        blocking = measure.value("select count(*) from planning_appointment where blocks")
        self.expect("appointments that take time", blocking, len(waiting))

    def carry_out(self, office: Office, expected: int) -> None:
        """Started, ended and reported with hours, parts and expenses."""
        self.expect("visits by technicians", office.carry_out(), expected)
        self.expect("reported work orders", len(office.orders("reported")), expected)
        hours, lines = measure.row("select sum(worked), count(*) from workorders_hoursline")
        self.expect("lines of hours", lines, expected, f"{hours} hours")
        for what, table in (("parts", "workorders_partline"), ("expenses", "workorders_expenseline")):
            self.note(f"lines of {what}", measure.value(f"select count(*) from {table}"))

    def verify(self, office: Office, expected: int) -> None:
        """Approved as reported."""
        office.verify()
        self.expect("verified work orders", len(office.orders("verified")), expected)
        lines, approved = measure.row("select count(*), count(*) filter (where approved) from billing_billableline")
        self.note("lines that can be billed", approved, f"of {lines:,} decided")

    def bill(self, office: Office, expected: int) -> None:
        """One invoice for each customer."""
        made, several = office.bill(self.today)
        self.expect("billed work orders", len(office.orders("billed")), expected)
        posted, total = measure.row("select count(*), sum(total) from billing_invoice where doc_status = 'posted'")
        self.expect("invoices", posted, made, f"{several} of several tickets, {total:,} USD")
        finalised = measure.value("select count(*) from tickets_ticket where status = 'finalised'")
        self.expect("finalised tickets", finalised, expected)
        left = measure.value("select count(*) from workorders_workorder where status = 'foreseen'")
        self.expect("work orders left unplanned", left, self.counts["work orders"] - expected)

    def wait_for_jobs(self, expected: int) -> None:
        """The worker draws a service report for each reported work order, and everything else left to it."""
        until = time.monotonic() + QUEUE_WAIT
        open_jobs = (
            "select count(*) from procrastinate_jobs where status in ('todo', 'doing') and task_name not like 'jobs.%'"
        )
        while measure.value(open_jobs) and time.monotonic() < until:
            time.sleep(0.5)
        self.expect("jobs left in the queue", measure.value(open_jobs), 0)
        reports = "select count(distinct subject_id) from documents_attachment where purpose = 'report'"
        self.expect("service reports as PDF", measure.value(reports), expected)


if __name__ == "__main__":
    main()
