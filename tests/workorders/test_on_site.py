"""The clock of the work: start, pause, resume, end."""

from datetime import timedelta

import pytest

from callout.core.errors import NotFound, StaleVersion
from callout.workorders import commands, errors
from callout.workorders.models import WorkSession
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import NINE, TEN, Company, actions

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_starting_accepts_and_lets_the_clock_run() -> None:
    company = Company()
    order = company.started()
    session = order.sessions.get()
    assert (order.status, order.started_at, session.started_at, session.ended_at) == ("under_way", NINE, NINE, None)
    assert (order.ticket.status, order.ticket.accepted_at) == ("accepted", NINE)
    order.appointment.refresh_from_db()
    assert order.appointment.category == "under_way"
    assert "workorder.started" in actions(order)


def test_pausing_and_resuming_leave_the_pause_out() -> None:
    company = Company()
    order = company.started()
    commands.pause(work_order_id=order.pk, actor=company.tech, now=NINE + 20 * MINUTE)
    commands.resume(work_order_id=order.pk, actor=company.tech, now=NINE + 50 * MINUTE)
    order = commands.end(work_order_id=order.pk, actor=company.tech, now=TEN)
    lengths = [session.ended_at - session.started_at for session in order.sessions.all()]
    assert lengths == [20 * MINUTE, 10 * MINUTE]
    assert (order.status, order.ended_at) == ("done", TEN)
    order.appointment.refresh_from_db()
    assert order.appointment.category == "done"
    assert actions(order)[-4:] == [
        "workorder.started", "workorder.paused", "workorder.resumed", "workorder.ended",
    ]  # fmt: skip


def test_work_that_was_ended_too_early_goes_on() -> None:
    company = Company()
    order = company.done()
    order = commands.resume(work_order_id=order.pk, actor=company.tech, now=TEN + 5 * MINUTE)
    assert (order.status, order.ended_at) == ("under_way", None)
    order = commands.end(work_order_id=order.pk, actor=company.tech, now=TEN + 30 * MINUTE)
    assert order.sessions.count() == 2


def test_ending_during_a_pause_ends_there() -> None:
    company = Company()
    order = company.started()
    commands.pause(work_order_id=order.pk, actor=company.tech, now=NINE + 20 * MINUTE)
    order = commands.end(work_order_id=order.pk, actor=company.tech, now=TEN)
    assert [session.ended_at for session in order.sessions.all()] == [NINE + 20 * MINUTE]


@pytest.mark.parametrize("minutes", [0, -1, -60])
def test_work_does_not_end_before_it_began(minutes: int) -> None:
    company = Company()
    order = company.started()
    with pytest.raises(errors.EndBeforeStart) as refused:
        commands.end(work_order_id=order.pk, at=NINE + minutes * MINUTE, actor=company.tech, now=TEN)
    assert refused.value.field == "at"
    order.refresh_from_db()
    assert (order.status, order.ended_at) == ("under_way", None)


def test_a_pause_does_not_begin_before_the_work_nor_end_before_itself() -> None:
    company = Company()
    order = company.started()
    with pytest.raises(errors.EndBeforeStart):
        commands.pause(work_order_id=order.pk, at=NINE - MINUTE, actor=company.tech, now=TEN)
    commands.pause(work_order_id=order.pk, at=NINE + 30 * MINUTE, actor=company.tech, now=TEN)
    with pytest.raises(errors.StartTooEarly):
        commands.resume(work_order_id=order.pk, at=NINE + 29 * MINUTE, actor=company.tech, now=TEN)
    with pytest.raises(errors.EndBeforeStart):
        commands.end(work_order_id=order.pk, at=NINE + 29 * MINUTE, actor=company.tech, now=TEN)


def test_a_visit_of_thirty_hours_asks_when_it_really_ended() -> None:
    company = Company()
    order = company.started()
    tomorrow = NINE + timedelta(hours=30)
    with pytest.raises(errors.VisitTooLong) as refused:
        commands.end(work_order_id=order.pk, actor=company.tech, now=tomorrow)
    assert str(refused.value.facts["hours"]) == "30.0"
    assert commands.end(work_order_id=order.pk, at=TEN, actor=company.tech, now=tomorrow).ended_at == TEN


def test_nothing_happens_in_the_future() -> None:
    company = Company()
    order = company.planned()
    with pytest.raises(errors.TimeInFuture):
        commands.start(work_order_id=order.pk, at=TEN, actor=company.tech, now=NINE)


def test_nobody_works_in_two_places_at_once() -> None:
    company = Company()
    first = company.started()
    second = company.planned(starts=TEN)
    with pytest.raises(errors.WorkingElsewhere) as refused:
        commands.start(work_order_id=second.pk, actor=company.tech, now=TEN)
    assert refused.value.facts["other"] == first.code
    commands.pause(work_order_id=first.pk, actor=company.tech, now=TEN)
    commands.start(work_order_id=second.pk, actor=company.tech, now=TEN)
    with pytest.raises(errors.WorkingElsewhere):
        commands.resume(work_order_id=first.pk, actor=company.tech, now=TEN + MINUTE)
    assert WorkSession.objects.filter(ended_at=None).count() == 1


def test_pausing_twice_and_resuming_what_runs_are_refused() -> None:
    company = Company()
    order = company.started()
    with pytest.raises(errors.AlreadyRunning):
        commands.resume(work_order_id=order.pk, actor=company.tech, now=NINE + MINUTE)
    commands.pause(work_order_id=order.pk, actor=company.tech, now=NINE + MINUTE)
    with pytest.raises(errors.NotRunning):
        commands.pause(work_order_id=order.pk, actor=company.tech, now=NINE + 2 * MINUTE)


def test_work_starts_only_where_it_was_planned() -> None:
    company = Company()
    order = company.order()
    for actor in (company.tech, company.dispatcher):
        with pytest.raises((errors.StepRefused, NotFound)):
            commands.start(work_order_id=order.pk, actor=actor, now=MONDAY)


def test_somebody_elses_work_order_does_not_exist() -> None:
    company = Company()
    order = company.planned()
    other = builders.actor("technician")
    for command in (commands.start, commands.pause, commands.resume, commands.end, commands.report):
        with pytest.raises(NotFound):
            command(work_order_id=order.pk, actor=other, now=NINE)
    order.refresh_from_db()
    assert order.status == "planned"


def test_a_stale_page_starts_nothing() -> None:
    company = Company()
    order = company.planned()
    with pytest.raises(StaleVersion):
        commands.start(work_order_id=order.pk, version=order.version - 1, actor=company.tech, now=NINE)


def test_the_office_may_report_for_the_technician() -> None:
    company = Company()
    order = company.planned()
    later = NINE + timedelta(days=1)
    commands.start(work_order_id=order.pk, at=NINE, actor=company.dispatcher, now=later)
    order = commands.end(work_order_id=order.pk, at=TEN, actor=company.dispatcher, now=later)
    assert (order.started_at, order.ended_at) == (NINE, TEN)
    assert order.sessions.get().resource == company.technician
