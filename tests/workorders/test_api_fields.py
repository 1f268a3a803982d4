"""A refusal names the fields of the request, whatever the record calls them."""

import pytest

from callout.billing import queries as billing
from callout.site.api import api
from callout.site.api_fields import names_of, path_of, request_name
from tests import builders
from tests.billing import work
from tests.workorders.support import YESTERDAY, Company
from tests.workorders.test_api import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Api:
    return Api(builders.user("dispatcher", "operator", "administrator"))


def fields(answer) -> set[str]:
    assert 400 <= answer.status_code < 500, answer.content
    return set(answer.json()["fields"])


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def stranger() -> dict[str, int]:
    """What belongs to another customer."""
    other = builders.customer("Bianchi Hotel")
    site = builders.site(other)
    person, asset = builders.contact(other, name="Anna"), builders.asset(site)
    return {"site_id": site.pk, "contact_id": person.pk, "asset_ids": [asset.pk]}


@pytest.mark.parametrize("field", ["contact_id", "asset_ids"])
def test_a_call_that_names_what_is_anothers(company, office, stranger, field) -> None:
    call = {"site_id": company.site.pk, "activity_type_id": company.kind.pk, "subject": "No heating"}
    assert fields(office.post("/tickets", call | {field: stranger[field]})) == {field}


@pytest.mark.parametrize(
    ("field", "value"), [("site_id", 999_999), ("activity_type_id", 999_999), ("contact_id", 999_999)]
)
def test_a_call_that_names_what_is_not_there(company, office, field, value) -> None:
    call = {"site_id": company.site.pk, "activity_type_id": company.kind.pk, "subject": "No heating", field: value}
    assert fields(office.post("/tickets", call)) == {field}


def test_parts_of_a_customer_that_name_what_is_anothers(company, office, stranger) -> None:
    path = f"/customers/{company.customer.pk}"
    site, assets = stranger["site_id"], stranger["asset_ids"]
    assert fields(office.post(f"{path}/contacts", {"name": "Anna", "site_id": site})) == {"site_id"}
    asset = {"product_id": builders.product().pk, "serial": "S-1"}
    assert fields(office.post(f"{path}/assets", asset | {"site_id": site})) == {"site_id"}
    contract = {"starts": "2026-01-01", "asset_ids": assets}
    assert fields(office.post(f"{path}/contracts", contract)) == {"asset_ids"}
    assert fields(office.post(f"{path}/contracts", contract | {"asset_ids": [999_999]})) == {"asset_ids"}


def test_lines_of_a_work_order_that_name_what_is_not_there(company) -> None:
    order, api = company.done(), Api(company.technician.user)
    hours = {"day": YESTERDAY, "worked": "1"}
    path = f"/work-orders/{order.pk}"
    assert fields(api.post(f"{path}/parts", {"product_id": 999_999})) == {"product_id"}
    assert fields(api.post(f"{path}/hours", hours | {"resource_id": 999_999})) == {"resource_id"}
    assert fields(api.post(f"{path}/hours", hours | {"estimate_line_id": 999_999})) == {"estimate_line_id"}


def test_an_estimate_and_a_further_order_that_name_what_is_not_there(company, office) -> None:
    order = company.order()
    estimate = {"rate_card_id": 999_999, "version": order.version}
    assert fields(office.post(f"/work-orders/{order.pk}/estimate", estimate)) == {"rate_card_id"}
    further = {"activity_type_id": 999_999, "version": order.ticket.version}
    assert fields(office.post(f"/tickets/{order.ticket_id}/work-orders", further)) == {"activity_type_id"}


def test_a_product_whose_name_in_a_language_is_too_long(office) -> None:
    product = {"code": "P-1", "name": "Pump", "names": {"it": "x" * 300}, "vat_rate_id": builders.vat().pk}
    (field,) = fields(office.post("/products", product))
    assert field.startswith("names")


def test_a_decision_without_its_reason() -> None:
    of = work.company()
    order = work.reported(of)
    verifier = Api(builders.user("verifier"))
    decisions = [
        {
            "source_kind": one.source_kind, "source_id": one.source_id, "quantity": str(one.quantity),
            "price": str(one.price),
        }
        for one in billing.decisions_of(order)
    ]  # fmt: skip
    path = f"/work-orders/{order.pk}/verify"
    decisions[1]["approved"] = False
    answer = verifier.post(path, {"version": order.version, "decisions": decisions})
    assert fields(answer) == {"decisions.1.reason"}
    decisions[1] = {**decisions[1], "source_id": 999_999}
    assert fields(verifier.post(path, {"version": order.version, "decisions": decisions})) == {"decisions"}


def test_names_are_looked_for_in_the_operation_only() -> None:
    names = names_of(api.get_openapi_schema())
    customer, rate_card = names["POST", "/api/customers"], names["POST", "/api/rate-cards"]
    assert request_name("sites.0.branch", customer) == "sites.0.branch_id"
    assert request_name("classification_1", customer) == "classification_1_id"
    assert request_name("lines.2.vat_rate", rate_card) == "lines.2.vat_rate_id"
    assert request_name("name_it", rate_card) == "names.it"
    assert request_name("hours_3", names["POST", "/api/resources"]) == "hours"
    assert request_name("branch", rate_card) == "branch"


def test_a_route_is_found_as_the_description_writes_it() -> None:
    assert path_of("api/sites/<int:site_id>/parts/<part>") == "/api/sites/{site_id}/parts/{part}"
