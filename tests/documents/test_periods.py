"""Nothing is written on a date outside every period or in a locked one."""

import threading
from datetime import date

import pytest
from django.db import connections, transaction

from callout.documents import commands, queries
from callout.documents.errors import EndsBeforeStart, OutsidePeriod, PeriodLocked, PeriodsOverlap
from callout.documents.models import Period
from tests import builders

DAY = date(2026, 11, 23)


def lock(period, locked=True):
    actor = builders.actor("administrator")
    return commands.lock_period(period_id=period.pk, locked=locked, actor=actor, now=builders.MONDAY)


def create(**fields):
    fields = {
        "branch": None, "module": "", "starts": date(2026, 1, 1), "ends": date(2026, 12, 31),
        "actor": builders.actor("administrator"), "now": builders.MONDAY, **fields,
    }  # fmt: skip
    return commands.create_period(**fields)


@pytest.mark.django_db
def test_first_and_last_day_are_inside():
    branch = builders.branch()
    for day in (date(2026, 1, 1), date(2027, 12, 31)):
        assert queries.require_open(branch=branch, on=day, module="tickets") is None
    for day in (date(2025, 12, 31), date(2028, 1, 1)):
        with pytest.raises(OutsidePeriod):
            queries.require_open(branch=branch, on=day, module="tickets")


@pytest.mark.django_db
def test_a_locked_period_refuses_until_it_is_opened_again():
    branch = builders.branch()
    period = Period.objects.get(branch=branch)
    lock(period)
    with pytest.raises(PeriodLocked) as refusal:
        queries.require_open(branch=branch, on=DAY, module="billing")
    assert refusal.value.facts["ends"] == date(2027, 12, 31)
    lock(period, locked=False)
    assert queries.require_open(branch=branch, on=DAY, module="billing") is None


@pytest.mark.django_db
def test_a_modules_own_lock_stops_that_module_alone():
    branch = builders.branch()
    lock(create(branch=branch, module="billing"))
    assert queries.require_open(branch=branch, on=DAY, module="tickets") is None
    with pytest.raises(PeriodLocked):
        queries.require_open(branch=branch, on=DAY, module="billing")


@pytest.mark.django_db
def test_periods_that_share_a_day_or_run_backwards_are_refused():
    create()
    with pytest.raises(PeriodsOverlap):
        create(starts=date(2026, 12, 31), ends=date(2027, 12, 31))
    with pytest.raises(EndsBeforeStart):
        create(starts=date(2028, 2, 1), ends=date(2028, 1, 31))
    assert create(starts=date(2027, 1, 1), ends=date(2027, 12, 31)).pk


@pytest.mark.django_db(transaction=True)
def test_locking_waits_for_work_that_is_being_written_in_the_period():
    branch = builders.branch()
    period = Period.objects.get(branch=branch)
    checked, order = threading.Event(), []

    def write() -> None:
        with transaction.atomic():
            queries.require_open(branch=branch, on=DAY, module="tickets")
            checked.set()
            threading.Event().wait(0.3)
            order.append("written")
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    checked.wait(5)
    lock(period)
    order.append("locked")
    writer.join()
    assert order == ["written", "locked"]
