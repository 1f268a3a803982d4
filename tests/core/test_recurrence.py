from datetime import date, timedelta
from itertools import count, takewhile

import pytest
from dateutil.rrule import DAILY, WEEKLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from callout.core.recurrence import (
    BadRecurrence,
    FreeDays,
    NoWorkingDay,
    Rule,
    Unit,
    dates_until,
    next_date,
    on_weekdays,
)

from .support import refused

ALWAYS = on_weekdays(range(7))
OFFICE = on_weekdays(range(5), holidays={date(2026, 6, 2)})
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
RULES = st.builds(Rule, st.sampled_from(Unit), st.integers(1, 40), st.sampled_from(FreeDays))
WORKING = st.builds(on_weekdays, st.sets(st.integers(0, 6), min_size=1), st.sets(DAYS, max_size=3))


def shift(day, is_working, step):
    while not is_working(day):
        day += timedelta(days=step)
    return day


def by_hand(rule, anchor, limit, is_working):
    """The oracle: every calendar day to well past the limit, moved, sorted, each once."""
    days = list(takewhile(lambda day: day <= limit + timedelta(days=40), (rule.nth(anchor, n) for n in count(1))))
    match rule.free_days:
        case FreeDays.SKIP:
            days = [day for day in days if is_working(day)]
        case FreeDays.BEFORE:
            days = [shift(day, is_working, -1) for day in days]
        case FreeDays.AFTER:
            days = [shift(day, is_working, 1) for day in days]
    return sorted({day for day in days if anchor < day <= limit})


@given(RULES, DAYS, st.integers(0, 500), WORKING)
def test_the_days_until_a_limit(rule, anchor, length, is_working):
    limit = anchor + timedelta(days=length)
    assert dates_until(rule, anchor, limit, is_working) == by_hand(rule, anchor, limit, is_working)


@given(RULES, DAYS, st.integers(-100, 1000), WORKING)
def test_the_next_day_is_the_first_of_them(rule, anchor, offset, is_working):
    after = anchor + timedelta(days=offset)
    horizon = max(after, anchor) + timedelta(days=1300)
    later = [day for day in by_hand(rule, anchor, horizon, is_working) if day > after]
    if later:
        assert next_date(rule, anchor, after, is_working) == later[0]


@given(st.sampled_from([(Unit.DAY, DAILY), (Unit.WEEK, WEEKLY)]), st.integers(1, 40), DAYS, st.integers(0, 900))
def test_days_and_weeks_are_those_of_the_calendar_rule(unit, every, anchor, length):
    limit = anchor + timedelta(days=length)
    expected = [moment.date() for moment in rrule(unit[1], interval=every, dtstart=anchor, until=limit)][1:]
    assert dates_until(Rule(unit[0], every), anchor, limit, ALWAYS) == expected


@given(DAYS, st.integers(1, 30), st.integers(1, 60))
def test_months_keep_the_day_of_the_anchor_where_there_is_one(anchor, every, n):
    day = Rule(Unit.MONTH, every).nth(anchor, n)
    assert (day.year - anchor.year) * 12 + day.month - anchor.month == every * n
    assert day.day == anchor.day or (day.day < anchor.day and (day + timedelta(days=1)).day == 1)


def test_the_ends_of_months():
    monthly = Rule(Unit.MONTH)
    assert dates_until(monthly, date(2026, 1, 31), date(2026, 5, 31), ALWAYS) == [
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 5, 31),
    ]
    assert next_date(monthly, date(2026, 1, 31), date(2026, 2, 28), ALWAYS) == date(2026, 3, 31)
    assert next_date(Rule(Unit.MONTH, 12), date(2024, 2, 29), date(2026, 1, 1), ALWAYS) == date(2026, 2, 28)
    assert next_date(Rule(Unit.MONTH, 12), date(2024, 2, 29), date(2027, 3, 1), ALWAYS) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("free_days", "day"),
    [
        (FreeDays.KEEP, date(2026, 6, 2)),
        (FreeDays.BEFORE, date(2026, 6, 1)),
        (FreeDays.AFTER, date(2026, 6, 3)),
        (FreeDays.SKIP, date(2026, 7, 2)),
    ],
)
def test_a_holiday_is_avoided_as_wanted(free_days, day):
    assert next_date(Rule(Unit.MONTH, 1, free_days), date(2026, 5, 2), date(2026, 5, 2), OFFICE) == day


def test_days_that_move_together_count_once():
    daily = Rule(Unit.DAY, 1, FreeDays.AFTER)
    friday = date(2026, 7, 3)
    assert dates_until(daily, friday, date(2026, 7, 7), OFFICE) == [date(2026, 7, 6), date(2026, 7, 7)]
    assert next_date(daily, friday, date(2026, 7, 4), OFFICE) == date(2026, 7, 6)


def test_a_day_before_the_limit_may_stand_for_one_behind_it():
    rule = Rule(Unit.DAY, 2, FreeDays.BEFORE)
    assert dates_until(rule, date(2026, 7, 2), date(2026, 7, 3), OFFICE) == [date(2026, 7, 3)]


@pytest.mark.parametrize("every", [0, -1, 1001])
def test_an_interval_is_a_number(every):
    assert refused(BadRecurrence, Rule, Unit.DAY, every).field == "every"


@pytest.mark.parametrize("free_days", [FreeDays.BEFORE, FreeDays.AFTER, FreeDays.SKIP])
def test_nobody_ever_works(free_days):
    rule = Rule(Unit.WEEK, 1, free_days)
    refused(NoWorkingDay, next_date, rule, date(2026, 1, 1), date(2026, 1, 1), on_weekdays(()))
    if free_days is FreeDays.SKIP:
        assert dates_until(rule, date(2026, 1, 1), date(2027, 1, 1), on_weekdays(())) == []
    else:
        refused(NoWorkingDay, dates_until, rule, date(2026, 1, 1), date(2027, 1, 1), on_weekdays(()))


def test_the_calendar_ends():
    late = date(9999, 12, 30)
    assert dates_until(Rule(Unit.DAY), late, date.max, ALWAYS) == [date.max]
    assert dates_until(Rule(Unit.MONTH), late, date.max, ALWAYS) == []
    with pytest.raises(OverflowError):
        next_date(Rule(Unit.MONTH), late, late, ALWAYS)
