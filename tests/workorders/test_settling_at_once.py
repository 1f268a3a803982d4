"""Tickets whose work orders are on the same calendars, settled at the same moment: nobody waits in a circle."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from callout.core.intervals import Interval
from callout.planning.models import Appointment, Resource
from callout.tickets.models import Ticket
from callout.workorders import commands
from callout.workorders.models import WorkStatus
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import FOUR, NINE, TEN, Company

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = """
    SELECT count(DISTINCT pid) FROM pg_locks
    WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())
"""


def ticket_on(company: Company, plan: Iterable[tuple[Resource, object]]) -> Ticket:
    """A ticket with a work order for each of these technicians and hours, in this order."""
    ticket = company.call()
    for number, (resource, starts) in enumerate(plan):
        if number:
            commands.add_work_order(
                ticket_id=ticket.pk, activity_type_id=company.kind.pk, description="", minutes=60, version=None,
                actor=company.operator, now=MONDAY,
            )  # fmt: skip
        order = ticket.work_orders.order_by("-id")[0]
        commands.plan(
            work_order_id=order.pk, resource_id=resource.pk, window=Interval(starts, starts + (TEN - NINE)),
            version=None, actor=company.dispatcher, now=MONDAY,
        )  # fmt: skip
    return ticket


def cancel(company: Company, ticket: Ticket) -> object:
    return commands.cancel_ticket(
        ticket_id=ticket.pk, reason="Called twice", version=None, actor=company.operator, now=MONDAY
    )


def settle(company: Company, ticket: Ticket) -> object:
    return commands.resolve_by_phone(
        ticket_id=ticket.pk, solution="Reset", version=None, actor=company.operator, now=MONDAY
    )


def accept(company: Company, ticket: Ticket) -> object:
    return commands.accept(ticket_id=ticket.pk, actor=company.dispatcher, now=MONDAY)


def apart(work: Callable[[Company, Ticket], object], company: Company, ticket: Ticket) -> object:
    """The work in a session of its own."""
    try:
        return work(company, ticket)
    finally:
        connections.close_all()


def wait_until_both_wait() -> None:
    """Until both sessions stand before a lock."""
    end = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0] == 2:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize(
    ("work", "becomes"),
    [(cancel, WorkStatus.CANCELLED), (settle, WorkStatus.NOT_NEEDED), (accept, WorkStatus.PLANNED)],
)
def test_two_tickets_on_the_same_calendars_in_opposite_order_do_not_wait_in_a_circle(work, becomes) -> None:
    company = Company()
    other = builders.technician("Berto Sala", works=company.branch, performs=(company.kind,))
    one = ticket_on(company, [(company.technician, NINE), (other, NINE)])
    two = ticket_on(company, [(other, FOUR), (company.technician, FOUR)])
    firsts = [ticket.work_orders.order_by("id")[0].appointment_id for ticket in (one, two)]
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            # Each is stopped at its first appointment, when it may have locked that one's calendar already.
            list(Appointment.objects.select_for_update().filter(pk__in=firsts).order_by("pk"))
            results: list[Future[object]] = [pool.submit(apart, work, company, ticket) for ticket in (one, two)]
            wait_until_both_wait()
        for result in results:
            result.result(timeout=20)
    for ticket in (one, two):
        assert set(ticket.work_orders.values_list("status", flat=True)) == {becomes}
