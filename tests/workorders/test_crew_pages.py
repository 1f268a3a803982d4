"""Several technicians on the pages: the work order's step, the phone, the report on paper, the API's output."""

import pytest

from callout.core.intervals import Interval
from callout.workorders import commands, service_report
from tests.builders import MONDAY
from tests.workorders.crews import Crew, helping
from tests.workorders.support import NINE, TEN, YESTERDAY
from tests.workorders.test_ticket_page import signed_in

pytestmark = pytest.mark.django_db


def test_the_work_orders_step_adds_takes_off_and_makes_the_lead() -> None:
    company = Crew()
    order = company.planned()
    client = signed_in(company.dispatcher_user)
    page = f"/work-orders/{order.pk}/"
    form = client.get(f"{page}crew-add/").content.decode()
    assert "Free then: Berto Sala, Carla Neri." in form and "Ada Bruni" not in form
    sent = {"version": order.version, "resource_id": company.berto.pk}
    assert client.post(f"{page}crew-add/", sent).status_code == 302
    order.refresh_from_db()
    html = client.get(f"/tickets/{order.ticket_id}/").content.decode()
    assert "Berto Sala" in html and "leads the work" in html and "Take off" in html and "Technician added" in html
    assert client.post(f"{page}crew-lead/", {"version": order.version, "line": company.berto.pk}).status_code == 302
    order.refresh_from_db()
    assert (str(order.resource), helping(order)) == ("Berto Sala", ["Ada Bruni"])
    assert client.post(f"{page}crew-off/", {"version": order.version, "line": company.ada.pk}).status_code == 302
    assert helping(order) == []


def test_a_refusal_stands_in_the_form() -> None:
    company = Crew()
    order = company.planned()
    other = company.order()
    commands.plan(
        work_order_id=other.pk, resource_id=company.berto.pk, window=Interval(NINE, TEN), version=None,
        actor=company.dispatcher, now=MONDAY,
    )  # fmt: skip
    client = signed_in(company.dispatcher_user)
    page = f"/work-orders/{order.pk}/crew-add/"
    answer = client.post(page, {"version": order.version, "resource_id": company.berto.pk})
    assert answer.status_code == 422 and "Carla Neri" in answer.content.decode()
    assert (
        client.post(page, {"version": order.version, "resource_id": company.carla.pk, "minutes": 9000}).status_code
        == 422
    )


def test_two_phones_do_one_work_order() -> None:
    company = Crew()
    order = company.together()
    lead, helper = (signed_in(who.user) for who in (company.ada, company.berto))
    page = f"/my-work/{order.pk}/"
    seen = order.version

    def post(client, action: str, **values) -> None:
        answer = client.post(f"{page}{action}/", {"version": seen, **values})
        assert answer.status_code == 302, answer.content.decode()

    assert "Ada Bruni leads the work." in helper.get(page).content.decode()
    assert "You lead the work." in lead.get(page).content.decode()
    assert "With Ada Bruni" in helper.get("/today/?day=2026-11-23").content.decode()
    post(helper, "start", at=f"{YESTERDAY}T09:00")
    assert "you have not begun" in lead.get(page).content.decode()
    post(lead, "start", at=f"{YESTERDAY}T09:00")
    post(helper, "end", at=f"{YESTERDAY}T10:00")
    html = helper.get(page).content.decode()
    assert "your part is done" in html and "End my part" not in html
    post(lead, "end", at=f"{YESTERDAY}T11:00")
    helper_page = helper.get(page).content.decode()
    assert "Hand the report in" not in helper_page and "Resume" not in helper_page
    post(helper, "hours-take")
    order.refresh_from_db()
    seen = order.version
    post(lead, "hours-take")
    html = lead.get(page).content.decode()
    assert "Berto Sala, " in html and "Hand the report in" in html
    order.refresh_from_db()
    seen = order.version
    post(lead, "report")
    order.refresh_from_db()
    assert (order.status, order.hours.count()) == ("reported", 2)
    assert service_report.content(order)["people"] == ["Ada Bruni", "Berto Sala"]
    assert service_report.draw(order).startswith(b"%PDF")


def test_the_page_of_another_technician_is_not_there() -> None:
    company = Crew()
    order = company.together()
    assert signed_in(company.carla.user).get(f"/my-work/{order.pk}/").status_code == 404
