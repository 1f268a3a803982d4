"""Several technicians on site: everybody's own clock and hours, one end and one report."""

from datetime import timedelta
from decimal import Decimal

import pytest

from callout.accounts.queries import actor_for
from callout.billing.queries import lines_to_verify
from callout.core.errors import NotFound
from callout.planning.models import Appointment
from callout.workorders import commands, queries
from callout.workorders.errors import (
    AlreadyRunning,
    HasWorked,
    HoursMissing,
    NotRunning,
    OnlyLead,
    StepRefused,
    WorkingElsewhere,
)
from callout.workorders.models import HoursLine
from callout.workorders.queries import worked_hours
from tests.builders import MONDAY
from tests.workorders.crews import Crew
from tests.workorders.support import NINE, TEN, actions

pytestmark = pytest.mark.django_db
QUARTER = timedelta(minutes=15)


def categories() -> set[str]:
    return set(Appointment.objects.values_list("category", flat=True))


def stretches(order) -> list[tuple[str, object, object]]:
    rows = order.sessions.select_related("resource__user").order_by("started_at", "id")
    return [(str(each.resource), each.started_at, each.ended_at) for each in rows]


def test_whoever_begins_first_begins_the_work_and_the_others_join() -> None:
    company = Crew()
    order = company.together()
    order = company.act("start", company.berto, order, NINE)
    assert (order.status, order.started_at, categories()) == ("under_way", NINE, {"under_way"})
    order = company.act("start", company.ada, order, NINE + QUARTER)
    assert (order.status, order.started_at) == ("under_way", NINE)
    assert stretches(order) == [("Berto Sala", NINE, None), ("Ada Bruni", NINE + QUARTER, None)]
    with pytest.raises(StepRefused):
        company.act("start", company.ada, order, NINE + QUARTER)
    assert actions(order)[-2:] == ["workorder.started", "workorder.started"]


def test_everybody_pauses_and_resumes_the_own_clock() -> None:
    company = Crew()
    order = company.act("start", company.ada, company.together(), NINE)
    company.act("start", company.berto, order, NINE)
    company.act("pause", company.berto, order, NINE + QUARTER)
    with pytest.raises(NotRunning):
        company.act("pause", company.berto, order, NINE + QUARTER)
    with pytest.raises(AlreadyRunning):
        company.act("resume", company.ada, order, NINE + QUARTER)
    company.act("resume", company.berto, order, NINE + 2 * QUARTER)
    assert [(name, ended) for name, _started, ended in stretches(order)] == [
        ("Ada Bruni", None), ("Berto Sala", NINE + QUARTER), ("Berto Sala", None),
    ]  # fmt: skip


def test_pages_of_colleagues_are_not_stale_for_the_own_clock() -> None:
    company = Crew()
    order = company.together()
    seen = order.version
    company.act("start", company.ada, order, NINE, version=seen)
    company.act("start", company.berto, order, NINE, version=seen)
    company.act("pause", company.ada, order, TEN, version=seen)


def test_nobody_works_on_two_work_orders_at_once() -> None:
    company = Crew()
    other = company.planned(starts=TEN + QUARTER)
    order = company.together()
    company.act("start", company.berto, order, NINE)
    company.act("start", company.ada, other, NINE)
    with pytest.raises(WorkingElsewhere):
        company.act("start", company.ada, order, NINE + QUARTER)


def test_a_helper_ends_the_own_part_and_the_leader_the_work() -> None:
    company = Crew()
    order = company.act("start", company.ada, company.together(), NINE)
    with pytest.raises(NotRunning):
        company.act("end", company.berto, order, NINE)
    company.act("start", company.berto, order, NINE)
    order = company.act("end", company.berto, order, NINE + QUARTER)
    assert (order.status, order.helpers.get().ended_at) == ("under_way", NINE + QUARTER)
    assert actions(order)[-1] == "workorder.part_ended"
    order = company.act("resume", company.berto, order, NINE + 2 * QUARTER)
    assert order.helpers.get().ended_at is None
    order = company.act("end", company.ada, order, TEN)
    assert (order.status, order.ended_at, categories()) == ("done", TEN, {"done"})
    assert all(ended is not None for _name, _started, ended in stretches(order))


def test_only_who_leads_takes_the_work_up_again_and_reports() -> None:
    company = Crew()
    order = company.act("start", company.ada, company.together(), NINE)
    company.act("start", company.berto, order, NINE)
    order = company.act("end", company.ada, order, TEN)
    with pytest.raises(OnlyLead):
        company.act("resume", company.berto, order, TEN)
    commands.take_proposed_hours(work_order_id=order.pk, actor=company.tech, now=TEN)
    with pytest.raises(OnlyLead):
        company.act("report", company.berto, order, TEN)
    assert company.act("report", company.ada, order, TEN).status == "reported"


def test_the_office_names_whose_clock_it_is() -> None:
    company = Crew()
    order = company.together()
    company.act("start", company.ada, order, NINE)
    commands.start(work_order_id=order.pk, resource_id=company.berto.pk, actor=company.dispatcher, now=NINE)
    assert len(stretches(order)) == 2
    with pytest.raises(NotFound):
        company.act("pause", company.berto, order, TEN, resource_id=company.ada.pk)
    with pytest.raises(NotFound):
        commands.pause(work_order_id=order.pk, resource_id=company.carla.pk, actor=company.dispatcher, now=TEN)


def test_colleagues_who_are_not_on_it_do_not_see_it() -> None:
    company = Crew()
    order = company.together()
    assert queries.visible_to(actor_for(company.berto.user)).get() == order
    with pytest.raises(NotFound):
        company.act("start", company.carla, order, NINE)


def worked(company: Crew):
    order = company.act("start", company.ada, company.together(), NINE)
    company.act("start", company.berto, order, NINE)
    company.act("end", company.berto, order, NINE + 2 * QUARTER)
    return company.act("end", company.ada, order, TEN)


def test_everybody_takes_over_the_own_hours() -> None:
    company = Crew()
    order = worked(company)
    berto = actor_for(company.berto.user)
    (own,) = commands.take_proposed_hours(work_order_id=order.pk, actor=berto, now=TEN)
    assert (own.resource, own.worked) == (company.berto, Decimal("0.50"))
    with pytest.raises(HoursMissing) as refused:
        company.act("report", company.ada, order, TEN)
    assert refused.value.facts["people"] == "Ada Bruni"
    (leads,) = commands.take_proposed_hours(work_order_id=order.pk, actor=company.tech, now=TEN)
    assert (leads.resource, leads.worked) == (company.ada, Decimal("1.00"))


def test_who_leads_takes_over_the_hours_of_all_who_have_none() -> None:
    company = Crew()
    order = worked(company)
    made = commands.take_proposed_hours(work_order_id=order.pk, actor=company.tech, now=TEN)
    assert {(str(line.resource), line.worked) for line in made} == {
        ("Ada Bruni", Decimal("1.00")), ("Berto Sala", Decimal("0.50")),
    }  # fmt: skip


@pytest.mark.parametrize("first", ["ada", "berto"])
def test_an_estimate_is_billed_once_whoever_takes_over_first(first: str) -> None:
    company = Crew()
    order = worked(company)
    commands.add_estimate_line(
        work_order_id=order.pk, kind="hours", description="Hour", quantity=Decimal(4), unit="h", price=Decimal(50),
        actor=company.operator, now=TEN,
    )  # fmt: skip
    for who in (company.berto, company.ada) if first == "berto" else (company.ada, company.berto):
        commands.take_proposed_hours(work_order_id=order.pk, actor=actor_for(who.user), now=TEN)
    lines = HoursLine.objects.filter(work_order=order)
    assert sum(line.to_bill for line in lines) == Decimal(4)
    assert lines.count() == 2


def test_a_helper_writes_the_own_hours_alone() -> None:
    company = Crew()
    order = worked(company)
    berto = actor_for(company.berto.user)
    common = {"work_order_id": order.pk, "now": TEN}
    line = commands.add_hours(day=TEN.date(), worked=Decimal(1), actor=berto, **common)
    assert line.resource == company.berto
    with pytest.raises(NotFound):
        commands.add_hours(day=TEN.date(), worked=Decimal(1), resource_id=company.ada.pk, actor=berto, **common)
    with pytest.raises(NotFound):
        commands.add_hours(
            day=TEN.date(), worked=Decimal(1), resource_id=company.carla.pk, actor=company.tech, **common
        )
    lead = commands.add_hours(day=TEN.date(), worked=Decimal(1), actor=company.tech, **common)
    with pytest.raises(NotFound):
        commands.remove_hours(line_id=lead.pk, version=lead.version, actor=berto, **common)
    with pytest.raises(NotFound):
        commands.change_hours(
            line_id=lead.pk, day=TEN.date(), worked=Decimal(2), to_bill=Decimal(2), version=None, actor=berto, **common
        )
    commands.remove_hours(line_id=line.pk, version=line.version, actor=company.tech, **common)


def test_whoever_has_worked_stays_on_the_work_order() -> None:
    company = Crew()
    order = company.add(company.together(), company.carla)
    company.act("start", company.ada, order, NINE)
    order = company.act("start", company.berto, order, NINE)
    off = {"work_order_id": order.pk, "version": None, "actor": company.dispatcher, "now": NINE}
    with pytest.raises(HasWorked):
        commands.remove_helper(resource_id=company.berto.pk, **off)
    commands.remove_helper(resource_id=company.carla.pk, **off)
    order.refresh_from_db()
    late = company.add(order, company.carla).helpers.get(resource=company.carla)
    assert late.appointment.category == "under_way"


def test_a_helper_leads_on_when_the_leader_has_to_go() -> None:
    company = Crew()
    order = worked_half(company)
    commands.make_lead(
        work_order_id=order.pk, resource_id=company.berto.pk, version=None, actor=company.dispatcher, now=TEN
    )
    assert company.act("end", company.berto, order, TEN).status == "done"


def worked_half(company: Crew):
    order = company.act("start", company.ada, company.together(), NINE)
    company.act("start", company.berto, order, NINE)
    return company.act("pause", company.ada, order, NINE + QUARTER)


def test_verification_and_the_worked_hours_say_whose_hours() -> None:
    company = Crew()
    order = worked(company)
    commands.take_proposed_hours(work_order_id=order.pk, actor=company.tech, now=TEN)
    order = company.act("report", company.ada, order, TEN)
    described = [line.reported.description for line in lines_to_verify(order)]
    assert described == ["Repair (Ada Bruni)", "Repair (Berto Sala)"]


def test_a_helpers_work_orders_are_offered_for_further_hours() -> None:
    company = Crew()
    order = worked(company)
    found = worked_hours.orders_for_hours(actor_for(company.berto.user), resource=company.berto)
    assert list(found) == [order]


def test_the_day_of_a_helper_shows_the_stop_with_the_colleagues() -> None:
    company = Crew()
    order = company.together()
    (stop,) = queries.stops(actor_for(company.berto.user), day=MONDAY.date())
    assert (stop.order, stop.leads, stop.others, stop.appointment.starts) == (order, False, ("Ada Bruni",), NINE)
    (stop,) = queries.stops(company.tech, day=MONDAY.date())
    assert (stop.leads, stop.others) == (True, ("Berto Sala",))
