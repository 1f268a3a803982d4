"""Live updates as server-sent events, for as long as a browser listens and may."""

import asyncio
import io
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import Error, connections

from callout.live.hub import Hub, Listener, News
from callout.live.rules import Audience, heard, told
from callout.site.events import NOT_ALLOWED, NOT_SIGNED_IN, admitted
from callout.site.metrics import observe_request

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BEAT = 15.0
"""Seconds of silence after which the browser is told that all is well. A comment would do for proxies, but no page can
see one, and a page has to notice that its connection is dead."""
CHECK = 20.0
"""Seconds after which it is looked up anew whether this person may listen, and to what."""
STUCK = 10.0
"""Seconds that a browser may take to take what it is sent."""
RETRY = 1500
"""Milliseconds after which a browser comes back."""
MOST = 40
"""Streams of one person in one process."""
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]

log = structlog.get_logger("callout.live")


async def listening_connection() -> psycopg.AsyncConnection:
    """A connection of its own to the database, past every pool."""
    if settings.LISTEN_URL:
        return await psycopg.AsyncConnection.connect(settings.LISTEN_URL, autocommit=True, connect_timeout=5)
    parameters = connections["default"].get_connection_params()
    for name in ("context", "cursor_factory", "pool", "server_side_binding", "prepare_threshold"):
        parameters.pop(name, None)
    return await psycopg.AsyncConnection.connect(**parameters | {"autocommit": True, "connect_timeout": 5})


class Stream:
    """The ASGI application behind `/events`."""

    def __init__(self, hub: Hub, *, beat: float = BEAT, check: float = CHECK) -> None:
        self._hub = hub
        self._beat, self._check = beat, check
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="live")
        self._streams: Counter[int] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Admit or refuse, then send what is heard until the browser goes or may no longer listen."""
        started = time.perf_counter()
        status = await self._answer(scope, receive, send)
        seconds = time.perf_counter() - started
        observe_request(scope["method"], "events", status, 0.0 if status == 200 else seconds)
        log.info("request", method=scope["method"], path="/events", status=status, ms=round(seconds * 1000, 1))

    def close(self) -> None:
        """Nobody is looked up any more."""
        self._threads.shutdown()

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> int:
        request = ASGIRequest(scope, io.BytesIO())
        try:
            request.get_host()
        except DisallowedHost:
            return await _refuse(send, 400)
        if request.method != "GET":
            return await _refuse(send, 405)
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        try:
            audience = await self._admitted(session)
        except Error:
            return await _refuse(send, 503)
        if isinstance(audience, int):
            return await _refuse(send, audience)
        if self._streams[audience.user_id] >= MOST:
            return await _refuse(send, 429)
        self._streams[audience.user_id] += 1
        gone = asyncio.ensure_future(_until_gone(receive))
        listener, missed = self._hub.join(since_of(request))
        try:
            await _start(send)
            reader = _Reader(self._hub, listener, audience, send, gone, self._beat, self._check)
            await reader.serve(missed, lambda: self._admitted(session))
        except TimeoutError:
            log.info("live.stuck", user=audience.user_id)
        finally:
            self._hub.leave(listener)
            gone.cancel()
            self._streams[audience.user_id] -= 1
        return 200

    async def _admitted(self, session: str) -> Audience | int:
        return await asyncio.get_running_loop().run_in_executor(self._threads, admitted, session)


class _Reader:
    """One browser that listens."""

    def __init__(
        self,
        hub: Hub,
        listener: Listener,
        audience: Audience,
        send: Send,
        gone: asyncio.Future[None],
        beat: float,
        check: float,
    ) -> None:
        self._hub, self._listener, self._audience = hub, listener, audience
        self._send, self._gone = send, gone
        self._beat, self._check = beat, check

    async def serve(self, missed: list[News], admit: Callable[[], Awaitable[Audience | int]]) -> None:
        """Send until the browser is gone or this person may not listen. Raises TimeoutError for one that is stuck."""
        await self._write(f"retry: {RETRY}\n" + _event("hello", self._hub.position, {}))
        await self._write("".join(map(self._text, missed)))
        check_at = time.monotonic() + self._check
        waiting = asyncio.ensure_future(self._listener.news.get())
        try:
            while not self._listener.lost and not self._gone.done():
                patience = max(0.0, min(self._beat, check_at - time.monotonic()))
                await asyncio.wait({waiting, self._gone}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                if time.monotonic() >= check_at:
                    check_at = time.monotonic() + self._check
                    if not await self._may_stay(admit):
                        return
                if not waiting.done():
                    await self._write(_event("beat", self._hub.position, {}))
                    continue
                text = self._text(waiting.result())
                while not self._listener.news.empty():
                    text += self._text(self._listener.news.get_nowait())
                waiting = asyncio.ensure_future(self._listener.news.get())
                await self._write(text)
        finally:
            waiting.cancel()
        await self._write("", more=False)

    async def _may_stay(self, admit: Callable[[], Awaitable[Audience | int]]) -> bool:
        try:
            found = await admit()
        except Error:  # the browser comes back and is looked up again
            found = 0
        if isinstance(found, Audience):
            self._audience = found
            return True
        reason = {NOT_SIGNED_IN: "signed_out", NOT_ALLOWED: "not_allowed"}.get(found)
        await self._write(_event("over", self._hub.position, {"reason": reason}) if reason else "", more=False)
        return False

    def _text(self, news: News) -> str:
        if news.change is None:
            return _event("gap", news.id, {})
        change = heard(news.change, self._audience)
        return _event("change", news.id, told(change, self._audience)) if change else ""

    async def _write(self, text: str, *, more: bool = True) -> None:
        if self._gone.done() or not (text or not more):
            return
        body = {"type": "http.response.body", "body": text.encode(), "more_body": more}
        await asyncio.wait_for(self._send(body), STUCK)


def _event(kind: str, news_id: int, data: dict[str, Any]) -> str:
    return f"event: {kind}\nid: {news_id}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


def since_of(request: ASGIRequest) -> int | None:
    """Up to where the browser knows everything: what it heard last, or when its page was read."""
    for text in (request.headers.get("Last-Event-ID", ""), request.GET.get("since", "")):
        if text.isascii() and text.isdecimal() and len(text) < 16:
            return int(text)
    return None


async def _start(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})


async def _refuse(send: Send, status: int) -> int:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b""})
    return status


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
