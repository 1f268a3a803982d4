from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.intervals import Interval, covers, normalise, overlaps
from callout.core.slots import free_slots

from .support import at

ZERO = at("2026-07-01T08:00Z")
MINUTE = timedelta(minutes=1)
SPAN = st.tuples(st.integers(0, 110), st.integers(1, 40)).map(
    lambda pair: Interval(ZERO + MINUTE * pair[0], ZERO + MINUTE * (pair[0] + pair[1]))
)


def brute_force(bookable, busy, minutes, step, after, grid):
    """The oracle: every minute on the grid, tried."""
    taken = normalise(busy)
    for offset in range(-60, 300):
        starts = ZERO + MINUTE * offset
        slot = Interval(starts, starts + MINUTE * minutes)
        on_grid = int((starts - grid) / MINUTE) % step == 0
        if on_grid and starts >= after and covers(bookable, slot) and not overlaps(taken, slot):
            yield slot


@given(
    st.lists(SPAN, max_size=5).map(normalise),
    st.lists(SPAN, max_size=6),
    st.integers(1, 30),
    st.integers(1, 45),
    st.integers(1, 12),
    st.integers(-30, 160),
    st.integers(-600, 600),
)
def test_the_slots_are_the_first_that_trying_every_minute_finds(bookable, busy, minutes, step, limit, after, grid):
    moment, lattice = ZERO + MINUTE * after, ZERO + MINUTE * grid
    expected = list(brute_force(bookable, busy, minutes, step, moment, lattice))[:limit]
    assert free_slots(bookable, busy, minutes, step, limit, moment, grid=lattice) == expected


def test_slots_begin_on_the_grid_behind_what_is_taken():
    bookable = [Interval(at("2026-07-01T08:00Z"), at("2026-07-01T12:00Z"))]
    busy = [Interval(at("2026-07-01T08:00Z"), at("2026-07-01T09:10Z"))]
    found = free_slots(bookable, busy, 60, 15, 3, at("2026-07-01T07:00Z"))
    assert [slot.starts for slot in found] == [at(f"2026-07-01T{clock}Z") for clock in ("09:15", "09:30", "09:45")]


def test_the_grid_may_be_that_of_another_zone():
    bookable = [Interval(at("2026-07-01T03:00Z"), at("2026-07-01T12:00Z"))]
    midnight = at("2026-07-01T00:00+05:45")
    found = free_slots(bookable, [], 60, 60, 1, at("2026-07-01T00:00Z"), grid=midnight)
    assert found[0].starts == at("2026-07-01T09:00+05:45")


def test_a_moment_between_minutes_waits_for_the_grid():
    bookable = [Interval(at("2026-07-01T08:00Z"), at("2026-07-01T12:00Z"))]
    found = free_slots(bookable, [], 30, 30, 1, at("2026-07-01T08:00:00.000001Z"))
    assert found[0].starts == at("2026-07-01T08:30Z")


@pytest.mark.parametrize("numbers", [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_nothing_is_no_slot(numbers):
    with pytest.raises(ValueError, match="at least 1"):
        free_slots([], [], *numbers, ZERO)
