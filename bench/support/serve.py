"""One web process of the yardstick, served just as Callout's own: `python -m bench.support.serve FD`."""

import socket
import sys

import uvicorn

if __name__ == "__main__":
    config = uvicorn.Config(
        "bench.support.bare:app",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
