"""One file with everything: `callout backup FILE` and `callout restore FILE`."""

import filecmp
import importlib.metadata
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from callout.server import archive, clients, paths, processes, schema
from callout.server.embedded import EmbeddedServer, database
from callout.server.errors import ServerProblem

Say = Callable[[str], None]


def backup(file: Path, *, now: datetime, var: Path | None = None, say: Say = print) -> archive.Manifest:
    """Write database, files and secret key into `file`, while Callout runs or not; whole or not at all.

    The file is readable for its owner only: it holds all that the installation knows. Raises ServerProblem.
    """
    var = var or paths.var_dir()
    file = file.absolute()
    if file.is_dir() or not file.parent.is_dir():
        raise ServerProblem(f"{file} cannot be written.", "Name a file in a folder that exists.")
    with database(var, say) as url, archive.writing(file) as writer, _workspace(file.parent) as work:
        clients.server_major(url)
        about = _about(url, now)
        clients.dump(url, work / archive.DATABASE)
        writer.add(archive.DATABASE, work / archive.DATABASE)
        if (var / "secret_key").exists():
            writer.add(archive.SECRET, var / "secret_key")
        for name, path in _files(paths.media_dir(var)):
            writer.add(f"{archive.MEDIA}/{name}", path)
        return writer.close(about)


def _about(url: str, now: datetime) -> archive.Manifest:
    with psycopg.connect(url) as session:
        row = session.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
        server = session.info.server_version
    return archive.Manifest(
        format=archive.FORMAT,
        version=importlib.metadata.version("callout"),
        created=now.isoformat(),
        server=server,
        system=row[0] if row else "",
        migrations=[[app, name] for app, name, _applied in schema.applied_migrations(url)],
    )


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Regular files below `folder` with their names relative to it; links are not followed."""
    for parent, _folders, names in os.walk(folder):
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix(), path


@contextmanager
def _workspace(folder: Path) -> Iterator[Path]:
    work = Path(tempfile.mkdtemp(prefix=".callout-", dir=folder))  # 0700
    try:
        yield work
    finally:
        shutil.rmtree(work)


def restore(file: Path, *, replace: bool = False, var: Path | None = None, say: Say = print) -> archive.Manifest:
    """Put a backup in the place of what is there, at one stroke; Callout must not be running.

    Refuses a damaged file, one of a newer Callout, and a database that holds something unless `replace` is set;
    then nothing has changed. Raises ServerProblem.
    """
    var = var or paths.var_dir()
    if not file.is_file():
        raise ServerProblem(f"There is no file {file}.")
    with _idle(var), _workspace(var) as work:
        manifest = archive.extract(file, work)
        _check_age(file, manifest)
        with _server(var) as (url, admin_url):
            if not replace and _holds_something(url):
                raise ServerProblem(
                    "The database is not empty.", "To give up what is in it, add --replace. Nothing was changed."
                )
            say("Loading the database …")
            _load(work / archive.DATABASE, url, admin_url, lambda: _add_files(work, var))
        _settle_files(work, var)
    return manifest


@contextmanager
def _idle(var: Path) -> Iterator[None]:
    try:
        with processes.holding(var, "command"):
            yield
    except processes.Held as held:
        raise ServerProblem(
            f"Callout or one of its commands is running (process {held.pid}).", "Stop it, then restore."
        ) from None


@contextmanager
def _server(var: Path) -> Iterator[tuple[str, str]]:
    """The addresses of the database, and of one from which it can be renamed."""
    if url := os.environ.get("DATABASE_URL"):
        clients.server_major(url)
        yield url, make_conninfo(url, dbname="postgres")
        return
    with EmbeddedServer(var) as server:
        yield server.dsn(), server.dsn("postgres", "postgres")


def _check_age(file: Path, manifest: archive.Manifest) -> None:
    ours = schema.own_migrations()
    apps = {app for app, _name in ours}
    unknown = [f"{app}.{name}" for app, name in manifest.migrations if app in apps and (app, name) not in ours]
    if unknown or _number(manifest.version) > _number(importlib.metadata.version("callout")):
        raise ServerProblem(
            f"{file} was written by a newer Callout ({manifest.version}{', with ' + unknown[0] if unknown else ''}).",
            "Update Callout, then restore it. Nothing was changed.",
        )


def _number(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


def _holds_something(url: str) -> bool:
    with psycopg.connect(url) as session:
        row = session.execute(
            "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')"
        ).fetchone()
    return bool(row and row[0])


def _load(dump: Path, url: str, admin_url: str, before_the_swap: Callable[[], None]) -> None:
    """Load into a database beside, then let the two change names in one transaction and drop the old one."""
    name = str(conninfo_to_dict(url)["dbname"])
    owner = str(conninfo_to_dict(url).get("user") or os.environ.get("PGUSER", ""))
    fresh, old = f"{name}_restored_{os.getpid()}", f"{name}_replaced_{os.getpid()}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        try:
            admin.execute(_statement("CREATE DATABASE {} OWNER {} TEMPLATE template0", fresh, owner))
        except psycopg.errors.InsufficientPrivilege as error:
            raise ServerProblem(
                f"The database's user {owner} may not create databases.", f'Grant it: ALTER ROLE "{owner}" CREATEDB'
            ) from error
        try:
            clients.load(dump, make_conninfo(url, dbname=fresh))
            with psycopg.connect(make_conninfo(url, dbname=fresh), autocommit=True) as session:
                session.execute("ANALYZE")
            _refuse_company(admin, name)
            before_the_swap()
            with admin.transaction():
                admin.execute(_statement("ALTER DATABASE {} RENAME TO {}", name, old))
                admin.execute(_statement("ALTER DATABASE {} RENAME TO {}", fresh, name))
        except BaseException:
            admin.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", fresh))
            raise
        admin.execute(_statement("DROP DATABASE {}", old))


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*map(sql.Identifier, names))


def _refuse_company(admin: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    others = admin.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'", [name]
    ).fetchone()
    if others and others[0]:
        raise ServerProblem(
            f"{others[0]} sessions are using the database {name}.", "Stop every Callout that uses it, then restore."
        )


def _put(path: Path, target: Path) -> None:
    """Copy a file so that `target` is the old one or the new one at any moment."""
    draft = target.with_name(f".{target.name}.new")
    shutil.copy2(path, draft)
    draft.replace(target)


def _add_files(work: Path, var: Path) -> None:
    """Before the databases change places: files that are not there yet, so that the new one never lacks any."""
    media = paths.media_dir(var)
    paths.make_private_dir(media)
    for name, path in _files(work / archive.MEDIA):
        target = media / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not target.exists():
            _put(path, target)


def _settle_files(work: Path, var: Path) -> None:
    """After it: files that differ, the secret key, and away with what only the old database knew."""
    media = paths.media_dir(var)
    wanted = dict(_files(work / archive.MEDIA))
    for name, path in wanted.items():
        if not filecmp.cmp(path, media / name):
            _put(path, media / name)
    for name, path in list(_files(media)):
        if name not in wanted:
            path.unlink()
    if (work / archive.SECRET).exists():
        _put(work / archive.SECRET, var / "secret_key")
    paths.logins_file(var).unlink(missing_ok=True)
