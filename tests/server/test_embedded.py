"""The database that comes with Callout: starts anywhere, keeps its data, leaves nothing behind."""

import os
import pwd
import signal
import subprocess
import sys
import sysconfig
import threading
from pathlib import Path

import psycopg
import pytest
from tests.server import processes

from callout.server import paths
from callout.server.embedded import EmbeddedServer, database, running
from callout.server.errors import ServerProblem

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to choose another user")


def query(url: str, statement: str) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as session:
        return session.execute(statement).fetchall()


def write(url: str, text: str) -> None:
    with psycopg.connect(url) as session:
        session.execute("CREATE TABLE IF NOT EXISTS note (body text)")
        session.execute("INSERT INTO note VALUES (%s)", [text])


def test_it_starts_keeps_its_data_over_a_stop_and_leaves_no_process(var):
    with EmbeddedServer(var) as server:
        assert running(var)
        assert processes.mentioning(var)
        write(server.dsn(), "kept")
    assert not running(var)
    assert processes.gone(var, 0)
    with EmbeddedServer(var) as server:
        assert query(server.dsn(), "SELECT body FROM note") == [("kept",)]
    assert processes.gone(var, 0)


def test_what_is_committed_is_on_the_disk_and_callout_is_no_superuser(var):
    with EmbeddedServer(var) as server:
        settings = query(server.dsn(), "SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        assert settings == [("on", "on")]
        assert query(server.dsn(), "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user") == [
            (False, False)
        ]
        order = query(server.dsn(), "SELECT string_agg(x, '' ORDER BY x) FROM unnest(array['b', 'é', 'B', 'a']) x")
        assert order == [("Babé",)]
        assert query(server.dsn(), "SELECT lower('ȘÉ')") == [("șé",)]


def test_nobody_else_reaches_data_or_socket(var):
    with EmbeddedServer(var):
        data = paths.data_dir(var)
        assert data.stat().st_mode & 0o077 == 0
        assert (data / paths.SOCKET_NAME).stat().st_mode & 0o077 == 0
        assert var.stat().st_mode & 0o066 == 0


STARTER = """
import sys, time
from pathlib import Path
from callout.server.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1])).start()
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def starter(var):
    """A process that has started the server on `var`, as the supervisor does."""
    with subprocess.Popen([sys.executable, "-c", STARTER, str(var)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) in processes.mentioning(var)
        yield process
        process.kill()


def test_a_killed_supervisor_leaves_no_server_and_no_damage(var, starter):
    write(paths.embedded_url(var), "survives")
    starter.send_signal(signal.SIGKILL)
    with EmbeddedServer(var) as server:  # at once: it waits for the old one to be through
        assert query(server.dsn(), "SELECT body FROM note") == [("survives",)]
    assert processes.gone(var)


def test_a_killed_server_recovers(var):
    with EmbeddedServer(var) as server:
        write(server.dsn(), "committed")
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        assert processes.eventually(lambda: server.pid is None)
        assert not running(var)
        server.start()
        assert query(server.dsn(), "SELECT body FROM note") == [("committed",)]


def test_a_pid_file_that_now_names_another_program_is_no_server(var):
    with EmbeddedServer(var) as server:
        write(server.dsn(), "still there")
    data = paths.data_dir(var)
    user = data.stat().st_uid
    with subprocess.Popen(["/bin/sleep", "60"], user=user if user != os.geteuid() else None) as other:
        lines = [other.pid, data.resolve(), 1, 5432, data.resolve(), "", "1 1", "ready   "]
        (data / "postmaster.pid").write_text("".join(f"{line}\n" for line in lines))
        assert not running(var)
        with EmbeddedServer(var) as server:
            assert query(server.dsn(), "SELECT body FROM note") == [("still there",)]
        assert other.poll() is None
        other.kill()


def test_a_path_too_long_for_a_socket_works_all_the_same(place):
    var = place / ("a" * 60) / ("b ü%" * 12) / "var"
    var.parent.mkdir(parents=True, mode=0o711)
    var.parents[1].chmod(0o711)
    assert len(os.fsencode(paths.data_dir(var) / paths.SOCKET_NAME)) > 107
    with EmbeddedServer(var) as server:
        write(server.dsn(), "far away")
        assert len(os.fsencode(paths.socket_dir(var) / paths.SOCKET_NAME)) <= 107
        assert paths.socket_dir(var).stat().st_mode & 0o077 == 0
        assert paths.data_dir(var).is_dir()
    assert not paths.socket_dir(var).exists()
    assert processes.gone(var, 0)


def test_a_socket_folder_that_somebody_else_made_is_refused(place):
    var = place / ("a" * 100) / "var"
    var.parent.mkdir(mode=0o711)
    socket = paths.socket_dir(var)
    socket.mkdir(parents=True)
    socket.chmod(0o777)
    try:
        with pytest.raises(ServerProblem, match="belongs to somebody else"):
            EmbeddedServer(var).start()
    finally:
        socket.rmdir()
    assert processes.gone(var, 0)


def test_two_copies_run_side_by_side(place):
    with EmbeddedServer(place / "one") as one, EmbeddedServer(place / "two") as two:
        write(one.dsn(), "first")
        write(two.dsn(), "second")
        assert query(one.dsn(), "SELECT body FROM note") == [("first",)]
        assert query(two.dsn(), "SELECT body FROM note") == [("second",)]


def test_the_environment_of_other_postgresql_tools_does_not_disturb(var, monkeypatch):
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGOPTIONS": "-c search_path=nowhere"}.items():
        monkeypatch.setenv(name, value)
    with EmbeddedServer(var) as server:
        monkeypatch.delenv("PGOPTIONS")
        assert query(server.dsn(), "SELECT current_user::text") == [("callout",)]


@as_root
def test_root_runs_it_as_a_user_without_rights(var):
    with EmbeddedServer(var) as server:
        assert server.pid is not None
        assert processes.owner(server.pid) != 0
        assert var.stat().st_uid == 0


@as_root
def test_a_project_that_the_servers_user_cannot_enter_uses_the_state_folder(place, monkeypatch):
    monkeypatch.setenv("CALLOUT_STATE", str(place / "state"))
    closed = place / "home"
    closed.mkdir(mode=0o700)
    var = closed / "var"
    for _start in range(2):
        with EmbeddedServer(var) as server:
            write(server.dsn(), "elsewhere")
    with EmbeddedServer(var) as server:
        assert len(query(server.dsn(), "SELECT body FROM note")) == 2
    assert paths.data_dir(var).is_symlink()
    assert paths.data_dir(var).resolve().parent == place / "state"
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
def test_an_ordinary_user_starts_it_too(place):
    nobody = pwd.getpwnam("nobody")
    home = place / "home"
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    script = (
        "import sys, os\n"
        "from pathlib import Path\n"
        "from callout.server.embedded import EmbeddedServer\n"
        "with EmbeddedServer(Path(sys.argv[1])) as server:\n"
        "    print(os.stat(f'/proc/{server.pid}').st_uid, os.stat(sys.argv[1]).st_mode & 0o777)\n"
    )
    environment = {"PATH": os.defpath, "PYTHONPATH": f"{paths.project_dir() / 'src'}:{sysconfig.get_path('purelib')}"}
    done = subprocess.run(
        [_public_python(), "-c", script, str(home / "var")],
        user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], cwd="/", env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stderr, done.stdout.split()) == ("", [str(nobody.pw_uid), str(0o700)])
    assert processes.gone(home, 0)


def _public_python() -> str:
    """A Python of this version that other users may run, too."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (Path(sys.executable).resolve(), Path("/usr/bin", version)):
        if python.exists() and all(folder.stat().st_mode & 0o001 for folder in python.parents):
            return str(python)
    pytest.skip("this Python lies where only root can run it")


def test_data_of_another_major_version_is_refused_plainly(var):
    with EmbeddedServer(var):
        pass
    (paths.data_dir(var) / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServerProblem, match=r"made by PostgreSQL 17; this Callout comes with 18") as refusal:
        EmbeddedServer(var).start()
    assert "backup" in refusal.value.mend


def test_a_first_start_that_was_interrupted_is_made_up_for(var):
    var.mkdir(mode=0o711)
    (var / "postgres.new").mkdir()
    (var / "postgres.new" / "PG_VERSION").write_text("18\n")
    with EmbeddedServer(var) as server:
        write(server.dsn(), "fine")


def test_a_folder_that_holds_no_database_is_refused_plainly(var):
    paths.data_dir(var).mkdir(parents=True)
    with pytest.raises(ServerProblem, match="holds no database"):
        EmbeddedServer(var).start()


def test_a_command_starts_the_database_and_stops_it(var, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with database(var) as url:
        assert query(url, "SELECT 1") == [(1,)]
    assert processes.gone(var, 0)


def test_commands_at_the_same_time_take_turns(var, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    told: list[str] = []
    seen: list[list[tuple]] = []

    def second() -> None:
        with database(var, told.append) as url:
            seen.append(query(url, "SELECT body FROM note"))

    with database(var) as url:
        thread = threading.Thread(target=second)
        thread.start()
        assert processes.eventually(lambda: bool(told))
        write(url, "from the first")
        assert seen == []
    thread.join()
    assert seen == [[("from the first",)]]
    assert str(os.getpid()) in told[0]
    assert processes.gone(var, 0)


def test_a_companys_own_database_is_left_alone(var, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://callout@db.example/callout")
    with database(var) as url:
        assert url == "postgresql://callout@db.example/callout"
    assert not var.exists()
