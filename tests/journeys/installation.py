"""A whole Callout for journeys and screenshots: `callout up` with the demo company, in a folder of its own."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path

from callout.server import paths, processes

_STARTED = "Ctrl-C stops it."
_STOP_SECONDS = 60
_MAIL_SECONDS = 60


@dataclass(frozen=True)
class Installation:
    """A running Callout: where it is, and how its people sign in."""

    url: str
    var: Path
    password: str

    def complaints(self) -> list[str]:
        """What web process and worker have logged that is worse than news, and all that is no log line at all."""
        logs = [paths.log_dir(self.var) / f"{name}.log" for name in ("web", "worker")]
        lines = [line for log in logs if log.exists() for line in log.read_text().splitlines()]
        return [told for line in lines if (told := _complaint(line))]

    def mail(self, *texts: str) -> Message:
        """The message that has all these texts in subject or address, as soon as the worker has let it leave.

        Raises AssertionError when none leaves in a minute.
        """
        end, read = time.monotonic() + _MAIL_SECONDS, set[tuple[Path, int]]()
        while time.monotonic() < end:
            for file in (self.var / "mail").glob("*"):
                state = (file, file.stat().st_size)
                if state in read:
                    continue
                read.add(state)
                message = message_from_bytes(file.read_bytes(), policy=default)
                if all(text in f"{message['To']} {message['Subject']}" for text in texts):
                    return message
            time.sleep(0.5)
        raise AssertionError(f"no mail with {texts} in subject or address has left")


def _complaint(line: str) -> str:
    """The line in short; empty when it is mere news."""
    try:
        record = json.loads(line)
    except ValueError:
        return line.strip()
    if record.get("level") in ("debug", "info"):
        return ""
    trace = [step for step in record.get("exception", "").splitlines() if "/src/callout/" in step or step[:1].strip()]
    return "\n".join([f"{record.get('level')}: {record.get('event')}", *trace[-4:]])


@contextlib.contextmanager
def running(database_url: str = "") -> Iterator[Installation]:
    """Callout with the demo company, gone with all its data and processes when the block ends.

    On the empty database at `database_url`, else on an embedded one. Raises RuntimeError with what it said when it
    does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="callout-journeys-"))
    folder.chmod(0o711)  # the database's user passes through
    var, port = folder / "var", _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "callout", "up"],
        env=_environment(var, port, database_url),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=processes.tied_to_parent(signal.SIGTERM),
    )
    try:
        _wait_until_started(process)
        password = json.loads(paths.logins_file(var).read_text())[0]["password"]
        yield Installation(f"http://localhost:{port}", var, password)
    finally:
        process.terminate()
        process.communicate(timeout=_STOP_SECONDS)
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def _environment(var: Path, port: int, database_url: str) -> dict[str, str]:
    """Nothing of the surroundings, such as somebody's own mail server, gets in."""
    ours = ("CALLOUT_", "EMAIL_URL", "DATABASE_URL", "DEMO", "HOST", "WEB_PROCESSES", "PYTEST_")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return (
        plain | {"CALLOUT_VAR": str(var), "PORT": str(port)} | ({"DATABASE_URL": database_url} if database_url else {})
    )


def _wait_until_started(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if _STARTED in line:
            return
    raise RuntimeError(f"Callout did not start:\n{''.join(said)}")
