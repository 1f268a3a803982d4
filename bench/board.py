"""How fast is the planner's data, for 100 technicians and a week, beside the database's own time for the same rows?

And how long does a drop take, from request to answer, with several dispatchers at work?
"""

import random
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.support import data, installation, measure  # noqa: E402 - the project's folder comes first
from bench.support.base import MONDAY, bearer  # noqa: E402

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
    size = data.Size(500, 500, 20, 500) if smoke else data.Size(20_000, 5_000, 100, 5_000)
    with installation.database() as url:
        made = data.fill(url, size)
        with installation.web() as base:
            figures, problems = reading(base, url, made, size, 10 if smoke else 50)
            drops, refused, errors = dropping(base, made, 4 if smoke else 8, 40 if smoke else 400)
        problems += errors + overlaps()
    figures |= {"drop_ms": measure.median(drops), "drop_p95_ms": measure.p(drops, 95), "drops": len(drops)}
    measure.table(
        ["", "ms"],
        [
            ["board data, one week", figures["board_ms"]],
            ["the database for the same rows", figures["database_ms"]],
            ["drop, median", figures["drop_ms"]],
            ["drop, p95", figures["drop_p95_ms"]],
        ],
    )
    print(
        f"{figures['appointments']:,} appointments, {figures['bytes']:,} bytes; ratio {figures['ratio']:.2f}; "
        f"{len(drops)} drops, {refused} refused because taken"
    )
    measure.finish(options, figures, problems)


def reading(base: str, url: str, made: data.Made, size: data.Size, times: int) -> tuple[dict, list[str]]:
    """The board's answer and the plain statement, in turn."""
    import json

    import psycopg

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
        "database_ms": measure.median(found["database"]), "appointments": shown, "bytes": len(body),
    }  # fmt: skip
    figures["ratio"] = figures["board_ms"] / figures["database_ms"]
    return figures, [] if shown == rows else [f"the board shows {shown} of {rows} appointments"]


def dropping(base: str, made: data.Made, dispatchers: int, count: int) -> tuple[list[float], int, list[str]]:
    """Dispatchers drop work from the unplanned list on calendars of the next week, some on the same slots."""
    client = measure.Client(base, bearer(made.tokens["dispatcher"]))
    waiting = unplanned(client, count)
    drops: list[float] = []
    refused: list[int] = []
    errors: list[str] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        mine = measure.Client(base, bearer(made.tokens["dispatcher"]))
        rnd = random.Random(number)
        while True:
            with lock:
                if not waiting or errors:
                    return
                item = waiting.pop()
            starts = datetime.combine(MONDAY + timedelta(days=7 + rnd.randrange(5)), clock_time(8), UTC)
            body = {
                "resource_id": rnd.choice(made.resource_ids), "ends": None, "version": item["version"],
                "starts": (starts + timedelta(minutes=15 * rnd.randrange(28))).isoformat(),
            }  # fmt: skip
            began = time.perf_counter()
            status, answer = mine.request("POST", f"/api/work-orders/{item['work_order_id']}/plan", body)
            took = (time.perf_counter() - began) * 1000
            with lock:
                drops.append(took)
                if status == 409 and b"slot_taken" in answer:
                    refused.append(1)
                elif status != 200:
                    errors.append(f"a drop answered {status}: {answer[:200]!r}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(dispatchers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return drops, len(refused), errors


def unplanned(client: measure.Client, count: int) -> list[dict]:
    """The first `count` of the unplanned list, page by page."""
    import json

    found: list[dict] = []
    cursor: str | None = ""
    while cursor is not None and len(found) < count:
        page = json.loads(client.get(f"/api/board/unplanned?cursor={cursor}"))
        found += page["items"]
        cursor = page["next"]
    return found[:count]


def overlaps() -> list[str]:
    """No two blocking appointments of a resource overlap."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from planning_appointment a join planning_appointment b on a.resource_id = b.resource_id "
            "and a.id < b.id and a.blocks and b.blocks and a.starts < b.ends and b.starts < a.ends"
        )
        (count,) = cursor.fetchone()
    return [f"{count} pairs of appointments overlap"] if count else []


if __name__ == "__main__":
    main()
