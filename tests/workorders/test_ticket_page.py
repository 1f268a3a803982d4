"""The ticket page: six steps, each edited in place, with the conversation and the history beside them."""

from decimal import Decimal

import pytest
from django.test import Client

from callout.accounts.models import User
from callout.tickets.models import Ticket
from callout.workorders import commands
from tests import builders
from tests.workorders.support import TEN, YESTERDAY, Company, actions

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def desk(company: Company) -> Client:
    """Somebody who may do everything at the desk."""
    return signed_in(builders.user("operator", "dispatcher"))


def test_the_page_shows_the_six_steps_of_its_work_order() -> None:
    company = Company()
    order = company.reported(description="Water on the floor")
    client = desk(company)
    html = client.get(f"/tickets/{order.ticket_id}/").content.decode()
    places = [html.index(f'id="step-{name}"') for name in ("call", "order", "estimate", "hours", "parts", "notes")]
    assert places == sorted(places)
    assert order.code in html and "Water on the floor" in html and "Rossi Impianti" in html
    assert "Ada Bruni" in html


def test_a_work_order_leads_to_its_ticket_with_it_open() -> None:
    company = Company()
    order = company.order()
    answer = desk(company).get(f"/work-orders/{order.pk}/")
    assert answer.url == f"/tickets/{order.ticket_id}/?order={order.pk}"


def test_several_work_orders_have_tabs() -> None:
    company = Company()
    order = company.reported()
    client = desk(company)
    client.post(
        f"/tickets/{order.ticket_id}/further/", {"activity_type": company.kind.pk, "version": order.ticket.version}
    )
    second = order.ticket.work_orders.last()
    assert second.pk != order.pk
    html = client.get(f"/tickets/{order.ticket_id}/?order={order.pk}").content.decode()
    assert f'?order={second.pk}"' in html
    assert f'?order={order.pk}" aria-current="page"' in html


def test_a_step_is_edited_in_place_and_the_page_comes_back_whole() -> None:
    company = Company()
    ticket = company.call()
    client = desk(company)
    form = client.get(f"/tickets/{ticket.pk}/change/", **HTMX).content.decode()
    assert "<html" not in form and 'value="Boiler leaks"' in form
    values = {"subject": "Boiler leaks badly", "priority": 3, "version": ticket.version}
    answer = client.post(f"/tickets/{ticket.pk}/change/", values, **HTMX)
    assert answer.headers["HX-Retarget"] == "#ticket-body"
    assert "Boiler leaks badly" in answer.content.decode()
    ticket.refresh_from_db()
    assert (ticket.subject, ticket.priority) == ("Boiler leaks badly", 3)
    assert actions(ticket)[-1] == "ticket.changed"


def test_a_stale_form_shows_what_is_stored() -> None:
    company = Company()
    ticket = company.call()
    client = desk(company)
    seen = ticket.version
    from callout.tickets.commands import change_ticket

    change_ticket(
        ticket_id=ticket.pk, values={"subject": "By a colleague"}, version=seen, actor=company.operator, now=TEN
    )
    values = {"subject": "Mine", "priority": 2, "version": seen}
    answer = client.post(f"/tickets/{ticket.pk}/change/", values, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "By a colleague" in html and 'value="Mine"' in html
    ticket.refresh_from_db()
    assert ticket.subject == "By a colleague"


def test_without_scripts_the_same_form_is_a_page() -> None:
    company = Company()
    ticket = company.call()
    client = desk(company)
    assert "<html" in client.get(f"/tickets/{ticket.pk}/cancel/").content.decode()
    answer = client.post(f"/tickets/{ticket.pk}/cancel/", {"reason": "twice", "version": ticket.version})
    assert answer.url == f"/tickets/{ticket.pk}/"
    ticket.refresh_from_db()
    assert ticket.doc_status == "cancelled"
    assert "twice" in client.get(f"/tickets/{ticket.pk}/").content.decode()


@pytest.mark.parametrize(("quantity", "price"), [("-1", "4.99"), ("1", "4.999"), ("1", "-4"), ("0", "1"), ("x", "1")])
def test_a_refusal_stands_beside_its_field(quantity: str, price: str) -> None:
    company = Company()
    order = company.started()
    values = {"description": "Parking", "kind": "expense", "quantity": quantity, "price": price}
    answer = desk(company).post(f"/work-orders/{order.pk}/expense-new/", values, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count("field-error") == 1 and 'value="Parking"' in html
    assert not order.expenses.exists()


def test_estimate_hours_expenses_and_parts_are_written_in_place() -> None:
    company = Company()
    order = company.started()
    client = desk(company)
    card, seal = builders.rate_card(), builders.product("Seal")

    def post(action: str, **values) -> str:
        answer = client.post(f"/work-orders/{order.pk}/{action}/", values, **HTMX)
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    order.refresh_from_db()
    assert "Call-out" in post("card", rate_card=card.pk, version=order.version)
    fixed, hours = order.estimate.all()
    post(
        "estimate", **{
            f"quantity-{fixed.pk}": "1", f"price-{fixed.pk}": "35", f"version-{fixed.pk}": 1,
            f"quantity-{hours.pk}": "3,5", f"price-{hours.pk}": "50", f"version-{hours.pk}": 1,
        },
    )  # fmt: skip
    hours.refresh_from_db()
    assert hours.quantity == Decimal("3.50")
    post("hours-new", day=YESTERDAY, worked="1.5")
    line = order.hours.get()
    assert line.to_bill == Decimal("3.50")
    post("hours-change", line=line.pk, day=YESTERDAY, worked="2", to_bill="2", version=1)
    post("expense-new", description="Parking", kind="expense", quantity="1", price="4.50", billable="on")
    post("part-new", product=seal.pk, quantity="2", billable="on")
    html = client.get(f"/tickets/{order.ticket_id}/").content.decode()
    assert "Parking" in html and "Seal" in html
    post("hours-remove", line=line.pk, version=2)
    assert not order.hours.exists()


def test_the_conversation_takes_remarks_with_files(settings, tmp_path) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = tmp_path
    company = Company()
    ticket = company.call()
    client = desk(company)
    file = SimpleUploadedFile("plan.txt", b"second floor")
    answer = client.post(f"/tickets/{ticket.pk}/message/", {"text": "See the plan", "file": file}, **HTMX)
    assert "See the plan" in answer.content.decode() and "plan.txt" in answer.content.decode()
    assert ticket.messages.get().attachment.name == "plan.txt"
    refused = client.post(f"/tickets/{ticket.pk}/message/", {"text": ""}, **HTMX)
    assert refused.status_code == 422


def test_settled_by_phone_and_reopened() -> None:
    company = Company()
    ticket = company.call()
    client = desk(company)
    client.post(f"/tickets/{ticket.pk}/by-phone/", {"solution": "Reset", "version": ticket.version}, **HTMX)
    ticket.refresh_from_db()
    assert ticket.status == "by_phone"
    client.post(f"/tickets/{ticket.pk}/reopen/", {"version": ticket.version}, **HTMX)
    ticket.refresh_from_db()
    assert ticket.status == "received"


def test_planned_work_is_accepted_carried_out_and_reported_from_the_desk() -> None:
    company = Company()
    order = company.planned()
    client = desk(company)
    for action in ("start", "end"):
        order.refresh_from_db()
        at = {"start": f"{YESTERDAY}T09:00", "end": f"{YESTERDAY}T10:00"}[action]
        answer = client.post(f"/work-orders/{order.pk}/{action}/", {"version": order.version, "at": at}, **HTMX)
        assert answer.status_code == 200, answer.content.decode()
    client.post(f"/work-orders/{order.pk}/hours-take/", {}, **HTMX)
    order.refresh_from_db()
    client.post(f"/work-orders/{order.pk}/report/", {"version": order.version}, **HTMX)
    order.refresh_from_db()
    assert order.status == "reported"


def test_the_service_report_is_a_pdf() -> None:
    company = Company()
    order = company.reported()
    answer = desk(company).get(f"/work-orders/{order.pk}/service-report.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_who_may_not_write_sees_no_buttons_and_gets_no_forms() -> None:
    company = Company()
    ticket = company.call()
    client = signed_in(builders.user("sales_office"))
    html = client.get(f"/tickets/{ticket.pk}/").content.decode()
    assert "/cancel/" not in html and "/change/" not in html
    assert client.get(f"/tickets/{ticket.pk}/cancel/").status_code == 403
    assert client.post(f"/tickets/{ticket.pk}/cancel/", {"reason": "x"}).status_code == 403
    assert Ticket.objects.get().doc_status == "posted"


def test_what_is_out_of_scope_or_not_there_answers_404() -> None:
    company = Company()
    order = company.planned()
    stranger = signed_in(builders.user("technician"))
    for url in (
        f"/tickets/{order.ticket_id}/", f"/work-orders/{order.pk}/", f"/work-orders/{order.pk}/service-report.pdf",
        f"/tickets/{order.ticket_id}/message/", f"/work-orders/{order.pk}/start/",
    ):  # fmt: skip
        assert stranger.get(url).status_code == 404, url
    client = desk(company)
    assert client.get("/tickets/999999/").status_code == 404
    assert client.get(f"/tickets/{order.ticket_id}/explode/").status_code == 404
    assert client.get("/tickets/999999999999999999999/").status_code in (404, 400)


def test_the_page_needs_few_statements(django_assert_max_num_queries) -> None:
    company = Company()
    order = company.reported()
    for text in ("one", "two", "three"):
        commands.add_work_order(
            ticket_id=order.ticket_id, activity_type_id=company.kind.pk, description=text, minutes=None, version=None,
            actor=company.operator, now=TEN,
        )  # fmt: skip
    client = desk(company)
    client.get(f"/tickets/{order.ticket_id}/")
    with django_assert_max_num_queries(15):
        client.get(f"/tickets/{order.ticket_id}/?order={order.pk}")
    fresh = company.call()
    with django_assert_max_num_queries(8):
        client.get(f"/tickets/{fresh.pk}/")
