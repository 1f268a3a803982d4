"""One web process: serves the socket that the supervisor listens on. `python -m callout.server.web FD`."""

import gc
import os
import socket
import sys

import uvicorn

SWITCH_SECONDS = 0.0005
"""How soon a thread that waits for the interpreter gets it; it may hold a lock that others wait for."""


def main(descriptor: int) -> None:
    """Serve until SIGTERM, then let requests finish for two seconds; live events never end by themselves."""
    behind_proxy = os.environ.get("CALLOUT_PROXY", "").lower() in ("1", "true", "yes", "on")
    config = uvicorn.Config(
        "callout.site.asgi:app",
        log_config=None,  # the application's own logging
        access_log=False,  # the application logs requests, with their ids
        server_header=False,
        proxy_headers=behind_proxy,
        timeout_graceful_shutdown=2,
    )
    config.load()
    spare_collector()
    sys.setswitchinterval(SWITCH_SECONDS)
    Server(config).run(sockets=[socket.socket(fileno=descriptor)])


class Server(uvicorn.Server):
    """Lets the application end what never ends by itself, before it waits for requests to finish."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving."""
        if before := self.lifespan.state.get("before_shutdown"):
            before()
        await super().shutdown(sockets)


def spare_collector() -> None:
    """Let the garbage collector look at what requests make, and seldom: the program itself stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


if __name__ == "__main__":
    main(int(sys.argv[1]))
