"""Where an installation keeps its things, and what is told from there: folders, database address, secret key."""

import hashlib
import os
import pwd
import secrets
import tempfile
from pathlib import Path
from urllib.parse import quote

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes; one more is the closing NUL of sockaddr_un


def project_dir() -> Path:
    """The folder of the checkout, or the current folder when Callout was installed as a package."""
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def var_dir() -> Path:
    """The data folder, absolute: the environment's CALLOUT_VAR, else `var` in the project. It need not exist yet."""
    return Path(os.environ.get("CALLOUT_VAR") or project_dir() / "var").expanduser().absolute()


def data_dir(var: Path) -> Path:
    """The embedded server's data: a folder, or a link to one where the server's user cannot enter `var`."""
    return var / "postgres"


def state_dir() -> Path:
    """Root's place for the server's programs and data where the server's user cannot enter the project.

    The environment's CALLOUT_STATE, else the system's folder for such things.
    """
    return Path(os.environ.get("CALLOUT_STATE") or "/var/lib/callout")


def media_dir(var: Path) -> Path:
    """Uploaded and produced files."""
    return var / "media"


def log_dir(var: Path) -> Path:
    """One log file per process."""
    return var / "log"


def logins_file(var: Path) -> Path:
    """The logins of the demo company, for the terminal: a JSON list of role, username and password."""
    return var / "demo-logins.json"


def socket_dir(var: Path) -> Path:
    """The folder of the embedded server's socket: its data folder, unless that path is too long for a socket.

    Every process has to come to the same answer, so it depends on `var` and the user's home folder only.
    """
    data = data_dir(var)
    if all(_holds_socket(folder) for folder in (data, data.resolve())):
        return data
    name = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    if os.geteuid() == 0:
        return Path("/run/callout") / name
    at_home = _home() / ".local/state/callout" / name
    return at_home if _holds_socket(at_home) else Path(f"/tmp/callout-{os.geteuid()}-{name}")  # noqa: S108 - owner and mode are checked before use


def _home() -> Path:
    try:
        return Path(pwd.getpwuid(os.geteuid()).pw_dir)
    except KeyError:  # a user without an account, as containers have them
        return Path("/nonexistent")


def _holds_socket(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT


def embedded_url(var: Path, dbname: str = "callout", user: str = "callout") -> str:
    """The address of a database of the embedded server, as libpq and Django's settings read it."""
    return f"postgresql://{user}@/{dbname}?host={quote(str(socket_dir(var)))}&port=5432"


def database_url(var: Path) -> str:
    """The environment's DATABASE_URL, else the address of the embedded database, whether it runs or not."""
    return os.environ.get("DATABASE_URL") or embedded_url(var)


def make_private_dir(folder: Path) -> None:
    """Create `folder` (and its parents) so that only its owner reads it; an existing folder is left as it is."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)


def make_var_dir(var: Path) -> None:
    """Create the data folder: closed to others, who may only pass through it where the server's user has to."""
    if not var.is_dir():
        make_private_dir(var)
        if os.geteuid() == 0:
            var.chmod(0o711)


def secret_key(var: Path) -> str:
    """The installation's secret key, made on first use (0600); processes that race for it all get the same one."""
    file = var / "secret_key"
    if not file.exists():
        make_var_dir(var)
        _write_once(file, secrets.token_urlsafe(50))
    return file.read_text().strip()


def _write_once(file: Path, text: str) -> None:
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # 0600
    try:
        with os.fdopen(handle, "w") as out:
            out.write(text + "\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)
    except FileExistsError:
        pass  # another process was first, and its key counts
    finally:
        os.unlink(draft)
