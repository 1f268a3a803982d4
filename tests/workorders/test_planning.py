"""Onto the calendar and off it, and what the ticket and the customer learn of it."""

from datetime import timedelta

import pytest

from callout.accounts.models import Grant
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.core.intervals import Interval
from callout.documents.commands import lock_period
from callout.documents.errors import PeriodLocked
from callout.documents.models import Period
from callout.notices.models import OutgoingMail
from callout.planning.errors import NotEligible, OutsideHours, SlotTaken
from callout.tickets.errors import TicketCancelled
from callout.workorders import commands
from callout.workorders.errors import NotAccepted, StepRefused
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import FOUR, NINE, TEN, Company, actions, jobs

pytestmark = pytest.mark.django_db


def test_a_planned_work_order_makes_its_ticket_assigned() -> None:
    company = Company()
    order = company.planned()
    ticket = order.ticket
    assert (order.status, order.resource, order.appointment.starts) == ("planned", company.technician, NINE)
    assert (ticket.status, ticket.planned_start, ticket.planned_end) == ("assigned", NINE, TEN)
    assert (ticket.assignee_id, ticket.verifier_id) == (company.technician.user_id, company.verifier.user_id)
    assert "workorder.planned" in actions(order)
    assert actions(ticket)[:2] == ["ticket.taken", "ticket.status"]
    told = jobs("tickets.tell_people")
    assert told[0]["people"] == sorted({company.operator.user_id, company.technician.user_id, company.verifier.user_id})


def test_the_title_on_the_calendar_says_who_and_what() -> None:
    assert Company().planned().appointment.title == "Rossi Impianti: Boiler leaks"


def test_the_customer_is_told_of_the_appointment_in_the_own_language_and_the_sites_time() -> None:
    company = Company()
    order = company.planned()
    mail = OutgoingMail.objects.get(event="workorder.planned")
    assert mail.recipients == ["info@rossi.example"]
    assert mail.customer_id == company.customer.pk
    assert "23" in mail.subject and order.ticket.code in mail.subject
    assert "09:00" in mail.body and "10:00" in mail.body and "Ada Bruni" in mail.body and "Via Roma 1" in mail.body
    assert jobs("notices.send") == [{"mail_id": mail.pk}]


def test_the_mail_goes_to_the_tickets_addresses_else_the_contacts() -> None:
    company = Company()
    contact = builders.contact(company.customer, email="anna@rossi.example")
    company.planned(contact_id=contact.pk)
    assert OutgoingMail.objects.get().recipients == ["anna@rossi.example"]
    company.planned(starts=TEN, contact_id=contact.pk, emails="door@rossi.example; cellar@rossi.example")
    assert OutgoingMail.objects.latest("id").recipients == ["door@rossi.example", "cellar@rossi.example"]


def test_moving_and_cancelling_tell_the_customer_where_the_type_says_so() -> None:
    kind = builders.activity_type("Check", mail_customer_on=["moved", "cancelled"], mailing_list="team@example.com")
    company = Company(kind=kind)
    order = company.planned()
    order = commands.reschedule(
        work_order_id=order.pk, resource_id=company.technician.pk, window=Interval(TEN, TEN + timedelta(hours=1)),
        version=order.version, actor=company.dispatcher, now=MONDAY,
    )  # fmt: skip
    commands.unplan(work_order_id=order.pk, version=order.version, actor=company.dispatcher, now=MONDAY)
    events = list(OutgoingMail.objects.order_by("id").values_list("event", "recipients"))
    customer, team = ["info@rossi.example"], ["team@example.com"]
    assert events == [
        ("workorder.planned", customer),
        ("workorder.moved", customer),
        ("workorder.moved", team),
        ("workorder.cancelled", customer),
        ("workorder.cancelled", team),
    ]


def test_taking_the_plan_away_returns_the_ticket_to_received() -> None:
    company = Company()
    order = company.planned()
    order = commands.unplan(work_order_id=order.pk, version=order.version, actor=company.dispatcher, now=MONDAY)
    order.refresh_from_db()
    ticket = order.ticket
    assert (order.status, order.appointment, order.resource) == ("foreseen", None, None)
    assert (ticket.status, ticket.planned_start, ticket.assignee_id) == ("received", None, None)
    assert company.technician.appointments.get().blocks is False
    assert actions(order)[-1] == "workorder.unplanned"


def test_a_freed_slot_takes_the_next_work_order() -> None:
    company = Company()
    order = company.planned()
    with pytest.raises(SlotTaken):
        company.planned()
    commands.unplan(work_order_id=order.pk, version=order.version, actor=company.dispatcher, now=MONDAY)
    assert company.planned().appointment.starts == NINE


def test_another_technician_has_to_accept_anew() -> None:
    company = Company()
    other = builders.technician("Bea Costa", works=company.branch, performs=(company.kind,))
    order = company.planned()
    assert commands.accept(ticket_id=order.ticket_id, actor=company.tech, now=MONDAY).status == "accepted"
    order.refresh_from_db()
    moved = commands.reschedule(
        work_order_id=order.pk, resource_id=company.technician.pk, window=Interval(TEN, TEN + timedelta(hours=2)),
        version=order.version, actor=company.dispatcher, now=MONDAY,
    )  # fmt: skip
    assert (moved.ticket.status, moved.ticket.planned_end) == ("accepted", TEN + timedelta(hours=2))
    moved = commands.reschedule(
        work_order_id=order.pk, resource_id=other.pk, window=Interval(NINE, TEN), version=moved.version,
        actor=company.dispatcher, now=MONDAY,
    )  # fmt: skip
    assert (moved.ticket.status, moved.ticket.assignee_id, moved.resource) == ("assigned", other.user_id, other)
    moved.appointment.refresh_from_db()
    assert moved.appointment.category == "planned"


def test_accepting_confirms_the_appointment_and_twice_changes_nothing() -> None:
    company = Company()
    order = company.planned()
    ticket = commands.accept(ticket_id=order.ticket_id, actor=company.tech, now=MONDAY)
    again = commands.accept(ticket_id=order.ticket_id, actor=company.tech, now=MONDAY)
    order.appointment.refresh_from_db()
    assert order.appointment.category == "confirmed"
    assert again.version == ticket.version
    assert actions(ticket).count("ticket.accepted") == 1


def test_only_an_assigned_ticket_is_accepted() -> None:
    company = Company()
    with pytest.raises(NotAccepted):
        commands.accept(ticket_id=company.call().pk, actor=company.dispatcher, now=MONDAY)


def test_without_anybody_who_verifies_the_ticket_stays_received() -> None:
    company = Company()
    company.verifier = None
    from callout.accounts.models import User

    User.objects.filter(roles__overlap=["verifier", "administrator"]).update(is_active=False)
    order = company.planned()
    assert (order.ticket.status, order.ticket.planned_start) == ("received", NINE)


def test_the_verifier_is_the_first_person_with_the_right_and_verifiers_come_first() -> None:
    company = Company()
    ticket = company.call()
    assert commands.default_verifier(ticket).pk == company.verifier.user_id
    Grant.objects.create(user_id=company.verifier.user_id, right="verify.write", allowed=False)
    administrator = builders.user("administrator")
    assert commands.default_verifier(ticket) == administrator
    granted = builders.user("dispatcher")
    Grant.objects.create(user=granted, right="verify.write", allowed=True)
    administrator.is_active = False
    administrator.save()
    assert commands.default_verifier(ticket) == granted
    elsewhere = builders.user("verifier")
    elsewhere.branches.add(builders.branch(name="Torino"))
    assert commands.default_verifier(ticket) == granted


def test_a_named_verifier_is_kept() -> None:
    company = Company()
    named = builders.user("verifier")
    order = company.order(verifier_id=named.pk)
    planned = company.planned(order=order)
    assert planned.ticket.verifier_id == named.pk


def test_a_stale_page_plans_nothing() -> None:
    company = Company()
    order = company.order()
    company.planned(order=order)
    with pytest.raises(StaleVersion):
        company.planned(order=order)


def test_planning_twice_is_refused_with_what_is_possible() -> None:
    company = Company()
    order = company.planned()
    with pytest.raises(StepRefused) as refused:
        company.planned(order=order, starts=TEN)
    assert "moved" in refused.value.remedy


def test_whom_it_is_not_for_and_grey_time_are_refused() -> None:
    company = Company()
    order = company.order()
    stranger = builders.technician("Carlo", works=company.branch, performs=(builders.activity_type("Other"),))
    company.technician, own = stranger, company.technician
    with pytest.raises(NotEligible):
        company.planned(order=order)
    company.technician = own
    with pytest.raises(OutsideHours):
        company.planned(order=order, starts=FOUR + timedelta(hours=3))
    order.refresh_from_db()
    assert (order.status, order.appointment) == ("foreseen", None)


def test_technicians_plan_nothing_and_operators_move_nothing() -> None:
    company = Company()
    order = company.order()
    company.dispatcher = company.tech
    with pytest.raises(Forbidden):
        company.planned(order=order)
    company.dispatcher = company.operator
    planned = company.planned(order=order)
    asked = {"work_order_id": planned.pk, "version": None, "actor": company.operator, "now": MONDAY}
    with pytest.raises(Forbidden):
        commands.unplan(**asked)
    with pytest.raises(Forbidden):
        commands.reschedule(resource_id=company.technician.pk, window=Interval(NINE, TEN), **asked)


def test_a_work_order_out_of_scope_does_not_exist() -> None:
    company = Company()
    order = company.order()
    from callout.accounts.queries import actor_for

    dispatcher = builders.user("dispatcher")
    dispatcher.branches.add(builders.branch(name="Torino"))
    company.dispatcher = actor_for(dispatcher)
    with pytest.raises(NotFound):
        company.planned(order=order)


def test_a_cancelled_ticket_and_a_locked_period_take_no_plan() -> None:
    company = Company()
    order, cancelled = company.order(), company.order()
    commands.cancel_ticket(
        ticket_id=cancelled.ticket_id, reason="twice", version=None, actor=company.operator, now=MONDAY
    )
    with pytest.raises((TicketCancelled, StaleVersion)):
        company.planned(order=cancelled)
    period = Period.objects.get(branch=company.branch)
    lock_period(period_id=period.pk, locked=True, actor=builders.actor("administrator"), now=MONDAY)
    with pytest.raises(PeriodLocked):
        company.planned(order=order)
