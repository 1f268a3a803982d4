"""What patterns give: right days, right hours on the nights when clocks change, nothing twice, nothing over another."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.errors import Invalid
from callout.core.intervals import Interval, intersect, normalise, total
from callout.core.recurrence import BadRecurrence, Unit
from callout.core.worktime import BadShift, Closure, ClosureKind, DayOutOfRange, Shift, day_of, expand
from callout.planning.errors import EndsBeforeFirstDay, NoWeekday, RangeTooLong
from callout.planning.rules import patterns as rules
from callout.planning.rules.patterns import Calendar, Fate, Pattern, Standing, Why, Work

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ROME = "Europe/Rome"
MONDAY = date(2026, 11, 23)


def pattern(pk: int = 1, **fields) -> Pattern:
    start = {
        "unit": Unit.WEEK, "every": 1, "weekdays": frozenset(range(5)), "starts": time(8), "ends": time(17),
        "starts_on": MONDAY,
    }  # fmt: skip
    return Pattern(pk=pk, **{**start, **fields})


def always(first: date, last: date, zone: str = ROME) -> list[Interval]:
    """Somebody who works at any hour."""
    return expand([Shift(day, time(0), time(0)) for day in range(7)], zone, first, last + timedelta(days=1))


def calendar(first: date, last: date, zone: str = ROME, **fields) -> Calendar:
    return Calendar(**{"zone": zone, "hours": always(first - timedelta(days=1), last, zone), **fields})


def after(lines: list[rules.Line], before: list[Standing]) -> list[Standing]:
    """The calendar as it is when the lines have been carried out."""
    gone = {line.standing.pk for line in lines if line.fate in (Fate.REPLACE, Fate.REMOVE)}
    kept = [each for each in before if each.pk not in gone]
    new = [
        Standing(1000 + n, line.pattern.pk, line.day, line.pattern.zone, line.pattern.zone_name, line.wanted)
        for n, line in enumerate(lines)
        if line.fate in (Fate.WRITE, Fate.REPLACE)
    ]
    return kept + new


def test_weeks_are_counted_from_the_first_one_and_begin_on_its_day() -> None:
    every_other = pattern(every=2, weekdays=frozenset({0, 4}), starts_on=date(2026, 11, 25))
    found = rules.days_of(every_other, date(2026, 11, 1), date(2026, 12, 31))
    assert found == [date(2026, 11, 27), date(2026, 12, 7), date(2026, 12, 11), date(2026, 12, 21), date(2026, 12, 25)]


def test_a_pattern_goes_on_over_new_year() -> None:
    found = rules.days_of(pattern(every=2, weekdays=frozenset({3})), date(2026, 12, 20), date(2027, 1, 31))
    assert found == [date(2026, 12, 24), date(2027, 1, 7), date(2027, 1, 21)]
    nights = pattern(unit=Unit.DAY, weekdays=frozenset(), starts=time(22), ends=time(6))
    spans = rules.expanded(nights, ROME, date(2026, 12, 31), date(2026, 12, 31))
    assert spans == [
        (
            date(2026, 12, 31),
            Interval(datetime(2026, 12, 31, 21, tzinfo=UTC), datetime(2027, 1, 1, 5, tzinfo=UTC)),
        )
    ]


def test_the_31st_is_the_last_day_of_shorter_months() -> None:
    monthly = pattern(unit=Unit.MONTH, weekdays=frozenset(), starts_on=date(2026, 12, 31), ends_on=date(2027, 4, 29))
    found = rules.days_of(monthly, date(2026, 1, 1), date(2027, 12, 31))
    assert found == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 27), 7), (date(2026, 10, 24), 9), (date(2026, 11, 24), 8)])
def test_a_night_has_as_many_hours_as_the_clock_shows(day: date, hours: int) -> None:
    nights = pattern(unit=Unit.DAY, weekdays=frozenset(), starts=time(22), ends=time(6), starts_on=day)
    (_, span), *_ = rules.expanded(nights, ROME, day, day)
    assert span.length == timedelta(hours=hours)


def test_the_same_hours_are_another_time_in_another_zone() -> None:
    there, here = (rules.expanded(pattern(), zone, MONDAY, MONDAY)[0][1] for zone in ("Europe/Bucharest", ROME))
    assert here.starts - there.starts == timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"every": 0}, BadRecurrence),
        ({"every": 1001}, BadRecurrence),
        ({"weekdays": frozenset()}, NoWeekday),
        ({"weekdays": frozenset({7})}, Invalid),
        ({"ends": time(8)}, BadShift),
        ({"ends_on": date(2026, 11, 22)}, EndsBeforeFirstDay),
        ({"starts_on": date(1800, 1, 1)}, DayOutOfRange),
    ],
)
def test_a_pattern_that_can_give_no_day_is_refused(fields, refusal) -> None:
    with pytest.raises(refusal):
        rules.check(pattern(**fields))


def test_days_in_the_wrong_order_or_too_many_are_refused() -> None:
    rules.check_range(MONDAY, MONDAY)
    with pytest.raises(EndsBeforeFirstDay):
        rules.check_range(MONDAY, MONDAY - timedelta(days=1))
    with pytest.raises(RangeTooLong):
        rules.check_range(MONDAY, MONDAY + timedelta(days=800))


def test_a_day_that_is_closed_whole_is_left_out_and_a_part_is_told() -> None:
    friday = MONDAY + timedelta(days=4)
    shut = [
        Closure(day_of(MONDAY, ROME), ClosureKind.HOLIDAY, "Patron"),
        Closure(
            Interval(datetime(2026, 11, 24, 7, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)),
            ClosureKind.ABSENCE, "doctor",
        ),
    ]  # fmt: skip
    lines = rules.generated([pattern()], calendar(MONDAY, friday, closures=shut), MONDAY, friday, now=LONG_AGO)
    told = [(line.fate, line.why, line.label) for line in lines]
    assert told[:3] == [
        (Fate.REFUSE, Why.HOLIDAY, "Patron"),
        (Fate.WRITE, Why.ABSENCE, "doctor"),
        (Fate.WRITE, Why.NOTHING, ""),
    ]


def test_two_zones_on_one_day_and_one_that_overlaps() -> None:
    morning = pattern(1, starts=time(8), ends=time(12), zone=1, zone_name="North")
    afternoon = pattern(2, starts=time(13), ends=time(17), zone=2, zone_name="South")
    both = pattern(3, starts=time(11), ends=time(14), zone=3, zone_name="East")
    lines = rules.generated([both, afternoon, morning], calendar(MONDAY, MONDAY), MONDAY, MONDAY, now=LONG_AGO)
    assert [(line.pattern.pk, line.fate) for line in lines] == [(1, Fate.WRITE), (3, Fate.REFUSE), (2, Fate.WRITE)]
    assert (lines[1].why, lines[1].label) == (Why.OVERLAP, "North")


def test_hours_in_which_nobody_works_are_left_out() -> None:
    short = calendar(MONDAY, MONDAY, hours=expand([Shift(1, time(8), time(12))], ROME, MONDAY, MONDAY))
    (line,) = rules.generated([pattern()], short, MONDAY, MONDAY, now=LONG_AGO)
    assert (line.fate, line.why) == (Fate.REFUSE, Why.OUTSIDE_HOURS)


def standing(pk: int, hours: tuple[int, int], day: date = MONDAY, **fields) -> Standing:
    span = rules.hours_on(day, time(hours[0]), time(hours[1]), ROME)
    return Standing(**{"pk": pk, "pattern": 1, "day": day, "zone": 0, "zone_name": "", "interval": span, **fields})


def work(starts: int, ends: int, day: date = MONDAY) -> Work:
    return Work(rules.hours_on(day, time(starts), time(ends), ROME), f"Visit {starts}")


@pytest.mark.parametrize(
    ("old", "jobs", "fate", "why"),
    [
        ((8, 17), (), Fate.KEEP, Why.NOTHING),
        ((7, 15), (), Fate.REPLACE, Why.NOTHING),
        ((7, 15), ((9, 10),), Fate.REPLACE, Why.NOTHING),
        ((7, 15), ((7, 9),), Fate.REFUSE, Why.WORK),
    ],
)
def test_a_changed_pattern_takes_the_place_of_its_own_presences(old, jobs, fate, why) -> None:
    known = calendar(MONDAY, MONDAY, standing=[standing(7, old)], work=[work(*job) for job in jobs])
    (line,) = rules.generated([pattern()], known, MONDAY, MONDAY, now=LONG_AGO)
    assert (line.fate, line.why) == (fate, why)


def test_a_presence_in_another_zone_keeps_the_one_that_work_was_promised_for() -> None:
    known = calendar(MONDAY, MONDAY, standing=[standing(7, (8, 17), zone=1)], work=[work(9, 10)])
    (line,) = rules.generated([pattern(zone=2)], known, MONDAY, MONDAY, now=LONG_AGO)
    assert (line.fate, line.why, line.label) == (Fate.REFUSE, Why.WORK, "Visit 9")


def test_what_has_begun_is_left_alone() -> None:
    noon = datetime(2026, 11, 23, 11, tzinfo=UTC)
    known = calendar(MONDAY, MONDAY, standing=[standing(7, (7, 15))])
    (line,) = rules.generated([pattern()], known, MONDAY, MONDAY, now=noon)
    assert (line.fate, line.why) == (Fate.REFUSE, Why.BEGUN)
    (line,) = rules.cleared(known, known.standing, now=noon)
    assert (line.fate, line.why) == (Fate.REFUSE, Why.BEGUN)


def test_a_day_that_the_pattern_names_no_more_is_taken_away_unless_work_lies_in_it() -> None:
    tuesday = MONDAY + timedelta(days=1)
    old = [standing(7, (8, 17)), standing(8, (8, 17), tuesday)]
    known = calendar(MONDAY, tuesday, standing=old, work=[work(9, 10, tuesday)])
    lines = rules.generated([pattern(weekdays=frozenset({4}))], known, MONDAY, tuesday, now=LONG_AGO)
    assert [(line.fate, line.why) for line in lines] == [(Fate.REMOVE, Why.NOTHING), (Fate.REFUSE, Why.WORK)]


ZONES = st.sampled_from(
    [ROME, "Europe/Bucharest", "America/Havana", "Australia/Lord_Howe", "Asia/Beirut", "America/St_Johns", "UTC"]
)
CLOCKS = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def patterns(draw, pk: int = 1) -> Pattern:
    starts, ends = draw(CLOCKS), draw(CLOCKS)
    unit = draw(st.sampled_from(list(Unit)))
    first = draw(DAYS)
    return Pattern(
        pk=pk, unit=unit, every=draw(st.integers(1, 40)),
        weekdays=frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
        starts=starts, ends=time(0) if starts == ends else ends, starts_on=first,
        ends_on=draw(st.none() | st.integers(0, 400).map(lambda days: first + timedelta(days=days))),
        zone=draw(st.integers(0, 3)),
    )  # fmt: skip


@given(patterns(), DAYS, st.integers(0, 90), st.integers(0, 90))
def test_days_do_not_depend_on_how_the_range_is_cut(given_pattern, first, one, other) -> None:
    middle, last = first + timedelta(days=one), first + timedelta(days=one + other + 1)
    whole = rules.days_of(given_pattern, first, last)
    parts = rules.days_of(given_pattern, first, middle) + rules.days_of(given_pattern, middle + timedelta(days=1), last)
    assert whole == parts
    assert whole == sorted(set(whole))
    assert all(first <= day <= last and day >= given_pattern.starts_on for day in whole)
    if given_pattern.unit is Unit.WEEK:
        assert {day.weekday() for day in whole} <= given_pattern.weekdays


@given(patterns(), ZONES, DAYS, st.integers(0, 20))
def test_hours_are_those_of_the_working_time_conventions(given_pattern, zone, first, days) -> None:
    last = first + timedelta(days=days)
    there = ZoneInfo(zone)
    for day, span in rules.expanded(given_pattern, zone, first, last):
        shift = Shift(day.weekday(), given_pattern.starts, given_pattern.ends)
        working = expand([shift], zone, day, day + timedelta(days=1))
        assert working == [span]
        starts = span.starts.astimezone(there)
        assert starts.date() == day
        assert starts.time() >= given_pattern.starts


@given(
    st.lists(st.integers(1, 4), unique=True).flatmap(lambda pks: st.tuples(*(patterns(pk) for pk in pks))),
    ZONES, DAYS, st.integers(0, 30), st.data(),
)  # fmt: skip
def test_generating_never_overlaps_and_twice_changes_nothing(chosen, zone, first, days, data) -> None:
    last = first + timedelta(days=days)
    known = calendar(first, last, zone)
    lines = rules.generated(chosen, known, first, last, now=LONG_AGO)
    made = after(lines, [])
    assert total(normalise(each.interval for each in made)) == total(each.interval for each in made)
    assert len({(each.pattern, each.day) for each in made}) == len(made)
    again = rules.generated(chosen, calendar(first, last, zone, standing=made), first, last, now=LONG_AGO)
    assert {line.fate for line in again} <= {Fate.KEEP, Fate.REFUSE}
    assert (rules.digest(again) == rules.digest(lines)) == (not made)
    if data.draw(st.booleans()):
        cut = first + timedelta(days=days // 2)
        part = rules.generated(chosen, calendar(first, last, zone, standing=made), cut, last, now=LONG_AGO)
        assert {line.fate for line in part} <= {Fate.KEEP, Fate.REFUSE}


@given(
    st.tuples(patterns(1), patterns(2)), st.tuples(patterns(1), patterns(2)), DAYS, st.integers(0, 25),
    st.lists(st.tuples(st.integers(0, 600), st.integers(1, 20)), max_size=8), st.sampled_from([LONG_AGO, None]),
)  # fmt: skip
def test_work_never_falls_out_of_presence(before, later, first, days, jobs, now) -> None:
    last = first + timedelta(days=days)
    made = after(rules.generated(before, calendar(first, last), first, last, now=LONG_AGO), [])
    present = normalise(each.interval for each in made)
    start = day_of(first, ROME).starts
    wanted = normalise(
        Interval(start + timedelta(hours=at), start + timedelta(hours=at, minutes=15 * length)) for at, length in jobs
    )
    planned = [Work(each, "Visit") for each in intersect(wanted, present)]
    middle = now or start + timedelta(days=days / 2)
    known = calendar(first, last, standing=made, work=planned)
    lines = rules.generated(later, known, first, last, now=middle)
    left = after(lines, made)
    assert total(normalise(each.interval for each in left)) == total(each.interval for each in left)
    still = normalise(each.interval for each in left)
    assert intersect(normalise(each.interval for each in planned), still) == normalise(
        each.interval for each in planned
    )
    gone = after(rules.cleared(known, made, now=middle), made)
    assert intersect([each.interval for each in planned], normalise(each.interval for each in gone)) == [
        each.interval for each in planned
    ]
    assert all(each in left for each in made if each.interval.starts < middle)
