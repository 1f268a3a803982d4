"""Ways between stops from an OSRM server; whatever goes wrong there, the caller falls back to the straight line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

import numpy as np
import structlog

from callout.core.travel import Place
from callout.core.ways import Ways

log = structlog.get_logger("callout.dispatch")
CHUNK = 50
"""Sources and destinations of one request; a server takes 100 places together unless it is told otherwise."""
SECONDS, ALL_SECONDS = 5.0, 30.0
"""How long one answer, and all of them together, may take."""
LARGEST = 4 * 1024 * 1024
FARTHEST = 24 * 3600.0


class Unusable(Exception):
    """The server did not answer, or answered nonsense."""


class _Stay(HTTPRedirectHandler):
    """Follows nobody elsewhere."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> Request | None:
        """Refuse."""
        return None


def ways_by_road(places: Sequence[Place], straight: Ways, address: str) -> Ways | None:
    """Seconds and metres from each place to each other one by road; None when the server is of no use.

    `address` is the server's with the profile in it if that is not driving, such as http://localhost:5000. Pairs
    between which there is no road get the `straight` way.
    """
    try:
        return _Server(address).ways(places, straight)
    except Unusable as error:
        log.warning("dispatch.osrm", reason=str(error))
        return None


class _Server:
    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Unusable("OSRM_URL is no http(s) address")
        self.base = address.rstrip("/")
        self.until = monotonic() + ALL_SECONDS
        self.opener: OpenerDirector = build_opener(ProxyHandler({}), _Stay())

    def ways(self, places: Sequence[Place], straight: Ways) -> Ways:
        seconds, metres = straight.seconds.copy(), straight.metres.copy()
        for rows in _chunks(len(places)):
            for columns in _chunks(len(places)):
                found = self._table(places, rows, columns)
                for table, name in ((seconds, "durations"), (metres, "distances")):
                    part = table[rows.start : rows.stop, columns.start : columns.stop]
                    known = ~np.isnan(found[name])
                    part[known] = np.rint(found[name][known]).astype(np.int32)
        np.fill_diagonal(seconds, 0)
        np.fill_diagonal(metres, 0)
        return Ways(seconds, metres)

    def _table(self, places: Sequence[Place], rows: range, columns: range) -> dict[str, Any]:
        asked = [*(places[at] for at in rows), *(() if rows == columns else (places[at] for at in columns))]
        points = ";".join(f"{each.longitude:.6f},{each.latitude:.6f}" for each in asked)
        sources = ";".join(map(str, range(len(rows))))
        first = 0 if rows == columns else len(rows)
        targets = ";".join(map(str, range(first, first + len(columns))))
        query = f"sources={sources}&destinations={targets}&annotations=duration,distance"
        answer = self._get(f"{self.base}/table/v1/driving/{points}?{query}")
        if answer.get("code") != "Ok":
            raise Unusable(f"code {str(answer.get('code'))[:40]}")
        shape = (len(rows), len(columns))
        return {name: _numbers(answer.get(name), shape) for name in ("durations", "distances")}

    def _get(self, url: str) -> dict[str, Any]:
        try:
            request = Request(url, headers={"Accept": "application/json"})  # noqa: S310 - http or https, checked above
            with self.opener.open(request, timeout=self._left()) as answer:
                found = json.loads(self._read(answer))
        except (OSError, URLError, ValueError, RecursionError) as error:
            raise Unusable(type(error).__name__) from error
        if not isinstance(found, dict):
            raise Unusable("no object")
        return found

    def _read(self, answer: Any) -> bytes:
        """The body, however slowly it drips, as long as there is time."""
        until, body = monotonic() + SECONDS, b""
        while part := answer.read1(65_536):
            body += part
            if len(body) > LARGEST or monotonic() > min(until, self.until):
                raise Unusable("too slow or too much")
        return body

    def _left(self) -> float:
        left = self.until - monotonic()
        if left <= 0:
            raise Unusable("too slow")
        return min(SECONDS, left)


def _chunks(size: int) -> Iterator[range]:
    for at in range(0, size, CHUNK):
        yield range(at, min(at + CHUNK, size))


def _numbers(given: Any, shape: tuple[int, int]) -> Any:
    """The table as floats, NaN where there is no way. Raises Unusable for anything else."""
    try:
        table = np.array([[np.nan if cell is None else cell for cell in row] for row in given], dtype=float)
    except (TypeError, ValueError, OverflowError) as error:
        raise Unusable("no table") from error
    most = FARTHEST * 50  # metres, of the longest way there could be
    if table.shape != shape or np.isinf(table).any() or (table < 0).any() or (table > most).any():
        raise Unusable("an impossible table")
    return table
