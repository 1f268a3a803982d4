"""One PostgreSQL server for the whole run, one migrated template in it, and a copy of that for each worker."""

import contextlib
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase, override_settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from callout.server.embedded import scratch

_SERVER = "CALLOUT_TEST_DATABASE_URL"  # set from outside, that server is used; its user has to own CREATEDB
_RUN = "CALLOUT_TEST_RUN"
_cleanup = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before the workers, so that it is theirs too; without workers it waits until it is needed."""
    if not hasattr(config, "workerinput"):
        os.environ[_RUN] = str(os.getpid())
        if getattr(config.option, "numprocesses", None):
            _ensure_server()


def pytest_unconfigure() -> None:
    """Stop the server, or clear what was made on it, where it was started."""
    _cleanup.close()


def _ensure_server() -> str:
    if _SERVER not in os.environ:
        os.environ[_SERVER] = _cleanup.enter_context(scratch()).dsn("postgres")
        _cleanup.callback(os.environ.pop, _SERVER)
    elif "PYTEST_XDIST_WORKER" not in os.environ:
        _cleanup.callback(_on_server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", _template())
    return os.environ[_SERVER]


def _template() -> str:
    return f"callout_template_{os.environ[_RUN]}"


def _on_server(statement: str, *names: str) -> None:
    with psycopg.connect(os.environ[_SERVER], autocommit=True) as session:
        session.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _copy_template(name: str) -> None:
    """Replace database `name` by a fresh copy of the template."""
    connections.close_all()
    with psycopg.connect(os.environ[_SERVER], autocommit=True) as session:
        session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        session.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, _template()))))


def _ensure_template() -> None:
    """Migrate the template, once: workers that come meanwhile wait, and nobody copies one that is half made."""
    with psycopg.connect(os.environ[_SERVER], autocommit=True) as session:
        session.execute("SELECT pg_advisory_lock(hashtext(%s))", [_template()])
        if not session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_template()]).fetchone():
            draft = f"{_template()}_draft"
            session.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            _use(draft)
            call_command("migrate", verbosity=0, interactive=False)
            connections.close_all()
            session.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (draft, _template())))
            )


def _use(name: str) -> None:
    """Point Django's default connection at database `name` of the test server, in place: every thread sees it."""
    connections.close_all()
    server = conninfo_to_dict(os.environ[_SERVER])
    database = connections.settings["default"]
    database |= {
        "NAME": name,
        "USER": server.get("user") or "",
        "PASSWORD": server.get("password") or "",
        "HOST": server.get("host") or "",
        "PORT": str(server.get("port") or ""),
        "OPTIONS": {key: value for key, value in database["OPTIONS"].items() if key not in ("host", "port", "pool")},
    }


@pytest.fixture(scope="session")
def database_name() -> str:
    """The name of this worker's own database."""
    return f"callout_test_{os.environ[_RUN]}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker, database_name: str) -> Iterator[None]:
    """A worker's own database, as the migrations leave it; after a test that commits, it is made anew."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        _ensure_server()
        _ensure_template()
        _copy_template(database_name)
        _use(database_name)
        # Emptying every table would take away what the migrations put in, and an append-only table refuses it.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test_case: _copy_template(database_name))
        yield
        connections.close_all()
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", database_name)


@pytest.fixture(scope="session")
def database_url(django_db_setup: None, database_name: str) -> str:
    """The address of this worker's database, for a process that a test starts."""
    return urlsplit(os.environ[_SERVER])._replace(path=f"/{database_name}").geturl()


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords quickly: a real hash takes a quarter of a second, and most tests make somebody."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield
