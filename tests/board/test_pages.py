"""The planner's page, and planning without a mouse."""

import json
import re
from html import unescape

import pytest

from callout.board import rules
from callout.planning.models import Appointment
from callout.workorders.models import WorkStatus
from tests import builders
from tests.board.support import Company, browser, call, company
from tests.planning.support import MONDAY, book, window

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Company:
    return company()


@pytest.fixture
def client(made: Company):
    return browser(made.dispatcher)


def plan(client, made: Company, **fields):
    data = {"resource_id": made.rossi.pk, "day": "2026-11-23", "starts": "09:00", "ends": "10:30", **fields}
    data.setdefault("version", made.order.version)
    return client.post(f"/board/plan/{made.order.pk}/", data)


def config_of(answer) -> dict:
    [text] = re.findall(r'data-config="([^"]*)"', answer.content.decode())
    return json.loads(unescape(text))


def test_the_page_mounts_the_planner(client) -> None:
    answer = client.get("/board/?start=2026-11-23&days=7&team=4")
    assert answer.status_code == 200
    config = config_of(answer)
    assert config.pop("csrf")
    assert config == {
        "locale": "en", "canPlan": True, "api": "/api", "day": "2026-11-23", "view": "week", "team": 4,
        "look": rules.plain(rules.Look()),
        "timeZone": "Europe/Rome", "ticketUrl": "/tickets/{id}/", "events": "/events",
    }  # fmt: skip
    page = answer.content.decode()
    assert 'type="module" src="/static/islands/planner.js"' in page
    assert "/static/islands/planner.css" in page


def test_odd_addresses_open_today(client) -> None:
    config = config_of(client.get("/board/?start=2026-02-30&days=99&team=x"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", config["day"])
    assert (config["view"], config["team"]) == (None, None)


def test_operators_look_without_planning() -> None:
    client = browser(builders.user("operator"))
    answer = client.get("/board/")
    assert config_of(answer)["canPlan"] is False
    assert b'class="btn" href="/board/waiting/"' not in answer.content
    assert client.get("/board/waiting/").status_code == 403


def test_waiting_work_is_listed_and_leads_to_the_form(made, client) -> None:
    call(made, subject="Roof leaks", customer="Neri")
    page = client.get("/board/waiting/").content.decode()
    assert f'href="/board/plan/{made.order.pk}/"' in page
    assert "Roof leaks" in page
    found = client.get("/board/waiting/?q=boiler").content.decode()
    assert "Roof leaks" not in found
    assert "Boiler out" in found


def test_the_form_plans(made, client) -> None:
    assert client.get(f"/board/plan/{made.order.pk}/").status_code == 200
    assert plan(client, made).status_code == 302
    made.order.refresh_from_db()
    assert made.order.status == WorkStatus.PLANNED
    assert made.order.appointment.starts == window(MONDAY, "09:00", "10:30").starts


def test_without_an_end_it_takes_as_long_as_expected(made, client) -> None:
    assert plan(client, made, ends="").status_code == 302
    made.order.refresh_from_db()
    assert made.order.appointment.ends == window(MONDAY, "09:00", "10:30").ends


def test_a_planned_order_is_moved_and_taken_off_by_the_same_page(made, client) -> None:
    plan(client, made)
    made.order.refresh_from_db()
    page = client.get(f"/board/plan/{made.order.pk}/")
    assert page.context["form"].initial["starts"].isoformat() == "09:00:00"
    assert plan(client, made, resource_id=made.bianchi.pk, starts="13:00", ends="14:00").status_code == 302
    made.order.refresh_from_db()
    assert made.order.resource == made.bianchi
    assert Appointment.objects.count() == 1
    gone = client.post(f"/board/plan/{made.order.pk}/unplan/", {"version": made.order.version})
    assert gone.status_code == 302
    made.order.refresh_from_db()
    assert made.order.status == WorkStatus.FORESEEN


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"starts": "12:00", "ends": "13:00"}, "starts", "works 08:00-12:00"),
        ({"starts": "09:00", "ends": "09:02"}, "ends", "5 minutes"),
        ({"day": "2026-12-08"}, "starts", "public holiday"),
        ({"day": "2027-03-28", "starts": "02:30"}, "starts", "does not exist"),
        ({"day": "2026-10-25", "starts": "02:30", "ends": "04:00"}, "starts", "comes twice"),
        ({"day": "2026-02-30"}, "day", "valid date"),
        ({"resource_id": "999999"}, "resource_id", "valid choice"),
    ],
)
def test_what_is_refused_says_so_beside_its_field(made, client, fields, field: str, said: str) -> None:
    answer = plan(client, made, **fields)
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors[field])
    assert not Appointment.objects.exists()


def test_a_taken_slot_and_a_stale_page_are_explained(made, client) -> None:
    book(made.rossi, made.kind, window(MONDAY, "09:00", "10:00"), title="Neri: leak")
    answer = plan(client, made)
    assert "Free at that time: Bianchi." in " ".join(answer.context["form"].errors["starts"])
    assert plan(client, made, version=99).status_code == 409


def test_only_who_performs_the_work_is_offered(made, client) -> None:
    builders.technician("Stranger", made.rossi.branch)
    offered = client.get(f"/board/plan/{made.order.pk}/").context["form"].fields["resource_id"].queryset
    assert {str(each) for each in offered} == {"Rossi", "Bianchi"}


def test_free_times_are_offered_and_fill_the_form(made, client) -> None:
    page = client.get(f"/board/plan/{made.order.pk}/")
    assert len(page.context["slots"]) == 10
    offer = page.context["slots"][0]
    resource_id, slot = offer.resource_id, offer.interval
    filled = client.get(f"/board/plan/{made.order.pk}/", {"resource": resource_id, "at": slot.starts.isoformat()})
    initial = filled.context["form"].initial
    assert (initial["resource_id"], initial["day"]) == (str(resource_id), slot.starts.date())
    assert client.get(f"/board/plan/{made.order.pk}/", {"at": "nonsense"}).status_code == 200


def test_an_order_under_way_is_not_planned_any_more(made, client) -> None:
    plan(client, made)
    type(made.order).objects.filter(pk=made.order.pk).update(status=WorkStatus.UNDER_WAY)
    page = client.get(f"/board/plan/{made.order.pk}/")
    assert b"it is not planned any more" in page.content
    assert page.context["slots"] == []
    assert plan(client, made, version="").status_code == 422


def test_another_branchs_order_is_not_there(made) -> None:
    person = builders.user("dispatcher")
    person.branches.add(builders.branch())
    client = browser(person)
    assert client.get(f"/board/plan/{made.order.pk}/").status_code == 404
    assert client.post(f"/board/plan/{made.order.pk}/unplan/", {"version": 1}).status_code == 404
