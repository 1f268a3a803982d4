"""The embedded server's data folder: made once, checked at each start, and whether a server is using it."""

import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path

from callout.server import binaries, paths, processes
from callout.server.errors import ServerProblem

_PREDECESSOR_SECONDS = 60


def prepare(var: Path, *, sync: bool = True) -> tuple[Path, pwd.struct_passwd | None]:
    """The real data folder, initialised, and the user that the server runs as (None: ours). Raises ServerProblem."""
    data = paths.data_dir(var)
    if not data.exists():
        if data.is_symlink():
            raise ServerProblem(
                f"{data} points to {data.readlink()}, which does not exist.",
                "Bring that folder back, or remove the link to begin with an empty database.",
            )
        _initialise(data, sync)
    real = data.resolve()
    _check_version(real)
    return real, _owner(real)


def _initialise(data: Path, sync: bool) -> None:
    """Make the data in a folder beside, so that an interrupted initdb leaves nothing that looks finished."""
    user = binaries.unprivileged_user()
    draft = data.with_name("postgres.new")
    if draft.exists():
        shutil.rmtree(draft)
    _make_for(draft, user)
    elsewhere = not binaries.may_use(draft, user)
    if elsewhere:
        draft.rmdir()
        draft = paths.state_dir() / f"postgres-{secrets.token_hex(4)}"
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.parent.chmod(0o755)
        _make_for(draft, user)
    _initdb(draft, user, sync)
    if elsewhere:
        data.symlink_to(draft)
    else:
        draft.rename(data)


def _make_for(folder: Path, user: pwd.struct_passwd | None) -> None:
    folder.mkdir(mode=0o700)
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)


def _initdb(folder: Path, user: pwd.struct_passwd | None, sync: bool) -> None:
    command = [str(binaries.usable_by(user) / "initdb"), "-D", str(folder), "-U", "postgres", "-A", "trust"]
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += [] if sync else ["--no-sync"]
    done = subprocess.run(  # type: ignore[call-overload] # arguments by name
        command, env=binaries.environment(), capture_output=True, text=True, check=False, **binaries.as_user(user)
    )
    if done.returncode:
        raise ServerProblem(f"The database could not be initialised: {done.stderr.strip()}")


def _check_version(data: Path) -> None:
    try:
        major = (data / "PG_VERSION").read_text().strip()
    except PermissionError:
        raise ServerProblem(
            f"{data} belongs to another user.", "Run as the user who started Callout first, or choose a CALLOUT_VAR."
        ) from None
    except FileNotFoundError:
        raise ServerProblem(
            f"{data} holds no database.", "Remove the folder to begin with an empty database."
        ) from None
    if major != str(binaries.MAJOR):
        raise ServerProblem(
            f"The data in {data} was made by PostgreSQL {major}; this Callout comes with {binaries.MAJOR}.",
            "Make a backup with the Callout that made it (`callout backup FILE`), move the folder away, then restore.",
        )


def _owner(data: Path) -> pwd.struct_passwd | None:
    """Whom the server runs as: the data's owner, and it must still reach the folder."""
    uid = data.stat().st_uid
    if uid == os.geteuid():
        return None
    try:
        user = pwd.getpwuid(uid)
    except KeyError:
        raise ServerProblem(f"{data} belongs to user {uid}, who has no account here.") from None
    if os.geteuid() != 0:
        raise ServerProblem(f"{data} belongs to {user.pw_name}.", f"Run as {user.pw_name}, or choose a CALLOUT_VAR.")
    if not binaries.may_use(data, user):
        raise ServerProblem(
            f"The database's user {user.pw_name} can no longer enter {data}.",
            "Move the data folder to where that user can, or set CALLOUT_VAR to such a place.",
        )
    return user


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return []


def postmaster(data: Path) -> int | None:
    """The process that serves this data folder, or None; a pid that now is another program's does not count."""
    lines = _pid_file(data)
    if not lines or not lines[0].isdigit():
        return None
    ours = f"postgres -D {data.resolve()} " in processes.command_line(int(lines[0]))
    return int(lines[0]) if ours else None


def ready(data: Path) -> bool:
    """Whether the server says that it accepts sessions."""
    lines = _pid_file(data)
    return len(lines) > 7 and lines[7].strip() == "ready"


def wait_for_predecessor(data: Path) -> None:
    """Let a server whose supervisor was killed finish its shutdown, and remove the pid file of one long gone."""
    if not processes.wait_until(lambda: postmaster(data) is None, _PREDECESSOR_SECONDS):
        raise ServerProblem(
            f"A database server (process {postmaster(data)}) is already using {data}.", "Stop it, then try again."
        )
    (data / "postmaster.pid").unlink(missing_ok=True)
