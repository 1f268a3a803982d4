"""How soon does a dispatcher's drop have its answer with twenty at work, and how soon do others see it?

A hundred clients listen to live updates meanwhile; what they see is timed from the request of the drop on.
"""

import http.client
import json
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.support import data, installation, measure
from bench.support.base import MONDAY, bearer, cookie

LISTENERS = {"smoke": 30, "full": 100}
DROPS = {"smoke": 40, "full": 400}
DISPATCHERS = 20
PAUSE = 1.5
"""Seconds that a dispatcher looks at the board between two drops."""
PEOPLE = ("dispatcher", "operator", "administrator")


class Listener(threading.Thread):
    """A browser that listens; `heard` has the moment at which it was told of an appointment."""

    def __init__(self, base: str, session: str) -> None:
        super().__init__(daemon=True)
        parts = urlsplit(base)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self.connection.request("GET", "/events", headers=cookie(session) | {"Host": f"localhost:{parts.port}"})
        self.answer = self.connection.getresponse()
        self.heard: dict[int, float] = {}

    def run(self) -> None:
        """Read until the server ends."""
        try:
            while line := self.answer.readline():
                if line.startswith(b'data: {"what":"booked"'):
                    self.heard.setdefault(json.loads(line[6:])["appointment"], time.perf_counter())
        except (OSError, http.client.HTTPException):
            return


def main() -> None:
    """Measure drops with everybody listening."""
    options = measure.arguments(__doc__ or "")
    listening, count = LISTENERS[options.size], DROPS[options.size]
    with installation.database(durable=True) as url:
        made = data.fill(url, data.Size(3_000, 500, 40, 500))
        with installation.web() as base:
            ears = [Listener(base, made.sessions[PEOPLE[number % len(PEOPLE)]]) for number in range(listening)]
            problems = [f"a listener was answered {ear.answer.status}" for ear in ears if ear.answer.status != 200]
            for ear in ears:
                ear.start()
            took, begun, errors = dropping(base, made, count)
            time.sleep(1)
    problems += errors
    late = [(ear.heard[pk] - began) * 1000 for ear in ears for pk, began in begun.items() if pk in ear.heard]
    missed = len(begun) * listening - len(late)
    if missed:
        problems.append(f"{missed} of {len(begun) * listening} live updates never came")
    figures: dict[str, Any] = {
        "drops": len(took), "drop_ms": measure.median(took), "drop_p95_ms": measure.p(took, 95),
        "listeners": listening, "seen_ms": measure.median(late), "seen_p95_ms": measure.p(late, 95),
    }  # fmt: skip
    measure.table(
        ["", "ms, median", "p95"],
        [
            [f"a drop, {DISPATCHERS} dispatchers", figures["drop_ms"], figures["drop_p95_ms"]],
            [f"seen by {listening} others", figures["seen_ms"], figures["seen_p95_ms"]],
        ],
    )
    measure.finish(options, figures, problems)


def dropping(base: str, made: data.Made, count: int) -> tuple[list[float], dict[int, float], list[str]]:
    """Each dispatcher books free hours; milliseconds of each, when each was asked for, and what went wrong."""
    took: list[float] = []
    begun: dict[int, float] = {}
    errors: list[str] = []
    first = MONDAY + timedelta(days=14)

    def work(number: int) -> None:
        client = measure.Client(base, bearer(made.tokens["dispatcher"]))
        time.sleep(PAUSE * number / DISPATCHERS)
        for turn in range(count // DISPATCHERS):
            resource = made.resource_ids[(number * 2 + turn % 2) % len(made.resource_ids)]
            day = first + timedelta(days=turn // 8 + 2 * (turn // 40))
            starts = datetime.combine(day, clock_time(8), UTC) + timedelta(hours=[0, 1, 2, 5][turn // 2 % 4])
            body = {
                "resource_id": resource, "activity_type_id": made.type_ids[0], "title": "",
                "starts": starts.isoformat(), "ends": (starts + timedelta(minutes=45)).isoformat(),
            }  # fmt: skip
            began = time.perf_counter()
            status, answer = client.request("POST", "/api/appointments", body)
            took.append((time.perf_counter() - began) * 1000)
            if status == 200:
                begun[json.loads(answer)["appointment"]["id"]] = began
            else:
                errors.append(f"a drop answered {status}: {answer[:200]!r}")
            time.sleep(PAUSE)

    measure.run(work, DISPATCHERS)
    return took, begun, errors


if __name__ == "__main__":
    main()
