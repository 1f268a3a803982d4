"""One connection per process listens to the database and passes on what it hears to everybody who watches."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import psycopg
import structlog

from callout.live.rules import CHANNEL, Change, read

log = structlog.get_logger("callout.live")

KEPT = 2_000
"""How many changes are kept for those who come back."""
WAITING = 200
"""How many changes wait for a slow listener before it is given up."""
SLACK = 3_000
"""Milliseconds: clocks of several machines differ, and a commit takes its time."""
QUIET = 15.0
"""Seconds without news after which the connection is asked whether it lives."""
AGAIN = (0.1, 0.5, 1.0, 2.0)
"""Seconds between attempts to listen again; the last goes on."""

Connect = Callable[[], Awaitable[psycopg.AsyncConnection]]


@dataclass(frozen=True, slots=True)
class News:
    """A change, or None for a gap in which changes may have been missed. `id` grows: milliseconds since the epoch."""

    id: int
    change: Change | None


@dataclass(eq=False, slots=True)
class Listener:
    """Whoever watches. `lost` is set when it did not keep up, or when this process ends."""

    news: asyncio.Queue[News] = field(default_factory=lambda: asyncio.Queue(WAITING))
    lost: bool = False


class Hub:
    """Hears every change of the installation while `run` runs, and hands it to the listeners that have joined.

    `connect` gives a connection of its own, in autocommit; `clock` seconds since the epoch.
    """

    def __init__(self, connect: Connect, *, clock: Callable[[], float]) -> None:
        self._connect = connect
        self._clock = clock
        self._kept: deque[News] = deque(maxlen=KEPT)
        self._listeners: set[Listener] = set()
        self._whole_since: int | None = None
        self._last = 0
        self._closing = False

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made again, and what was missed is a gap for everybody."""
        failures = 0
        while True:
            try:
                async with self._listening() as connection:
                    failures = 0
                    await self._hear(connection)
            except (psycopg.Error, OSError, TimeoutError) as error:
                if self._whole_since is not None:
                    log.info("live.lost", error=str(error).strip())
                elif failures == len(AGAIN):  # said once, not every two seconds
                    log.warning("live.unreachable", error=str(error).strip())
                self._whole_since = None
                await asyncio.sleep(AGAIN[min(failures, len(AGAIN) - 1)])
                failures += 1

    @contextlib.asynccontextmanager
    async def _listening(self) -> AsyncIterator[psycopg.AsyncConnection]:
        connection = await self._connect()
        try:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._whole_since = self._next_id()
            self._pass_on(News(self._whole_since, None))
            yield connection
        finally:
            await connection.close()

    async def _hear(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            async for notify in connection.notifies(timeout=QUIET):
                change = read(notify.payload)
                if change is not None:
                    self._note(change)
            await asyncio.wait_for(connection.execute("SELECT 1"), QUIET)

    def _note(self, change: Change) -> None:
        news = News(self._next_id(), change)
        if len(self._kept) == KEPT:
            self._whole_since = self._kept[0].id
        self._kept.append(news)
        self._pass_on(news)

    def _next_id(self) -> int:
        self._last = max(self._last + 1, int(self._clock() * 1000))
        return self._last

    def _pass_on(self, news: News) -> None:
        for listener in list(self._listeners):
            try:
                listener.news.put_nowait(news)
            except asyncio.QueueFull:
                self._give_up(listener)

    def _give_up(self, listener: Listener) -> None:
        listener.lost = True
        self._listeners.discard(listener)

    @property
    def position(self) -> int:
        """Where a listener is that has heard everything up to now."""
        return self._next_id()

    @property
    def hears(self) -> bool:
        """Whether the database is listened to at this moment."""
        return self._whole_since is not None

    def join(self, since: int | None) -> tuple[Listener, list[News]]:
        """A new listener, and what it has missed since that id: changes, or a gap when they are not all known."""
        listener = Listener(lost=self._closing)
        self._listeners.add(listener)
        if since is None:
            return listener, []
        start = since - SLACK
        if self._whole_since is None or start < self._whole_since:
            return listener, [News(self.position, None)]
        return listener, [news for news in self._kept if news.id > start]

    def leave(self, listener: Listener) -> None:
        """Nothing more for this one."""
        self._listeners.discard(listener)

    def close(self) -> None:
        """This process ends: everybody may go and come back to another one."""
        self._closing = True
        for listener in list(self._listeners):
            self._give_up(listener)
            with contextlib.suppress(asyncio.QueueFull):
                listener.news.put_nowait(News(self.position, None))
