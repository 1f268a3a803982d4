"""A call that is taken while an administrator is changing the periods: it counts what the periods became."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, connections, transaction

from callout.documents.commands import create_period, lock_period
from callout.documents.errors import PeriodLocked
from callout.documents.models import Period
from callout.tickets.models import Ticket
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import Company, actions

pytestmark = pytest.mark.django_db(transaction=True)


def call_during(company: Company, change: Callable[[], object]) -> Future[Ticket]:
    """A call that begins when `change` is written and not yet committed."""

    def take() -> Ticket:
        try:
            return company.call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            change()
            taken = pool.submit(take)
            wait_for_waiting()
            assert not taken.done()
        taken.exception(10)
        return taken


def wait_for_waiting() -> None:
    """Until a session of this database waits for an advisory lock."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory' "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waited for the periods")


def test_a_period_locked_meanwhile_refuses_the_call() -> None:
    company = Company()
    period = Period.objects.get(branch=company.branch)
    admin = builders.actor("administrator")
    taken = call_during(company, lambda: lock_period(period_id=period.pk, locked=True, actor=admin, now=MONDAY))
    assert isinstance(taken.exception(), PeriodLocked)
    assert not Ticket.objects.exists()


def test_a_period_made_meanwhile_is_looked_at_again_and_the_call_is_written_once() -> None:
    company = Company()
    admin = builders.actor("administrator")
    taken = call_during(
        company,
        lambda: create_period(
            branch=company.branch, module="billing", starts=date(MONDAY.year, 1, 1), ends=date(MONDAY.year, 12, 31),
            actor=admin, now=MONDAY,
        ),
    )  # fmt: skip
    ticket = taken.result()
    order = ticket.work_orders.get()
    assert (ticket.number, order.number) == (1, 1)
    assert (actions(ticket), actions(order)) == (["ticket.taken"], ["workorder.created"])
