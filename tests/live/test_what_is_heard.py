"""What a change says, and what somebody may hear of it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from callout.live import rules
from callout.live.rules import Audience, Change

ids = st.integers(1, 2**63 - 1)
changes = st.builds(
    Change,
    what=st.text(min_size=1, max_size=60),
    resources=st.none() | st.lists(ids, max_size=rules.MOST).map(lambda found: rules.named(found)),
    appointment=st.none() | ids,
    work_order=st.none() | ids,
    branch=st.none() | ids,
    actor_id=st.none() | ids,
    actor_name=st.text(max_size=300),
    via=st.uuids().map(str),
)
MOVED = Change("moved", (1, 2), "2026-11-23T08:00:00+00:00", "2026-11-23T09:00:00+00:00", 5, None, None, 7, "Clara")


@given(changes)
def test_every_change_fits_into_what_the_database_carries_and_is_read_as_it_was_written(change: Change) -> None:
    text = rules.written(change)
    assert len(text.encode()) < 8000
    assert rules.read(text) == replace(change, what=change.what[:40], actor_name=change.actor_name[:150])


def test_too_many_calendars_are_not_named() -> None:
    assert rules.named(range(rules.MOST)) == tuple(range(rules.MOST))
    assert rules.named(range(rules.MOST + 1)) is None


def test_what_another_version_of_the_program_says_is_passed_over() -> None:
    for text in ("", "null", "[]", "{}", '{"w": "moved"}', '{"w": "moved", "r": 5}', "{"):
        assert rules.read(text) is None


@given(changes, st.frozensets(ids), st.none() | st.frozensets(ids))
def test_nobody_hears_of_calendars_or_work_that_they_do_not_see(
    change: Change, resources: frozenset[int], branches: frozenset[int] | None
) -> None:
    heard = rules.heard(change, Audience(1, resources, branches))
    if heard is None:
        return
    assert heard.resources is None or set(heard.resources) <= resources
    assert heard.branch is None or branches is None or heard.branch in branches
    assert heard.work_order is None or heard.branch is not None
    if heard.resources == ():
        assert heard.appointment is None
    if heard.resources is None:
        assert not heard.actor_name


def test_of_a_move_between_two_calendars_only_the_visible_one_is_heard() -> None:
    heard = rules.heard(MOVED, Audience(1, frozenset({2, 3})))
    assert heard is not None
    assert heard.resources == (2,)
    assert rules.heard(MOVED, Audience(1, frozenset({3}), None)) is None


def test_what_somebody_did_oneself_says_so_and_names_no_keys_of_people() -> None:
    told = rules.told(MOVED, Audience(7, frozenset({1, 2})))
    assert told["own"] is True
    assert rules.told(MOVED, Audience(8, frozenset({1, 2})))["own"] is False
    assert 7 not in told.values()
