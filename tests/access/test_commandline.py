"""Commands of the terminal that let people and programs in: nothing but the secret, or one line and status 1."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import callout
from callout.access import queries
from callout.access.commands.first_access import keep_question
from callout.access.models import Token
from callout.access.tokens import plain_code
from callout.accounts.models import User
from tests import builders

SOURCE = Path(callout.__file__).parents[1]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(database_url, tmp_path):
    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "DATABASE_URL": database_url, "CALLOUT_VAR": str(tmp_path), "PYTHONPATH": str(SOURCE),
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "callout", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr
        return done

    return command


def test_a_token_is_all_that_is_printed_and_it_works(run):
    admin = builders.user("administrator", username="admin")
    done = run("token", "Reporting")
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    token = queries.live_token(done.stdout.strip())
    assert (token.user, Token.objects.get(pk=token.pk).name) == (admin, "Reporting")


def test_a_token_for_somebody_else(run):
    other = builders.user("operator", username="giulia")
    assert queries.live_token(run("token", "x", "--user", "GIULIA").stdout.strip()).user == other


def test_what_is_refused_is_one_line_and_status_1(run):
    builders.user("administrator", username="admin")
    for arguments in (("token", " "), ("code", "nobody")):
        done = run(*arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert run("token").returncode == 2


def test_a_code_lets_somebody_in_again_even_the_last_administrator(run):
    admin = builders.user("administrator", username="admin")
    done = run("code", "admin")
    assert done.returncode == 0 and plain_code(done.stdout.strip())
    assert User.objects.get(pk=admin.pk).setup_pending
    other = builders.user("operator", username="giulia")
    keep_question(person=other, question="Where was the boat?", answer="Camogli")
    refused = run("code", "giulia")
    assert refused.returncode == 1 and "already finished the first access" in refused.stderr


def test_a_database_that_is_not_there_is_said_plainly(tmp_path):
    environment = os.environ | {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x", "CALLOUT_VAR": str(tmp_path), "PYTHONPATH": str(SOURCE),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "callout", "token", "x"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "cannot be reached" in done.stderr


def test_migrating_what_is_migrated_changes_nothing(run):
    assert run("migrate").stdout == "The database is up to date.\n"
