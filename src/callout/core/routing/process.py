"""A run in a process of its own, which can be stopped at any moment and ends with the one that started it."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import IO

from callout.core.routing import wire
from callout.core.routing.check import check
from callout.core.routing.errors import RoutingFailed
from callout.core.routing.model import Plan, Problem, Progress

EVERY = 0.5
"""Seconds between two looks at a run."""
GRACE = 30.0
"""Seconds that a run may take longer than it should: it starts, and on a new machine it compiles."""

Watch = Callable[[Progress], bool]


def solve(problem: Problem, *, seconds: float, progress: Watch | None = None, seed: int = 0) -> Plan:
    """The best plan found within about `seconds`.

    About every half second `progress` is called; when it returns False, the run ends with the best plan so far.
    Raises RoutingFailed when there is no plan: the run failed, or it was stopped before it had one.
    """
    run = _Run(problem, seconds, progress or (lambda _: True))
    with tempfile.TemporaryFile() as said, _child(said) as child:
        try:
            answered = run.follow(child, seed)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RoutingFailed(detail=str(error)) from error
        if not answered and run.best is None:
            raise RoutingFailed(detail=_last_words(said) or "stopped before there was a plan")
    if run.best is None or (wrong := check(problem, run.best)):
        raise RoutingFailed(detail=wrong[0] if run.best else "no plan")
    return run.best


class _Run:
    """What is known of a run while it goes on."""

    def __init__(self, problem: Problem, seconds: float, watch: Watch) -> None:
        self.problem, self.seconds, self.watch = problem, seconds, watch
        self.began = time.monotonic()
        self.best: Plan | None = None

    def follow(self, child: subprocess.Popen[bytes], seed: int) -> bool:
        """Ask the question and take the answers; True when the last of them came."""
        if child.stdin is None or child.stdout is None:
            return False
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(wire.frame(wire.question(self.problem, self.seconds, seed)))
            child.stdin.flush()
        reader, looked = wire.Reader(), self.began
        while self.elapsed < self.seconds + GRACE:
            piece = _read(child.stdout)
            if piece == b"" or (piece and self._take(reader.feed(piece))):
                return piece != b""
            if time.monotonic() - looked >= EVERY:
                looked = time.monotonic()
                if not self.watch(self.progress()):
                    return False
        return False

    def _take(self, messages: Iterator[bytes]) -> bool:
        """Keep the plan that came last; True when no other one follows."""
        last = False
        for message in messages:
            self.best, last = wire.plan(message)
        return last

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began

    def progress(self) -> Progress:
        """How far it is."""
        if self.best is None:
            return Progress(self.elapsed, self.seconds)
        return Progress(self.elapsed, self.seconds, len(self.best.left_out), self.best.travel)


def _read(pipe: IO[bytes]) -> bytes | None:
    """What has come, waiting a little for it; empty at the end, None when nothing came."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        return os.read(pipe.fileno(), 1 << 20) if waiting.select(EVERY / 5) else None


@contextlib.contextmanager
def _child(said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The process, which is gone when the block ends, however it ends."""
    command = [sys.executable, "-P", "-m", "callout.core.routing", str(os.getpid())]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)  # noqa: S603 - ours
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


def _last_words(said: IO[bytes]) -> str:
    """The last line that the process wrote about its end."""
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
