"""Child processes that never outlive their parent, and a lock that says who is using a data folder."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from callout.server import paths

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)  # loaded here: after a fork it would be too late


def tied_to_parent(signum: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` by which the child gets `signum` when this process dies, however it dies (Linux only).

    The kernel watches the thread that starts the child, so start it from one that lives as long as the process.
    """
    parent = os.getpid()

    def arrange() -> None:
        if sys.platform == "linux":
            _libc.prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0)
            if os.getppid() != parent:  # it died before the call above
                os.kill(os.getpid(), signal.SIGKILL)

    return arrange


def command_line(pid: int) -> str:
    """What process `pid` was started with, its arguments parted by spaces; empty when there is no such process."""
    if Path("/proc/self").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" "))
        except (FileNotFoundError, ProcessLookupError):
            return ""
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


class Held(Exception):
    """Somebody else uses the data folder: `holder` is `up` or `command`, `pid` the process."""

    def __init__(self, holder: str, pid: int) -> None:
        self.holder = holder
        self.pid = pid
        super().__init__(f"{holder} {pid}")


@contextmanager
def holding(var: Path, holder: str) -> Iterator[None]:
    """Keep `var` for this process as long as the block runs, or as the process lives. Raises Held at once."""
    paths.make_var_dir(var)
    handle = os.open(var / "callout.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Held(*_holder(handle)) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{holder} {os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _holder(handle: int) -> tuple[str, int]:
    for _attempt in range(50):
        words = os.pread(handle, 100, 0).decode(errors="replace").split()
        if len(words) == 2 and words[1].isdigit():
            return words[0], int(words[1])
        time.sleep(0.01)  # it has the lock and is about to write its name
    return "command", 0


def wait_until(met: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Ask `met` until it is true or `seconds` have passed; whether it came true."""
    end = time.monotonic() + seconds
    while not met():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True
