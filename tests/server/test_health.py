"""Whether a process lives and whether it can serve are told apart."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


@pytest.mark.django_db
def test_a_migrated_database_is_ready(client):
    client.get("/readyz")
    with connection.execute_wrapper(_no_more_than(2)):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_a_database_behind_the_program_is_not_ready_though_the_process_lives(client):
    last = MigrationRecorder.Migration.objects.filter(app="billing").latest("id")
    last.delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "migrations pending", "pending": 1})
    assert client.get("/healthz").status_code == 200


def _no_more_than(most):
    asked = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        assert len(asked) <= most, asked
        return execute(sql, params, many, context)

    return count
