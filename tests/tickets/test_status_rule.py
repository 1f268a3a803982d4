"""A ticket's status follows from its work orders, its verifier and the team's answer."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.tickets import rules
from callout.tickets.rules import ACCEPTED, ASSIGNED, BY_PHONE, FINALISED, RECEIVED, Trip, standing

NINE = datetime(2026, 11, 23, 8, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)


def planned(status: str = "planned", starts: datetime = NINE, user: int | None = 7) -> Trip:
    return Trip(status, starts, starts + timedelta(hours=1), user)


@pytest.mark.parametrize(
    ("trips", "verifier", "accepted", "status"),
    [
        ([Trip("foreseen")], True, False, RECEIVED),
        ([planned()], True, False, ASSIGNED),
        ([planned()], False, False, RECEIVED),
        ([planned(user=None)], True, False, RECEIVED),
        ([planned()], True, True, ACCEPTED),
        ([planned("under_way")], True, True, ACCEPTED),
        ([planned("done")], True, True, ACCEPTED),
        ([planned("reported")], True, True, FINALISED),
        ([planned("verified"), planned("billed")], True, True, FINALISED),
        ([planned("reported"), Trip("foreseen")], True, False, RECEIVED),
        ([Trip("not_needed")], True, False, BY_PHONE),
        ([Trip("not_needed"), Trip("cancelled")], True, False, BY_PHONE),
        ([planned("reported"), Trip("not_needed")], True, True, FINALISED),
        ([Trip("cancelled")], True, False, RECEIVED),
    ],
)
def test_each_situation_has_its_status(trips: list[Trip], verifier: bool, accepted: bool, status: str) -> None:
    assert standing(trips, verifier=verifier, accepted=accepted).status == status


def test_the_plan_shown_is_the_next_trips() -> None:
    found = standing([planned(starts=TEN, user=8), planned(starts=NINE, user=7)], verifier=True, accepted=False)
    assert (found.planned_start, found.planned_end, found.assignee_id) == (NINE, TEN, 7)


def test_taking_the_plan_away_leaves_nothing_of_it() -> None:
    found = standing([Trip("foreseen")], verifier=True, accepted=False)
    assert (found.planned_start, found.planned_end, found.assignee_id) == (None, None, None)


STATUSES = ["foreseen", "planned", "under_way", "done", "reported", "verified", "billed", "not_needed", "cancelled"]
PLANNED = {"planned", "under_way", "done", "reported", "verified", "billed"}


@st.composite
def trips(draw: st.DrawFn) -> Trip:
    status = draw(st.sampled_from(STATUSES))
    if status not in PLANNED:
        return Trip(status)
    starts = NINE + timedelta(minutes=draw(st.integers(0, 10_000)))
    return Trip(status, starts, starts + timedelta(minutes=draw(st.integers(5, 600))), draw(st.integers(1, 5)))


@given(st.lists(trips(), max_size=5), st.booleans(), st.booleans())
def test_what_the_database_demands_of_assigned_tickets_always_holds(
    found: list[Trip], verifier: bool, accepted: bool
) -> None:
    derived = standing(found, verifier=verifier, accepted=accepted)
    if derived.status in (ASSIGNED, ACCEPTED):
        assert verifier
        assert None not in (derived.planned_start, derived.planned_end, derived.assignee_id)
    if derived.planned_start is not None:
        assert derived.planned_end is not None
        assert derived.planned_end > derived.planned_start


@given(st.lists(trips(), max_size=5), st.booleans(), st.booleans())
def test_the_order_of_the_work_orders_does_not_matter(found: list[Trip], verifier: bool, accepted: bool) -> None:
    backwards = standing(found[::-1], verifier=verifier, accepted=accepted)
    forwards = standing(found, verifier=verifier, accepted=accepted)
    assert (backwards.status, backwards.planned_start) == (forwards.status, forwards.planned_start)


@given(st.lists(trips(), min_size=1, max_size=4))
def test_a_ticket_ends_only_when_nothing_is_left_to_do(found: list[Trip]) -> None:
    open_work = any(trip.status in ("foreseen", "planned", "under_way", "done") for trip in found)
    ended = standing(found, verifier=True, accepted=True).status in (FINALISED, BY_PHONE)
    assert not (open_work and ended)


def test_addresses_are_read_from_any_list() -> None:
    assert rules.addresses("a@x.it; b@y.ro, a@x.it  c.d@z.example.com") == ["a@x.it", "b@y.ro", "c.d@z.example.com"]


@pytest.mark.parametrize("text", ["nobody", "a@x)b@y.it", "a@b", "<a@x.it>", "a@x.it,,b", "x" * 300 + "@a.it"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(rules.BadAddress) as refused:
        rules.addresses(text)
    assert refused.value.field == "emails"
