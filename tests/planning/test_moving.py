"""Moving, lengthening, shortening, cancelling, and an appointment's way through its states."""

import pytest

from callout.audit.queries import history
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.planning import commands
from callout.planning.errors import NoState, NotEligible, NotMovable, OutsideHours, SlotTaken
from callout.planning.models import ActivityState, Eligibility, Resource
from tests import builders
from tests.planning.support import MONDAY, NOW, book, dispatcher, window

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    return builders.activity_type("Repair")


@pytest.fixture
def rossi(kind):
    return builders.technician("Rossi", performs=(kind,))


@pytest.fixture
def made(kind, rossi):
    return book(rossi, kind, window(MONDAY, "09:00", "10:00"))


def move(appointment, resource=None, slot=None, **fields):
    fields = {"actor": dispatcher(), **fields}
    return commands.move(
        appointment=appointment, resource_id=(resource or appointment.resource).pk,
        window=slot or window(MONDAY, "10:00", "11:00"), now=NOW, **fields,
    )  # fmt: skip


def test_a_move_changes_time_length_and_resource(kind, made) -> None:
    bianchi = builders.technician("Bianchi", performs=(kind,))
    moved = move(made, bianchi, window(MONDAY, "14:00", "16:30"))
    moved.refresh_from_db()
    assert (moved.resource, moved.version) == (bianchi, 2)
    assert (moved.starts, moved.ends) == (
        window(MONDAY, "14:00", "16:30").starts,
        window(MONDAY, "14:00", "16:30").ends,
    )
    entry = history(moved)[0]
    assert entry.action == "appointment.moved"
    assert entry.facts["before"]["resource"] == made.resource_id


def test_an_appointment_may_overlap_its_own_old_place(made) -> None:
    assert move(made, slot=window(MONDAY, "09:30", "11:30")).version == 2


def test_a_move_is_refused_like_a_booking(kind, rossi, made) -> None:
    book(rossi, kind, window(MONDAY, "11:00", "12:00"))
    with pytest.raises(SlotTaken):
        move(made, slot=window(MONDAY, "10:30", "11:30"))
    with pytest.raises(OutsideHours):
        move(made, slot=window(MONDAY, "11:30", "13:30"))
    with pytest.raises(NotEligible):
        move(made, builders.technician("Bianchi"))
    made.refresh_from_db()
    assert (made.starts, made.version) == (window(MONDAY, "09:00", "10:00").starts, 1)


def test_who_lost_the_eligibility_keeps_what_is_planned_and_may_be_moved_in_time(made) -> None:
    Eligibility.objects.all().delete()
    assert move(made).version == 2


def test_a_stale_version_is_refused(made) -> None:
    move(made, version=1)
    with pytest.raises(StaleVersion):
        move(made, slot=window(MONDAY, "14:00", "15:00"), version=1)


@pytest.mark.parametrize("category", ["under_way", "done", "missed", "cancelled", "superseded"])
def test_what_has_begun_or_been_given_up_stays(made, category: str) -> None:
    commands.set_category(appointment=made, category=category, actor=dispatcher(), now=NOW)
    with pytest.raises(NotMovable):
        move(made)


def test_moving_needs_the_right_and_both_calendars_in_sight(kind, made) -> None:
    from callout.accounts.queries import actor_for

    with pytest.raises(Forbidden):
        move(made, actor=builders.actor("operator"))
    person = builders.user("dispatcher")
    person.branches.add(made.resource.branch)
    elsewhere = builders.technician("Elsewhere", builders.branch(), performs=(kind,))
    with pytest.raises(NotFound):
        move(made, elsewhere, actor=actor_for(person))
    person.branches.set([elsewhere.branch])
    with pytest.raises(NotFound):
        move(made, elsewhere, actor=actor_for(person))


def test_states_follow_the_category_and_are_recorded(made) -> None:
    for version, category in enumerate(("confirmed", "under_way", "done"), start=2):
        changed = commands.set_category(
            appointment=made, category=category, actor=builders.actor("technician"), now=NOW
        )
        assert (changed.state.category, changed.category, changed.blocks) == (category, category, True)
        assert changed.version == version
    assert [entry.facts.get("after") for entry in history(made)][:3] == ["done", "under_way", "confirmed"]


def test_the_same_category_keeps_the_chosen_state(made) -> None:
    mine = ActivityState.objects.create(name="Promised", category="planned")
    type(made).objects.filter(pk=made.pk).update(state=mine)
    same = commands.set_category(appointment=made, category="planned", actor=dispatcher(), now=NOW)
    assert (same.state, same.version) == (mine, 1)


def test_what_was_given_back_returns_only_to_free_time(kind, rossi, made) -> None:
    actor = dispatcher()
    commands.release(appointment=made, actor=actor, now=NOW)
    other = book(rossi, kind, window(MONDAY, "09:30", "10:30"))
    with pytest.raises(SlotTaken):
        commands.set_category(appointment=made, category="planned", actor=actor, now=NOW)
    with pytest.raises(SlotTaken):
        commands.set_category(appointment=made, category="done", actor=actor, now=NOW)
    commands.release(appointment=other, actor=actor, now=NOW, category="missed")
    assert commands.set_category(appointment=made, category="planned", actor=actor, now=NOW).blocks


def test_releasing_twice_changes_nothing_more(made) -> None:
    actor = builders.actor("operator")
    commands.release(appointment=made, actor=actor, now=NOW)
    assert commands.release(appointment=made, actor=actor, now=NOW).version == 2
    with pytest.raises(ValueError, match="done"):
        commands.release(appointment=made, actor=actor, now=NOW, category="done")


def test_who_may_not_write_may_not_release(made) -> None:
    with pytest.raises(Forbidden):
        commands.release(appointment=made, actor=builders.actor("technician"), now=NOW)
    with pytest.raises(Forbidden):
        commands.set_category(appointment=made, category="done", actor=builders.actor("agent"), now=NOW)


def test_cancelling_checks_version_scope_and_state(made) -> None:
    actor = dispatcher()
    with pytest.raises(StaleVersion):
        commands.cancel(appointment_id=made.pk, version=9, actor=actor, now=NOW)
    with pytest.raises(NotFound):
        commands.cancel(appointment_id=made.pk + 1000, version=1, actor=actor, now=NOW)
    assert commands.cancel(appointment_id=made.pk, version=1, actor=actor, now=NOW).category == "cancelled"
    with pytest.raises(NotMovable):
        commands.cancel(appointment_id=made.pk, version=2, actor=actor, now=NOW)


def test_without_any_state_of_a_category_the_rules_say_so(made) -> None:
    ActivityState.objects.filter(category="missed").delete()
    with pytest.raises(NoState):
        commands.release(appointment=made, actor=dispatcher(), now=NOW, category="missed")


def test_an_inactive_resource_takes_no_more(made) -> None:
    Resource.objects.filter(pk=made.resource_id).update(active=False)
    from callout.planning.errors import ResourceInactive

    with pytest.raises(ResourceInactive):
        move(made)
