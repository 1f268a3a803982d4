"""Hours, prices and quantities: what is counted, what is refused."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.errors import Invalid
from callout.workorders import rules
from callout.workorders.errors import (
    BadMinutes,
    DayTooLong,
    EndBeforeStart,
    HoursInFuture,
    Negative,
    NoNumber,
    NotPositive,
    StartTooEarly,
    TimeInFuture,
    TooBig,
    TooPrecise,
    VisitTooLong,
)
from callout.workorders.rules import Stretch

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
two_decimals = st.decimals(min_value=0, max_value=24, places=2)


@pytest.mark.parametrize(
    ("value", "refusal"),
    [("-0.01", Negative), ("1.005", TooPrecise), ("NaN", NoNumber), ("Infinity", NoNumber), ("1e12", TooBig)],
)
def test_money_that_is_none(value: str, refusal: type[Invalid]) -> None:
    with pytest.raises(refusal) as refused:
        rules.money(Decimal(value))
    assert refused.value.field == "price"


@pytest.mark.parametrize(
    ("value", "refusal"), [("0", NotPositive), ("-1", NotPositive), ("0.001", TooPrecise), ("-Infinity", NoNumber)]
)
def test_quantities_that_are_none(value: str, refusal: type[Invalid]) -> None:
    with pytest.raises(refusal):
        rules.quantity(Decimal(value))


def test_zero_is_a_quantity_of_an_estimate() -> None:
    assert rules.quantity(Decimal(0), may_be_zero=True) == 0
    with pytest.raises(Negative):
        rules.quantity(Decimal(-1), may_be_zero=True)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_money_of_two_decimals_is_kept(value: Decimal) -> None:
    assert rules.money(value) == value


def test_a_stretch_ends_after_it_began_and_within_a_day() -> None:
    rules.check_stretch(NOON, NOON + timedelta(hours=24))
    with pytest.raises(EndBeforeStart):
        rules.check_stretch(NOON, NOON)
    with pytest.raises(EndBeforeStart):
        rules.check_stretch(NOON, NOON - timedelta(seconds=1), may_be_empty=True)
    with pytest.raises(VisitTooLong) as refused:
        rules.check_stretch(NOON, NOON + timedelta(hours=30))
    assert refused.value.facts["hours"] == Decimal("30.0")


def test_times_have_come_give_or_take_a_wrong_clock() -> None:
    rules.check_past(NOON + timedelta(minutes=9), now=NOON)
    with pytest.raises(TimeInFuture):
        rules.check_past(NOON + timedelta(minutes=11), now=NOON)
    with pytest.raises(StartTooEarly):
        rules.check_resume(NOON - timedelta(seconds=1), NOON)


def test_no_day_has_more_than_24_hours() -> None:
    day = date(2026, 11, 23)
    rules.check_day_total(Decimal(4), Decimal(20), day=day, name="Ada")
    with pytest.raises(DayTooLong) as refused:
        rules.check_day_total(Decimal(10), Decimal(20), day=day, name="Ada")
    assert refused.value.facts == {"name": "Ada", "hours": Decimal(30), "day": day}
    with pytest.raises(HoursInFuture):
        rules.check_hours_day(day, today=date(2026, 11, 22))


@pytest.mark.parametrize("minutes", [0, 4, 1441, -30])
def test_durations_that_nobody_plans(minutes: int) -> None:
    with pytest.raises(BadMinutes):
        rules.check_minutes(minutes)


def test_hours_fall_on_the_local_days_on_which_they_were_worked() -> None:
    evening = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # half past eleven in Rome
    found = rules.hours_by_day([Stretch(1, evening, evening + timedelta(hours=2))], zone="Europe/Rome")
    assert found == {(1, date(2026, 11, 23)): Decimal("0.50"), (1, date(2026, 11, 24)): Decimal("1.50")}


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 1_440)), max_size=6))
def test_no_time_is_lost_or_doubled(pairs: list[tuple[int, int]]) -> None:
    stretches = [
        Stretch(1, NOON + timedelta(minutes=start), NOON + timedelta(minutes=start + length)) for start, length in pairs
    ]
    found = rules.hours_by_day(stretches, zone="America/New_York")
    exact = Decimal(sum(length for _, length in pairs)) / 60
    assert abs(sum(found.values(), Decimal(0)) - exact) <= Decimal("0.005") * max(1, len(found))
    assert all(hours > 0 for hours in found.values())


@given(st.lists(two_decimals, min_size=1, max_size=5), st.decimals(min_value=0, max_value=100, places=2))
def test_what_was_estimated_is_billed_to_the_last_hour(worked: list[Decimal], estimated: Decimal) -> None:
    shares = rules.share_estimate(worked, estimated)
    assert sum(shares) == estimated
    assert all(share >= 0 for share in shares)


@given(st.lists(two_decimals, max_size=5))
def test_without_an_estimate_the_hours_worked_are_billed(worked: list[Decimal]) -> None:
    assert rules.share_estimate(worked, None) == worked


def test_a_further_line_bills_what_is_left_of_the_estimate() -> None:
    assert rules.left_to_bill(Decimal(3), estimated=Decimal(2), billed=Decimal("0.5")) == Decimal("1.5")
    assert rules.left_to_bill(Decimal(3), estimated=Decimal(2), billed=Decimal(5)) == 0
    assert rules.left_to_bill(Decimal(3), estimated=None, billed=Decimal(0)) == 3
