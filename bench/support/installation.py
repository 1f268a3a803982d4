"""A scratch installation: a database server of its own, migrated, with web processes; nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from callout.server.embedded import scratch
from callout.server.processes import tied_to_parent

ROOT = Path(__file__).resolve().parents[2]
PORT_WAIT = 60  # seconds until a web process must answer


@contextmanager
def database() -> Iterator[str]:
    """The address of a migrated scratch database; Django of this process is set up on it."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="callout-bench-"))
        server = stack.enter_context(scratch())
        os.environ["CALLOUT_VAR"] = folder
        os.environ["DATABASE_URL"] = server.dsn()
        os.environ["DJANGO_SETTINGS_MODULE"] = "callout.settings"
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity", "0"], check=True, env=os.environ)
        import django

        django.setup()
        yield os.environ["DATABASE_URL"]
        from django.db import connections

        connections.close_all()


@contextmanager
def web(app: str = "callout.site.asgi:app", workers: int = 2, **environment: str) -> Iterator[str]:
    """The base address of web processes that serve `app` on the scratch database, on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers),
        "--log-level", "warning", "--no-access-log", "--timeout-graceful-shutdown", "2",
    ]  # fmt: skip
    environment = {**os.environ, "CALLOUT_POOL": "1", "PYTHONPATH": str(ROOT), **environment}
    process = subprocess.Popen(command, env=environment, cwd=ROOT, preexec_fn=tied_to_parent(signal.SIGTERM))
    try:
        base = f"http://127.0.0.1:{port}"
        _wait(base + "/readyz", process)
        yield base
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PORT_WAIT
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the web process ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web process does not answer")
