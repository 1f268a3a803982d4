"""Where an installation keeps its things."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
from psycopg.conninfo import conninfo_to_dict

from callout.server import paths


def test_the_data_folder_is_in_the_project_unless_the_environment_says_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv("CALLOUT_VAR", raising=False)
    assert paths.var_dir() == paths.project_dir() / "var"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALLOUT_VAR", "here")
    assert paths.var_dir() == tmp_path / "here"


def test_a_companys_database_comes_before_the_embedded_one(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/x")
    assert paths.database_url(tmp_path) == "postgresql://db.example/x"
    monkeypatch.delenv("DATABASE_URL")
    assert conninfo_to_dict(paths.database_url(tmp_path)) == {
        "user": "callout",
        "dbname": "callout",
        "host": str(tmp_path / "postgres"),
        "port": "5432",
    }


@pytest.mark.parametrize("name", ["a b", "ü", "100%", "a&b=c", "a?b#c"])
def test_odd_folder_names_survive_in_the_address(monkeypatch, tmp_path, name):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    url = paths.database_url(tmp_path / name)
    assert conninfo_to_dict(url)["host"] == str(tmp_path / name / "postgres")
    assert parse_qs(urlsplit(url).query)["host"] == [str(tmp_path / name / "postgres")]


@pytest.mark.parametrize("length", range(90, 130))
def test_a_socket_path_never_exceeds_the_limit(length):
    var = paths.Path("/" + "x" * length)
    assert len(os.fsencode(paths.socket_dir(var) / paths.SOCKET_NAME)) <= 107


def test_the_secret_key_is_private_and_stays(tmp_path):
    key = paths.secret_key(tmp_path / "var")
    assert len(key) >= 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert paths.secret_key(tmp_path / "var") == key
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_processes_that_race_for_the_first_key_get_the_same_one(tmp_path):
    command = [sys.executable, "-c", "import sys, pathlib; from callout.server import paths; "
               "print(paths.secret_key(pathlib.Path(sys.argv[1])))", str(tmp_path / "var")]  # fmt: skip
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: subprocess.run(command, capture_output=True, check=True).stdout, range(8)))
    assert len(set(keys)) == 1
    assert len(keys[0].strip()) >= 50
