"""Whose time is planned, and their weekly hours."""

from datetime import date, time

import pytest

from callout.audit.queries import history
from callout.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from callout.core.worktime import Shift, UnknownZone
from callout.planning import commands, queries
from callout.planning.errors import AlreadyResource, BadColour, HoursOverlap, WorkPlanned
from callout.planning.models import Resource, WorkingHours
from tests import builders
from tests.planning.support import MONDAY, NOW, administrator, book, dispatcher, window

pytestmark = pytest.mark.django_db

MORNINGS = tuple(Shift(day, time(8), time(12)) for day in range(5))


def change(resource: Resource, **fields) -> Resource:
    fields = {"version": resource.version, "actor": administrator(), **fields}
    return commands.change_resource(resource_id=resource.pk, now=NOW, **fields)


def test_a_person_becomes_a_resource_of_a_branch_with_hours() -> None:
    person, works = builders.user("technician", name="Rossi"), builders.branch(time_zone="Europe/Bucharest")
    made = commands.add_resource(
        user_id=person.pk, branch_id=works.pk, hours=MORNINGS, colour="#112233", actor=administrator(), now=NOW
    )
    assert (made.time_zone, made.colour, str(made)) == ("Europe/Bucharest", "#112233", "Rossi")
    assert WorkingHours.objects.filter(resource=made).count() == 5
    assert history(made)[0].action == "resource.added"
    with pytest.raises(AlreadyResource):
        commands.add_resource(user_id=person.pk, branch_id=works.pk, actor=administrator(), now=NOW)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"colour": "red"}, BadColour),
        ({"time_zone": "Europe/Atlantis"}, UnknownZone),
        ({"presence": "always"}, Invalid),
        ({"home_latitude": 45}, Invalid),
        ({"home_latitude": 91, "home_longitude": 9}, Invalid),
        ({"hours": (Shift(0, time(8), time(12)), Shift(0, time(11), time(13)))}, HoursOverlap),
        ({"hours": (Shift(6, time(22), time(6)), Shift(0, time(5), time(9)))}, HoursOverlap),
        ({"branch_id": 10**9}, NotFound),
    ],
)
def test_nonsense_is_refused_and_nothing_changes(fields, error) -> None:
    rossi = builders.technician("Rossi")
    before = (Resource.objects.values().get(pk=rossi.pk), WorkingHours.objects.count())
    with pytest.raises(error):
        change(rossi, **fields)
    assert before == (Resource.objects.values().get(pk=rossi.pk), WorkingHours.objects.count())


def test_hours_that_touch_do_not_overlap() -> None:
    rossi = builders.technician("Rossi")
    hours = (Shift(0, time(8), time(12)), Shift(0, time(12), time(0)), Shift(1, time(0), time(4)))
    assert change(rossi, hours=hours).version == 2
    assert WorkingHours.objects.filter(resource=rossi).count() == 3


def test_new_hours_are_refused_when_promised_work_would_lie_outside() -> None:
    kind = builders.activity_type()
    rossi = builders.technician("Rossi", performs=(kind,))
    book(rossi, kind, window(MONDAY, "14:00", "15:00"), title="Verdi: boiler")
    with pytest.raises(WorkPlanned) as refused:
        change(rossi, hours=MORNINGS)
    assert refused.value.facts["work"] == "Verdi: boiler"
    assert WorkingHours.objects.filter(resource=rossi).count() == 10
    assert Resource.objects.get(pk=rossi.pk).version == 1


def test_work_of_the_past_and_work_inside_the_new_hours_is_no_obstacle() -> None:
    kind = builders.activity_type()
    rossi = builders.technician("Rossi", performs=(kind,))
    book(rossi, kind, window(date(2026, 11, 16), "14:00", "15:00"))
    book(rossi, kind, window(MONDAY, "09:00", "10:00"))
    assert change(rossi, hours=MORNINGS).version == 2
    assert "13:00-17:00" in history(rossi)[0].facts["before"]["hours"]


def test_who_has_work_to_do_is_not_set_inactive() -> None:
    kind = builders.activity_type()
    rossi = builders.technician("Rossi", performs=(kind,))
    made = book(rossi, kind, window(MONDAY, "14:00", "15:00"))
    with pytest.raises(WorkPlanned):
        change(rossi, active=False)
    commands.release(appointment=made, actor=dispatcher(), now=NOW)
    assert not change(rossi, active=False).active


def test_a_stale_page_and_a_missing_right_are_refused() -> None:
    rossi = builders.technician("Rossi")
    with pytest.raises(StaleVersion):
        change(rossi, version=7, colour="#000000")
    with pytest.raises(Forbidden):
        change(rossi, colour="#000000", actor=dispatcher())


def test_who_sees_which_calendars() -> None:
    from callout.accounts.queries import actor_for

    rossi, bianchi = builders.technician("Rossi"), builders.technician("Bianchi")
    everybody = {rossi, bianchi}
    for role in ("dispatcher", "operator", "agent", "administrator", "verifier"):
        assert set(queries.resources_visible_to(builders.actor(role))) == everybody, role
    assert set(queries.resources_visible_to(actor_for(rossi.user))) == {rossi}
    person = builders.user("dispatcher")
    person.branches.add(bianchi.branch)
    assert set(queries.resources_visible_to(actor_for(person))) == {bianchi}
    nobody = builders.actor()
    assert not queries.resources_visible_to(nobody).exists()
