"""Where work still fits: wished times by the clock of the place, and the way there and on."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.intervals import Interval
from callout.core.slots import STEP, Neighbours, Trip, Wish, WishEndsBeforeStart, fit, wished
from callout.core.travel import EARTH_KM, Place, Roads, straight_km

from .support import at

ROME = ZoneInfo("Europe/Rome")
HERE, THERE = Place(45.46, 9.19), Place(45.07, 7.69)
ROADS = Roads(factor=1.0, speed=60.0)
ZERO = at("2026-07-01T08:00Z")
MINUTE = timedelta(minutes=1)


def tried(whole, minutes, place, around, home):
    """The slot that fits between the neighbours of a gap, and its detour."""
    trip = Trip(minutes, place, around.before(whole.starts), around.behind(whole.ends), home)
    found = fit(whole.starts, whole.ends, trip, ROADS)
    return found and (Interval(found[0], found[0] + minutes * MINUTE), found[1])


def windows(wish, after, until):
    return [(each.interval, each.holds) for each in wished(wish, at(after), at(until), ROME)]


def test_days_are_those_of_the_place_and_the_first_begins_at_the_asked_time():
    assert windows(Wish(), "2026-07-01T10:00Z", "2026-07-02T10:00Z") == [
        (Interval(at("2026-07-01T10:00Z"), at("2026-07-01T22:00Z")), False),
        (Interval(at("2026-07-01T22:00Z"), at("2026-07-02T10:00Z")), False),
    ]


def test_wished_hours_hold_the_slot_and_follow_the_clock_over_a_change():
    mornings = Wish(frozenset({5, 6, 0}), time(8), time(12))
    assert windows(mornings, "2026-10-23T00:00Z", "2026-10-27T00:00Z") == [
        (Interval(at("2026-10-24T06:00Z"), at("2026-10-24T10:00Z")), True),
        (Interval(at("2026-10-25T07:00Z"), at("2026-10-25T11:00Z")), True),
        (Interval(at("2026-10-26T07:00Z"), at("2026-10-26T11:00Z")), True),
    ]


def test_hours_that_end_before_they_begin_are_refused():
    with pytest.raises(WishEndsBeforeStart):
        Wish(since=time(12), to=time(12))


def test_distances_are_those_of_the_sphere():
    assert straight_km(Place(0, 0), Place(0, 90)) == pytest.approx(EARTH_KM * 3.14159265 / 2, rel=1e-6)
    assert straight_km(HERE, HERE) == 0
    assert straight_km(HERE, THERE) == pytest.approx(125.3, abs=1)


def test_the_way_from_the_one_before_and_to_the_next_is_left_free():
    whole = Interval(ZERO, ZERO + 120 * MINUTE)
    far = Place(45.46, 9.19 + 0.2)  # about 15.6 km, a quarter of an hour and some at 60 km/h
    around = Neighbours([Interval(ZERO - 60 * MINUTE, ZERO), Interval(whole.ends, whole.ends + STEP)], [far, far])
    slot, detour = tried(whole, 60, HERE, around, None)
    assert (slot.starts, slot.ends) == (ZERO + 30 * MINUTE, ZERO + 90 * MINUTE)
    assert detour == pytest.approx(2 * straight_km(HERE, far))
    assert tried(whole, 90, HERE, around, None) is None
    assert tried(whole, 90, None, around, None) == (Interval(ZERO, ZERO + 90 * MINUTE), None)


def test_home_counts_where_no_appointment_is_near():
    whole = Interval(ZERO, ZERO + 120 * MINUTE)
    old = Neighbours([Interval(ZERO - timedelta(hours=14), ZERO - timedelta(hours=13))], [THERE])
    slot, detour = tried(whole, 60, HERE, old, THERE)
    assert slot.starts == ZERO
    assert detour == pytest.approx(2 * straight_km(HERE, THERE))
    assert tried(whole, 60, HERE, old, None)[1] is None


PLACES = st.builds(Place, st.floats(45, 46), st.floats(9, 10))
SPANS = st.lists(st.integers(0, 600), min_size=2, max_size=10, unique=True).map(
    lambda cuts: [
        Interval(ZERO + MINUTE * a, ZERO + MINUTE * b)
        for a, b in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)
    ]
)


@given(SPANS, st.data(), st.integers(1, 120), st.one_of(st.none(), PLACES))
def test_a_slot_lies_in_its_gap_on_a_quarter_and_no_earlier_one_does(busy, data, minutes, home):
    places = [data.draw(PLACES) for _ in busy]
    place = data.draw(PLACES)
    ends = [each.ends for each in busy]
    at_gap = data.draw(st.integers(0, len(busy) - 1))
    last = busy[at_gap + 1].starts if at_gap + 1 < len(busy) else ends[at_gap] + timedelta(hours=5)
    if last <= ends[at_gap]:
        return
    whole = Interval(ends[at_gap], last)
    around = Neighbours(busy, places)
    found = tried(whole, minutes, place, around, home)
    behind = places[at_gap + 1] if at_gap + 1 < len(busy) else None

    def fits(start):
        stop = start + timedelta(minutes=minutes)
        arrives = ends[at_gap] + timedelta(minutes=ROADS.minutes(places[at_gap], place))
        leaves = last - timedelta(minutes=ROADS.minutes(place, behind)) if behind else last
        return arrives <= start and stop <= leaves

    quarters = (datetime.fromtimestamp(t, UTC) for t in range(int(ZERO.timestamp()), int(last.timestamp()) + 1, 900))
    first = next((each for each in quarters if each >= whole.starts and fits(each)), None)
    assert (found[0].starts if found else None) == first
