"""Several technicians on one work order: adding, moving, replacing, leading, taking off."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from callout.accounts.queries import actor_for
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.core.intervals import Interval
from callout.documents.models import NumberBook
from callout.notices.models import OutgoingMail
from callout.planning.errors import NotEligible, OnAbsence, SlotTaken
from callout.planning.models import Absence, Appointment, Chain, Task
from callout.workorders import commands
from callout.workorders.errors import HelperElsewhen, OnItAlready, StepRefused
from callout.workorders.models import Helper
from tests import builders
from tests.builders import MONDAY
from tests.workorders.crews import Crew, calendar, helping
from tests.workorders.support import FOUR, NINE, TEN, actions, jobs

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ELEVEN = TEN + HOUR


def test_a_helper_gets_the_same_time_on_the_own_calendar() -> None:
    company = Crew()
    order = company.together()
    assert (helping(order), calendar(company.berto)) == (["Berto Sala"], [(NINE, TEN)])
    slot = order.helpers.get().appointment
    assert (slot.title, slot.site, slot.activity_type) == ("Rossi Impianti: Boiler leaks", company.site, company.kind)
    assert actions(order)[-1] == "workorder.helper"
    assert order.resource == company.ada
    told = jobs("tickets.tell_people")[-1]
    assert (told["change"], told["people"]) == ("crew", [company.berto.user_id])


def test_a_helper_may_come_for_a_part_of_the_time() -> None:
    company = Crew()
    order = company.planned()
    half = Interval(NINE, NINE + timedelta(minutes=30))
    company.add(order, company.berto, half)
    assert calendar(company.berto) == [(half.starts, half.ends)]
    order.refresh_from_db()
    with pytest.raises(HelperElsewhen):
        company.add(order, company.carla, Interval(TEN, ELEVEN))


def test_a_helper_who_is_busy_is_refused_with_who_is_free() -> None:
    company = Crew()
    builders_order = company.planned()
    commands.plan(
        work_order_id=company.order().pk, resource_id=company.berto.pk, window=Interval(NINE, TEN), version=None,
        actor=company.dispatcher, now=MONDAY,
    )  # fmt: skip
    with pytest.raises(SlotTaken) as refused:
        company.add(builders_order, company.berto)
    assert refused.value.facts["free"] == "Carla Neri"
    assert Helper.objects.count() == 0


def test_a_helper_on_leave_is_refused() -> None:
    company = Crew()
    order = company.planned()
    Absence.objects.create(resource=company.berto, starts=MONDAY, ends=MONDAY + timedelta(days=2), reason="Leave")
    with pytest.raises(OnAbsence):
        company.add(order, company.berto)


def test_a_helper_who_does_not_do_such_work_is_refused() -> None:
    company = Crew()
    other = builders.technician("Dario Blu", works=company.branch)
    with pytest.raises(NotEligible):
        company.add(company.planned(), other)


@pytest.mark.parametrize("who", ["ada", "berto"])
def test_nobody_is_on_a_work_order_twice(who: str) -> None:
    company = Crew()
    order = company.together()
    with pytest.raises(OnItAlready):
        company.add(order, getattr(company, who))


def test_a_work_order_that_is_not_planned_has_no_helpers() -> None:
    company = Crew()
    with pytest.raises(StepRefused):
        company.add(company.order(), company.berto)


def test_adding_is_the_dispatchers_and_of_what_they_saw() -> None:
    company = Crew()
    order = company.planned()
    call = {"work_order_id": order.pk, "resource_id": company.berto.pk, "now": MONDAY}
    with pytest.raises(Forbidden):
        commands.add_helper(**call, version=None, actor=company.tech)
    with pytest.raises(StaleVersion):
        commands.add_helper(**call, version=order.version - 1, actor=company.dispatcher)
    with pytest.raises(NotFound):
        commands.add_helper(**{**call, "resource_id": 10**9}, version=None, actor=company.dispatcher)
    elsewhere = builders.technician("Elia", works=builders.branch(name="Torino"), performs=(company.kind,))
    person = builders.user("dispatcher")
    person.branches.add(company.branch)
    near = actor_for(person)
    with pytest.raises(NotFound):
        commands.add_helper(**{**call, "resource_id": elsewhere.pk}, version=None, actor=near)


def test_moving_moves_everybody() -> None:
    company = Crew()
    order = company.move(company.together(), Interval(FOUR, FOUR + HOUR))
    assert calendar(company.ada) == calendar(company.berto) == [(FOUR, FOUR + HOUR)]
    assert actions(order)[-1] == "workorder.moved"
    company.move(order, Interval(FOUR - HOUR, FOUR + HOUR))
    assert calendar(company.ada) == calendar(company.berto) == [(FOUR - HOUR, FOUR + HOUR)]


def test_moving_moves_nobody_when_one_of_them_cannot() -> None:
    company = Crew()
    order = company.together()
    other = company.order()
    commands.plan(
        work_order_id=other.pk, resource_id=company.berto.pk, window=Interval(FOUR, FOUR + HOUR), version=None,
        actor=company.dispatcher, now=MONDAY,
    )  # fmt: skip
    with pytest.raises(SlotTaken):
        company.move(order, Interval(FOUR, FOUR + HOUR))
    assert calendar(company.ada) == [(NINE, TEN)]
    assert calendar(company.berto) == [(NINE, TEN), (FOUR, FOUR + HOUR)]


def test_another_leader_takes_the_helpers_over_but_none_of_them_twice() -> None:
    company = Crew()
    order = company.together()
    with pytest.raises(OnItAlready):
        company.move(order, Interval(NINE, TEN), who=company.berto)
    order = company.move(order, Interval(NINE, TEN), who=company.carla)
    assert (str(order.resource), helping(order), calendar(company.ada)) == ("Carla Neri", ["Berto Sala"], [])


def test_a_plan_is_made_and_changed_with_its_helpers() -> None:
    company = Crew()
    order = commands.plan(
        work_order_id=company.order().pk, resource_id=company.ada.pk, window=Interval(NINE, TEN), version=None,
        actor=company.dispatcher, now=MONDAY, helpers=[company.berto.pk],
    )  # fmt: skip
    assert helping(order) == ["Berto Sala"]
    order = company.move(order, Interval(TEN, ELEVEN), helpers=[company.carla.pk])
    assert (helping(order), calendar(company.berto), calendar(company.carla)) == (["Carla Neri"], [], [(TEN, ELEVEN)])


def helper_to(company: Crew, order, window: Interval, who=None):
    return commands.move_helper(
        work_order_id=order.pk, resource_id=company.berto.pk, to_resource_id=(who or company.berto).pk, window=window,
        version=order.version, actor=company.dispatcher, now=MONDAY,
    )  # fmt: skip


def test_a_helpers_block_on_another_row_replaces_the_helper() -> None:
    company = Crew()
    order = company.together()
    mails = OutgoingMail.objects.count()
    order = helper_to(company, order, Interval(NINE, TEN), company.carla)
    assert (helping(order), calendar(company.berto), calendar(company.carla)) == (["Carla Neri"], [], [(NINE, TEN)])
    assert actions(order)[-1] == "workorder.helper_replaced"
    assert OutgoingMail.objects.count() == mails
    assert sorted(jobs("tickets.tell_people")[-1]["people"]) == sorted([company.berto.user_id, company.carla.user_id])
    order.refresh_from_db()
    with pytest.raises(NotFound):
        helper_to(company, order, Interval(NINE, TEN))


def test_a_helpers_block_on_the_leaders_row_is_refused() -> None:
    company = Crew()
    with pytest.raises(OnItAlready):
        helper_to(company, company.together(), Interval(NINE, TEN), company.ada)


def test_a_helpers_block_at_another_time_moves_everybody() -> None:
    kind = builders.activity_type("Check", mail_customer_on=["moved"])
    company = Crew(kind=kind)
    order = company.add(company.together(), company.carla)
    order = helper_to(company, order, Interval(TEN, ELEVEN))
    assert calendar(company.ada) == calendar(company.berto) == calendar(company.carla) == [(TEN, ELEVEN)]
    assert order.ticket.planned_start == TEN
    mail = OutgoingMail.objects.filter(event="workorder.moved").get()
    assert "Ada Bruni con Berto Sala, Carla Neri" in mail.body


def test_a_helpers_block_made_longer_is_that_helpers_alone() -> None:
    company = Crew()
    order = helper_to(company, company.together(), Interval(NINE, ELEVEN))
    assert (calendar(company.ada), calendar(company.berto)) == ([(NINE, TEN)], [(NINE, ELEVEN)])
    assert actions(order)[-1] == "workorder.helper_moved"
    with pytest.raises(HelperElsewhen):
        helper_to(company, order, Interval(TEN, TEN + timedelta(minutes=30)))


def test_a_helper_becomes_the_leader_and_the_leader_helps() -> None:
    company = Crew()
    order = company.together()
    order = commands.make_lead(
        work_order_id=order.pk, resource_id=company.berto.pk, version=order.version, actor=company.dispatcher,
        now=MONDAY,
    )  # fmt: skip
    assert (str(order.resource), helping(order)) == ("Berto Sala", ["Ada Bruni"])
    assert order.appointment.resource == company.berto
    assert order.ticket.assignee_id == company.berto.user_id
    assert calendar(company.ada) == calendar(company.berto) == [(NINE, TEN)]
    assert actions(order)[-1] == "workorder.lead"


def test_taking_a_helper_off_frees_the_time() -> None:
    company = Crew()
    order = company.together()
    order = commands.remove_helper(
        work_order_id=order.pk, resource_id=company.berto.pk, version=order.version, actor=company.dispatcher,
        now=MONDAY,
    )  # fmt: skip
    assert (helping(order), calendar(company.berto), calendar(company.ada)) == ([], [], [(NINE, TEN)])
    assert actions(order)[-1] == "workorder.helper_off"


@pytest.mark.parametrize("how", ["unplan", "cancel", "by_phone"])
def test_what_takes_the_work_order_off_frees_everybody(how: str) -> None:
    company = Crew()
    order = company.together()
    common = {"version": None, "now": MONDAY}
    if how == "unplan":
        commands.unplan(work_order_id=order.pk, actor=company.dispatcher, **common)
    elif how == "cancel":
        commands.cancel_ticket(ticket_id=order.ticket_id, reason="Called twice", actor=company.operator, **common)
    else:
        commands.resolve_by_phone(ticket_id=order.ticket_id, solution="Reset", actor=company.operator, **common)
    assert (calendar(company.ada), calendar(company.berto), Helper.objects.count()) == ([], [], 0)


def test_accepting_sets_everybodys_appointment_and_whoever_comes_later() -> None:
    company = Crew()
    order = company.together()
    commands.accept(ticket_id=order.ticket_id, actor=company.tech, now=MONDAY)
    order.refresh_from_db()
    company.add(order, company.carla)
    assert set(Appointment.objects.values_list("category", flat=True)) == {"confirmed"}


def test_another_site_is_everybodys() -> None:
    company = Crew()
    order = company.together()
    site = builders.site(company.customer, company.branch, name="Cellar", is_main=False)
    commands.relocate_ticket(
        ticket_id=order.ticket_id, site_id=site.pk, contact_id=None, version=None, actor=company.dispatcher, now=MONDAY
    )
    assert set(Appointment.objects.filter(blocks=True).values_list("site_id", flat=True)) == {site.pk}


def test_tasks_that_follow_from_an_appointment_are_made_once() -> None:
    company = Crew()
    NumberBook.objects.create(kind="task", branch=company.branch, series="TSK", format="{series}-{number:05}")
    checks = builders.activity_type("Call back", kind="task")
    for trigger in ("opened", "closed"):
        Chain.objects.create(
            activity_type=company.kind, creates=checks, trigger=trigger, owner=company.ada.user, free_days="keep"
        )
    order = company.together()
    assert Task.objects.count() == 1
    company.act("start", company.berto, order, NINE)
    company.act("start", company.ada, order, NINE)
    company.act("end", company.ada, order, TEN)
    assert Task.objects.count() == 2


def test_the_database_holds_a_helper_to_the_calendar_of_the_appointment() -> None:
    company = Crew()
    helper = company.together().helpers.get()
    with pytest.raises(IntegrityError, match="another calendar"), transaction.atomic():
        Helper.objects.filter(pk=helper.pk).update(resource=company.carla)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="another calendar"), transaction.atomic():
        Appointment.objects.filter(pk=helper.appointment_id).update(resource=company.carla)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
