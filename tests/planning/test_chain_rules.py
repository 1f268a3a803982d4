"""Which tasks follow from an activity, and when they are due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.recurrence import on_weekdays
from callout.planning.rules.chains import LAST_DAY, MOST, Due, Link, days_of, endless, plan, triggers_of

TODAY = date(2026, 11, 25)  # a Wednesday
CHRISTMAS = date(2026, 12, 25)
WORKED = on_weekdays(range(5), {CHRISTMAS})
links = st.builds(
    Link,
    id=st.integers(1, 9),
    trigger=st.sampled_from(["opened", "closed", "task_closed"]),
    creates=st.integers(1, 4),
    unit=st.sampled_from(["", "day", "week", "month"]),
    every=st.integers(1, 40),
    free_days=st.sampled_from(["keep", "before", "after", "skip"]),
    base=st.sampled_from(["due", "closing"]),
)
near = st.dates(TODAY - timedelta(days=900), TODAY + timedelta(days=900))


def made(*chains: Link, due: date = TODAY, triggers=("opened",), kind: int = 1, fired=()) -> list[tuple[date, bool]]:
    found: dict[int, list[Link]] = {}
    found[1] = list(chains)
    result = plan(
        found, type_id=kind, triggers=triggers, due=due, today=TODAY, is_working=WORKED, fired=fired
    )  # fmt: skip
    return [(each.on, each.closed) for each in result.dues]


def link(unit: str = "month", every: int = 1, free_days: str = "keep", base: str = "due", **fields) -> Link:
    fields = {"id": 1, "trigger": "opened", "creates": 2, **fields}
    return Link(unit=unit, every=every, free_days=free_days, base=base, **fields)


def test_the_next_date_is_counted_from_the_old_due_date() -> None:
    assert made(link(every=3), due=date(2026, 12, 31)) == [(date(2027, 3, 31), False)]


def test_months_are_counted_from_the_old_day_so_that_the_31st_comes_back() -> None:
    found = made(link(), due=date(2026, 8, 31))
    assert found == [(date(2026, 9, 30), True), (date(2026, 10, 31), True), (date(2026, 11, 30), False)]


def test_the_next_date_is_counted_from_the_closing_date() -> None:
    assert made(link("week", 2, base="closing"), due=date(2020, 1, 1)) == [(date(2026, 12, 9), False)]


def test_past_due_dates_are_closed_up_to_and_including_the_first_that_is_not_past() -> None:
    found = made(link("week"), due=date(2026, 11, 4))
    assert found == [(date(2026, 11, 11), True), (date(2026, 11, 18), True), (date(2026, 11, 25), False)]


@pytest.mark.parametrize(
    ("free_days", "expected"),
    [
        ("keep", [CHRISTMAS]),
        ("before", [date(2026, 12, 24)]),
        ("after", [date(2026, 12, 28)]),
        ("skip", [date(2027, 1, 25)]),
    ],
)
def test_a_recurrence_avoids_days_on_which_nobody_works(free_days: str, expected: list[date]) -> None:
    assert [day for day, _ in made(link(free_days=free_days), due=TODAY)] == expected


@pytest.mark.parametrize(
    ("free_days", "expected"),
    [("keep", [CHRISTMAS]), ("before", [date(2026, 12, 24)]), ("after", [date(2026, 12, 28)]), ("skip", [])],
)
def test_a_single_date_too(free_days: str, expected: list[date]) -> None:
    assert [day for day, _ in made(link("", free_days=free_days), due=CHRISTMAS)] == expected


def test_what_is_made_open_opens_chains_of_its_own_and_what_is_made_closed_none() -> None:
    chains = {1: [link("week", trigger="closed", creates=2)], 2: [link("day", id=2, creates=3, every=5)]}
    found = plan(chains, type_id=1, triggers={"closed"}, due=date(2026, 11, 11), today=TODAY, is_working=WORKED)
    assert found.dues == (
        Due(chains[1][0], date(2026, 11, 18), True),
        Due(chains[1][0], date(2026, 11, 25), False),
        Due(chains[2][0], date(2026, 11, 30), False, 1),
    )
    assert not found.cut


def test_only_what_happened_sets_chains_going() -> None:
    chains = [link(trigger="closed", id=1), link(trigger="task_closed", id=2, every=2), link(id=3, every=3)]
    assert len(made(*chains, triggers=triggers_of(closes=False, is_task=True))) == 1
    assert len(made(*chains, triggers=triggers_of(closes=True, is_task=False))) == 1
    assert len(made(*chains, triggers=triggers_of(closes=True, is_task=True))) == 2
    assert made(*chains, triggers=triggers_of(closes=True, is_task=True), fired={1, 2}) == []


def test_a_chain_without_end_stops_and_says_so() -> None:
    found = plan({1: [link("day", creates=1)]}, type_id=1, triggers={"opened"}, due=TODAY, today=TODAY,
                 is_working=WORKED)  # fmt: skip
    assert (len(found.dues), found.cut) == (MOST, True)
    assert endless({1: [link(creates=2)], 2: [link(creates=1)]}, 1)
    assert not endless({1: [link(creates=2)], 2: [link(creates=1, trigger="closed")]}, 1)


def test_an_ancient_date_makes_the_latest_and_says_so() -> None:
    days, cut = days_of(link("day"), date(1950, 1, 1), today=TODAY, is_working=WORKED)
    assert (len(days), days[-1], cut) == (MOST, TODAY, True)


def test_a_recurrence_whose_days_are_all_free_makes_nothing() -> None:
    assert made(link("week", free_days="skip"), due=date(2026, 11, 21)) == []


def test_nothing_is_due_beyond_the_last_year() -> None:
    assert days_of(link("month", 1000), LAST_DAY, today=TODAY, is_working=WORKED) == ([], False)


@given(links, near)
def test_due_dates_are_in_order_each_once_and_only_the_last_is_not_past(one: Link, base: date) -> None:
    days, _cut = days_of(one, base, today=TODAY, is_working=WORKED)
    assert days == sorted(set(days))
    assert all(day < TODAY for day in days[:-1])
    if one.unit:
        assert all(day > base for day in days)
    if one.unit and one.free_days != "skip":
        assert days[-1] >= TODAY
    if one.free_days != "keep":
        assert all(WORKED(day) for day in days)


@given(st.dictionaries(st.integers(1, 4), st.lists(links, max_size=3), max_size=4), near, st.booleans())
def test_a_plan_is_bounded_and_what_is_closed_makes_nothing(chains, due: date, closes: bool) -> None:
    found = plan(
        chains, type_id=1, triggers=triggers_of(closes=closes, is_task=True), due=due, today=TODAY, is_working=WORKED
    )
    assert len(found.dues) <= MOST
    assert found.cut or len(found.dues) < MOST
    for place, each in enumerate(found.dues):
        assert each.closed == (each.on < TODAY)
        if each.after is not None:
            assert each.after < place
            assert not found.dues[each.after].closed
            assert each.link.trigger == "opened"
