"""Ears for tests: the hub and the stream run in an event loop of their own, commands in the test."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from callout.accounts.models import User
from callout.live.hub import Hub
from callout.site.stream import Stream, listening_connection

PATIENCE = 10.0


def until(true: Callable[[], Any]) -> Any:
    """What `true` gives as soon as it gives anything. Raises AssertionError after some seconds."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.01)
    raise AssertionError("it did not come")


def session_of(user: User, **more: Any) -> str:
    """The key of a session in which this person is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "callout.access.backends.Backend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.update(more)
    session.create()
    return session.session_key or ""


class Ear:
    """One browser that listens."""

    def __init__(self) -> None:
        self.status = 0
        self.text = ""
        self.ended = False
        self.gone = asyncio.Event()

    async def send(self, message: dict[str, Any]) -> None:
        """Take what the application sends."""
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()
        self.ended = message["type"] == "http.response.body" and not message.get("more_body", False)

    async def receive(self) -> dict[str, Any]:
        """Stay until the test lets go."""
        await self.gone.wait()
        return {"type": "http.disconnect"}

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """What was heard, by kind."""
        blocks = [dict(line.split(": ", 1) for line in part.splitlines()) for part in self.text.split("\n\n") if part]
        return [(block["event"], json.loads(block["data"])) for block in blocks if "event" in block]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """What was heard of this kind."""
        return [data for name, data in self.events if name == kind]

    @property
    def last_id(self) -> int:
        """The id of what was heard last."""
        return int([line for line in self.text.splitlines() if line.startswith("id: ")][-1][4:])


class Office:
    """A web process without its pages."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hub: Hub, stream: Stream) -> None:
        self.loop, self.hub, self.stream = loop, hub, stream
        self.ears: list[Ear] = []

    def ask(self, session: str = "", *, since: int | None = None, **scope: Any) -> Ear:
        """A request of `/events`, answered as far as its status."""
        ear = Ear()
        headers = [(b"host", b"localhost"), (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())]
        if since is not None:
            headers.append((b"last-event-id", str(since).encode()))
        whole = {
            "type": "http", "method": "GET", "path": "/events", "query_string": b"", "headers": headers,
            "server": ("localhost", 80), "scheme": "http",
        } | scope  # fmt: skip
        asyncio.run_coroutine_threadsafe(self.stream(whole, ear.receive, ear.send), self.loop)
        self.ears.append(ear)
        until(lambda: ear.status)
        return ear

    def listen(self, user: User, **options: Any) -> Ear:
        """A person who listens now."""
        ear = self.ask(session_of(user), **options)
        until(lambda: ear.of("hello"))
        return ear


@contextmanager
def office(**options: float) -> Iterator[Office]:
    """A hub that hears this database, and streams from it."""
    connections["default"].ensure_connection()
    loop = asyncio.new_event_loop()
    hub = Hub(listening_connection, clock=time.time)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    running = asyncio.run_coroutine_threadsafe(hub.run(), loop)
    made = Office(loop, hub, Stream(hub, **options))
    try:
        until(lambda: hub.hears)
        yield made
    finally:
        loop.call_soon_threadsafe(hub.close)
        for ear in made.ears:
            loop.call_soon_threadsafe(ear.gone.set)
        until(lambda: all(ear.ended or ear.gone.is_set() for ear in made.ears))
        running.cancel()
        asyncio.run_coroutine_threadsafe(_finish(), loop).result(PATIENCE)
        made.stream.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _finish() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    await asyncio.wait(others, timeout=PATIENCE) if others else None
