"""The lists of tickets and work orders: every column, every filter, few statements."""

import pytest

from callout.customers.commands import create_customer
from callout.workorders import commands
from callout.workorders.lists import Tickets, WorkOrders
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import NINE, TEN, Company
from tests.workorders.test_ticket_page import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    """Two customers; the first has a reported work order with an asset, the second an open ticket."""
    company = Company()
    card = builders.rate_card()
    company.call()
    asset = builders.asset(company.site, serial="SN-777")
    order = company.planned(order=company.order(asset_ids=[asset.pk], priority=3))
    commands.choose_rate_card(
        work_order_id=order.pk, rate_card_id=card.pk, version=None, actor=company.operator, now=NINE
    )
    commands.start(work_order_id=order.pk, actor=company.tech, now=NINE)
    commands.end(work_order_id=order.pk, actor=company.tech, now=TEN)
    company.mine = order
    other = create_customer(
        name="Gelateria Polo", sites=[{"city": "Torino", "address": "Corso Francia 9", "branch": company.branch}],
        actor=company.operator, now=MONDAY,
    )  # fmt: skip
    company.site = other.sites.get()
    company.kind = builders.activity_type("Inspection")
    company.open = company.call(subject="Vetrina calda", priority=1)
    return company


def codes(company: Company, url: str, **query) -> list[str]:
    html = signed_in(builders.user("operator")).get(url, query).content.decode()
    known = [company.mine.ticket.code, company.open.code]
    return [code for code in known if f">{code}<" in html]


def test_every_column_can_be_shown_and_sorted_by(company: Company) -> None:
    client = signed_in(builders.user("operator"))
    for page, url in ((Tickets, "/tickets/"), (WorkOrders, "/work-orders/")):
        names = ",".join(column.name for column in page.columns)
        html = client.get(url, {"cols": names}).content.decode()
        for column in page.columns:
            assert str(column.label) in html, column.name
        for column in page.columns:
            if column.sort_fields:
                for sort in (column.name, f"-{column.name}"):
                    assert client.get(url, {"sort": sort, "cols": "code"}).status_code == 200, sort
    html = client.get("/tickets/", {"cols": "code,object,serial,estimate,work_orders"}).content.decode()
    assert "SN-777" in html and "Boiler" in html and company.mine.code in html and "Card" in html


def test_every_field_of_the_search_narrows_the_tickets(company: Company) -> None:
    mine, other = company.mine.ticket.code, company.open.code
    resource = company.technician.pk
    narrowing = [
        ({"ticket": mine}, [mine]),
        ({"order": company.mine.code}, [mine]),
        ({"state": "accepted"}, [mine]),
        ({"type": company.kind.pk}, [other]),
        ({"customer": company.customer.pk}, [mine]),
        ({"technician": resource}, [mine]),
        ({"serial": "sn-7"}, [mine]),
        ({"priority": "1"}, [other]),
        ({"assignee": company.technician.user_id}, [mine]),
        ({"address": "francia"}, [other]),
        ({"received_from": "2026-11-23", "received_to": "2026-11-23"}, [mine, other]),
        ({"received_to": "2026-11-22"}, []),
        ({"planned_from": "2026-11-23"}, [mine]),
        ({"q": "vetrina"}, [other]),
        ({"q": "gelater"}, [other]),
        ({"q": mine.lower()}, [mine]),
        ({"document": "cancelled"}, []),
        ({"sector": company.kind.sector_id}, [mine, other]),
        ({"branch": company.branch.pk}, [mine, other]),
    ]
    for query, expected in narrowing:
        assert codes(company, "/tickets/", **query) == expected, query


def test_every_field_of_the_search_narrows_the_work_orders(company: Company) -> None:
    mine, other = company.mine.ticket.code, company.open.code
    cols = {"cols": "code,ticket"}
    narrowing = [
        ({"order": company.mine.code}, [mine]),
        ({"ticket": other}, [other]),
        ({"state": "done"}, [mine]),
        ({"type": company.kind.pk}, [other]),
        ({"customer": company.customer.pk}, [mine]),
        ({"technician": company.technician.pk}, [mine]),
        ({"serial": "SN-777"}, [mine]),
        ({"planned_from": "2026-11-23", "planned_to": "2026-11-23"}, [mine]),
        ({"q": company.mine.code}, [mine]),
        ({"q": other}, [other]),
    ]
    for query, expected in narrowing:
        assert codes(company, "/work-orders/", **query, **cols) == expected, query


def test_a_page_of_tickets_needs_the_same_few_statements_however_many_there_are(
    company: Company, django_assert_max_num_queries
) -> None:
    client = signed_in(builders.user("operator"))
    client.get("/tickets/")
    with django_assert_max_num_queries(4):
        client.get("/tickets/")
    for _ in range(5):
        company.call()
    with django_assert_max_num_queries(4):
        client.get("/tickets/")


def test_people_see_the_tickets_of_their_branches(company: Company) -> None:
    elsewhere = builders.user("operator")
    elsewhere.branches.add(builders.branch(name="Torino"))
    html = signed_in(elsewhere).get("/tickets/").content.decode()
    assert company.open.code not in html
    for role in ("technician", "agent"):
        assert signed_in(builders.user(role)).get("/tickets/").status_code == 403


def test_what_is_shown_is_exported(company: Company) -> None:
    client = signed_in(builders.user("operator"))
    answer = client.get("/tickets/", {"export": "csv", "state": "accepted", "cols": "code,customer,serial"})
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")
    assert company.mine.ticket.code in text and "SN-777" in text and company.open.code not in text
