"""A backup comes back whole, and nothing else does."""

import io
import json
import os
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.server import processes

from callout.server import archive, paths
from callout.server.backup import backup, restore
from callout.server.embedded import EmbeddedServer, database
from callout.server.errors import ServerProblem

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def quiet(text: str) -> None:
    """The messages of a restore, unheard."""


@pytest.fixture(autouse=True)
def _own_database(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)


def fill(var: Path, text: str, files: dict[str, str]) -> None:
    with database(var) as url, psycopg.connect(url) as session:
        session.execute("CREATE TABLE IF NOT EXISTS note (id bigint GENERATED ALWAYS AS IDENTITY, body text UNIQUE)")
        session.execute("INSERT INTO note (body) VALUES (%s)", [text])
    for name, content in files.items():
        file = paths.media_dir(var) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)


def notes(var: Path) -> list[str]:
    with database(var) as url, psycopg.connect(url) as session:
        if session.execute("SELECT to_regclass('note')").fetchone() == (None,):
            return []
        return [row[0] for row in session.execute("SELECT body FROM note ORDER BY id")]


def media(var: Path) -> dict[str, str]:
    folder = paths.media_dir(var)
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


def databases(var: Path) -> list[str]:
    with EmbeddedServer(var) as server, psycopg.connect(server.dsn("postgres", "postgres")) as session:
        return [row[0] for row in session.execute("SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1")]


@pytest.fixture
def saved(var, place):
    """A backup of one note and two files."""
    fill(var, "as it was", {"a/photo": "one", "b/sign": "two"})
    paths.secret_key(var)
    backup(place / "saved", now=NOW, var=var)
    return place / "saved"


@pytest.fixture
def small(place):
    """An archive of the right form, whose dump is no dump."""
    about = archive.Manifest(format=1, version="0.1", created=NOW.isoformat(), server=180004, system="1", migrations=[])
    (place / "part").write_bytes(bytes(range(256)) * 10)
    with archive.writing(place / "small") as writer:
        for name in ("database.dump", "secret_key", "media/a/photo"):
            writer.add(name, place / "part")
        writer.close(about)
    return place / "small"


def test_everything_comes_back_on_another_machine(var, place, saved):
    other = place / "other"
    manifest = restore(saved, var=other, say=quiet)
    assert notes(other) == ["as it was"]
    assert media(other) == {"a/photo": "one", "b/sign": "two"}
    assert paths.secret_key(other) == paths.secret_key(var)
    assert (manifest.created, manifest.server // 10000) == ("2026-03-01T12:30:00+00:00", 18)
    assert manifest.system.isdigit()
    fill(other, "goes on", {})
    assert notes(other) == ["as it was", "goes on"]
    assert databases(other) == ["callout", "postgres", "template1"]


def test_the_file_is_for_its_owner_only_and_has_no_leftovers(place, saved):
    assert saved.stat().st_mode & 0o777 == 0o600
    assert sorted(file.name for file in place.iterdir()) == ["saved", "var"]


def test_a_database_that_holds_something_is_kept_without_replace(var, saved):
    fill(var, "newer", {"c/new": "three"})
    with pytest.raises(ServerProblem, match="not empty") as refusal:
        restore(saved, var=var, say=quiet)
    assert "--replace" in refusal.value.mend
    assert notes(var) == ["as it was", "newer"]
    assert media(var)["c/new"] == "three"


def test_replace_goes_back_to_what_was_saved(var, saved):
    fill(var, "newer", {"c/new": "three", "a/photo": "changed"})
    restore(saved, replace=True, var=var, say=quiet)
    assert notes(var) == ["as it was"]
    assert media(var) == {"a/photo": "one", "b/sign": "two"}
    assert databases(var) == ["callout", "postgres", "template1"]
    assert {file.name for file in var.iterdir()} == {"callout.lock", "log", "media", "postgres", "secret_key"}


def test_a_backup_is_taken_and_a_restore_refused_while_callout_runs(var, place, saved):
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from callout.server import embedded, processes\n"
        "var = Path(sys.argv[1])\n"
        "with processes.holding(var, 'up'), embedded.EmbeddedServer(var):\n"
        "    print('up', flush=True)\n"
        "    time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(var)], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"up\n"
        backup(place / "second", now=NOW, var=var)
        with pytest.raises(ServerProblem, match=f"process {running.pid}"):
            restore(saved, replace=True, var=var, say=quiet)
        running.kill()
    assert processes.gone(var)
    restore(place / "second", replace=True, var=var, say=quiet)
    assert notes(var) == ["as it was"]


def test_a_failed_backup_leaves_the_earlier_one(var, place, saved, monkeypatch):
    before = saved.read_bytes()
    monkeypatch.setenv("DATABASE_URL", f"postgresql://callout@/callout?host={place}/nowhere")
    with pytest.raises(ServerProblem, match="cannot be reached"):
        backup(saved, now=NOW, var=var)
    assert saved.read_bytes() == before
    assert sorted(file.name for file in place.iterdir()) == ["saved", "var"]


def rewritten(saved: Path, change) -> Path:
    """A copy of a backup, with its list of members and contents changed by `change`."""
    with tarfile.open(saved) as tar:
        members = [(member, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]
    other = saved.with_name("changed")
    with tarfile.open(other, "w:gz") as tar:
        for member, content in change(members):
            member.size = len(content) if member.isreg() else 0
            tar.addfile(member, io.BytesIO(content))
    return other


def with_manifest(saved: Path, **values) -> Path:
    def change(members):
        *parts, (member, text) = members
        return [*parts, (member, json.dumps(json.loads(text) | values).encode())]

    return rewritten(saved, change)


def named(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member


@pytest.mark.parametrize(
    "member",
    [
        named("../escaped"),
        named("media/../../escaped"),
        named("/tmp/escaped"),
        named("media//escaped"),
        named("media"),
        named("media/link", tarfile.SYMTYPE, "/etc/passwd"),
        named("media/link", tarfile.LNKTYPE, "database.dump"),
        named("media/pipe", tarfile.FIFOTYPE),
        named("media/folder", tarfile.DIRTYPE),
        named("callout.lock"),
        named("database.dump"),
        named("media/not-in-the-manifest"),
    ],
    ids=lambda member: f"{member.name} {member.type.decode()}",
)
def test_a_file_with_a_part_that_no_backup_has_is_refused(place, small, member):
    evil = rewritten(small, lambda members: [*members[:-1], (member, b"x"), members[-1]])
    target = place / "a" / "target"
    with pytest.raises(ServerProblem, match="damaged or no backup"):
        archive.extract(evil, target)
    assert [file for file in place.rglob("*") if file.name in ("escaped", "link", "pipe", "folder")] == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-150],
        lambda data: b"",
        lambda data: b"Dear Sir, please find attached",
        lambda data: data[: len(data) // 3] + bytes(16) + data[len(data) // 3 + 16 :],
    ],
    ids=["half", "without its end", "empty", "a letter", "holes"],
)
def test_a_damaged_file_is_refused(place, small, damage):
    small.write_bytes(damage(small.read_bytes()))
    with pytest.raises(ServerProblem, match="damaged"):
        archive.extract(small, place / "target")


def test_a_damaged_file_changes_nothing(var, saved):
    fill(var, "newer", {})
    saved.write_bytes(saved.read_bytes()[:-150])
    with pytest.raises(ServerProblem, match="Nothing was changed"):
        restore(saved, replace=True, var=var, say=quiet)
    assert notes(var) == ["as it was", "newer"]


def test_no_flipped_bit_goes_unnoticed(small, place):
    whole = small.read_bytes()
    reference = archive.extract(small, place / "reference")

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(whole) * 8 - 1))
    def flip(bit: int) -> None:
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        (place / "damaged").write_bytes(damaged)
        target = place / f"target-{bit}"
        try:
            manifest = archive.extract(place / "damaged", target)
        except ServerProblem:
            return
        assert manifest.parts == reference.parts  # a bit that means nothing, as in the header's time stamp

    flip()


def test_a_dump_that_cannot_be_loaded_changes_nothing(var, small):
    fill(var, "newer", {"a/photo": "mine"})
    with pytest.raises(ServerProblem, match="pg_restore failed"):
        restore(small, replace=True, var=var, say=quiet)
    assert notes(var) == ["newer"]
    assert media(var) == {"a/photo": "mine"}
    assert databases(var) == ["callout", "postgres", "template1"]


@pytest.mark.parametrize(
    "values",
    [{"format": 2}, {"version": "99.0"}, {"migrations": [["accounts", "9999_from_the_future"]]}],
    ids=["format", "version", "migration"],
)
def test_a_file_of_a_newer_callout_is_refused(var, small, values):
    with pytest.raises(ServerProblem, match="newer Callout") as refusal:
        restore(with_manifest(small, **values), var=var, say=quiet)
    assert "Update Callout" in refusal.value.mend


def test_it_works_on_a_companys_own_server(database_url, var, place, monkeypatch):
    url = urlsplit(database_url)._replace(path=f"/callout_backup_{os.getpid()}").geturl()
    with psycopg.connect(database_url, autocommit=True) as session:
        session.execute(f"CREATE DATABASE callout_backup_{os.getpid()}")
    try:
        monkeypatch.setenv("DATABASE_URL", url)
        fill(var, "at a company", {"a/b": "c"})
        backup(place / "saved", now=NOW, var=var)
        fill(var, "later", {})
        with psycopg.connect(url), pytest.raises(ServerProblem, match="1 sessions are using"):
            restore(place / "saved", replace=True, var=var, say=quiet)
        assert notes(var) == ["at a company", "later"]
        restore(place / "saved", replace=True, var=var, say=quiet)
        assert notes(var) == ["at a company"]
        assert media(var) == {"a/b": "c"}
    finally:
        with psycopg.connect(database_url, autocommit=True) as session:
            session.execute(f"DROP DATABASE callout_backup_{os.getpid()}")
