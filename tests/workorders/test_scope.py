"""Who sees which tickets, work orders, customers and files."""

import pytest

from callout.accounts.actor import NOBODY, SYSTEM
from callout.accounts.queries import actor_for
from callout.customers.queries import sites_visible_to
from callout.customers.queries import visible_to as customers_visible_to
from callout.documents.registry import may_read
from callout.tickets.queries import visible_to as tickets_visible_to
from callout.ui.search import find
from callout.workorders import queries
from tests import builders
from tests.workorders.support import TEN, Company

pytestmark = pytest.mark.django_db


def test_a_technician_sees_the_own_work_and_its_customer_only() -> None:
    company = Company()
    mine = company.planned()
    company.site = builders.site(builders.customer("Verdi"), company.branch)
    other = company.order()
    assert list(queries.visible_to(company.tech)) == [mine]
    assert list(tickets_visible_to(company.tech)) == [mine.ticket]
    assert list(customers_visible_to(company.tech)) == [company.customer]
    assert list(sites_visible_to(company.tech)) == [mine.site]
    assert may_read(company.tech, "workorder", mine.pk) and may_read(company.tech, "ticket", mine.ticket_id)
    assert not may_read(company.tech, "workorder", other.pk) and not may_read(company.tech, "ticket", other.ticket_id)


def test_taking_the_work_order_away_takes_it_out_of_sight() -> None:
    company = Company()
    order = company.planned()
    from callout.workorders import commands

    commands.unplan(work_order_id=order.pk, version=order.version, actor=company.dispatcher, now=TEN)
    assert not queries.visible_to(company.tech).exists()
    assert not tickets_visible_to(company.tech).exists()


def test_people_of_a_branch_see_that_branch() -> None:
    company = Company()
    order = company.order()
    here, there = builders.user("operator"), builders.user("operator")
    here.branches.add(company.branch)
    there.branches.add(builders.branch(name="Torino"))
    assert list(queries.visible_to(actor_for(here))) == [order]
    assert not queries.visible_to(actor_for(there)).exists()
    assert not tickets_visible_to(actor_for(there)).exists()


def test_without_a_right_there_is_nothing() -> None:
    company = Company()
    company.order()
    for actor in (NOBODY, builders.actor(), builders.actor("agent")):
        assert not queries.visible_to(actor).exists()
        assert not tickets_visible_to(actor).exists()
    assert queries.visible_to(SYSTEM).count() == tickets_visible_to(SYSTEM).count() == 1


def test_the_search_for_anything_finds_codes_within_the_scope() -> None:
    company = Company()
    order = company.planned()
    for actor in (company.operator, company.tech):
        groups = {source.name: [hit.url for hit in hits] for source, hits in find(order.code, actor=actor)}
        assert groups["work_orders"][0].endswith(f"/{order.pk}/")
    stranger = builders.actor("technician")
    assert not [source for source, _ in find(order.code, actor=stranger) if source.name == "work_orders"]


def test_the_stops_of_a_day_stand_in_the_order_of_their_times() -> None:
    company = Company()
    second = company.planned(starts=TEN)
    first = company.planned()
    stops = queries.stops(company.tech, day=TEN.date())
    assert [(stop.position, stop.order.pk) for stop in stops] == [(1, first.pk), (2, second.pk)]
    assert queries.stops(builders.actor("technician"), day=TEN.date()) == []


def test_unplanned_work_is_sorted_by_urgency_and_found_by_words() -> None:
    company = Company()
    calm = company.order(priority=1, subject="Annual check")
    urgent = company.order(priority=3, subject="No heating")
    company.planned()
    assert list(queries.unplanned(company.dispatcher)) == [urgent, calm]
    assert list(queries.unplanned(company.dispatcher, search="heat")) == [urgent]
    assert list(queries.unplanned(company.dispatcher, search=calm.code)) == [calm]
    assert list(queries.unplanned(company.dispatcher, search=urgent.ticket.code)) == [urgent]
