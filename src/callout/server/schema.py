"""Whether the database has all migrations of this code, told without starting Django."""

import hashlib
import importlib.metadata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

PACKAGE = Path(__file__).resolve().parents[1]
_WITH_MIGRATIONS = ("django", "django-allauth", "procrastinate")
_LOCK = 0x0CA1_1007  # any number that nothing else takes as an advisory lock


def own_migrations(package: Path = PACKAGE) -> dict[tuple[str, str], Path]:
    """Our migration files by application and name."""
    files = sorted(package.glob("*/migrations/[0-9]*.py"))
    return {(file.parts[-3], file.stem): file for file in files}


def applied_migrations(url: str) -> list[tuple[str, str, str]]:
    """The rows of the migrations table: application, name, time; empty for a database that has none."""
    with psycopg.connect(url) as session:
        if session.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return []
        rows = session.execute("SELECT app, name, applied::text FROM django_migrations ORDER BY id")
        return [(row[0], row[1], row[2]) for row in rows]


def state(applied: list[tuple[str, str, str]]) -> str:
    """A name for this code together with this database: while it stays the same, nothing is to be migrated."""
    digest = hashlib.sha256(repr(applied).encode())
    for name, file in own_migrations().items():
        digest.update(repr(name).encode() + file.read_bytes())
    for distribution in _WITH_MIGRATIONS:
        digest.update(importlib.metadata.version(distribution).encode())
    return digest.hexdigest()


@contextmanager
def exclusively(url: str) -> Iterator[None]:
    """Keep installations that share one database from migrating it at the same time."""
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield
