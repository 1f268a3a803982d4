"""Ways from a road network, and the straight line when it hangs, answers nonsense, or is not there."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from callout.core.travel import Place, Roads
from callout.core.ways import straight_ways
from callout.dispatch import osrm, work

PLACES = [Place(45.4 + at / 100, 9.1 + at / 50) for at in range(osrm.CHUNK + 7)]
Answer = Callable[[BaseHTTPRequestHandler], None]


class Stand:
    """A server on loopback that answers as it is told."""

    def __init__(self) -> None:
        self.answer: Answer = right
        self.asked = 0
        stand = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802 - the name that the library calls
                stand.asked += 1
                stand.answer(self)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def stand() -> Iterator[Stand]:
    made = Stand()
    yield made
    made.server.shutdown()
    made.server.server_close()


def said(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def right(handler: BaseHTTPRequestHandler) -> None:
    """Seconds and metres as if every place were ten of each further than its number; no road from the first."""
    parts = urlsplit(handler.path)
    points = parts.path.rsplit("/", 1)[1].split(";")
    asked = parse_qs(parts.query)
    rows, columns = ([points[int(at)] for at in asked[name][0].split(";")] for name in ("sources", "destinations"))
    first = f"{PLACES[0].longitude:.6f},{PLACES[0].latitude:.6f}"
    table = [[None if row == first else 60.4 for _ in columns] for row in rows]
    said(handler, json.dumps({"code": "Ok", "durations": table, "distances": table}).encode())


def answers(body: object) -> Answer:
    return lambda handler: said(handler, body if isinstance(body, bytes) else json.dumps(body).encode())


def hangs(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1)


def drips(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(20):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def test_ways_come_in_chunks_and_where_there_is_no_road_the_straight_line_stays(stand: Stand, settings) -> None:
    settings.OSRM_URL = stand.address
    ways, source = work.ways_between([*PLACES, 77])
    assert (source, stand.asked) == (work.BY_ROAD, 4)
    straight = straight_ways(PLACES, Roads())
    assert ways.seconds[3, 5] == 60 and ways.metres[5, 3] == 60
    assert ways.seconds[0, 5] == straight.seconds[0, 5] and ways.metres[0, 56] == straight.metres[0, 56]
    assert [ways.seconds[at, at] for at in (0, 56, 57)] == [0, 0, 0]
    assert ways.seconds[57, 3] == ways.seconds[3, 57] == 25 * 60


@pytest.mark.parametrize(
    "answer",
    [
        answers(b"<html>"),
        answers(b""),
        answers(b'{"code": "Ok", "durations": [[1e400'),
        answers([1, 2]),
        answers({"code": "TooBig"}),
        answers({"code": "Ok"}),
        answers({"code": "Ok", "durations": [[1, 2]], "distances": [[1, 2]]}),
        answers({"code": "Ok", "durations": [[-1] * 3] * 3, "distances": [[1] * 3] * 3}),
        answers({"code": "Ok", "durations": [["x"] * 3] * 3, "distances": [[1] * 3] * 3}),
        answers({"code": "Ok", "durations": [[1e300] * 3] * 3, "distances": [[1] * 3] * 3}),
        answers(b'{"code": "Ok", "durations": [[NaN, Infinity, 1]], "distances": 3}'),
        answers(b"[" * 100_000),
        answers(b" " * (osrm.LARGEST + 10)),
        lambda handler: said(handler, b"", 503),
        lambda handler: said(handler, b"", 302, Location="http://127.0.0.1:1/"),
        lambda handler: said(handler, b"", 302, Location="file:///etc/hostname"),
    ],
)
def test_nonsense_falls_back_to_the_straight_line_and_says_so(stand: Stand, settings, answer: Answer) -> None:
    settings.OSRM_URL, stand.answer = stand.address, answer
    ways, source = work.ways_between(PLACES[:3])
    assert source == work.NO_ANSWER
    assert (ways.seconds == straight_ways(PLACES[:3], Roads()).seconds).all()


@pytest.mark.parametrize("answer", [hangs, drips])
def test_a_server_that_hangs_holds_nobody_up(stand: Stand, settings, monkeypatch, answer: Answer) -> None:
    monkeypatch.setattr(osrm, "SECONDS", 0.2)
    settings.OSRM_URL, stand.answer = stand.address, answer
    begun = time.monotonic()
    assert work.ways_between(PLACES[:3])[1] == work.NO_ANSWER
    assert time.monotonic() - begun < 0.9


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "ftp://127.0.0.1/", "http://", "nowhere", "http://127.0.0.1:1"]
)
def test_an_address_that_leads_nowhere_falls_back(settings, address: str) -> None:
    settings.OSRM_URL = address
    assert work.ways_between(PLACES[:2])[1] == work.NO_ANSWER


def test_without_a_road_network_the_straight_line_is_no_failure(settings) -> None:
    settings.OSRM_URL = ""
    assert work.ways_between(PLACES[:2])[1] == work.STRAIGHT
    assert work.ways_between([])[0].seconds.shape == (0, 0)
