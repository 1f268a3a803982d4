"""The suite's own database: what a test commits is not there for the next one."""

import pytest
from django.db import connection


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_writes_is_rolled_back(turn):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE leftover_of_a_test (turn int)")
        cursor.execute("SELECT to_regclass('leftover_of_a_test')")
        assert cursor.fetchone() == ("leftover_of_a_test",)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_for_the_next(turn):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE leftover_of_a_test (turn int)")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
