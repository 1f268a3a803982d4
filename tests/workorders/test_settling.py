"""Settled by phone, going on with further work orders, giving up, opening again."""

from datetime import timedelta

import pytest

from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.tickets import errors as ticket_errors
from callout.workorders import commands, errors
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import NINE, Company, actions

pytestmark = pytest.mark.django_db


def by_phone(company: Company, ticket, **values):
    values = {"solution": "Reset the thermostat", "version": None, "actor": company.operator, "now": MONDAY, **values}
    return commands.resolve_by_phone(ticket_id=ticket.pk, **values)


def cancel(company: Company, ticket, **values):
    values = {"reason": "Called twice", "version": None, "actor": company.operator, "now": MONDAY, **values}
    return commands.cancel_ticket(ticket_id=ticket.pk, **values)


def reopen(company: Company, ticket):
    return commands.reopen(ticket_id=ticket.pk, version=None, actor=company.operator, now=MONDAY)


def further(company: Company, ticket, **values):
    values = {"description": "Bring the part", "minutes": 90, "version": None, **values}
    return commands.add_work_order(
        ticket_id=ticket.pk, activity_type_id=company.kind.pk, **values, actor=company.operator, now=MONDAY
    )


def test_a_call_settled_by_phone_keeps_both_for_the_statistics() -> None:
    company = Company()
    ticket = by_phone(company, company.call())
    order = ticket.work_orders.get()
    assert (ticket.status, ticket.solution, ticket.finalised_at) == ("by_phone", "Reset the thermostat", MONDAY)
    assert (order.status, order.doc_status) == ("not_needed", "posted")
    assert actions(ticket)[1:] == ["ticket.by_phone", "ticket.status"]
    assert actions(order)[-1] == "workorder.not_needed"


def test_settling_by_phone_frees_the_calendar() -> None:
    company = Company()
    order = company.planned()
    by_phone(company, order.ticket)
    order.refresh_from_db()
    assert (order.status, order.appointment, order.resource) == ("not_needed", None, None)
    assert company.planned().appointment.starts == NINE


def test_what_has_begun_is_neither_settled_by_phone_nor_cancelled() -> None:
    company = Company()
    order = company.started()
    for act in (by_phone, cancel):
        with pytest.raises(errors.WorkGoesOn) as refused:
            act(company, order.ticket)
        assert refused.value.facts["work_order"] == order.code
    order.refresh_from_db()
    assert order.status == "under_way"
    assert order.ticket.doc_status == "posted"


def test_a_ticket_without_open_work_has_nothing_to_settle() -> None:
    company = Company()
    ticket = by_phone(company, company.call())
    with pytest.raises(errors.NothingToSettle):
        by_phone(company, ticket)


def test_a_cancelled_ticket_keeps_its_number_and_its_work_orders_with_it() -> None:
    company = Company()
    ticket = company.call()
    number = ticket.number
    ticket = cancel(company, ticket)
    order = ticket.work_orders.get()
    assert (ticket.doc_status, ticket.number, ticket.cancel_reason) == ("cancelled", number, "Called twice")
    assert (order.doc_status, order.status, order.number) == ("cancelled", "cancelled", 1)
    assert company.call().number == number + 1


def test_cancelling_needs_a_reason_the_right_and_a_fresh_page() -> None:
    company = Company()
    ticket = company.call()
    with pytest.raises(ticket_errors.ReasonMissing):
        cancel(company, ticket, reason=" ")
    with pytest.raises(Forbidden):
        cancel(company, ticket, actor=company.verifier)
    with pytest.raises(StaleVersion):
        cancel(company, ticket, version=ticket.version + 1)
    ticket.refresh_from_db()
    assert ticket.doc_status == "posted"


def test_nothing_is_done_with_a_cancelled_ticket_until_it_is_reopened() -> None:
    company = Company()
    ticket = cancel(company, company.call())
    for act in (cancel, by_phone, further):
        with pytest.raises(ticket_errors.TicketCancelled):
            act(company, ticket)
    ticket = reopen(company, ticket)
    order = ticket.work_orders.get()
    assert (ticket.doc_status, ticket.status, ticket.cancel_reason) == ("posted", "received", "")
    assert (order.doc_status, order.status) == ("posted", "foreseen")
    assert company.planned(order=order).ticket.status == "assigned"


def test_a_ticket_settled_by_phone_is_opened_again() -> None:
    company = Company()
    ticket = reopen(company, by_phone(company, company.call()))
    assert (ticket.status, ticket.finalised_at, ticket.work_orders.get().status) == ("received", None, "foreseen")
    assert actions(ticket)[-2:] == ["ticket.reopened", "ticket.status"]


def test_an_open_ticket_is_not_reopened() -> None:
    company = Company()
    with pytest.raises(ticket_errors.NotCancelled):
        reopen(company, company.call())


def test_a_finished_ticket_is_reopened_by_a_further_work_order() -> None:
    company = Company()
    order = company.reported()
    ticket = reopen(company, order.ticket)
    assert [(one.status, one.number) for one in ticket.work_orders.order_by("id")] == [("reported", 1), ("foreseen", 2)]
    assert ticket.status == "received"


def test_further_work_orders_hang_on_the_same_ticket() -> None:
    company = Company()
    first = company.reported()
    assert first.ticket.status == "finalised"
    second = further(company, first.ticket)
    assert (second.number, second.minutes, second.description) == (2, 90, "Bring the part")
    ticket = first.ticket
    ticket.refresh_from_db()
    assert (ticket.status, ticket.finalised_at, ticket.accepted_at) == ("received", None, None)
    planned = company.planned(starts=NINE + timedelta(hours=2), order=second)
    assert planned.ticket.status == "assigned"


def test_further_work_orders_are_refused_for_what_is_not_there() -> None:
    company = Company()
    ticket = company.call()
    gone = builders.activity_type("Gone", active=False)
    company.kind = gone
    with pytest.raises(NotFound):
        further(company, ticket)
    with pytest.raises(errors.BadMinutes):
        company.kind = builders.activity_type("There")
        further(company, ticket, minutes=3)
    assert ticket.work_orders.count() == 1
