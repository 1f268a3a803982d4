"""A scratch installation: a database server of its own, migrated, with web processes; nothing is left behind."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from callout.server.embedded import EmbeddedServer
from callout.server.processes import tied_to_parent

ROOT = Path(__file__).resolve().parents[2]
PORT_WAIT = 60  # seconds until a web process must answer


@contextmanager
def database(*, durable: bool = False) -> Iterator[str]:
    """The address of a migrated scratch database; Django of this process is set up on it.

    A `durable` one waits for the disk at each commit, as an installation does; others are for reading.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="callout-bench-")))
        folder.chmod(0o711)  # the server's user passes through
        server = stack.enter_context(EmbeddedServer(folder, scratch=not durable))
        os.environ["CALLOUT_VAR"] = str(folder)
        os.environ["DATABASE_URL"] = server.dsn()
        os.environ["DJANGO_SETTINGS_MODULE"] = "callout.settings"
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))  # sessions made here are good for web processes
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        python("-m", "django", "migrate", "--verbosity", "0")
        import django

        django.setup()
        yield server.dsn()
        _close()


def twin(url: str, name: str) -> str:
    """The address of a copy of a scratch database as it is now; both end with the server."""
    _close()
    copied = urlsplit(url).path.removeprefix("/")
    with psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True) as session:
        session.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(copied)))
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _close() -> None:
    from django.db import connections

    connections.close_all()


def use(url: str) -> None:
    """Let Django of this process, and processes that are started from now on, use this database."""
    import environ
    from django.db import connections

    _close()
    os.environ["DATABASE_URL"] = url
    config = environ.Env().db_url_config(url, engine="django.db.backends.postgresql")
    connections.settings["default"] |= {name: config[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    connections.settings["default"]["OPTIONS"] = dict(config["OPTIONS"])


def environment(**more: str) -> dict[str, str]:
    """What processes of the scratch installation are started with."""
    path = os.pathsep.join(part for part in (str(ROOT), os.environ.get("PYTHONPATH", "")) if part)
    return {**os.environ, "PYTHONPATH": path, **more}


def python(*arguments: str) -> str:
    """What a Python program says that must end well, in the scratch installation's environment."""
    done = subprocess.run(
        [sys.executable, *arguments], env=environment(), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with status {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def process(
    arguments: Sequence[str], *, files: Sequence[int] = (), seconds: int = 30, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python program that runs beside, with these open files, and is asked to end when the block does."""
    child = subprocess.Popen(
        [sys.executable, *arguments], env=environment(**more), cwd=ROOT, pass_fds=files,
        preexec_fn=tied_to_parent(signal.SIGTERM),
    )  # fmt: skip
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def free_port() -> int:
    """A port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web(module: str = "callout.server.web", workers: int = 2, **more: str) -> Iterator[str]:
    """The base address of Callout's web processes on the scratch database, started as `callout up` starts them.

    Another module serves something else in the same way.
    """
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=1024))
        arguments = ["-m", module, str(listener.fileno())]
        started = [
            stack.enter_context(process(arguments, files=[listener.fileno()], CALLOUT_POOL="1", **more))
            for _ in range(workers)
        ]
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        for child in started:
            wait_for(base + "/readyz", child)
        _settle([child.pid for child in started])
        yield base


def _settle(pids: Sequence[int], seconds: float = PORT_WAIT) -> None:
    """Wait until processes that share a port are all idle, so that none is still starting while another is measured."""
    until, before = time.monotonic() + seconds, [-1.0] * len(pids)
    while time.monotonic() < until:
        used = [_cpu_seconds(pid) for pid in pids]
        if used == before:
            return
        before = used
        time.sleep(0.5)


def _cpu_seconds(pid: int) -> float:
    """The processor time that a process has used; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def worker() -> Iterator[None]:
    """A process that runs the jobs of the queue."""
    with process(["-m", "callout", "worker"]):
        yield


def wait_for(url: str, child: "subprocess.Popen[bytes]", seconds: float = PORT_WAIT) -> None:
    """Wait until `url` answers 200. Raises RuntimeError when the process ends, or after `seconds`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if child.poll() is not None:
            raise RuntimeError(f"the process ended with status {child.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} does not answer")
