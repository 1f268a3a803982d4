"""The process that works out routes: a question comes in, plans go out, each better than the one before."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from callout.core.routing import compiled

if TYPE_CHECKING:
    from callout.core.routing.wire import Reader

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Read a question, write answers; end with the process that asked. `warm [FOLDER]` compiles and does no more."""
    began = time.monotonic()
    compiled.keep_in(Path(sys.argv[2]) if sys.argv[1] == "warm" and len(sys.argv) > 2 else None)
    if sys.argv[1] == "warm":
        from callout.core.routing.polish import warm

        warm()
        return
    _end_with(int(sys.argv[1]))
    out = os.dup(1)
    os.dup2(2, 1)  # what libraries print must not stand between the answers
    from callout.core.routing import wire
    from callout.core.routing.search import search

    problem, seconds, seed = wire.problem(_read(wire.Reader()))
    plan = None
    for plan in search(problem, seconds=seconds - (time.monotonic() - began), seed=seed):
        _write(out, wire.frame(wire.answer(plan, last=False)))
    if plan is not None:
        _write(out, wire.frame(wire.answer(plan, last=True)))


def _read(held: Reader) -> bytes:
    """The one message that comes in."""
    while piece := os.read(0, 1 << 20):
        for message in held.feed(piece):
            return message
    sys.exit(1)


def _write(out: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(out, rest) :]


def _end_with(parent: int) -> None:
    """Let the kernel end this process when `parent` ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    main()
