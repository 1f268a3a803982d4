"""Products and rate cards through the API."""

from decimal import Decimal

import pytest

from callout.access.commands import create_token
from callout.accounts.queries import actor_for
from callout.catalog.models import Product, RateCard
from tests import builders
from tests.builders import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client):
    """Calls the API as a person with a role."""

    def caller(method: str, path: str, data=None, role: str = "sales_office"):
        person = builders.user(role)
        secret = create_token(user=person, name="test", actor=actor_for(person), now=MONDAY)
        return getattr(client, method)(
            f"/api{path}", data, content_type="application/json", headers={"Authorization": f"Bearer {secret}"}
        )

    return caller


def test_products_are_added_read_changed_and_listed(call):
    rate = builders.vat()
    made = call("post", "/products", {"code": "A1", "name": "Filtro", "price": "12.50", "vat_rate_id": rate.pk})
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert made.json()["price"] == "12.50"
    assert call("get", f"/products/{pk}", role="technician").json()["name"] == "Filtro"
    changed = call("patch", f"/products/{pk}", {"price": "13", "version": 1})
    assert (changed.status_code, changed.json()["price"], changed.json()["version"]) == (200, "13.00", 2)
    assert changed.json()["name"] == "Filtro"
    stale = call("patch", f"/products/{pk}", {"price": "14", "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert [item["code"] for item in call("get", "/products?search=filt").json()["items"]] == ["A1"]


def test_pages_of_products_follow_one_another_without_loss(call):
    for number in range(120):
        Product.objects.create(code=f"P{number:03}", name="x", folded="x")
    seen, cursor = [], ""
    while cursor is not None:
        page = call("get", f"/products?cursor={cursor}").json()
        seen += [item["code"] for item in page["items"]]
        cursor = page["next"]
    assert seen == [f"P{number:03}" for number in range(120)]
    assert call("get", "/products?cursor=nonsense").status_code == 422


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"code": "A", "name": "A", "colour": "red"}, "colour"),
        ({"code": "A", "name": "A\u0000"}, "name"),
        ({"code": "A", "name": "A" * 121}, "name"),
        ({"code": "A", "name": "A", "price": "1.005"}, "price"),
        ({"code": "A", "name": "A", "price": "-1"}, "price"),
        ({"code": "A", "name": "A", "price": "NaN"}, "price"),
        ({"code": "A", "name": "A", "active": "yes"}, "active"),
        ({"code": "A", "name": "A", "kind": "toy"}, "kind"),
        ({"code": "A", "name": "A", "vat_rate_id": 999999}, "vat_rate_id"),
        ({"name": "A"}, "code"),
    ],
)
def test_bad_input_is_refused_beside_its_field(call, data, field):
    answer = call("post", "/products", data)
    assert answer.status_code == 422, answer.content
    assert any(name.split(".")[-1] == field for name in answer.json()["fields"]), answer.json()
    assert not Product.objects.exists()


def test_rights_are_checked(call):
    assert call("post", "/products", {"code": "A", "name": "A"}, role="operator").status_code == 403
    assert call("get", "/products", role="operator").status_code == 200


def test_rate_cards_with_their_lines(call):
    rate = builders.vat()
    line = {"kind": "hours", "description": "Hour", "unit": "h", "price": "50", "quantity": "2", "vat_rate_id": rate.pk}
    made = call("post", "/rate-cards", {"name": "Standard", "currency": "EUR", "lines": [line]})
    assert made.status_code == 201, made.content
    card = made.json()
    line_id = card["lines"][0]["id"]
    changed = call("patch", f"/rate-cards/{card['id']}", {"lines": [{**line, "id": line_id, "price": "55"}, line]})
    assert changed.status_code == 200, changed.content
    assert [(one["id"] == line_id, Decimal(one["price"])) for one in changed.json()["lines"]] == [
        (True, Decimal(55)), (False, Decimal(50)),
    ]  # fmt: skip
    refused = call("patch", f"/rate-cards/{card['id']}", {"lines": [line, {**line, "vat_rate_id": 999999}]})
    assert refused.status_code == 422
    assert "lines.1.vat_rate_id" in refused.json()["fields"]
    assert RateCard.objects.get().lines.count() == 2
    assert call("get", f"/rate-cards/{card['id']}", role="operator").json()["lines"][0]["price"] == "55.00"
    assert [one["name"] for one in call("get", "/rate-cards").json()] == ["Standard"]
    assert call("get", "/vat-rates?country=it").json()[0]["percent"] == "22.00"
    assert call("get", "/payment-terms").json() == []
