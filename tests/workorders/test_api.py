"""The API: a call comes in, is carried out and reported; what is odd is refused with code, field and message."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from callout.access.commands import create_token
from callout.accounts.models import User
from callout.tickets.models import Ticket
from callout.ui import clock
from callout.workorders.models import HoursLine, WorkOrder
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import YESTERDAY, Company

pytestmark = pytest.mark.django_db


class Api:
    """A program that signs in by token."""

    def __init__(self, user: User) -> None:
        from callout.accounts.queries import actor_for

        made = create_token(name="test", user=user, actor=actor_for(user), now=MONDAY)
        self.client = Client(headers={"Authorization": f"Bearer {made}"})

    def get(self, path: str, **query):
        return self.client.get(f"/api{path}", query)

    def post(self, path: str, body, **headers):
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(f"/api{path}", data, content_type="application/json", headers=headers)


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def office(company: Company) -> Api:
    return Api(builders.user("dispatcher"))


def body(company: Company, **values) -> dict:
    return {
        "customer_id": company.customer.pk, "site_id": company.site.pk, "activity_type_id": company.kind.pk,
        "subject": "No heating", "channel": "phone", **values,
    }  # fmt: skip


def test_a_call_makes_ticket_and_work_order(company: Company, office: Api) -> None:
    answer = office.post("/tickets", body(company, priority="high", external_id="X-1"))
    assert answer.status_code == 201
    made = answer.json()
    ticket = Ticket.objects.get(pk=made["id"])
    assert (made["code"], made["status"], made["priority"]) == (ticket.code, "received", "high")
    assert [order["status"] for order in made["work_orders"]] == ["foreseen"]
    assert office.get(f"/tickets/{ticket.pk}").json() == made
    assert office.get("/tickets", external_id="X-1").json()["items"] == [made]


def test_the_call_may_name_its_place_in_the_callers_words(company: Company, office: Api) -> None:
    company.customer.external_id, company.site.external_id, company.kind.external_id = "C-1", "S-1", "T-1"
    for one in (company.customer, company.site, company.kind):
        one.save()
    by_site = {"site_external_id": "S-1", "activity_type_external_id": "T-1", "subject": "a"}
    by_customer = {"customer_external_id": "C-1", "activity_type_id": company.kind.pk, "subject": "b"}
    for given in (by_site, by_customer):
        assert office.post("/tickets", given).json()["site_id"] == company.site.pk
    for given in ({**by_site, "site_external_id": "S-2"}, {**by_customer, "customer_external_id": "?"}):
        assert office.post("/tickets", given).status_code == 404


def test_work_from_plan_to_report(company: Company, office: Api) -> None:
    order = office.post("/tickets", body(company)).json()["work_orders"][0]
    path = f"/work-orders/{order['id']}"
    planned = office.post(
        f"{path}/plan",
        {"resource_id": company.technician.pk, "starts": "2026-11-23T08:00:00Z", "version": order["version"]},
    )
    assert planned.status_code == 200, planned.content
    field = Api(company.technician.user)
    ticket_id = field.get(path).json()["ticket_id"]
    assert field.post(f"/tickets/{ticket_id}/accept", {}).json()["status"] == "accepted"
    for step, at, status in (
        ("start", "08:00", "under_way"), ("pause", "08:20", "under_way"), ("resume", "08:30", "under_way"),
        ("end", "09:00", "done"),
    ):  # fmt: skip
        answer = field.post(f"{path}/{step}", {"at": f"{YESTERDAY}T{at}:00Z"})
        assert (answer.status_code, answer.json()["status"]) == (200, status), answer.content
    assert field.post(f"{path}/report", {}).json()["code"] == "report_without_hours"
    assert field.post(f"{path}/hours", {"day": YESTERDAY, "worked": "0.83"}).status_code == 201
    assert field.post(f"{path}/expenses", {"description": "Toll", "price": "3.20"}).status_code == 201
    seal = builders.product("Seal")
    assert field.post(f"{path}/parts", {"product_id": seal.pk, "quantity": "2"}).json()["price"] == "10.00"
    reported = field.post(f"{path}/report", {"notes": "Seal replaced"}).json()
    assert (reported["status"], reported["report_notes"]) == ("reported", "Seal replaced")
    assert office.get(f"/tickets/{ticket_id}").json()["status"] == "finalised"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"subject": ""}, 422),
        ({"subject": "a\x00b"}, 422),
        ({"subject": "x" * 201}, 422),
        ({"priority": "urgent"}, 422),
        ({"channel": "pigeon"}, 422),
        ({"due_at": "2026-01-01T00:00:00Z", "received_at": "2026-02-01T00:00:00Z"}, 422),
        ({"received_at": "2026-02-30T00:00:00Z"}, 422),
        ({"received_at": "2026-02-01T00:00:00"}, 422),
        ({"status": "finalised"}, 422),
        ({"number": 1}, 422),
        ({"customer_id": 10**30}, 422),
        ({"customer_id": 999_999}, 404),
        ({"site_id": 999_999}, 404),
        ({"activity_type_id": 999_999}, 404),
        ({"contact_id": 999_999}, 422),
        ({"emails": "a@x)b@y"}, 422),
    ],
)
def test_calls_that_cannot_be_are_refused(company: Company, office: Api, given: dict, status: int) -> None:
    answer = office.post("/tickets", body(company, **given))
    assert answer.status_code == status, answer.content
    assert {"code", "message", "fields"} <= answer.json().keys()
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"subject": NaN}', "[" * 5_000, b"\xff\xfe", '"\\ud800"'])
def test_bodies_that_are_none_are_refused(company: Company, office: Api, text: str | bytes) -> None:
    answer = office.post("/tickets", text)
    assert answer.status_code in (400, 422), answer.content
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("hours", {"day": YESTERDAY, "worked": "30"}),
        ("hours", {"day": YESTERDAY, "worked": "-1"}),
        ("hours", {"day": YESTERDAY, "worked": "1.005"}),
        ("hours", {"day": "2026-02-30", "worked": "1"}),
        ("hours", {"day": (clock.now() + timedelta(days=2)).date().isoformat(), "worked": "1"}),
        ("expenses", {"description": "Toll", "price": "3.205"}),
        ("expenses", {"description": "Toll", "price": "-3"}),
        ("expenses", {"description": "Toll", "price": "3", "quantity": "0"}),
        ("expenses", {"description": "Toll", "price": "NaN"}),
        ("expenses", {"description": "Toll", "price": "3", "billed": True}),
        ("parts", {"product_id": 1, "quantity": "-2"}),
        ("start", {"at": "yesterday"}),
    ],
)
def test_lines_that_cannot_be_are_refused(company: Company, path: str, given: dict) -> None:
    order = company.started()
    answer = Api(company.technician.user).post(f"/work-orders/{order.pk}/{path}", given)
    assert answer.status_code == 422, answer.content
    assert answer.json()["message"]
    assert not HoursLine.objects.exists() and not order.expenses.exists() and not order.parts.exists()


def test_what_is_out_of_scope_answers_404_and_what_is_not_allowed_403(company: Company) -> None:
    order = company.planned()
    other = Api(builders.user("technician"))
    for path in (f"/tickets/{order.ticket_id}", f"/work-orders/{order.pk}", f"/tickets/{order.ticket_id}/messages"):
        assert other.get(path).status_code == 404
    assert other.post(f"/work-orders/{order.pk}/start", {}).status_code == 404
    assert other.get("/tickets").json() == {"items": [], "next": None}
    assert other.post("/tickets", body(company)).status_code == 403
    assert Api(builders.user("agent")).get("/tickets").status_code == 403
    assert Client().get("/api/tickets").status_code == 401


def test_a_repeated_request_is_carried_out_once(company: Company, office: Api) -> None:
    answers = [office.post("/tickets", body(company), **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Ticket.objects.count() == WorkOrder.objects.count() == 1


def test_lists_come_in_pages_and_in_order(company: Company, office: Api) -> None:
    made = [company.call().pk for _ in range(5)]
    seen, cursor = [], ""
    for _ in range(3):
        page = office.get("/tickets", limit=2, cursor=cursor).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert seen == made[::-1] and cursor is None
    assert office.get("/tickets", cursor="nonsense").status_code == 422
    assert office.get("/tickets", limit=100_000).status_code == 422
    foreseen = office.get("/work-orders", status="foreseen", limit=3).json()
    assert len(foreseen["items"]) == 3 and foreseen["next"]


def test_settling_cancelling_reopening_and_going_on(company: Company, office: Api) -> None:
    made = office.post("/tickets", body(company)).json()
    path = f"/tickets/{made['id']}"
    assert office.post(f"{path}/resolve-by-phone", {"solution": "Reset"}).json()["status"] == "by_phone"
    assert office.post(f"{path}/reopen", {}).json()["status"] == "received"
    further = office.post(f"{path}/work-orders", {"activity_type_id": company.kind.pk, "description": "more"})
    assert (further.status_code, further.json()["description"]) == (201, "more")
    assert office.post(f"{path}/cancel", {"reason": ""}).status_code == 422
    stale = office.post(f"{path}/cancel", {"reason": "twice", "version": made["version"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert office.post(f"{path}/cancel", {"reason": "twice"}).json()["doc_status"] == "cancelled"


def test_messages_are_read_and_written(company: Company, office: Api) -> None:
    ticket = company.call()
    assert office.post(f"/tickets/{ticket.pk}/messages", {"text": "Key at the bar"}).status_code == 201
    (message,) = office.get(f"/tickets/{ticket.pk}/messages").json()
    assert message["text"] == "Key at the bar"
    assert office.post(f"/tickets/{ticket.pk}/messages", {"text": " "}).status_code == 422


def test_a_call_costs_few_statements(company: Company, office: Api, django_assert_max_num_queries) -> None:
    office.post("/tickets", body(company))
    with django_assert_max_num_queries(24):  # reading and counting the token, taking two numbers, savepoints included
        assert office.post("/tickets", body(company)).status_code == 201
