"""Where a helper's time goes when the visit is moved, lengthened or shortened."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from callout.core.intervals import Interval
from callout.workorders import rules
from tests.workorders.support import NINE

MINUTES = st.integers(0, 600)


def span(start: int, length: int) -> Interval:
    starts = NINE + timedelta(minutes=start)
    return Interval(starts, starts + timedelta(minutes=length))


VISITS = st.builds(span, MINUTES, st.integers(5, 600))


@given(VISITS, VISITS, VISITS)
def test_a_helper_is_always_there_for_a_part_of_the_visit(helper: Interval, before: Interval, after: Interval) -> None:
    followed = rules.follow(helper, before=before, after=after)
    assert followed.overlaps(after)
    assert timedelta(minutes=5) <= followed.length <= timedelta(hours=24)


@given(VISITS, VISITS)
def test_who_helps_for_the_whole_time_goes_on_doing_so(before: Interval, after: Interval) -> None:
    assert rules.follow(before, before=before, after=after) == after


@given(VISITS, MINUTES, st.integers(1, 600))
def test_a_visit_that_only_moves_takes_everybody_along_by_as_much(before: Interval, late: int, shift: int) -> None:
    helper = Interval(before.starts + timedelta(minutes=late), before.ends + timedelta(minutes=late + 1))
    if not helper.overlaps(before):
        return
    by = timedelta(minutes=shift)
    after = Interval(before.starts + by, before.ends + by)
    assert rules.follow(helper, before=before, after=after) == Interval(helper.starts + by, helper.ends + by)


def test_a_longer_visit_leaves_a_shorter_help_as_it_was() -> None:
    helper, before = span(0, 60), span(0, 120)
    assert rules.follow(helper, before=before, after=span(0, 180)) == helper
    assert rules.follow(span(60, 60), before=before, after=span(0, 180)) == span(60, 120)


def test_help_that_would_have_no_time_left_takes_the_whole_visit() -> None:
    assert rules.follow(span(0, 60), before=span(0, 120), after=span(60, 60)) == span(60, 60)
