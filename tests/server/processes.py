"""Looks at the machine's processes from outside, as a person with `ps` would."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def mentioning(text: object) -> list[int]:
    """The processes whose command line or CALLOUT_VAR names `text`; this one not counted."""
    return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _mentions(pid, os.fsencode(str(text)))]


def _mentions(pid: int, text: bytes) -> bool:
    if pid == os.getpid():
        return False
    try:
        folder = Path(f"/proc/{pid}")
        return text in folder.joinpath("cmdline").read_bytes() or text in folder.joinpath("environ").read_bytes()
    except OSError:  # it has just ended
        return False


def gone(text: object, seconds: float = 15) -> bool:
    """Whether all processes that mention `text` end within the time."""
    return eventually(lambda: not mentioning(text), seconds)


def eventually(met: Callable[[], bool], seconds: float = 15) -> bool:
    """Whether `met` comes true within the time."""
    end = time.monotonic() + seconds
    while not met():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def owner(pid: int) -> int:
    """The user that a process runs as."""
    return Path(f"/proc/{pid}").stat().st_uid


def command(pid: int) -> str:
    """The command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
