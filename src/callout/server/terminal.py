"""What `callout up` says while it works: one line a step, with the seconds that it took."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str = "", end: str = "\n") -> None:
    """A line on the terminal, at once; silent when the terminal is gone, for Callout has to stop in order."""
    try:
        print(text, end=end, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - for as long as the process lives


class Step:
    """The line of a step that is under way."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._begun = time.monotonic()
        self._shown = -1
        self._live = sys.stdout.isatty()
        self.tick()

    def tick(self) -> None:
        """Show that it is still at work; cheap enough to be called in a loop."""
        seconds = int(time.monotonic() - self._begun)
        if self._live and seconds != self._shown:
            self._shown = seconds
            say(f"\r  {self._label} … {f'{seconds} s' if seconds else ''}", end="")

    def end(self, outcome: str) -> None:
        """Finish the line."""
        start = "\r" if self._live else ""
        say(f"{start}  {self._label} … {outcome}")

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self._begun


@contextmanager
def step(label: str) -> Iterator[Step]:
    """Name what the block does, and how long it took when it ends well."""
    line = Step(label)
    try:
        yield line
    except BaseException:
        line.end("not done")
        raise
    line.end(f"{line.seconds:.1f} s")
