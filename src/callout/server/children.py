"""The processes that the supervisor keeps alive, and what of their logs is worth a line on the terminal."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from callout.server import processes

_LOG_LIMIT = 20_000_000  # bytes; then the file becomes `.1` and begins anew
_SETTLED_SECONDS = 60
_LONGEST_PAUSE = 30


class Log:
    """A process's log file: appended to by the process, followed by the supervisor."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._position = file.stat().st_size if file.exists() else 0
        self._rest = b""

    def news(self) -> list[str]:
        """The lines written since the last call that are warnings or worse, shortened for a terminal."""
        if not self.file.exists():
            return []
        with self.file.open("rb") as source:
            source.seek(self._position)
            fresh = source.read()
        self._position += len(fresh)
        *lines, self._rest = (self._rest + fresh).split(b"\n")
        if self._position > _LOG_LIMIT:
            self._begin_anew()
        return [text for line in lines if (text := _worth_telling(line))]

    def _begin_anew(self) -> None:
        self.file.with_name(self.file.name + ".1").write_bytes(self.file.read_bytes())
        os.truncate(self.file, 0)  # the process appends, so it goes on at the beginning
        self._position = 0

    def tail(self, count: int = 12) -> str:
        """The last lines, whatever they are."""
        if not self.file.exists():
            return ""
        return "\n".join(self.file.read_text(errors="replace").splitlines()[-count:])


def _worth_telling(line: bytes) -> str | None:
    try:
        record = json.loads(line)
    except ValueError:  # not one of our log lines; it is in the file for whoever looks there
        return None
    if not isinstance(record, dict) or record.get("level") not in ("warning", "error", "critical"):
        return None
    trouble = str(record.get("exception", "")).strip().splitlines()
    return " – ".join([str(record["level"]), str(record.get("event", "")), *trouble[-1:]])


class Child:
    """A process that is started again when it ends by itself, sooner or later as it proves stable."""

    def __init__(
        self, name: str, arguments: list[str], log: Log, environment: dict[str, str], descriptors: tuple[int, ...] = ()
    ) -> None:
        self.name = name
        self.log = log
        self._arguments = arguments
        self._environment = environment
        self._descriptors = descriptors
        self._process: subprocess.Popen[bytes] | None = None
        self._pause = 1
        self._begun = 0.0
        self._due = 0.0

    def start(self) -> None:
        """Start it; it ends with this process, however this process ends."""
        self._begun = time.monotonic()
        with self.log.file.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-P", *self._arguments],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=self._descriptors,
                start_new_session=True,  # the terminal's Ctrl-C is the supervisor's to handle
                # Nobody would be left to insist, and a worker asked to end waits for a database that ends too.
                preexec_fn=processes.tied_to_parent(signal.SIGKILL),  # noqa: PLW1509 - it takes no lock
            )

    @property
    def status(self) -> int | None:
        """None while it runs, else the exit status."""
        return self._process.poll() if self._process else None

    def look_after(self, tell: Callable[[str], None]) -> None:
        """Tell when it has ended, and start it again when its pause is over."""
        if self._process is None:
            if time.monotonic() >= self._due:
                self.start()
            return
        if (status := self._process.poll()) is None:
            return
        if time.monotonic() - self._begun > _SETTLED_SECONDS:
            self._pause = 1
        tell(f"{self.name} ended ({_how(status)}); starting it again in {self._pause} s. Its log is {self.log.file}")
        self._process = None
        self._due = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def ask_to_stop(self) -> None:
        """Let it finish what it is doing."""
        if self._process is not None:
            self._process.terminate()

    def stop(self, seconds: float) -> None:
        """Wait for it after ask_to_stop(), and kill it when the time is over."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _how(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    return f"killed by {signal.Signals(-status).name}"
