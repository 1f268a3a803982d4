"""Several dispatchers and technicians at once on work orders with several people: nobody waits in a circle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from callout.core.errors import DomainError, StaleVersion
from callout.core.intervals import Interval
from callout.planning.errors import SlotTaken, Unbookable
from callout.workorders import commands
from callout.workorders.models import Helper
from tests.builders import MONDAY
from tests.workorders.crews import Crew, calendar, helping
from tests.workorders.support import FOUR, NINE, TEN

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*work: Callable[[], object]) -> list[object]:
    """What each of these gives or refuses, all started together, each in a session of its own."""

    def apart(one: Callable[[], object]) -> object:
        try:
            return one()
        except DomainError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as pool:
        return [each.result(timeout=30) for each in [pool.submit(apart, one) for one in work]]


def test_two_dispatchers_who_add_somebody_to_one_work_order_get_a_clear_answer() -> None:
    company = Crew()
    order = company.planned()
    results = at_once(lambda: company.add(order, company.berto), lambda: company.add(order, company.carla))
    refused = [each for each in results if isinstance(each, DomainError)]
    assert [type(each) for each in refused] == [StaleVersion]
    assert len(helping(order)) == 1


def test_two_work_orders_that_want_the_same_helper_do_not_both_get_one() -> None:
    company = Crew()
    one = company.planned()
    two = commands.plan(
        work_order_id=company.order().pk, resource_id=company.carla.pk, window=Interval(NINE, TEN), version=None,
        actor=company.dispatcher, now=MONDAY,
    )  # fmt: skip
    results = at_once(lambda: company.add(one, company.berto), lambda: company.add(two, company.berto))
    assert [isinstance(each, Unbookable | SlotTaken) for each in results].count(True) == 1
    assert Helper.objects.count() == len(calendar(company.berto)) == 1


def test_people_who_help_each_other_begin_and_end_without_waiting_in_a_circle() -> None:
    company = Crew()
    hour = TEN - NINE
    for number in range(3):
        morning, evening = NINE + number * hour, FOUR - number * hour
        one = company.together(morning)
        two = commands.plan(
            work_order_id=company.order().pk, resource_id=company.berto.pk, window=Interval(evening, evening + hour),
            version=None, actor=company.dispatcher, now=MONDAY, helpers=[company.ada.pk],
        )  # fmt: skip
        at_once(
            lambda order=one, at=morning: company.act("start", company.berto, order, at),
            lambda order=two, at=morning: company.act("start", company.ada, order, at),
        )
        at_once(
            lambda order=one, at=morning + hour: company.act("end", company.ada, order, at),
            lambda order=two, at=morning + hour: company.act("end", company.berto, order, at),
        )
        for order in (one, two):
            order.refresh_from_db()
            assert order.status == "done"
            assert not order.sessions.filter(ended_at=None).exists()


def test_two_work_orders_that_share_their_people_are_moved_at_once() -> None:
    company = Crew()
    one = company.together()
    two = commands.plan(
        work_order_id=company.order().pk, resource_id=company.berto.pk, window=Interval(FOUR, FOUR + (TEN - NINE)),
        version=None, actor=company.dispatcher, now=MONDAY, helpers=[company.ada.pk],
    )  # fmt: skip
    eleven = TEN + (TEN - NINE)
    results = at_once(
        lambda: company.move(one, Interval(TEN, eleven)),
        lambda: company.move(two, Interval(eleven, eleven + (TEN - NINE)), who=company.berto),
    )
    assert not [each for each in results if isinstance(each, DomainError)]
    assert calendar(company.ada) == calendar(company.berto) == [(TEN, eleven), (eleven, eleven + (TEN - NINE))]
