"""One web process: serves the socket that the supervisor listens on. `python -m callout.server.web FD`."""

import os
import socket
import sys

import uvicorn


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
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    main(int(sys.argv[1]))
