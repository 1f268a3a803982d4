"""`callout up`: one process that prepares everything, starts web and worker, watches them and ends them all."""

import errno
import http.client
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from callout.server import children, clients, messages, paths, processes, schema
from callout.server.embedded import EmbeddedServer
from callout.server.errors import ServerProblem
from callout.server.terminal import Step, say, step

_READY_SECONDS = 120
_STOP_SECONDS = 10
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked Callout to stop."""


def up(var: Path | None = None) -> int:
    """Run Callout until it is asked to stop; the exit status: 0 after a stop, 1 when it cannot start.

    Reads CALLOUT_VAR, HOST, PORT, DEMO, WEB_PROCESSES and DATABASE_URL from the environment.
    """
    for signum in _SIGNALS:
        signal.signal(signum, _stop)
    try:
        with ExitStack() as stack:
            Supervisor(var or paths.var_dir(), stack).run()
    except Stopped:
        say("Callout has stopped.")
        return 0
    except ServerProblem as problem:
        say(f"\n{problem.what}")
        if problem.mend:
            say(problem.mend)
    return 1


def _stop(signum: int, frame: FrameType | None) -> None:
    for each in _SIGNALS:
        signal.signal(each, lambda signum, frame: None)  # the way out takes seconds and is not to be cut short
    raise Stopped


class Supervisor:
    """One run of `callout up`; what it starts is ended by `stack`, in reverse order."""

    def __init__(self, var: Path, stack: ExitStack) -> None:
        self.var = var
        self.stack = stack
        self.begun = time.monotonic()
        self.database: EmbeddedServer | None = None
        self.children: list[children.Child] = []
        self.logs: dict[str, children.Log] = {}

    def run(self) -> None:
        """Prepare, start, and watch for ever. Raises ServerProblem or Stopped."""
        self._hold()
        listener = self._listen()
        port = listener.getsockname()[1]
        self.environment = os.environ | {
            "CALLOUT_VAR": str(self.var),
            "PORT": str(port),
            "DJANGO_SETTINGS_MODULE": "callout.settings",
            "PYTHONUNBUFFERED": "1",
        }
        for folder in (paths.log_dir(self.var), paths.media_dir(self.var)):
            paths.make_private_dir(folder)
        paths.secret_key(self.var)  # made before processes race for it
        self._start_database()
        self._prepare()
        self._start_children(listener)
        self._wait_until_ready(listener)
        self._greet(port)
        self._watch()

    def _hold(self) -> None:
        told = False
        while True:
            try:
                self.stack.enter_context(processes.holding(self.var, "up"))
                return
            except processes.Held as held:
                if held.holder == "up":
                    raise ServerProblem(
                        f"Callout is already running on {self.var} (process {held.pid}).",
                        "Stop it first, or let a second copy use another data folder: CALLOUT_VAR=FOLDER PORT=8001",
                    ) from None
                if not told:
                    say(f"Another command (process {held.pid}) is using the database; waiting for it.")
                    told = True
                time.sleep(0.3)

    def _listen(self) -> socket.socket:
        host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
        if not port.isdigit() or int(port) > 65535:
            raise ServerProblem(f"PORT is “{port}”, which is no port.", "Choose one from 1024 to 65535.")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listener = socket.create_server((host, int(port)), family=family, backlog=1024)
        except OSError as error:
            raise _unusable(host, int(port), error) from None
        return self.stack.enter_context(listener)

    def _start_database(self) -> None:
        if "DATABASE_URL" in os.environ:
            return
        with step("Starting the database"):
            self.database = EmbeddedServer(self.var)
            self.stack.callback(self.database.stop)
            self.database.start()

    def _prepare(self) -> None:
        if stale := messages.outdated():
            with step(f"Compiling {len(stale)} translations"):
                messages.compile_messages(stale)
        url = paths.database_url(self.var)
        clients.server_major(url)  # says what is wrong with a company's own database
        known = _read_state(self.var)
        applied = schema.applied_migrations(url)
        if known.get("schema") != schema.state(applied):
            with schema.exclusively(url):
                self._command("Bringing the database up to date", "django", "migrate", "--noinput")
            applied = schema.applied_migrations(url)
        known["schema"] = schema.state(applied)
        _write_state(self.var, known)
        identity = applied[0][2] if applied else ""  # when this very database was made
        if os.environ.get("DEMO", "1") != "0" and known.get("demo") != identity:
            self._command("Filling an empty database with the demo company", "callout", "demo", "--if-empty")
            _write_state(self.var, known | {"demo": identity})
        elif known.get("demo") != identity and known.get("installed") != identity:
            self._command("Making the first administrator", "callout", "install", "--quiet")
            _write_state(self.var, known | {"installed": identity})
            self.stack.callback(paths.logins_file(self.var).unlink, missing_ok=True)  # the code is shown this once

    def _command(self, label: str, module: str, *arguments: str) -> None:
        """Run `python -m module`, to its end, with its output in the log."""
        log = children.Log(paths.log_dir(self.var) / "setup.log")
        child = children.Child(label, ["-m", module, *arguments], log, self.environment)
        with step(label) as line:
            try:
                child.start()
                _tick_until(lambda: child.status is not None, line)
            finally:
                child.ask_to_stop()
                status = child.status
                child.stop(_STOP_SECONDS)
            if status:
                raise ServerProblem(f"{label} failed. {log.file} ends with:\n{log.tail()}")

    def _start_children(self, listener: socket.socket) -> None:
        self.stack.callback(self._stop_children)
        web, worker = (children.Log(paths.log_dir(self.var) / f"{name}.log") for name in ("web", "worker"))
        self.logs = {"web": web, "worker": worker}
        pooled = self.environment | {"CALLOUT_POOL": "1"}
        descriptor = listener.fileno()
        arguments = ["-m", "callout.server.web", str(descriptor)]
        self.children = [
            children.Child(f"web process {number + 1}", arguments, web, pooled, (descriptor,))
            for number in range(_web_processes())
        ]
        self.children.append(children.Child("worker", ["-m", "callout", "worker"], worker, self.environment))
        for child in self.children:
            child.start()

    def _wait_until_ready(self, listener: socket.socket) -> None:
        address = listener.getsockname()
        answer = ""

        def settled() -> bool:
            nonlocal answer
            answer = _readiness(address)
            return answer == "ready" or any(child.status is not None for child in self.children)

        with step("Starting web server and worker") as line:
            _tick_until(settled, line, _READY_SECONDS)
        for child in self.children:
            if child.status is not None:
                raise ServerProblem(f"The {child.name} did not start. {child.log.file} ends with:\n{child.log.tail()}")
        if answer != "ready":
            raise ServerProblem(f"The web server does not become ready: {answer}", f"Look into {self.logs['web'].file}")

    def _greet(self, port: int) -> None:
        address = os.environ.get("CALLOUT_URL") or f"http://localhost:{port}"
        say(f"\nCallout runs at {address} (after {time.monotonic() - self.begun:.1f} s)\n")
        for line in _logins(self.var):
            say(f"  {line}")
        say("Ctrl-C stops it.")

    def _watch(self) -> None:
        while True:
            for child in self.children:
                child.look_after(say)
            for name, log in self.logs.items():
                for line in log.news():
                    say(f"{name}: {line}")
            if self.database is not None and self.database.pid is None:
                say("The database ended; starting it again.")
                self.database.start()
            time.sleep(0.2)

    def _stop_children(self) -> None:
        say("\nStopping …")
        for child in self.children:
            child.ask_to_stop()
        end = time.monotonic() + _STOP_SECONDS
        for child in self.children:
            child.stop(end - time.monotonic())


def _unusable(host: str, port: int, error: OSError) -> ServerProblem:
    reason = str(error.strerror).split(" (", maxsplit=1)[0]  # what Python adds repeats the address
    what = f"Port {port} on {host} cannot be used: {reason}."
    if error.errno == errno.EADDRINUSE:
        return ServerProblem(what, f"Stop the program that uses it, or choose another port: PORT={port % 65535 + 1}")
    if error.errno == errno.EACCES:
        return ServerProblem(what, "Ports below 1024 need the rights of root; choose another: PORT=8000")
    return ServerProblem(
        what, "HOST is an address of this machine: 127.0.0.1 (when left out), or 0.0.0.0 for all of them."
    )


def _tick_until(met: Callable[[], bool], line: Step, seconds: float = float("inf")) -> None:
    while not met() and line.seconds < seconds:
        line.tick()
        time.sleep(0.05)


def _web_processes() -> int:
    wanted = os.environ.get("WEB_PROCESSES", "")
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return int(wanted) if wanted.isdigit() and int(wanted) else min(cores, 4)


def _readiness(address: tuple[str, int]) -> str:
    """What /readyz says: `ready`, or why not."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address[0], address[0])  # noqa: S104 - asked, not bound
    names = [name for name in os.environ.get("CALLOUT_HOSTS", "").split(",") if name.strip(" .*")]
    connection = http.client.HTTPConnection(host, address[1], timeout=2)
    try:
        headers = {"Host": names[0].strip(" .*") if names else "localhost", "X-Forwarded-Proto": "https"}
        connection.request("GET", "/readyz", headers=headers)
        answer = connection.getresponse()
        if answer.status in (200, 301, 308):  # a redirect is the step to HTTPS, which only a running application takes
            return "ready"
        return f"{answer.status} {answer.read(500).decode(errors='replace')}"
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        connection.close()


def _read_state(var: Path) -> dict[str, str]:
    try:
        known = json.loads((var / "state.json").read_text())
    except (FileNotFoundError, ValueError):  # lost or cut short: what it spares is simply done again
        return {}
    return known if isinstance(known, dict) else {}


def _write_state(var: Path, known: dict[str, str]) -> None:
    draft = var / "state.json.new"
    draft.write_text(json.dumps(known))
    draft.replace(var / "state.json")


def _logins(var: Path) -> list[str]:
    """The demo company's logins as the lines of a table."""
    try:
        rows = json.loads(paths.logins_file(var).read_text())
    except FileNotFoundError:
        return []
    table = [("Role", "User name", "Password")]
    table += [(str(row["role"]), str(row["username"]), str(row["password"])) for row in rows]
    widths = [max(len(line[column]) for line in table) for column in range(3)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in table] + [""]


if __name__ == "__main__":
    sys.exit(up())
