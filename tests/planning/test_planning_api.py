"""The planning API, operation by operation."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from callout.planning.models import Absence, ActivityType, Resource
from callout.ui import clock
from tests import builders
from tests.board.support import browser, post
from tests.planning.support import MONDAY, book, window

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return browser(builders.user("administrator"))


def patch(client: Client, path: str, body: dict):
    return client.patch(f"/api{path}", body, content_type="application/json")


def test_sectors_and_states(client) -> None:
    made = post(client, "/sectors", {"name": "Technical", "names": {"it": "Tecnico"}, "position": 1})
    assert made.status_code == 201
    assert client.get("/api/sectors").json() == [made.json()]
    assert made.json()["names"] == {"it": "Tecnico"}
    states = client.get("/api/activity-states").json()
    assert {state["category"] for state in states if state["is_default"]} == {
        "open", "planned", "confirmed", "under_way", "done", "missed", "superseded", "cancelled",
    }  # fmt: skip
    assert post(client, "/sectors", {"name": "", "names": {}}).status_code == 422
    assert post(client, "/sectors", {"name": "X", "names": {"xx": "?"}}).status_code == 422


def test_activity_types(client) -> None:
    sector = post(client, "/sectors", {"name": "Technical"}).json()["id"]
    person, crew, part = builders.user("technician"), builders.team(), builders.product()
    body = {
        "name": "Repair", "sector_id": sector, "minutes": 45, "performs": {"user_ids": [person.pk]},
        "plans": {"team_ids": [crew.pk]}, "items": [{"product_id": part.pk, "quantity": "2.50"}],
        "external_id": "HPD/heat", "mailing_list": "a@example.com",
    }  # fmt: skip
    made = post(client, "/activity-types", body)
    assert made.status_code == 201, made.content
    found = made.json()
    assert (found["minutes"], found["performs"], found["items"]) == (
        45, {"user_ids": [person.pk], "team_ids": []}, [{"product_id": part.pk, "quantity": "2.50"}],
    )  # fmt: skip
    changed = patch(client, f"/activity-types/{found['id']}", {"minutes": 30, "performs": {}, "version": 1})
    assert changed.status_code == 200
    after = changed.json()
    assert (after["minutes"], after["performs"]["user_ids"], after["plans"]["team_ids"]) == (30, [], [crew.pk])
    assert (after["name"], after["external_id"], after["items"]) == ("Repair", "HPD/heat", found["items"])
    assert client.get("/api/activity-types", {"external_id": "HPD/heat"}).json() == [after]
    assert client.get("/api/activity-types", {"active": "false"}).json() == []
    assert patch(client, f"/activity-types/{found['id']}", {"minutes": 10, "version": 1}).status_code == 409
    assert patch(client, "/activity-types/999999", {"minutes": 10}).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"minutes": 1},
        {"colour": "red"},
        {"kind": "party"},
        {"mail_customer_on": ["never"]},
        {"items": [{"product_id": 1, "quantity": "0"}]},
        {"items": [{"product_id": 1, "quantity": "1.005"}]},
        {"mailing_list": "a@x)b@y"},
        {"performs": {"user_ids": [2**70]}},
        {"name": ""},
        {"name": "\x00"},
    ],
)
def test_activity_types_that_make_no_sense(client, fields) -> None:
    sector = post(client, "/sectors", {"name": "Technical"}).json()["id"]
    answer = post(client, "/activity-types", {"name": "Repair", "sector_id": sector, **fields})
    assert answer.status_code == 422
    assert answer.json()["fields"]
    assert not ActivityType.objects.exists()


def test_texts_that_the_database_cannot_keep_are_cleaned(client) -> None:
    sector = post(client, "/sectors", {"name": "Tech\x00nical\u200b"}).json()
    assert sector["name"] == "Technical"
    assert post(client, "/sectors", {"name": "half \ud800"}).status_code == 422
    body = {"name": "Repair", "sector_id": sector["id"], "external_id": "a\x00b", "registration_type": "\x00"}
    made = post(client, "/activity-types", body).json()
    assert (made["external_id"], made["registration_type"]) == ("ab", "")
    again = post(client, "/activity-types", {**body, "name": "Other"})
    assert (again.status_code, again.json()["code"]) == (422, "external_id_taken")


def test_resources_and_their_hours(client) -> None:
    person, works = builders.user("technician", name="Rossi"), builders.branch()
    hours = [{"weekday": 0, "starts": "08:00", "ends": "12:00"}, {"weekday": 6, "starts": "22:00", "ends": "24:00"}]
    body = {"user_id": person.pk, "branch_id": works.pk, "hours": hours}
    made = post(client, "/resources", body)
    assert made.status_code == 201, made.content
    found = made.json()
    assert (found["name"], found["hours"], found["time_zone"]) == ("Rossi", hours, "Europe/Rome")
    assert client.get("/api/resources").json() == [found]
    assert post(client, "/resources", body).json()["code"] == "already_resource"
    changed = patch(client, f"/resources/{found['id']}", {"colour": "#000000", "version": 1})
    assert (changed.json()["colour"], changed.json()["hours"]) == ("#000000", hours)
    emptied = patch(client, f"/resources/{found['id']}", {"hours": [], "active": False})
    assert emptied.json()["hours"] == []
    assert client.get("/api/resources", {"active": "true"}).json() == []
    for wrong in (
        {"hours": [{"weekday": 7, "starts": "08:00", "ends": "12:00"}]},
        {"hours": [{"weekday": 0, "starts": "08:00", "ends": "08:00"}]},
        {"hours": [*hours, {"weekday": 0, "starts": "11:00", "ends": "13:00"}]},
        {"hours": [{"weekday": 0, "starts": "24:30", "ends": "12:00"}]},
        {"time_zone": "Mars/Olympus"},
        {"home_latitude": "99"},
    ):
        assert patch(client, f"/resources/{found['id']}", wrong).status_code == 422, wrong


def test_absences(client) -> None:
    kind = builders.activity_type()
    rossi = builders.technician("Rossi", performs=(kind,))
    book(rossi, kind, window(MONDAY, "15:00", "16:00"), title="Verdi: boiler")
    body = {
        "resource_id": rossi.pk, "starts": "2026-11-23T08:00:00+01:00", "ends": "2026-11-23T12:00:00+01:00",
        "reason": "doctor",
    }  # fmt: skip
    made = post(client, "/absences", body)
    assert made.status_code == 201
    found = made.json()
    query = {"start": "2026-11-23T00:00:00Z", "end": "2026-11-24T00:00:00Z"}
    assert client.get("/api/absences", query).json() == [found]
    assert client.get("/api/absences", {**query, "resource_id": rossi.pk + 1}).json() == []
    longer = {**body, "ends": "2026-11-23T17:00:00+01:00", "version": 1}
    refused = client.put(f"/api/absences/{found['id']}", longer, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "work_planned")
    assert "Verdi: boiler" in refused.json()["message"]
    shorter = {**body, "ends": "2026-11-23T10:00:00+01:00", "version": 1}
    assert client.put(f"/api/absences/{found['id']}", shorter, content_type="application/json").json()["version"] == 2
    assert client.delete(f"/api/absences/{found['id']}?version=1").status_code == 409
    assert client.delete(f"/api/absences/{found['id']}?version=2").status_code == 204
    assert not Absence.objects.exists()
    backwards = post(client, "/absences", {**body, "ends": body["starts"]})
    assert (backwards.status_code, backwards.json()["code"]) == (422, "ends_before_start")


def test_the_next_free_times(client) -> None:
    kind = builders.activity_type(minutes=120)
    for name in ("Rossi", "Bianchi"):
        builders.technician(name, performs=(kind,))
    slots = client.get("/api/slots", {"activity_type_id": kind.pk, "limit": 8}).json()
    assert len(slots) == 8
    starts = [datetime.fromisoformat(slot["starts"]) for slot in slots]
    assert starts == sorted(starts)
    assert starts[0] >= clock.now()
    assert all(moment.minute % 15 == 0 for moment in starts)
    assert {(slot["name"], slot["others"]) for slot in slots} == {("Rossi", 1)}
    narrow = {"activity_type_id": kind.pk, "weekdays": [2], "since": "13:00", "to": "17:00", "limit": 3}
    wished = client.get("/api/slots", narrow).json()
    local = [datetime.fromisoformat(slot["starts"]).astimezone(ZoneInfo("Europe/Rome")) for slot in wished]
    assert [(moment.weekday(), moment.hour) for moment in local] == [(2, 13)] * 3
    refused = client.get("/api/slots", {**narrow, "to": "12:00"})
    assert (refused.status_code, refused.json()["code"]) == (422, "wish_ends_before_start")
    assert client.get("/api/slots", {"activity_type_id": kind.pk + 1}).status_code == 404
    assert client.get("/api/slots", {"activity_type_id": kind.pk, "minutes": 2}).status_code == 422


@pytest.mark.parametrize("role", ["dispatcher", "operator", "agent"])
def test_who_plans_reads_the_setup_and_changes_none_of_it(role: str) -> None:
    kind = builders.activity_type()
    client = browser(builders.user(role))
    for path in ("sectors", "activity-states", "activity-types", "resources"):
        assert client.get(f"/api/{path}").status_code == 200, path
    assert client.get("/api/slots", {"activity_type_id": kind.pk}).status_code == 200
    assert post(client, "/sectors", {"name": "X"}).status_code == 403
    assert patch(client, f"/activity-types/{kind.pk}", {"minutes": 10}).status_code == 403
    rossi = builders.technician()
    assert patch(client, f"/resources/{rossi.pk}", {"active": False}).status_code == 403


def test_a_technician_has_no_business_here() -> None:
    rossi = builders.technician()
    client = browser(rossi.user)
    for path in ("sectors", "activity-states", "activity-types", "resources"):
        assert client.get(f"/api/{path}").status_code == 403, path


def test_other_branches_are_out_of_reach() -> None:
    rossi = builders.technician()
    person = builders.user("administrator")
    person.branches.add(builders.branch())
    client = browser(person)
    assert client.get("/api/resources").json() == []
    assert patch(client, f"/resources/{rossi.pk}", {"active": False}).status_code == 404
    body = {"resource_id": rossi.pk, "starts": "2026-11-23T08:00:00Z", "ends": "2026-11-23T09:00:00Z", "reason": "x"}
    assert post(client, "/absences", body).status_code == 404
    assert Resource.objects.get(pk=rossi.pk).active


def test_lists_cost_the_same_however_many(client, django_assert_num_queries) -> None:
    kinds = [builders.activity_type(f"Kind {number}") for number in range(10)]
    for _ in range(10):
        builders.technician(performs=tuple(kinds))
    client.get("/api/sectors")  # the session is written once a minute
    for path, statements in (("activity-types", 6), ("resources", 4)):
        with django_assert_num_queries(statements):
            assert len(client.get(f"/api/{path}").json()) == 10
