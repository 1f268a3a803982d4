"""Absences: never over planned work, and only for who may."""

from datetime import date, timedelta

import pytest

from callout.audit.models import Entry
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.core.intervals import Interval
from callout.planning import commands
from callout.planning.errors import NoReason, WorkPlanned
from callout.planning.models import Absence
from tests import builders
from tests.planning.support import MONDAY, NOW, book, dispatcher, window

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    return builders.activity_type("Repair")


@pytest.fixture
def rossi(kind):
    return builders.technician("Rossi", performs=(kind,))


def days(first: date, count: int) -> Interval:
    begin = window(first, "00:00", "01:00").starts
    return Interval(begin, begin + timedelta(days=count))


def add(resource, slot, **fields) -> Absence:
    fields = {"reason": "leave", "actor": dispatcher(), **fields}
    return commands.add_absence(resource_id=resource.pk, window=slot, now=NOW, **fields)


def test_an_absence_is_added_changed_and_removed(rossi) -> None:
    actor = dispatcher()
    made = add(rossi, days(MONDAY, 5), actor=actor, reason="  summer   leave ")
    assert (made.reason, made.version) == ("summer leave", 1)
    changed = commands.change_absence(
        absence_id=made.pk, window=days(MONDAY, 3), reason="leave", version=1, actor=actor, now=NOW
    )
    assert (changed.ends, changed.version) == (days(MONDAY, 3).ends, 2)
    with pytest.raises(StaleVersion):
        commands.remove_absence(absence_id=made.pk, version=1, actor=actor, now=NOW)
    commands.remove_absence(absence_id=made.pk, version=2, actor=actor, now=NOW)
    assert not Absence.objects.exists()
    actions = Entry.objects.filter(subject_kind="absence").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["absence.added", "absence.changed", "absence.removed"]


def test_planned_work_refuses_an_absence_and_is_named(kind, rossi) -> None:
    for hour in (8, 9, 10, 11):
        book(rossi, kind, window(MONDAY, f"{hour:02}:00", f"{hour + 1:02}:00"), title=f"Visit {hour}")
    with pytest.raises(WorkPlanned) as refused:
        add(rossi, days(MONDAY, 1))
    facts = refused.value.facts
    assert (facts["person"], facts["work"]) == ("Rossi", "Visit 8, Visit 9, Visit 10, …")
    assert facts["first"] == window(MONDAY, "08:00", "09:00").starts
    assert refused.value.field == "starts"
    assert add(rossi, window(MONDAY, "13:00", "17:00")).pk


def test_an_absence_does_not_grow_over_planned_work(kind, rossi) -> None:
    made = add(rossi, window(MONDAY, "13:00", "17:00"))
    book(rossi, kind, window(MONDAY, "11:00", "12:00"))
    with pytest.raises(WorkPlanned):
        commands.change_absence(
            absence_id=made.pk, window=window(MONDAY, "11:30", "17:00"), reason="leave", version=1,
            actor=dispatcher(), now=NOW,
        )  # fmt: skip
    made.refresh_from_db()
    assert made.starts == window(MONDAY, "13:00", "17:00").starts


def test_work_that_is_done_or_given_up_does_not_stand_in_the_way(kind, rossi) -> None:
    actor = dispatcher()
    for hour, category in ((8, "done"), (9, "cancelled"), (10, "missed")):
        made = book(rossi, kind, window(MONDAY, f"{hour:02}:00", f"{hour + 1:02}:00"))
        commands.set_category(appointment=made, category=category, actor=actor, now=NOW)
    assert add(rossi, days(MONDAY, 1)).pk


def test_an_absence_says_why(rossi) -> None:
    with pytest.raises(NoReason):
        add(rossi, days(MONDAY, 1), reason=" ")


def test_only_who_plans_or_sets_up_writes_absences(rossi) -> None:
    for role in ("operator", "technician", "agent", "verifier", "sales_office"):
        with pytest.raises(Forbidden):
            add(rossi, days(MONDAY, 1), actor=builders.actor(role))
    assert add(rossi, days(MONDAY, 1), actor=builders.actor("administrator")).pk


def test_absences_of_other_branches_do_not_exist(rossi) -> None:
    from callout.accounts.queries import actor_for

    made = add(rossi, days(MONDAY, 1))
    person = builders.user("dispatcher")
    person.branches.add(builders.branch())
    with pytest.raises(NotFound):
        add(rossi, days(MONDAY, 1), actor=actor_for(person))
    with pytest.raises(NotFound):
        commands.remove_absence(absence_id=made.pk, version=1, actor=actor_for(person), now=NOW)
