"""How fast is the planner's data, for 100 technicians and a week, beside the database's own time for the same rows?

And how long does a drop take, from request to answer, with several dispatchers at work?
"""

import json
import random
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.support import data, installation, measure
from bench.support.base import MONDAY, bearer

ROWS = """
select a.id, a.resource_id, a.starts, a.ends, a.version, a.title, c.name, s.name, a.activity_type_id, st.name,
    st.colour, st.category, w.id, w.code, w.ticket_id, w.status
from planning_appointment a join planning_activitystate st on st.id = a.state_id
left join customers_site s on s.id = a.site_id left join customers_customer c on c.id = s.customer_id
left join workorders_workorder w on w.appointment_id = a.id
where a.starts < %s and a.ends > %s and a.resource_id = any(%s)
"""


def main() -> None:
    """Measure reading, then dropping."""
    options = measure.arguments(__doc__ or "")
    smoke = options.size == "smoke"
    size = data.Size(3_000, 500, 20, 500) if smoke else data.Size(50_000, 5_000, 100, 5_000)
    with installation.database(durable=True) as url:
        made = data.fill(url, size)
        with installation.web() as base:
            figures, problems = reading(base, url, made, 10 if smoke else 50)
            alone = dropping(base, made, 1, 20 if smoke else 200)
            together = dropping(base, made, 4 if smoke else 8, 40 if smoke else 400)
        problems += alone.errors + together.errors + overlaps()
        problems += planned(made, alone.planned + together.planned)
    for name, drops in (("alone", alone), ("together", together)):
        figures |= {
            f"drop_{name}_ms": measure.median(drops.took), f"drop_{name}_p95_ms": measure.p(drops.took, 95),
            f"drops_{name}": len(drops.took), f"refused_{name}": drops.refused,
        }  # fmt: skip
    report(figures, together.dispatchers)
    measure.finish(options, figures, problems)


def report(figures: dict[str, Any], dispatchers: int) -> None:
    """Print the figures."""
    lines = [
        ["board data, one week", figures["board_ms"], figures["board_p95_ms"]],
        ["the database for the same rows", figures["database_ms"], figures["database_p95_ms"]],
        ["a drop, one dispatcher", figures["drop_alone_ms"], figures["drop_alone_p95_ms"]],
        [f"a drop, {dispatchers} without a pause", figures["drop_together_ms"], figures["drop_together_p95_ms"]],
    ]
    measure.table(["", "ms, median", "p95"], lines)
    print(
        f"{figures['appointments']:,} appointments, {figures['bytes']:,} bytes, "
        f"{figures['ratio']:.2f} times the database's own time; "
        f"{figures['drops_alone'] + figures['drops_together']} drops, "
        f"{figures['refused_alone'] + figures['refused_together']} refused because taken"
    )


def reading(base: str, url: str, made: data.Made, times: int) -> tuple[dict[str, Any], list[str]]:
    """The board's answer and the plain statement, in turn."""
    client = measure.Client(base, bearer(made.tokens["dispatcher"]))
    path = f"/api/board?start={MONDAY}&days=7"
    starts = datetime.combine(MONDAY, clock_time(0), UTC) - timedelta(hours=1)
    window = (starts + timedelta(days=7), starts, made.resource_ids)
    with psycopg.connect(url) as session:
        found = measure.interleaved(
            {"board": lambda: client.get(path), "database": lambda: session.execute(ROWS, window).fetchall()}, times
        )
        rows = len(session.execute(ROWS, window).fetchall())
    body = client.get(path)
    shown = len(json.loads(body)["appointments"])
    figures = {
        "board_ms": measure.median(found["board"]), "board_p95_ms": measure.p(found["board"], 95),
        "database_ms": measure.median(found["database"]), "database_p95_ms": measure.p(found["database"], 95),
        "appointments": shown, "bytes": len(body),
    }  # fmt: skip
    figures["ratio"] = figures["board_ms"] / figures["database_ms"]
    return figures, [] if shown == rows else [f"the board shows {shown} of {rows} appointments"]


@dataclass
class Drops:
    """What came of dropping: milliseconds of each, how many were planned or refused, what went wrong."""

    dispatchers: int
    took: list[float] = field(default_factory=list)
    planned: int = 0
    refused: int = 0
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, milliseconds: float, status: int, answer: bytes) -> None:
        """One drop's answer."""
        with self.lock:
            self.took.append(milliseconds)
            if status == 409 and b'"slot_taken"' in answer:
                self.refused += 1
            elif status == 200:
                self.planned += 1
            else:
                self.errors.append(f"a drop answered {status}: {answer[:200]!r}")


def dropping(base: str, made: data.Made, dispatchers: int, count: int) -> Drops:
    """Dispatchers drop work from the unplanned list on calendars of the next week, some on the same slots."""
    waiting = unplanned(measure.Client(base, bearer(made.tokens["dispatcher"])), count)
    drops = Drops(dispatchers)

    def work(number: int) -> None:
        mine = measure.Client(base, bearer(made.tokens["dispatcher"]))
        rnd = random.Random(number)
        while waiting and not drops.errors:
            try:
                item = waiting.pop()
            except IndexError:  # another dispatcher took the last one
                return
            body = somewhere(made, rnd) | {"version": item["version"]}
            began = time.perf_counter()
            status, answer = mine.request("POST", f"/api/work-orders/{item['work_order_id']}/plan", body)
            drops.note((time.perf_counter() - began) * 1000, status, answer)

    measure.run(work, dispatchers)
    return drops


def somewhere(made: data.Made, rnd: random.Random) -> dict[str, Any]:
    """An hour on somebody's calendar of the next week."""
    day = MONDAY + timedelta(days=7 + rnd.randrange(5))
    starts = datetime.combine(day, clock_time(8), UTC) + timedelta(minutes=15 * rnd.randrange(28))
    return {"resource_id": rnd.choice(made.resource_ids), "starts": starts.isoformat(), "ends": None}


def unplanned(client: measure.Client, count: int) -> list[dict]:
    """The first `count` of the unplanned list, page by page."""
    found: list[dict] = []
    cursor: str | None = ""
    while cursor is not None and len(found) < count:
        page = json.loads(client.get(f"/api/board/unplanned?cursor={cursor}"))
        found += page["items"]
        cursor = page["next"]
    return found[:count]


def overlaps() -> list[str]:
    """No two blocking appointments of a resource overlap."""
    count = measure.value(
        "select count(*) from planning_appointment a join planning_appointment b on a.resource_id = b.resource_id "
        "and a.id < b.id and a.blocks and b.blocks and a.starts < b.ends and b.starts < a.ends"
    )
    return [f"{count} pairs of appointments overlap"] if count else []


def planned(made: data.Made, answered: int) -> list[str]:
    """Each drop that was answered well stands on a calendar with its work order, and nothing else was added."""
    count = measure.value(
        "select count(*) from workorders_workorder w join planning_appointment a on a.id = w.appointment_id "
        "and a.resource_id = w.resource_id where w.status = 'planned' and a.blocks"
    )
    expected = made.appointments + answered
    return [] if count == expected else [f"{count} planned work orders instead of {expected}"]


if __name__ == "__main__":
    main()
