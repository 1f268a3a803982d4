"""Timing requests and printing what came out."""

import argparse
import http.client
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import psycopg


def arguments(description: str, **more: Any) -> argparse.Namespace:
    """--size and --json, which every benchmark takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--size", choices=["smoke", "full"], default="full")
    parser.add_argument("--json", action="store_true", help="one JSON object of the figures as the last line")
    for name, options in more.items():
        parser.add_argument(name, **options)
    return parser.parse_args()


class Client:
    """One kept-alive connection with the same headers on every request."""

    def __init__(self, base: str, headers: dict[str, str] | None = None) -> None:
        parts = urlsplit(base)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self.headers = headers or {}

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
        """Status and body of one request; a JSON body is encoded."""
        data = None if body is None else json.dumps(body)
        sent = {**self.headers, **headers, **({"Content-Type": "application/json"} if data else {})}
        self.connection.request(method, path, data, sent)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def get(self, path: str) -> bytes:
        """The body of a page that must answer 200."""
        status, body = self.request("GET", path)
        if status != 200:
            raise RuntimeError(f"GET {path} answered {status}: {body[:300]!r}")
        return body

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """The JSON answer of a write that must succeed."""
        status, answer = self.request("POST", path, body, **headers)
        if not 200 <= status < 300:
            raise RuntimeError(f"POST {path} answered {status}: {answer[:500]!r}")
        return json.loads(answer)


def timed(call: Callable[[], Any], times: int, warm: int = 5) -> list[float]:
    """Milliseconds of `times` calls after `warm` that do not count."""
    for _ in range(warm):
        call()
    found = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        found.append((time.perf_counter() - started) * 1000)
    return found


def interleaved(calls: dict[str, Callable[[], Any]], times: int) -> dict[str, list[float]]:
    """Milliseconds of each call, taken in turn, so that a slow moment of the machine hits all of them."""
    found: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        for _ in range(5):
            call()
    for _ in range(times):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            found[name].append((time.perf_counter() - started) * 1000)
    return found


def p(values: Sequence[float], percent: int) -> float:
    """A percentile by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


def median(values: Sequence[float]) -> float:
    """The middle."""
    return statistics.median(values)


def together(workers: int, seconds: float, make: Callable[[int], Callable[[], Any]]) -> tuple[int, float]:
    """How many calls `workers` threads finish in about `seconds`, and how long it took; an error ends the run."""
    done, errors = [0] * workers, []
    until = time.perf_counter() + seconds

    def work(number: int) -> None:
        try:
            call = make(number)
            while time.perf_counter() < until and not errors:
                call()
                done[number] += 1
        except Exception as error:  # noqa: BLE001 - carried over to the main thread and raised there
            errors.append(error)

    started = time.perf_counter()
    run(work, workers)
    if errors:
        raise errors[0]
    return sum(done), time.perf_counter() - started


def run(work: Callable[[int], None], threads: int) -> None:
    """Do `work(number)` in so many threads, and wait for all of them."""
    started = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


def value(statement: str, parameters: Sequence[Any] = ()) -> Any:
    """The one value that a statement on the scratch database gives."""
    return row(statement, parameters)[0]


def row(statement: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...]:
    """The one row that a statement on the scratch database gives."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as session:
        found = session.execute(statement, parameters or None).fetchall()
    if len(found) != 1:
        raise RuntimeError(f"{len(found)} rows instead of one: {statement}")
    return found[0]


def table(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print aligned columns."""
    texts = [[_text(cell) for cell in row] for row in rows]
    widths = [max(len(line[i]) for line in [list(headers), *texts]) for i in range(len(headers))]
    for line in [list(headers), *texts]:
        cells = [
            line[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
        ]
        print("  ".join(cells).rstrip())


def _text(cell: Any) -> str:
    return f"{cell:,.2f}" if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) else str(cell)


def finish(options: argparse.Namespace, figures: dict[str, Any], problems: Sequence[str] = ()) -> None:
    """Print what is wrong, then with --json the figures, and end with status 1 when something is wrong."""
    for problem in problems:
        print(f"WRONG: {problem}")
    if options.json:
        print(json.dumps({**figures, "ok": not problems}))
    sys.exit(1 if problems else 0)
