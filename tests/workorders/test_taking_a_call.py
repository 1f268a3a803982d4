"""A call becomes a ticket with its first work order, both numbered, or nothing at all."""

from datetime import date, timedelta

import pytest

from callout.core.errors import Forbidden, Invalid, NotFound
from callout.documents.commands import lock_period
from callout.documents.errors import NoNumberBook, OutsidePeriod, PeriodLocked
from callout.documents.models import NumberBook, Period
from callout.tickets import errors, queries
from callout.tickets.models import Ticket
from callout.workorders.models import WorkOrder
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import Company, actions, jobs

pytestmark = pytest.mark.django_db


def test_ticket_and_work_order_are_posted_and_numbered_together() -> None:
    company = Company()
    ticket = company.call(description="Water on the floor", channel="phone")
    order = ticket.work_orders.get()
    assert (ticket.doc_status, ticket.status, ticket.number) == ("posted", "received", 1)
    assert (order.doc_status, order.status, order.number) == ("posted", "foreseen", 1)
    assert ticket.code.startswith("TK") and order.code.startswith("WO")
    assert (order.minutes, order.currency, order.site_id) == (60, "EUR", company.site.pk)
    assert (ticket.taken_by_id, ticket.customer_id) == (company.operator.user_id, company.customer.pk)
    assert actions(ticket) == ["ticket.taken"]
    assert actions(order) == ["workorder.created"]


def test_the_priority_is_the_customers_unless_another_is_given() -> None:
    company = Company()
    company.customer.priority = 3
    company.customer.save()
    assert company.call().priority == 3
    assert company.call(priority=1).priority == 1


def test_the_date_is_the_branchs_own_day() -> None:
    late = MONDAY.replace(hour=23, minute=30)  # half past midnight in Rome
    assert Company().call(now=late).date == date(2026, 11, 24)


def test_what_the_call_is_about_is_kept_with_its_serial_number() -> None:
    company = Company()
    asset = builders.asset(company.site, serial="SN-77", lot="L1")
    ticket = company.call(asset_ids=[asset.pk])
    (item,) = queries.objects_of(ticket)
    assert (item.product_id, item.serial, item.lot) == (asset.product_id, "SN-77", "L1")


def test_words_of_subject_and_description_are_found() -> None:
    company = Company()
    ticket = company.call(subject="Căldura nu merge", description="Pompa è rumorosa")
    company.call(subject="Something else")
    for text in ("caldura", "POMPA", "rumor", ticket.code, str(ticket.number), ticket.code[:-2].lower()):
        assert ticket in queries.search(Ticket.objects.all(), text, actor=company.operator), text
    assert not queries.search(Ticket.objects.all(), "fridge", actor=company.operator).exists()


def test_a_customers_name_finds_its_tickets() -> None:
    from callout.customers.commands import create_customer

    company = Company()
    customer = create_customer(
        name="Gelateria Polo", sites=[{"city": "Torino", "branch": company.branch}],
        actor=company.operator, now=MONDAY,
    )  # fmt: skip
    company.site = customer.sites.get()
    ticket = company.call()
    assert list(queries.search(Ticket.objects.all(), "gelater", actor=company.operator)) == [ticket]


def test_a_similar_open_ticket_is_hinted_at_but_does_not_hinder() -> None:
    company = Company()
    first = company.call()
    second = company.call(now=MONDAY + timedelta(days=1))
    hint = queries.similar(
        site_id=company.site.pk,
        activity_type_id=company.kind.pk,
        actor=company.operator,
        now=MONDAY + timedelta(days=2),
    )
    assert list(hint) == [second, first]
    much_later = MONDAY + timedelta(days=9)
    assert not queries.similar(
        site_id=company.site.pk, activity_type_id=company.kind.pk, actor=company.operator, now=much_later
    )


def test_the_owner_is_told_when_the_type_says_so() -> None:
    company = Company(kind=builders.activity_type("Alarm", notify_owner=True))
    order = company.order()
    assert jobs("workorders.tell_planners") == [{"work_order_id": order.pk}]
    assert jobs("tickets.tell_people") == []


def test_a_type_may_have_a_number_book_of_its_own() -> None:
    company = Company(kind=builders.activity_type("Alarm", number_series="AL"))
    NumberBook.objects.create(kind="workorder", branch=company.branch, series="AL", is_default=False)
    assert company.order().code.startswith("AL-")


@pytest.mark.parametrize(
    ("values", "refusal", "at"),
    [
        ({"subject": "  "}, errors.SubjectMissing, "subject"),
        ({"subject": "a\0b"}, errors.BadText, "subject"),
        ({"subject": "x" * 201}, errors.TextTooLong, "subject"),
        ({"description": "half \ud800 pair"}, errors.BadText, "description"),
        ({"emails": "a@x)b@y"}, errors.BadAddress, "emails"),
        ({"priority": 9}, Invalid, "priority"),
        ({"channel": "pigeon"}, Invalid, "channel"),
        ({"received_at": MONDAY + timedelta(hours=1)}, errors.ReceivedInFuture, "received_at"),
        ({"due_at": MONDAY - timedelta(days=1)}, errors.DueBeforeReceived, "due_at"),
        ({"minutes": 2}, Invalid, "minutes"),
        ({"date": date(2031, 1, 1)}, OutsidePeriod, "date"),
        ({"contact_id": 999_999}, errors.NotThisCustomers, "contact"),
        ({"asset_ids": [999_999]}, errors.NotThisCustomers, "assets"),
        ({"contract_id": 999_999}, errors.NotThisCustomers, "contract"),
        ({"verifier_id": 999_999}, NotFound, "verifier"),
        ({"customer_id": 999_999}, NotFound, "site"),
        ({"product_ids": [999_999]}, NotFound, "products"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(values: dict, refusal: type[Exception], at: str) -> None:
    company = Company()
    with pytest.raises(refusal) as refused:
        company.call(**values)
    assert refused.value.field == at
    assert not Ticket.objects.exists() and not WorkOrder.objects.exists()


def test_somebody_elses_contact_asset_and_contract_are_refused() -> None:
    company = Company()
    other = builders.site(builders.customer("Verdi"), company.branch)
    with pytest.raises(errors.NotThisCustomers):
        company.call(contact_id=builders.contact(other.customer).pk)
    with pytest.raises(errors.NotThisCustomers):
        company.call(asset_ids=[builders.asset(other).pk])


def test_a_contract_has_to_be_in_force() -> None:
    company = Company()
    old = company.customer.contracts.create(code="K1", starts=date(2020, 1, 1), ends=date(2021, 1, 1))
    with pytest.raises(errors.ContractNotInForce):
        company.call(contract_id=old.pk)
    now = company.customer.contracts.create(code="K2", starts=date(2026, 1, 1))
    assert company.call(contract_id=now.pk).contract_id == now.pk


def test_nothing_is_written_in_a_locked_period() -> None:
    company = Company()
    admin = builders.actor("administrator")
    lock_period(period_id=Period.objects.get().pk, locked=True, actor=admin, now=MONDAY)
    with pytest.raises(PeriodLocked):
        company.call()
    assert not Ticket.objects.exists()


def test_one_external_id_makes_one_ticket() -> None:
    company = Company()
    first = company.call(external_id="A-1")
    with pytest.raises(errors.SameExternalId) as refused:
        company.call(external_id="A-1")
    assert refused.value.facts["code"] == first.code


@pytest.mark.django_db(transaction=True)
def test_without_a_book_for_work_orders_no_ticket_is_left_behind() -> None:
    company = Company()
    NumberBook.objects.filter(kind="workorder").delete()
    with pytest.raises(NoNumberBook):
        company.call()
    assert not Ticket.objects.exists()
    assert NumberBook.objects.get(kind="ticket").next_number == 1


def test_who_may_not_write_tickets_takes_no_calls() -> None:
    company = Company()
    for actor in (company.tech, builders.actor("agent"), builders.actor("sales_office")):
        with pytest.raises(Forbidden):
            company.call(actor=actor)


def test_a_site_of_another_branch_does_not_exist_for_this_operator() -> None:
    company = Company()
    operator = builders.user("operator")
    operator.branches.add(builders.branch(name="Torino"))
    from callout.accounts.queries import actor_for

    with pytest.raises(NotFound):
        company.call(actor=actor_for(operator))
