from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.intervals import (
    EndsBeforeStart,
    Interval,
    covers,
    intersect,
    normalise,
    overlaps,
    subtract,
    total,
    union,
)

from .support import at, refused

ZERO = datetime(2026, 3, 29, tzinfo=UTC)
LAST = 60


def span(first, last):
    return Interval(ZERO + timedelta(minutes=first), ZERO + timedelta(minutes=last))


SPAN = st.tuples(st.integers(0, LAST - 1), st.integers(1, 20)).map(lambda p: span(p[0], p[0] + p[1]))
SPANS = st.lists(SPAN, max_size=8)
SETS = SPANS.map(normalise)


def minutes(times):
    """The oracle: the set of minutes that the stretches hold."""
    return {
        int((each.starts - ZERO) / timedelta(minutes=1)) + i
        for each in times
        for i in range(int(each.length / timedelta(minutes=1)))
    }


def is_normal(times):
    return all(a.ends < b.starts for a, b in zip(times, times[1:], strict=False))


@given(SPANS)
def test_normalising_keeps_the_time(spans):
    assert minutes(normalise(spans)) == minutes(spans)
    assert is_normal(normalise(spans))
    assert normalise(normalise(spans)) == normalise(spans)
    assert normalise(reversed(spans)) == normalise(spans)


@given(SETS, SETS)
def test_sets_of_time_are_sets_of_minutes(one, other):
    for operation, oracle in ((union, set.union), (intersect, set.intersection), (subtract, set.difference)):
        result = operation(one, other)
        assert minutes(result) == oracle(minutes(one), minutes(other))
        assert is_normal(result)


@given(SETS, SPAN)
def test_covering_and_overlapping(times, wanted):
    assert covers(times, wanted) == (minutes([wanted]) <= minutes(times))
    assert overlaps(times, wanted) == bool(minutes([wanted]) & minutes(times))
    assert overlaps(times, wanted) == any(each.overlaps(wanted) for each in times)


@given(SETS)
def test_the_total_counts_every_minute_once(times):
    assert total(times) == timedelta(minutes=len(minutes(times)))


def test_moments_are_kept_in_utc_whatever_zone_they_came_in():
    rome = timezone(timedelta(hours=2))
    window = Interval(at("2026-07-01T10:00+02:00"), datetime(2026, 7, 1, 11, tzinfo=rome))
    assert window == Interval(at("2026-07-01T08:00+00:00"), at("2026-07-01T09:00+00:00"))
    assert window.starts.tzinfo is UTC
    assert window.ends.tzinfo is UTC


@pytest.mark.parametrize("ends", ["2026-07-01T10:00+02:00", "2026-07-01T09:59+02:00", "2026-07-01T10:30+03:00"])
def test_an_empty_stretch_is_refused(ends):
    error = refused(EndsBeforeStart, Interval, at("2026-07-01T10:00+02:00"), at(ends))
    assert error.field == "ends"


def test_a_moment_without_zone_is_a_mistake():
    with pytest.raises(ValueError, match="time zone"):
        Interval(at("2026-07-01T10:00"), at("2026-07-01T11:00+00:00"))


def test_touching_is_not_overlapping():
    assert not span(0, 10).overlaps(span(10, 20))
    assert not overlaps([span(0, 10), span(20, 30)], span(10, 20))
    assert normalise([span(10, 20), span(0, 10)]) == [span(0, 20)]
