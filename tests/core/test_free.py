"""Kept free time stays what working it out anew would give."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from callout.core.free import Stretch, free_time, patched
from callout.core.intervals import Interval, covers, normalise, overlaps

from .support import at

ZERO = at("2026-07-01T08:00Z")
MINUTE = timedelta(minutes=1)
SPAN = st.tuples(st.integers(0, 110), st.integers(1, 40)).map(
    lambda pair: Interval(ZERO + MINUTE * pair[0], ZERO + MINUTE * (pair[0] + pair[1]))
)
SPANS = st.lists(SPAN, max_size=6)
WHOLE = Interval(ZERO - MINUTE, ZERO + timedelta(hours=4))
ZONES = st.lists(st.integers(1, 150), max_size=6, unique=True).map(sorted)


def zoned(cuts):
    """Presence in zones 1, 2, 1 ... between the cuts."""
    pairs = zip(cuts, cuts[1:], strict=False)
    return [Stretch(Interval(ZERO + MINUTE * a, ZERO + MINUTE * b), 1 + n % 2) for n, (a, b) in enumerate(pairs)]


@given(SPANS, SPANS, st.none() | ZONES.map(zoned))
def test_free_is_bookable_not_taken_and_where_somebody_is(bookable, busy, zones):
    bookable = normalise(bookable)
    found = free_time(bookable, busy, zones, WHOLE)
    for minute in range(-1, 200):
        moment = Interval(ZERO + MINUTE * minute, ZERO + MINUTE * (minute + 1))
        free = covers(bookable, moment) and not overlaps(normalise(busy), moment)
        here = [each.zone for each in found if each.interval.contains(moment)]
        if zones is None:
            assert here == ([0] if free else [])
        else:
            assert here == [each.zone for each in zones if free and each.interval.contains(moment)]


@given(SPANS, SPANS, SPANS, SPANS, SPAN, st.none() | ZONES.map(zoned))
def test_after_any_change_within_a_window_patching_gives_what_working_out_gives(b, busy, b2, busy2, window, zones):
    """Bookable and busy time change inside the window alone."""

    def mixed(old, new):
        return normalise(
            [p for each in normalise(old) for p in _outside(each, window)]
            + [p for each in normalise(new) for p in _inside(each, window)]
        )

    before = free_time(normalise(b), busy, zones, WHOLE)
    bookable, taken = mixed(b, b2), mixed(busy, busy2)
    fresh = free_time(bookable, taken, zones, window)
    near = [s for s in before if s.interval.starts <= window.ends and s.interval.ends >= window.starts]
    away = [s for s in before if s not in near]
    assert sorted([*away, *patched(near, window, fresh)]) == free_time(bookable, taken, zones, WHOLE)


def _inside(each, window):
    starts, ends = max(each.starts, window.starts), min(each.ends, window.ends)
    return [Interval(starts, ends)] if starts < ends else []


def _outside(each, window):
    parts = [(each.starts, min(each.ends, window.starts)), (max(each.starts, window.ends), each.ends)]
    return [Interval(a, b) for a, b in parts if a < b]
