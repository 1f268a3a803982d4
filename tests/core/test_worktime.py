from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callout.core.intervals import Interval, covers, normalise, overlaps, subtract, total
from callout.core.worktime import (
    AmbiguousTime,
    BadClock,
    BadShift,
    Busy,
    Closure,
    ClosureKind,
    DayOutOfRange,
    NonexistentTime,
    Reason,
    Shift,
    UnknownZone,
    bookable,
    day_of,
    expand,
    local,
    next_bookable,
    parse_clock,
    refusal_of,
    zone_of,
)

from .support import at, refused

# Changes by an hour at 2 and 3, at midnight, by half an hour, by a whole day; a zone with a quarter of an hour; none.
CHANGES = [
    ("Europe/Rome", date(2026, 3, 29)),
    ("Europe/Rome", date(2026, 10, 25)),
    ("Europe/Bucharest", date(2026, 3, 29)),
    ("Europe/Bucharest", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),
    ("America/Santiago", date(2026, 9, 6)),
    ("America/Santiago", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kathmandu", date(2026, 5, 1)),
    ("UTC", date(2026, 5, 1)),
]
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 29, 30, 45, 59]))
SHIFTS = st.tuples(st.integers(0, 6), CLOCKS, CLOCKS).filter(lambda s: s[1] != s[2]).map(lambda s: Shift(*s))
MINUTE = timedelta(minutes=1)
EVERY_DAY = [Shift(day, time(8), time(12)) for day in range(7)]


@cache
def readings(zone, first, last):
    """Every minute from two days before `first` to two after `last`, with what the local clock shows then."""
    there = ZoneInfo(zone)
    begin = datetime.combine(first - timedelta(days=2), time(0), UTC)
    minutes = (begin + MINUTE * n for n in range(((last - first).days + 5) * 24 * 60))
    return [(moment, moment.astimezone(there).replace(tzinfo=None)) for moment in minutes]


def minutes_of(times):
    return {each.starts + MINUTE * n for each in times for n in range(int(each.length / MINUTE))}


def by_the_clock(shifts, zone, first, last):
    """The oracle, minute by minute: each shift of each day from the first to the last minute that shows such a time,
    and of all that the minutes that show one of the days, from the first such minute to the last."""
    shown = readings(zone, first, last)
    found = set()
    for days in range(-1, (last - first).days + 1):
        day = first + timedelta(days=days)
        for shift in shifts:
            if shift.weekday != day.weekday():
                continue
            starts = datetime.combine(day, shift.starts)
            ends = datetime.combine(day, shift.ends) + timedelta(days=1 if shift.ends <= shift.starts else 0)
            inside = [moment for moment, clock in shown if starts <= clock < ends]
            if inside:
                found |= {m for m, _ in shown if inside[0] <= m <= inside[-1]}
    days = [moment for moment, clock in shown if first <= clock.date() <= last]
    return {moment for moment in found if days and days[0] <= moment <= days[-1]}


@given(st.sampled_from(CHANGES), st.lists(SHIFTS, max_size=4), st.integers(-1, 1), st.integers(0, 2))
@example(("Europe/Rome", date(2026, 10, 25)), [Shift(6, time(2, 30), time(2, 45))], 0, 0)
@example(("Europe/Rome", date(2026, 10, 25)), [Shift(5, time(22), time(2))], 0, 0)
@example(("America/Havana", date(2026, 11, 1)), [Shift(5, time(0), time(0))], -1, 0)
def test_hours_are_right_to_the_minute_on_every_night(change, shifts, shift_day, more):
    zone, day = change
    first = day + timedelta(days=shift_day)
    last = first + timedelta(days=more)
    assert minutes_of(expand(shifts, zone, first, last)) == by_the_clock(shifts, zone, first, last)


@pytest.mark.parametrize(
    ("zone", "day", "shift", "hours"),
    [
        ("Europe/Rome", date(2026, 3, 28), (22, 0, 6, 0), 7),
        ("Europe/Rome", date(2026, 10, 24), (22, 0, 6, 0), 9),
        ("Europe/Rome", date(2026, 10, 24), (22, 0, 2, 0), 4),
        ("Europe/Rome", date(2026, 3, 29), (2, 15, 2, 45), 0),
        ("Europe/Rome", date(2026, 3, 29), (1, 0, 2, 30), 1),
        ("Europe/Rome", date(2026, 3, 29), (2, 30, 4, 0), 1),
        ("Europe/Rome", date(2026, 3, 29), (0, 0, 0, 0), 23),
        ("Europe/Rome", date(2026, 10, 25), (0, 0, 0, 0), 25),
        ("Europe/Rome", date(2026, 7, 1), (8, 0, 0, 0), 16),
    ],
)
def test_nights_on_which_the_clocks_change(zone, day, shift, hours):
    h1, m1, h2, m2 = shift
    found = expand([Shift(day.weekday(), time(h1, m1), time(h2, m2))], zone, day, day + timedelta(days=1))
    assert total(found) == timedelta(hours=hours)


def test_hours_over_midnight_are_cut_at_the_days_asked_for():
    friday = date(2026, 7, 3)
    night = [Shift(4, time(22), time(6))]
    assert expand(night, "UTC", friday, friday) == [Interval(at("2026-07-03T22:00Z"), at("2026-07-04T00:00Z"))]
    saturday = friday + timedelta(days=1)
    assert expand(night, "UTC", saturday, saturday) == [Interval(at("2026-07-04T00:00Z"), at("2026-07-04T06:00Z"))]
    assert night[0].overnight
    assert not Shift(4, time(22), time(0)).overnight


@given(st.lists(SHIFTS, max_size=5), st.sampled_from(CHANGES), st.integers(1, 5))
def test_days_one_by_one_make_the_range(shifts, change, days):
    zone, first = change[0], change[1] - timedelta(days=2)
    each = [first + timedelta(days=n) for n in range(days)]
    one_by_one = [piece for day in each for piece in expand(shifts, zone, day, day)]
    assert normalise(one_by_one) == expand(shifts, zone, each[0], each[-1])


def test_the_range_has_an_order():
    with pytest.raises(ValueError, match="before"):
        expand([], "UTC", date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize("zone", ["Rome", "", "../../etc/passwd", "Europe/Rome\0", "/etc/passwd", "Europe", "x" * 300])
def test_an_unknown_zone_is_refused(zone):
    assert refused(UnknownZone, zone_of, zone).field == "time_zone"
    refused(UnknownZone, local, at("2026-01-01T10:00"), zone)


@given(st.sampled_from(CHANGES), st.integers(-3 * 24 * 60, 3 * 24 * 60))
def test_a_local_time_is_what_the_clock_shows_then_and_only_then(change, offset):
    zone, day = change
    wanted = datetime.combine(day, time(0)) + MINUTE * offset
    shown = [m for m, clock in readings(zone, wanted.date(), wanted.date()) if clock == wanted]
    if len(shown) == 1:
        assert local(wanted, zone) == shown[0]
        assert local(wanted, zone, fold=1) == shown[0]
        assert local(wanted, zone).tzinfo is UTC
    elif shown:
        refused(AmbiguousTime, local, wanted, zone, field="starts")
        assert [local(wanted, zone, fold=fold) for fold in (0, 1)] == shown
    else:
        refused(NonexistentTime, local, wanted, zone)
        refused(NonexistentTime, local, wanted, zone, fold=1)


def test_a_refused_local_time_names_its_field_and_facts():
    error = refused(NonexistentTime, local, at("2026-03-29T02:30"), "Europe/Rome", field="starts")
    assert error.field == "starts"
    assert error.facts == {"local": at("2026-03-29T02:30"), "zone": "Europe/Rome"}
    with pytest.raises(ValueError, match="without a zone"):
        local(at("2026-03-29T02:30Z"), "Europe/Rome")


@pytest.mark.parametrize("day", [date.min, date.max, date(1899, 12, 31), date(2201, 1, 1)])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_day_far_away_is_refused(day, zone):
    refused(DayOutOfRange, day_of, day, zone)
    refused(DayOutOfRange, expand, [], zone, day, day)
    assert refused(DayOutOfRange, local, datetime.combine(day, time(12)), zone, field="starts").field == "starts"


def test_a_day_has_the_length_that_it_has():
    assert day_of(date(2026, 3, 29), "Europe/Rome").length == timedelta(hours=23)
    assert day_of(date(2026, 10, 25), "Europe/Rome").length == timedelta(hours=25)
    assert day_of(date(2026, 11, 1), "America/Havana").length == timedelta(hours=25)
    assert day_of(date(2026, 9, 6), "America/Santiago").length == timedelta(hours=23)
    refused(NonexistentTime, day_of, date(2011, 12, 30), "Pacific/Apia")
    assert expand(EVERY_DAY, "Pacific/Apia", date(2011, 12, 30), date(2011, 12, 30)) == []


@pytest.mark.parametrize(("text", "clock"), [("8:30", time(8, 30)), (" 08.05 ", time(8, 5)), ("24:00", time(0))])
def test_clock_times(text, clock):
    assert parse_clock(text) == clock


@pytest.mark.parametrize("text", ["", "24:01", "25:00", "8", "8:60", "8:3", "-1:00", "12:00:00", "8:30 PM", "٨:٣٠"])
def test_what_is_no_clock_time_is_refused(text):
    assert refused(BadClock, parse_clock, text, field="starts").field == "starts"


def test_a_shift_has_a_length():
    assert refused(BadShift, Shift, 0, time(8), time(8)).field == "ends"
    with pytest.raises(ValueError, match="weekday"):
        Shift(7, time(8), time(9))


STRETCH = st.tuples(st.integers(0, 40), st.integers(1, 15)).map(
    lambda p: Interval(at("2026-07-01T08:00Z") + MINUTE * p[0], at("2026-07-01T08:00Z") + MINUTE * (p[0] + p[1]))
)
CLOSURES = st.lists(st.builds(Closure, STRETCH, st.sampled_from(ClosureKind), st.sampled_from("abc")), max_size=3)
BUSY = st.lists(st.builds(Busy, STRETCH, st.sampled_from("xyz")), max_size=3)


@given(st.lists(STRETCH, max_size=5), st.lists(STRETCH, max_size=5), CLOSURES)
def test_bookable_is_presence_within_hours_less_closures(presences, hours, closures):
    expected = minutes_of(presences) & minutes_of(hours) - minutes_of([c.interval for c in closures])
    assert minutes_of(bookable(presences, hours, closures)) == expected


@given(STRETCH, st.lists(STRETCH, max_size=4), CLOSURES, BUSY)
def test_a_window_is_refused_for_a_reason_or_can_be_booked(window, presences, closures, busy):
    times = bookable(presences, presences, closures)
    refusal = refusal_of(window, times, closures, busy)
    free = covers(subtract(times, normalise([b.interval for b in busy])), window)
    assert (refusal is None) == free
    if refusal is None:
        return
    assert window.contains(refusal.clash)
    match refusal.reason:
        case Reason.TAKEN:
            assert any(b.label == refusal.label and b.interval.contains(refusal.clash) for b in busy)
            assert covers(times, window)
        case Reason.OUTSIDE_HOURS:
            assert not overlaps(times, refusal.clash)
            assert refusal.label == ""
        case reason:
            assert any(
                (c.kind.value, c.label) == (reason.value, refusal.label) and c.interval.contains(refusal.clash)
                for c in closures
            )


def test_the_most_telling_reason_is_named():
    day = expand(EVERY_DAY, "UTC", date(2026, 7, 1), date(2026, 7, 1))
    sick = Closure(Interval(at("2026-07-01T09:00Z"), at("2026-07-01T10:00Z")), ClosureKind.ABSENCE, "dentist")
    feast = Closure(Interval(at("2026-07-01T00:00Z"), at("2026-07-02T00:00Z")), ClosureKind.HOLIDAY, "Feast")
    visit = Busy(Interval(at("2026-07-01T10:00Z"), at("2026-07-01T11:00Z")), "TK-1")
    window = Interval(at("2026-07-01T09:30Z"), at("2026-07-01T12:30Z"))
    assert refusal_of(window, day, [feast, sick], [visit]).label == "dentist"
    assert refusal_of(window, day, [feast], [visit]).reason is Reason.HOLIDAY
    outside = refusal_of(window, day, [], [visit])
    assert outside.reason is Reason.OUTSIDE_HOURS
    assert outside.clash == Interval(at("2026-07-01T12:00Z"), at("2026-07-01T12:30Z"))
    taken = refusal_of(Interval(at("2026-07-01T09:30Z"), at("2026-07-01T10:30Z")), day, [], [visit])
    assert (taken.reason, taken.label) == (Reason.TAKEN, "TK-1")
    assert refusal_of(Interval(at("2026-07-01T08:00Z"), at("2026-07-01T10:00Z")), day, [], [visit]) is None


@given(st.integers(-5, 70), st.integers(1, 20), st.lists(STRETCH, max_size=5))
def test_the_next_bookable_stretch_is_the_earliest(after, minutes, presences):
    times = normalise(presences)
    moment = at("2026-07-01T08:00Z") + MINUTE * after
    starts = (moment + MINUTE * n for n in range(80))
    candidates = (Interval(start, start + MINUTE * minutes) for start in starts)
    assert next_bookable(moment, minutes, times) == next((c for c in candidates if covers(times, c)), None)


def test_no_time_is_no_stretch():
    with pytest.raises(ValueError, match="minute"):
        next_bookable(at("2026-07-01T08:00Z"), 0, [])
