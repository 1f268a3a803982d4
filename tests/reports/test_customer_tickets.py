"""A customer's open tickets stand on the customer's page."""

import pytest
from django.test import Client
from django.urls import reverse

from callout.reports.views import SHOWN
from callout.workorders import commands
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def operator(client: Client, company: Company) -> Client:
    client.force_login(builders.user("operator"))
    return client


def block(client: Client, company: Company):
    return client.get(reverse("customer_tickets", args=[company.customer.pk]))


def test_the_customers_page_fetches_it(operator, company) -> None:
    page = operator.get(reverse("customer", args=[company.customer.pk])).content.decode()
    assert reverse("customer_tickets", args=[company.customer.pk]) in page


def test_open_tickets_are_listed_with_their_plan(operator, company) -> None:
    waits = company.call(subject="Boiler leaks")
    planned = company.planned(order=company.order(subject="Pump hums")).ticket
    gone = company.call(subject="No heating")
    commands.resolve_by_phone(
        ticket_id=gone.pk, solution="Switched on", version=None, actor=company.operator, now=MONDAY
    )
    page = block(operator, company).content.decode()
    for ticket in (waits, planned):
        assert ticket.code in page
        assert reverse("ticket", args=[ticket.pk]) in page
        assert ticket.subject in page
    assert "not planned" in page
    assert "23 Nov 2026 09:00" in page
    planned.refresh_from_db()
    assert planned.get_status_display() in page
    assert waits.get_status_display() != planned.get_status_display()
    assert gone.code not in page


def test_without_any_it_says_so_and_offers_a_call(operator, company, client) -> None:
    page = block(operator, company).content.decode()
    assert "No ticket is open." in page
    assert f"{reverse('intake')}?customer={company.customer.pk}" in page
    client.force_login(builders.user("verifier"))
    assert reverse("intake") not in block(client, company).content.decode()


def test_the_newest_are_shown_and_the_way_to_the_others(operator, company) -> None:
    tickets = [company.call() for _ in range(SHOWN)]
    assert "All tickets of this customer" not in block(operator, company).content.decode()
    newest = company.call()
    page = block(operator, company).content.decode()
    assert (newest.code in page, page.count("<tr>")) == (True, SHOWN + 1)
    assert f"{reverse('tickets')}?customer={company.customer.pk}" in page
    assert sum(ticket.code in page for ticket in tickets) == SHOWN - 1


def test_the_number_of_statements_does_not_grow(operator, company, django_assert_max_num_queries) -> None:
    for _ in range(3):
        company.call()
    block(operator, company)
    with django_assert_max_num_queries(8) as few:
        block(operator, company)
    for _ in range(12):
        company.call()
    with django_assert_max_num_queries(len(few)):
        block(operator, company)


def test_who_may_not_see_tickets_or_the_customer_gets_nothing(client, company) -> None:
    company.call()
    client.force_login(builders.user("agent"))
    assert block(client, company).status_code == 403
    page = client.get(reverse("customer", args=[company.customer.pk])).content.decode()
    assert reverse("customer_tickets", args=[company.customer.pk]) not in page
    elsewhere = builders.user("operator")
    elsewhere.branches.add(builders.branch(code="ELSE"))
    client.force_login(elsewhere)
    assert block(client, company).status_code == 404
