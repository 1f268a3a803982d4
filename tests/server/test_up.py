"""`callout up`: starts everything, looks after it, and leaves no process whichever way it ends."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.server import processes

from callout.server import paths


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Up:
    """A `callout up` in a terminal of its own."""

    def __init__(self, var: Path, **environment: str) -> None:
        self.port = int(environment.pop("PORT", free_port()))
        plain = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CALLOUT_URL")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "callout", "up"],
            env=plain | {"CALLOUT_VAR": str(var), "PORT": str(self.port), "DEMO": "0"} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""

    def until(self, text: str) -> str:
        """Read what it says up to the line that has `text`, which must come before it ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if text in line:
                return self.said
        raise AssertionError(f"it ended ({self.process.wait()}) without {text!r}:\n{self.said}")

    def ended(self) -> int:
        """Its exit status; all that it said is in `said`."""
        assert self.process.stdout is not None
        self.said += self.process.stdout.read()
        return self.process.wait(60)

    def get(self, path: str) -> int:
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=20) as answer:
            return answer.status

    def __enter__(self) -> "Up":
        return self

    def __exit__(self, *_trouble: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data folder that has been started once, and is at rest."""
    folder = Path(tempfile.mkdtemp(prefix="callout-test-"))
    folder.chmod(0o711)
    var = folder / "var"
    with Up(var) as first:
        first.until("Ctrl-C stops it")
    assert "Bringing the database up to date" in first.said
    assert processes.gone(var)
    yield var
    shutil.rmtree(folder)


def test_a_second_start_is_fast_serves_and_ctrl_c_ends_every_process(home):
    with Up(home) as up:
        said = up.until("Ctrl-C stops it")
        assert f"Callout runs at http://localhost:{up.port}" in said
        assert "Bringing the database up to date" not in said
        seconds = re.search(r"after (\d+\.\d) s", said)
        assert seconds
        assert float(seconds[1]) < 15  # five on a machine that does nothing else
        assert up.get("/readyz") == 200
        assert len(processes.mentioning(home)) >= 4
        os.killpg(up.process.pid, signal.SIGINT)
        assert up.ended() == 0
    assert "Callout has stopped." in up.said
    assert processes.gone(home, 0)


def test_a_killed_supervisor_leaves_no_process_and_the_next_start_works(home):
    with Up(home) as up:
        up.until("Ctrl-C stops it")
        up.process.kill()
    assert processes.gone(home)
    with Up(home) as again:
        again.until("Ctrl-C stops it")
        assert again.get("/healthz") == 200
    assert processes.gone(home, 0)


def test_a_stop_while_it_is_starting_leaves_no_process(home):
    with Up(home) as up:
        up.until("Starting the database")
        up.process.send_signal(signal.SIGTERM)
        assert up.ended() == 0
    assert processes.gone(home, 0)


def test_a_terminal_that_was_closed_is_a_stop_in_good_order(home):
    with Up(home) as up:
        up.until("Ctrl-C stops it")
        assert up.process.stdout is not None
        up.process.stdout.close()
        up.process.send_signal(signal.SIGHUP)
        assert up.process.wait(60) == 0
        assert processes.gone(home, 0)
        assert "database system is shut down" in (paths.log_dir(home) / "postgres.log").read_text().splitlines()[-1]


def test_a_process_that_dies_is_started_again_and_that_is_said(home):
    with Up(home, WEB_PROCESSES="1") as up:
        up.until("Ctrl-C stops it")
        [web] = [pid for pid in processes.mentioning(home) if "callout.server.web" in processes.command(pid)]
        os.kill(web, signal.SIGKILL)
        said = up.until("starting it again in 1 s")
        assert "web process 1 ended (killed by SIGKILL)" in said
        assert up.get("/healthz") == 200  # waits in the socket's queue until the new process takes it


def test_a_database_that_dies_is_started_again(home):
    with Up(home) as up:
        up.until("Ctrl-C stops it")
        os.kill(int((paths.data_dir(home) / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        up.until("The database ended; starting it again.")
        assert processes.eventually(lambda: ready(up), 30)


def ready(up: Up) -> bool:
    try:
        return up.get("/readyz") == 200
    except OSError:
        return False


def test_a_taken_port_is_said_plainly(home):
    with socket.create_server(("127.0.0.1", 0)) as taken, Up(home, PORT=str(taken.getsockname()[1])) as up:
        assert up.ended() == 1
    assert f"Port {up.port} on 127.0.0.1 cannot be used: Address already in use." in up.said
    assert "choose another port: PORT=" in up.said
    assert "Traceback" not in up.said
    assert processes.gone(home, 0)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "http", "PORT is “http”, which is no port"),
        ("PORT", "70000", "PORT is “70000”, which is no port"),
        ("HOST", "192.0.2.1", "on 192.0.2.1 cannot be used"),
        ("HOST", "no such host", "HOST is an address of this machine"),
    ],
)
def test_an_address_that_is_none_is_said_plainly(var, name, value, said):
    done = subprocess.run(
        [sys.executable, "-m", "callout", "up"],
        env=os.environ | {"CALLOUT_VAR": str(var), "PORT": str(free_port()), name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert said in done.stdout


def test_a_data_folder_in_use_is_said_plainly_and_another_copy_runs_beside(home, place, database_url):
    with Up(home) as up:
        up.until("Ctrl-C stops it")
        with Up(home) as second:
            assert second.ended() == 1
        assert f"Callout is already running on {home} (process {up.process.pid})." in second.said
        with Up(place / "var", DATABASE_URL=database_url) as beside:
            beside.until("Ctrl-C stops it")
            assert "Starting the database" not in beside.said
            assert beside.get("/readyz") == up.get("/readyz") == 200
        assert not (place / "var" / "postgres").exists()
    assert processes.gone(home, 0)
    assert processes.gone(place, 0)


def test_a_database_that_cannot_be_reached_is_said_plainly(var, place):
    with Up(var, DATABASE_URL=f"postgresql://me:hidden@/callout?host={place}") as up:
        assert up.ended() == 1
    assert "The database cannot be reached" in up.said
    assert "hidden" not in up.said
    assert "Traceback" not in up.said
