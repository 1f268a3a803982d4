"""One address for everything: pages and API run under WSGI in threads of the same process, live updates beside them."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator

from a2wsgi import WSGIMiddleware

from callout.site.wsgi import application  # first: it sets Django up, which the others need

# isort: split
from callout.live.hub import Hub
from callout.site.stream import Message, Receive, Send, Stream, listening_connection

pages = WSGIMiddleware(application, workers=int(os.environ.get("CALLOUT_THREADS", "8")))
hub = Hub(listening_connection, clock=time.time)
stream = Stream(hub)


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """Every request, and the beginning and end of the process."""
    if scope["type"] == "lifespan":
        await _lifespan(scope, receive, send)
    elif scope["type"] == "http" and scope["path"] == "/events":
        await stream(scope, receive, send)
    elif scope["type"] == "http":
        await pages(scope, receive, send)


async def _lifespan(scope: Message, receive: Receive, send: Send) -> None:
    await receive()
    scope.get("state", {})["before_shutdown"] = hub.close  # streams never end by themselves; the server says when
    async with _listening():
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})


@contextlib.asynccontextmanager
async def _listening() -> AsyncIterator[None]:
    task = asyncio.create_task(hub.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        stream.close()
