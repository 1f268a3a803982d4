"""`callout doctor` tells what is wrong and how to mend it, and changes nothing."""

import psycopg
import pytest
from tests.server import processes

from callout.server import paths
from callout.server.doctor import Level, doctor, findings
from callout.server.embedded import EmbeddedServer


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in ("DATABASE_URL", "EMAIL_URL", "SECRET_KEY", "DEBUG", "CALLOUT_HOSTS"):
        monkeypatch.delenv(name, raising=False)


def about(var, subject):
    return next(finding for finding in findings(var) if finding.subject == subject)


def test_before_the_first_start_it_creates_nothing(var):
    seen = {finding.subject: finding.level for finding in findings(var)}
    assert seen["Data folder"] is seen["Database"] is seen["Secret key"] is Level.NOTE
    assert seen["Python"] is Level.OK
    assert not var.exists()


def test_a_database_that_lacks_migrations_is_wrong_and_stops_again(var):
    with EmbeddedServer(var):
        pass
    lines = []
    assert doctor(var, lines.append) == 1
    assert any("PostgreSQL 18, comes with Callout" in line for line in lines)
    [at] = [number for number, line in enumerate(lines) if "the database is older than this Callout" in line]
    assert lines[at].startswith("WRONG")
    assert "`callout up` updates it" in lines[at + 1]
    assert any("Worker" in line and "no queue yet" in line for line in lines)
    assert processes.gone(var, 0)


@pytest.mark.django_db
def test_a_migrated_database_without_a_worker_is_not_wrong(var, database_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert about(var, "Application").level is Level.OK
    worker = about(var, "Worker")
    assert (worker.level, worker.seen) == (Level.NOTE, "none is running, 0 jobs waiting")


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_at_work_when_it_has_just_said_so(var, database_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_url)
    with psycopg.connect(database_url) as session:
        session.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert about(var, "Worker").level is Level.OK
    with psycopg.connect(database_url) as session:
        session.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    assert about(var, "Worker").level is Level.NOTE


@pytest.mark.parametrize(
    ("name", "value", "subject", "seen"),
    [
        ("DATABASE_URL", "postgresql://me:hidden@/x?host=/nowhere", "Database", "cannot be reached"),
        ("SECRET_KEY", "short", "Secret key", "SECRET_KEY is short"),
    ],
)
def test_what_is_set_wrongly_is_said_with_a_way_out(var, monkeypatch, name, value, subject, seen):
    monkeypatch.setenv(name, value)
    finding = about(var, subject)
    assert finding.level is Level.WRONG
    assert seen in finding.seen
    assert finding.mend
    assert "hidden" not in finding.seen


def test_a_mail_servers_password_is_not_shown(var, monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://me:hidden@mail.example:587")
    finding = about(var, "Mail")
    assert (finding.level, finding.seen) == (Level.OK, "sent through mail.example")


def test_debugging_is_wrong_at_a_public_address_only(var, monkeypatch):
    monkeypatch.setenv("DEBUG", "true")
    assert about(var, "Debugging").level is Level.NOTE
    monkeypatch.setenv("CALLOUT_HOSTS", "callout.example")
    assert about(var, "Debugging").level is Level.WRONG


def test_files_that_others_can_read_are_wrong(var):
    paths.secret_key(var)
    assert about(var, "Data folder").level is Level.OK
    (var / "secret_key").chmod(0o644)
    finding = about(var, "Data folder")
    assert finding.level is Level.WRONG
    assert finding.mend == f"chmod go-rw {var / 'secret_key'}"
