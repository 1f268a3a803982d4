"""`callout doctor`: what is configured, what is wrong, how to mend it."""

import enum
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from callout.server import clients, messages, paths, processes
from callout.server.embedded import database
from callout.server.errors import ServerProblem

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_LITTLE_SPACE = 2 * 10**9  # bytes
_NO_SPACE = 200 * 10**6
_SILENT_WORKER = 60  # seconds; it reports every ten
_KEY_LENGTH = 50


class Level(enum.Enum):
    """How a finding looks; only WRONG makes the exit status 1."""

    OK = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True)
class Finding:
    """What was looked at, what was seen, and how to mend it."""

    level: Level
    subject: str
    seen: str
    mend: str = ""


def doctor(var: Path | None = None, say: Callable[[str], None] = print) -> int:
    """Look at everything and say it, a line each; the exit status is 1 when something is wrong."""
    worst = 0
    for finding in findings(var or paths.var_dir()):
        say(f"{finding.level.value:5}  {finding.subject:12}  {finding.seen}")
        if finding.mend:
            say(f"{'':21}→ {finding.mend}")
        worst |= finding.level is Level.WRONG
    return int(worst)


def findings(var: Path) -> Iterator[Finding]:
    """All that `callout doctor` looks at, in order. It changes nothing; a database at rest is started for it."""
    yield _python()
    yield _node()
    yield _chromium()
    yield _pages()
    yield from _folder(var)
    yield _space(var)
    yield _secret_key(var)
    yield _debug()
    yield _mail(var)
    yield from _database(var)


def _python() -> Finding:
    return Finding(Level.OK, "Python", f"{platform.python_version()}, {sys.executable}")


def _node() -> Finding:
    search = f"{Path(sys.prefix, 'bin')}:{os.environ.get('PATH', os.defpath)}"
    node = shutil.which("node", path=search)
    if node is None:
        return Finding(Level.NOTE, "Node", "not found; only building the pages needs it", "`make setup` brings one.")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    numbers = [int(part) for part in said.lstrip("v").split(".") if part.isdigit()]
    if numbers < [20, 19]:
        return Finding(Level.NOTE, "Node", f"{said} is too old to build the pages", "`make setup` brings a newer one.")
    return Finding(Level.OK, "Node", said)


def _chromium() -> Finding:
    found = next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM") or "chromium", *_BROWSERS))), None)
    if found is None:
        return Finding(Level.NOTE, "Chromium", "not found; only the tests need it", "Install the package chromium.")
    return Finding(Level.OK, "Chromium", found)


def _pages() -> Finding:
    static = messages.PACKAGE / "ui" / "static"
    missing = [name for name in ("islands", "vendor") if not any(static.joinpath(name).glob("*"))]
    if missing:
        return Finding(
            Level.WRONG, "Pages", f"scripts and styles were not built ({', '.join(missing)})", "`make setup`"
        )
    if stale := messages.outdated():
        return Finding(
            Level.NOTE, "Pages", f"{len(stale)} translations are not compiled", "`callout up` compiles them."
        )
    return Finding(Level.OK, "Pages", "scripts, styles and translations are built")


def _folder(var: Path) -> Iterator[Finding]:
    if not var.is_dir():
        yield Finding(Level.NOTE, "Data folder", f"{var} does not exist yet", "`callout up` makes it.")
        return
    if not os.access(var, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(Level.WRONG, "Data folder", f"{var} cannot be written", "Run as its owner, or set CALLOUT_VAR.")
        return
    open_ones = [path for path in _private(var) if path.exists() and path.stat().st_mode & 0o066]
    if open_ones:
        names = ", ".join(map(str, open_ones))
        yield Finding(Level.WRONG, "Data folder", f"others may read {names}", f"chmod go-rw {names}")
        return
    yield Finding(Level.OK, "Data folder", str(var))


def _private(var: Path) -> list[Path]:
    return [var, paths.media_dir(var), paths.log_dir(var), var / "secret_key", paths.logins_file(var)]


def _space(var: Path) -> Finding:
    place = next(folder for folder in (var, *var.parents) if folder.is_dir())
    free = shutil.disk_usage(place).free
    seen = f"{free / 10**9:.1f} GB free"
    if free < _NO_SPACE:
        return Finding(Level.WRONG, "Disk", seen, "Make room: the database stops when there is none left.")
    if free < _LITTLE_SPACE:
        return Finding(Level.NOTE, "Disk", seen, "Make room soon.")
    return Finding(Level.OK, "Disk", seen)


def _secret_key(var: Path) -> Finding:
    if key := os.environ.get("SECRET_KEY"):
        if len(key) < _KEY_LENGTH:
            return Finding(Level.WRONG, "Secret key", "SECRET_KEY is short", f"Set {_KEY_LENGTH} random characters.")
        return Finding(Level.OK, "Secret key", "from SECRET_KEY")
    if not (var / "secret_key").exists():
        return Finding(Level.NOTE, "Secret key", "not made yet", "`callout up` makes it.")
    if len(paths.secret_key(var)) < _KEY_LENGTH:
        return Finding(
            Level.WRONG, "Secret key", f"{var / 'secret_key'} is short", "Remove the file; a new one is made."
        )
    return Finding(Level.OK, "Secret key", f"from {var / 'secret_key'}")


def _debug() -> Finding:
    if not _on("DEBUG"):
        return Finding(Level.OK, "Debugging", "off")
    if os.environ.get("CALLOUT_HOSTS"):
        return Finding(Level.WRONG, "Debugging", "on, at a public address: errors show what is inside", "Unset DEBUG.")
    return Finding(Level.NOTE, "Debugging", "on; every error shows what is inside", "Unset DEBUG for real work.")


def _on(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on", "y", "ok")


def _mail(var: Path) -> Finding:
    if url := os.environ.get("EMAIL_URL"):
        return Finding(Level.OK, "Mail", f"sent through {urlsplit(url).hostname or urlsplit(url).scheme}")
    return Finding(
        Level.NOTE,
        "Mail",
        f"is not sent; messages are kept in {var / 'mail'}",
        "EMAIL_URL=smtp+tls://user:password@host:587",
    )


def _database(var: Path) -> Iterator[Finding]:
    if "DATABASE_URL" not in os.environ and not paths.data_dir(var).exists():
        yield Finding(Level.NOTE, "Database", "not made yet", "`callout up` makes it.")
        return
    try:
        with database(var) as url:
            major = clients.server_major(url)
            whose = "a server of your own" if "DATABASE_URL" in os.environ else "comes with Callout"
            yield Finding(Level.OK, "Database", f"PostgreSQL {major}, {whose}")
            yield _worker(var, url)
            yield _application(var)
    except ServerProblem as problem:
        yield Finding(Level.WRONG, "Database", problem.what, problem.mend)


def _application(var: Path) -> Finding:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "django", "migrate", "--check"],
        env=os.environ | {"CALLOUT_VAR": str(var), "DJANGO_SETTINGS_MODULE": "callout.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.returncode:
        return Finding(Level.OK, "Application", "loads, and the database is up to date")
    if complaint := done.stderr.strip():
        return Finding(Level.WRONG, "Application", complaint.splitlines()[-1], "`python -m django check` tells more.")
    return Finding(Level.WRONG, "Application", "the database is older than this Callout", "`callout up` updates it.")


def _worker(var: Path, url: str) -> Finding:
    try:
        with psycopg.connect(url) as session:
            seen = session.execute(
                "SELECT extract(epoch FROM now() - max(last_heartbeat))::int FROM procrastinate_workers"
            ).fetchone()
            waiting = session.execute(
                "SELECT count(*) FROM procrastinate_jobs "
                "WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
            ).fetchone()
    except psycopg.errors.UndefinedTable:
        return Finding(Level.NOTE, "Worker", "has no queue yet", "`callout up` makes it.")
    silence = seen[0] if seen else None
    jobs = f"{waiting[0] if waiting else 0} jobs waiting"
    if silence is not None and silence <= _SILENT_WORKER:
        return Finding(Level.OK, "Worker", f"at work, {jobs}")
    if _is_up(var):
        mend = f"Look into {paths.log_dir(var) / 'worker.log'}, then start Callout again."
        return Finding(Level.WRONG, "Worker", f"Callout runs, but no worker does its jobs; {jobs}", mend)
    return Finding(Level.NOTE, "Worker", f"none is running, {jobs}", "`callout up` starts one.")


def _is_up(var: Path) -> bool:
    try:
        with processes.holding(var, "command"):
            return False
    except processes.Held as held:
        return held.holder == "up"


if __name__ == "__main__":
    sys.exit(doctor())
