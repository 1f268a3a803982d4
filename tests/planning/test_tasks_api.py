"""The API of tasks, operation by operation."""

from datetime import timedelta

import pytest
from django.test import Client

from callout.planning.models import Chain, Task
from callout.ui import clock
from tests import builders
from tests.board.support import browser, post

pytestmark = pytest.mark.django_db
TODAY = clock.now().date()


@pytest.fixture
def rossi():
    return builders.technician("Rossi")


@pytest.fixture
def client(rossi) -> Client:
    return browser(rossi.user)


@pytest.fixture
def kind():
    return builders.activity_type("Office", kind="task")


def made(client, rossi, kind, **fields) -> dict:
    body = {"activity_type_id": kind.pk, "title": "Order filters", "owner_id": rossi.user_id, **fields}
    answer = post(client, "/tasks", body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def patch(client: Client, path: str, body: dict):
    return client.patch(f"/api{path}", body, content_type="application/json")


def test_a_task_goes_its_way(client, rossi, kind) -> None:
    Chain.objects.create(activity_type=kind, creates=kind, trigger="task_closed", unit="week", every=1)
    task = made(client, rossi, kind, due_on=TODAY.isoformat())
    path = f"/tasks/{task['id']}"
    assert client.get(f"/api{path}").json()["title"] == "Order filters"
    changed = patch(client, path, {"title": "Order two", "version": task["version"]}).json()
    assert (changed["title"], changed["due_on"]) == ("Order two", TODAY.isoformat())
    assert patch(client, path, {"title": "x", "version": task["version"]}).status_code == 409
    later = (TODAY + timedelta(days=3)).isoformat()
    assert post(client, f"{path}/postpone", {"due_on": later}).json()["due_on"] == later
    closed = post(client, f"{path}/close", {}).json()
    assert (closed["category"], len(closed["made"]), closed["cut"]) == ("done", 1, False)
    assert post(client, f"{path}/close", {}).status_code == 409
    assert [row["id"] for row in client.get("/api/tasks", {"closed": "true"}).json()] == [task["id"]]
    assert [row["follows_id"] for row in client.get("/api/tasks").json()] == [task["id"]]
    assert post(client, f"{path}/reopen", {}).json()["closed_at"] is None
    crew = builders.team("Crew")
    assert post(client, f"{path}/hand-over", {"team_id": crew.pk}).json()["team_id"] == crew.pk
    assert client.get(f"/api{path}").status_code == 404


def test_the_list_is_narrowed(client, rossi, kind) -> None:
    made(client, rossi, kind, due_on=TODAY.isoformat())
    made(client, rossi, kind, due_on=(TODAY + timedelta(days=30)).isoformat(), title="Later")
    found = client.get("/api/tasks", {"due_until": (TODAY + timedelta(days=7)).isoformat()}).json()
    assert [row["title"] for row in found] == ["Order filters"]
    assert client.get("/api/tasks", {"owner_id": builders.user().pk}).json() == []
    assert client.get("/api/tasks", {"due_until": "2026-02-30"}).status_code == 422


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"owner_id": None},
        {"owner_id": 2**70},
        {"activity_type_id": 999_999},
        {"due_on": "2026-02-30"},
        {"due_on": "0001-01-01"},
        {"remind_at": "2026-11-23T09:00:00"},
        {"title": "x" * 201},
        {"title": "\x00"},
        {"notes": "a\x00b"},
        {"notes": "\ud800"},
        {"remind_at": "9999-12-31T23:59:59Z"},
        {"remind_at": "9999-12-31T23:59:59Z", "due_on": "2026-11-30"},
        {"due_on": "2201-01-01"},
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(client, rossi, kind, fields) -> None:
    body = {"activity_type_id": kind.pk, "title": "x", "owner_id": rossi.user_id, **fields}
    assert post(client, "/tasks", body).status_code in (404, 422)
    assert not Task.objects.exists()


def test_a_repeated_request_has_no_second_effect(client, rossi, kind) -> None:
    body = {"activity_type_id": kind.pk, "title": "x", "owner_id": rossi.user_id}
    answers = [post(client, "/tasks", body, **{"Idempotency-Key": "one"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Task.objects.count() == 1


def test_layout_and_chains_of_a_type(kind) -> None:
    admin = browser(builders.user("administrator"))
    chain = {"trigger": "task_closed", "creates_id": kind.pk, "unit": "month", "every": 3}
    answer = patch(admin, f"/activity-types/{kind.pk}", {"layout": ["notes", "contact"], "chains": [chain]})
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["layout"] == ["notes", "contact"]
    assert found["chains"][0] == {
        **chain, "id": Chain.objects.get().pk, "free_days": "after", "base": "due", "owner_id": None, "team_id": None,
    }  # fmt: skip
    same = patch(admin, f"/activity-types/{kind.pk}", {"chains": found["chains"], "minutes": 45}).json()
    assert (same["chains"], same["minutes"]) == (found["chains"], 45)
    assert patch(admin, f"/activity-types/{kind.pk}", {"layout": ["nonsense"]}).status_code == 422
    assert patch(admin, f"/activity-types/{kind.pk}", {"chains": [{**chain, "every": 0}]}).status_code == 422
