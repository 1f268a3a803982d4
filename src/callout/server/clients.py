"""PostgreSQL's own programs for dumping and restoring, the right ones for the server at hand."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from callout.server import binaries
from callout.server.errors import ServerProblem

OLDEST_MAJOR = 15
_KNOWS_TRANSACTION_TIMEOUT = 17  # the first server whose settings have what newer dumps set at their beginning


def server_major(url: str) -> int:
    """The major version of the server at `url`. Raises ServerProblem where it cannot be reached or is too old."""
    try:
        with psycopg.connect(url, connect_timeout=10) as session:
            major = session.info.server_version // 10000
    except psycopg.OperationalError as error:
        raise ServerProblem(
            f"The database cannot be reached: {str(error).strip()}", "Check DATABASE_URL and that its server runs."
        ) from error
    if major < OLDEST_MAJOR:
        raise ServerProblem(
            f"The database runs on PostgreSQL {major}; Callout needs {OLDEST_MAJOR} or newer.",
            "Upgrade the server, or leave DATABASE_URL out to use the database that comes with Callout.",
        )
    return major


def dump(url: str, target: Path) -> None:
    """Write the database at `url` into `target`, in PostgreSQL's own archive format. Raises ServerProblem."""
    arguments = ["--format=custom", "--no-owner", "--no-privileges", "--file", str(target)]
    _run([str(_program("pg_dump", server_major(url))), *arguments, "--dbname", _without_password(url)], url)


def load(source: Path, url: str) -> None:
    """Put a dump into the empty database at `url`. Raises ServerProblem at the first thing that does not fit."""
    major = server_major(url)
    program = str(_program("pg_restore", major))
    options = ["--no-owner", "--no-privileges"]
    if major >= _KNOWS_TRANSACTION_TIMEOUT:
        jobs = f"--jobs={min(os.cpu_count() or 1, 4)}"
        _run([program, *options, "--exit-on-error", jobs, "--dbname", _without_password(url), str(source)], url)
    else:
        _load_into_older(program, options, source, url)


def _load_into_older(program: str, options: list[str], source: Path, url: str) -> None:
    """As a script, less the one setting that the older server lacks."""
    psql = str(_program("psql", 0))
    arguments = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction", _without_password(url)]
    environment = _environment(url)
    with (
        subprocess.Popen(
            [program, *options, "--file=-", str(source)], stdout=subprocess.PIPE, env=environment
        ) as script,
        subprocess.Popen(
            [psql, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
        ) as loader,
    ):
        complaint = _feed(script.stdout, loader)
    if script.returncode or loader.returncode:
        raise ServerProblem(f"The dump could not be loaded: {complaint or 'pg_restore failed'}")


def _feed(script: IO[bytes] | None, loader: subprocess.Popen[bytes]) -> str:
    assert script is not None and loader.stdin is not None and loader.stderr is not None  # noqa: S101 - all are pipes
    try:
        for number, line in enumerate(script):
            if number > 50 or line != b"SET transaction_timeout = 0;\n":
                loader.stdin.write(line)
        loader.stdin.close()
    except BrokenPipeError:  # it stopped at an error, which it tells below
        pass
    return loader.stderr.read().decode(errors="replace").strip()


def _program(name: str, major: int) -> Path:
    """Ours, unless the server is newer than it: then one on the PATH that is new enough."""
    if major <= binaries.MAJOR:
        return binaries.packaged() / name
    found = shutil.which(name)
    if found and _major_of(found) >= major:
        return Path(found)
    raise ServerProblem(
        f"The database runs on PostgreSQL {major}, which Callout's own {name} ({binaries.MAJOR}) cannot read.",
        f"Install the client programs of PostgreSQL {major}, so that its {name} is on the PATH.",
    )


def _major_of(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"(\d+)(?:\.\d+)?\b", said)
    return int(number[1]) if number else 0


def _environment(url: str) -> dict[str, str]:
    password = conninfo_to_dict(url).get("password")
    return binaries.environment() | ({"PGPASSWORD": str(password)} if password else {})


def _without_password(url: str) -> str:
    """Arguments can be read by everybody on the machine; the password goes through the environment."""
    parts = conninfo_to_dict(url)
    parts.pop("password", None)
    return make_conninfo("", **parts)


def _run(command: list[str], url: str) -> None:
    done = subprocess.run(command, env=_environment(url), capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerProblem(f"{Path(command[0]).name} failed: {done.stderr.strip()}")
