"""How long from `git clone` and `make run` to a page in the browser, and how long does a second start take?

`smoke` leaves out the clone: it starts the application of this checkout twice on a data folder of its own.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.support import installation, measure

FIRST_WAIT, SECOND_WAIT = 1800, 120  # seconds; packages may come over a slow line


def main() -> None:
    """Start, stop, start again; with the demo company and without."""
    options = measure.arguments(__doc__ or "")
    with tempfile.TemporaryDirectory(prefix="callout-start-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the database's user passes through
        if options.size == "smoke":
            figures = twice("no_demo", [sys.executable, "-m", "callout", "up"], installation.ROOT, folder, "0")
        else:
            figures = from_clone(folder)
    measure.table(["", "seconds"], [[name.replace("_", " "), seconds] for name, seconds in figures.items()])
    measure.finish(options, {f"{name}_s": seconds for name, seconds in figures.items()})


def from_clone(folder: Path) -> dict[str, float]:
    """Clone, install and start with the demo company; then an empty installation of the same clone."""
    clone = folder / "callout"
    began = time.perf_counter()
    subprocess.run(["git", "clone", "-q", str(installation.ROOT), str(clone)], check=True)
    figures = {"clone": time.perf_counter() - began}
    demo = twice("demo", ["make", "run"], clone, folder, "1")
    figures["clone_to_page"] = figures["clone"] + demo["demo_first_start"]
    return figures | demo | twice("no_demo", ["make", "run"], clone, folder, "0")


def twice(name: str, command: Sequence[str], where: Path, folder: Path, demo: str) -> dict[str, float]:
    """Seconds until the page is there at the first and at the second start on a new data folder."""
    figures = {}
    for start, wait in (("first_start", FIRST_WAIT), ("second_start", SECOND_WAIT)):
        with running(command, where, folder / f"var-{name}", folder / "state", demo, wait) as took:
            figures[f"{name}_{start}"] = took
    return figures


@contextmanager
def running(command: Sequence[str], where: Path, var: Path, state: Path, demo: str, wait: float) -> Iterator[float]:
    """Seconds from the command to the login page; the application is stopped, and gone, when the block ends."""
    port = installation.free_port()
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "MAKEFLAGS")}
    environment |= {"PORT": str(port), "CALLOUT_VAR": str(var), "CALLOUT_STATE": str(state), "DEMO": demo}
    began = time.perf_counter()
    child = subprocess.Popen(
        command, cwd=where, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        base = f"http://localhost:{port}"
        until_answered(base + "/readyz", child, wait)
        until_answered(base + "/", child, wait, b'type="password"')
        yield time.perf_counter() - began
    finally:
        stop(child, var)
    until_gone(port)


def until_answered(url: str, child: Any, seconds: float, holding: bytes = b"") -> None:
    """Wait for a page that holds some text. Raises RuntimeError when the program ends first."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        if child.poll() is not None:
            raise RuntimeError(f"{url}: the program ended:\n{child.stdout.read().decode(errors='replace')}")
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                if holding in answer.read():
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise RuntimeError(f"{url} did not answer within {seconds:,} s")


def stop(child: Any, var: Path) -> None:
    """Ask the supervisor to end, as Ctrl-C does, and wait for it."""
    held = (var / "callout.lock").read_text().split() if (var / "callout.lock").exists() else []
    if child.poll() is None:
        os.kill(int(held[1]) if len(held) == 2 else child.pid, signal.SIGINT)
    try:
        child.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        raise RuntimeError("the program did not end within a minute") from None


def until_gone(port: int) -> None:
    """After a stop nobody listens any more."""
    try:
        urllib.request.urlopen(f"http://localhost:{port}/readyz", timeout=2).close()
    except OSError:
        return
    raise RuntimeError("the application still answers after it was stopped")


if __name__ == "__main__":
    main()
