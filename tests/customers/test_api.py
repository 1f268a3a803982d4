"""Customers through the API."""

import pytest

from callout.access.commands import create_token
from callout.accounts.queries import actor_for
from callout.customers.models import Customer, Site
from tests import builders
from tests.builders import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client):
    """Calls the API as a person with a role, the same person each time."""
    secrets = {}

    def caller(method: str, path: str, data=None, role: str = "operator", **headers):
        if role not in secrets:
            person = builders.user(role)
            secrets[role] = create_token(user=person, name="test", actor=actor_for(person), now=MONDAY)
        return getattr(client, method)(
            f"/api{path}", data, content_type="application/json",
            headers={"Authorization": f"Bearer {secrets[role]}", **headers},
        )  # fmt: skip

    return caller


@pytest.fixture(autouse=True)
def milan():
    return builders.branch()


WHOLE = {
    "name": "Caffè Rossi",
    "phone": "02 1234567",
    "priority": "high",
    "sites": [{"address": "Via Roma 1", "city": "Milano", "latitude": "45.4642035", "longitude": 9.19}],
    "contacts": [{"name": "Anna Bianchi", "email": "anna@example.org"}],
}


def test_a_customer_comes_in_whole_and_goes_out_whole(call):
    made = call("post", "/customers", WHOLE)
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["priority"], body["phone"], body["currency"]) == ("high", "+39021234567", "EUR")
    assert body["sites"][0]["latitude"] == "45.464204"
    assert body["sites"][0]["is_main"] is True
    again = call("get", f"/customers/{body['id']}").json()
    assert again == body
    assert [one["name"] for one in again["contacts"]] == ["Anna Bianchi"]


def test_the_search_says_why(call):
    pk = call("post", "/customers", WHOLE).json()["id"]
    found = call("get", "/customers?search=021234567").json()["items"]
    assert found == [
        {
            "id": pk, "code": found[0]["code"], "name": "Caffè Rossi", "place": "Milano", "active": True,
            "why": "phone", "matched": "+39021234567",
        }
    ]  # fmt: skip


def test_pages_follow_one_another_without_loss(call):
    for number in range(110):
        builders.customer(f"Same {number % 3}")
    seen, cursor = [], ""
    while cursor is not None:
        page = call("get", f"/customers?cursor={cursor}").json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 110


def test_parts_are_added_and_changed(call):
    pk = call("post", "/customers", WHOLE).json()["id"]
    site = call("post", f"/customers/{pk}/sites", {"name": "Magazzino", "country": "RO", "is_billing": True})
    assert (site.status_code, site.json()["time_zone"]) == (201, "Europe/Bucharest")
    changed = call("patch", f"/sites/{site.json()['id']}", {"city": "Cluj", "version": 1})
    assert (changed.json()["city"], changed.json()["version"]) == ("Cluj", 2)
    person = call("post", f"/customers/{pk}/contacts", {"name": "Luca", "site_id": site.json()["id"]})
    assert person.status_code == 201, person.content
    assert call("patch", f"/contacts/{person.json()['id']}", {"mobile": "333 1234567"}).status_code == 200
    asset = call("post", f"/customers/{pk}/assets", {"product_id": builders.product().pk, "serial": "S1"})
    assert asset.status_code == 201, asset.content
    moved = call("patch", f"/assets/{asset.json()['id']}", {"site_id": site.json()["id"]})
    assert moved.json()["site_id"] == site.json()["id"]
    contract = call("post", f"/customers/{pk}/contracts", {"starts": "2026-01-01", "asset_ids": [asset.json()["id"]]})
    assert contract.status_code == 201, contract.content
    renamed = call("patch", f"/customers/{pk}", {"name": "Bar Rossi", "zone_id": None})
    assert (renamed.status_code, renamed.json()["name"], renamed.json()["phone"]) == (200, "Bar Rossi", "+39021234567")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"role": "administrator"}, "role"),
        ({"name": "a\u0000b"}, "name"),
        ({"name": "a" * 161}, "name"),
        ({"name": ""}, "name"),
        ({"priority": "urgent"}, "priority"),
        ({"zone_id": 999999}, "zone_id"),
        ({"zone_id": "1"}, "zone_id"),
        ({"email": "nobody"}, "email"),
        ({"vat_number": "IT00743110158"}, "vat_number"),
        ({"currency": "XXY"}, "currency"),
        ({"sites": [{"latitude": "91", "longitude": "9"}]}, "latitude"),
        ({"sites": [{"latitude": "45"}]}, "longitude"),
        ({"sites": [{"country": "ZZ"}]}, "country"),
        ({"sites": [{"time_zone": "Mars/Base"}]}, "time_zone"),
        ({"sites": [{"branch_id": 999999}]}, "branch_id"),
        ({"contacts": [{"name": "x", "site_id": 1}]}, "site_id"),
    ],
)
def test_bad_input_is_refused_beside_its_field(call, change, field):
    answer = call("post", "/customers", {**WHOLE, **change})
    assert answer.status_code == 422, answer.content
    assert any(name.split(".")[-1] == field for name in answer.json()["fields"]), answer.json()
    assert not Customer.objects.exists()


def test_the_same_request_twice_is_carried_out_once(call):
    first = call("post", "/customers", WHOLE, **{"Idempotency-Key": "k1"})
    second = call("post", "/customers", WHOLE, **{"Idempotency-Key": "k1"})
    assert first.json()["id"] == second.json()["id"]
    assert Customer.objects.count() == 1


def test_rights_and_scope(call):
    pk = call("post", "/customers", WHOLE).json()["id"]
    assert call("post", "/customers", WHOLE, role="agent").status_code == 403
    assert call("get", f"/customers/{pk}", role="technician").status_code == 403
    assert call("get", "/customers/999999").status_code == 404
    assert call("patch", f"/sites/{Site.objects.get().pk + 1}", {"city": "x"}).status_code == 404
    person = builders.user("operator")
    person.branches.add(builders.branch(code="ELSE"))
    secret = create_token(user=person, name="test", actor=actor_for(person), now=MONDAY)
    answer = call("get", f"/customers/{pk}", Authorization=f"Bearer {secret}")
    assert answer.status_code == 404
