"""The database that comes with Callout: one PostgreSQL server per data folder, on a unix socket, a child of ours."""

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from callout.server import binaries, datafolder, paths, processes
from callout.server.errors import ServerProblem

MAX_CONNECTIONS = 100
_START_SECONDS = 300  # replaying the log of a crash takes its time
_STOP_SECONDS = 60
_LOG_LIMIT = 10_000_000  # bytes


def running(var: Path) -> bool:
    """Whether the server of this data folder is up and accepts sessions."""
    return datafolder.postmaster(paths.data_dir(var)) is not None and datafolder.ready(paths.data_dir(var))


@contextlib.contextmanager
def database(var: Path, say: Callable[[str], None] = lambda text: None) -> Iterator[str]:
    """The address of the installation's database, which is up while the block runs.

    A running server is used; else it is started for the block, and a second command waits for its turn. `say` is
    told why when there is something to wait for. Raises ServerProblem.
    """
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    while True:
        try:
            with processes.holding(var, "command"), EmbeddedServer(var) as server:
                yield server.dsn()
                return
        except processes.Held as held:
            if held.holder == "up":
                if not processes.wait_until(lambda: running(var), 60):
                    raise ServerProblem("Callout is starting, but its database does not come up.") from held
                yield paths.embedded_url(var)
                return
            say(f"Another command (process {held.pid}) is using the database; waiting for it.")
            time.sleep(0.5)


class EmbeddedServer:
    """The PostgreSQL server of one data folder, as a context manager or by start() and stop().

    `scratch` gives up durability for speed: for tests and benchmarks only.
    """

    def __init__(self, var: Path, *, scratch: bool = False) -> None:
        self.var = var
        self.scratch = scratch
        self._process: subprocess.Popen[bytes] | None = None

    def dsn(self, dbname: str = "callout", user: str = "callout") -> str:
        """The address of one of its databases; the user `postgres` may do everything."""
        return paths.embedded_url(self.var, dbname, user)

    def start(self) -> Self:
        """Initialise the data on first use, start the server and wait until it accepts sessions.

        Raises ServerProblem with the last lines of the server's log.
        """
        paths.make_var_dir(self.var)
        data, user = datafolder.prepare(self.var, sync=not self.scratch)
        datafolder.wait_for_predecessor(data)
        paths.make_private_dir(paths.log_dir(self.var))
        log = paths.log_dir(self.var) / "postgres.log"
        if log.exists() and log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        command = [str(binaries.usable_by(user) / "postgres"), "-D", str(data), *self._options(data, user)]
        with log.open("ab") as out:
            self._process = subprocess.Popen(  # type: ignore[call-overload] # arguments by name
                command,
                env=binaries.environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # the terminal's Ctrl-C is the supervisor's to handle
                preexec_fn=processes.tied_to_parent(signal.SIGINT),  # noqa: PLW1509 - it takes no lock
                **binaries.as_user(user),
            )
        try:
            _wait_until_ready(self._process, data, log)
            self._create_database()
        except BaseException:
            self.stop()
            raise
        return self

    def _options(self, data: Path, user: pwd.struct_passwd | None) -> list[str]:
        socket = paths.socket_dir(self.var)
        if socket == paths.data_dir(self.var):
            socket = data
        else:
            _make_socket_dir(socket, user)
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(socket),
            "unix_socket_permissions": "0700",
            "port": "5432",
            "max_connections": str(MAX_CONNECTIONS),
            "shared_buffers": f"{128 if self.scratch else min(max(memory // 8, 64), 1024)}MB",
            "effective_cache_size": f"{max(memory // 2, 128)}MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "random_page_cost": "1.1",
            "max_wal_size": "2GB",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "synchronous_commit": "on",
            "log_line_prefix": "%m [%p] %d ",
            "log_checkpoints": "off",
        }
        if self.scratch:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _create_database(self) -> None:
        """Create what is missing, so that a first start that was interrupted is made up for."""
        with psycopg.connect(self.dsn("postgres", "postgres"), autocommit=True) as session:
            if not session.execute("SELECT 1 FROM pg_roles WHERE rolname = 'callout'").fetchone():
                session.execute("CREATE ROLE callout LOGIN" + (" CREATEDB" if self.scratch else ""))
            if not session.execute("SELECT 1 FROM pg_database WHERE datname = 'callout'").fetchone():
                session.execute("CREATE DATABASE callout OWNER callout")

    def stop(self) -> None:
        """End all sessions and stop, within a minute; what is committed is on the disk."""
        process, self._process = self._process, None
        if process is None:
            return
        for signum, seconds in ((signal.SIGINT, _STOP_SECONDS), (signal.SIGQUIT, 10), (signal.SIGKILL, None)):
            process.send_signal(signum)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
                break
        socket = paths.socket_dir(self.var)
        if socket != paths.data_dir(self.var):
            shutil.rmtree(socket, ignore_errors=True)

    @property
    def pid(self) -> int | None:
        """The server's process while it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@contextlib.contextmanager
def scratch() -> Iterator[EmbeddedServer]:
    """A fast server without durability in a temporary folder, gone with its data when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="callout-"))
    folder.chmod(0o711)  # the server's user passes through
    try:
        with EmbeddedServer(folder, scratch=True) as server:
            yield server
    finally:
        shutil.rmtree(folder)


def _wait_until_ready(process: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    came_up = processes.wait_until(lambda: process.poll() is not None or datafolder.ready(data), _START_SECONDS)
    if process.poll() is not None or not came_up:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
        raise ServerProblem(f"The database did not start. Its log {log} ends with:\n{tail}")


def _make_socket_dir(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Create a folder that nobody else can put a socket into, also below a shared one like /tmp."""
    uid = os.geteuid() if user is None else user.pw_uid
    folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
        raise ServerProblem(f"{folder}, for the database's socket, belongs to somebody else.", "Remove it.")
