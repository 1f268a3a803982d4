"""Imports through the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.access.commands import create_token
from callout.accounts.queries import actor_for
from callout.customers.models import Customer
from callout.imports import tasks
from tests import builders
from tests.builders import MONDAY
from tests.imports.support import customers_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def bearer():
    builders.branch()

    def token(role: str) -> dict[str, str]:
        person = builders.user(role)
        return {"Authorization": f"Bearer {create_token(user=person, name='t', actor=actor_for(person), now=MONDAY)}"}

    return token


def test_a_file_is_brought_watched_and_read(client, bearer):
    me = bearer("sales_office")
    data = {"file": SimpleUploadedFile("c.csv", customers_csv(2) + b"c9,,Milano,IT,,\n"), "kind": "customers"}
    answer = client.post("/api/imports", data, headers=me)
    assert answer.status_code == 202, answer.content
    tasks.run(**ProcrastinateJob.objects.get(task_name="imports.run").args)
    shown = client.get(f"/api/imports/{answer.json()['id']}", headers=me).json()
    assert (shown["stage"], shown["status"], shown["created"], shown["refused"]) == ("done", "done", 2, 1)
    rows = client.get(f"/api/imports/{answer.json()['id']}/rows?outcome=refused", headers=me).json()
    assert [row["line"] for row in rows["items"]] == [4]
    assert rows["items"][0]["errors"][0]["column"] == "name"
    assert Customer.objects.count() == 2
    assert client.get(f"/api/imports/{answer.json()['id']}", headers=bearer("dispatcher")).status_code == 404


def test_kinds_tell_their_fields_and_mappings(client, bearer):
    kinds = {kind["code"]: kind for kind in client.get("/api/imports/kinds", headers=bearer("administrator")).json()}
    assert {"customers", "sites", "contacts", "assets", "products", "tickets"} <= kinds.keys()
    assert "northwind" in kinds["customers"]["mappings"]
    assert [field["name"] for field in kinds["customers"]["fields"] if field["required"]] == ["name"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"kind": "planets"}, 422),
        ({"kind": "customers", "mapping": "none"}, 422),
        ({"kind": "products"}, 403),
        ({}, 422),
    ],
)  # fmt: skip
def test_what_cannot_begin_is_refused(client, bearer, data, status):
    file = SimpleUploadedFile("c.csv", customers_csv(1))
    answer = client.post("/api/imports", {"file": file, **data}, headers=bearer("dispatcher"))
    assert answer.status_code == status, answer.content
    assert not Customer.objects.exists()


def test_a_request_without_a_file_is_refused_and_the_right_is_asked_first(client, bearer):
    assert client.post("/api/imports", {"kind": "customers"}, headers=bearer("operator")).status_code == 403
    answer = client.post("/api/imports", {"kind": "customers"}, headers=bearer("dispatcher"))
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["file"])
