"""Who may be booked when: presence less absences and holidays, eligibility, one appointment at a time."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from callout.accounts.models import Membership
from callout.accounts.queries import actor_for
from callout.audit.queries import history
from callout.core.errors import Forbidden, NotFound
from callout.core.intervals import Interval
from callout.planning import commands
from callout.planning.errors import (
    BadLength,
    NobodyPerforms,
    NotEligible,
    NotPresent,
    OnAbsence,
    OnHoliday,
    OutsideHours,
    ResourceInactive,
    SlotTaken,
    TypeInactive,
)
from callout.planning.models import Appointment, Eligibility, Presence, Resource
from tests import builders
from tests.planning.support import MONDAY, NOW, administrator, book, dispatcher, window, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    return builders.activity_type("Repair")


@pytest.fixture
def rossi(kind):
    return builders.technician("Rossi", performs=(kind,))


def test_a_booking_stands_on_the_calendar_and_in_the_history(kind, rossi) -> None:
    actor = dispatcher(name="Clara")
    made = book(rossi, kind, window(MONDAY, "08:00", "09:00"), actor=actor, title="  Boiler   out ")
    made.refresh_from_db()
    assert (made.title, made.category, made.blocks, made.version) == ("Boiler out", "planned", True, 1)
    assert made.created_by_name == "Clara"
    [entry] = history(made)
    assert (entry.action, entry.actor_name) == ("appointment.booked", "Clara")
    assert entry.facts["starts"] == "2026-11-23T07:00:00+00:00"


def test_the_past_may_be_booked(kind, rossi) -> None:
    assert book(rossi, kind, window(date(2026, 3, 2), "08:00", "09:00")).pk


@pytest.mark.parametrize(
    ("starts", "ends"),
    [("07:45", "08:45"), ("11:30", "12:30"), ("12:00", "13:00"), ("16:30", "17:15"), ("11:00", "14:00")],
)
def test_into_grey_is_refused_with_the_hours(kind, rossi, starts: str, ends: str) -> None:
    with pytest.raises(OutsideHours) as refused:
        book(rossi, kind, window(MONDAY, starts, ends))
    assert refused.value.facts["hours"] == "08:00-12:00, 13:00-17:00"
    assert refused.value.field == "starts"
    assert not Appointment.objects.exists()


def test_a_day_off_is_refused(kind, rossi) -> None:
    with pytest.raises(NotPresent) as refused:
        book(rossi, kind, window(MONDAY + timedelta(days=5), "09:00", "10:00"))
    assert refused.value.facts["day"] == date(2026, 11, 28)


def test_an_absence_is_refused_with_its_end_and_who_is_free(kind, rossi) -> None:
    for name in ("Bianchi", "Ionescu"):
        builders.technician(name, performs=(kind,))
    away = Interval(window(MONDAY, "00:00", "01:00").starts, window(date(2026, 11, 30), "00:00", "01:00").starts)
    commands.add_absence(resource_id=rossi.pk, window=away, reason="leave", actor=dispatcher(), now=NOW)
    with pytest.raises(OnAbsence) as refused:
        book(rossi, kind, window(date(2026, 11, 25), "09:00", "10:00"))
    with translation.override("en"), timezone.override("Europe/Rome"):
        said = words(refused.value)
    assert said.startswith("Rossi is away until")
    assert "30" in said
    assert said.endswith("(leave). Free at that time: Bianchi, Ionescu.")


@pytest.mark.parametrize(
    ("country", "zone", "day", "named"),
    [("IT", "Europe/Rome", date(2026, 12, 8), "Immaculate"), ("RO", "Europe/Bucharest", date(2026, 12, 1), "National")],
)
def test_a_public_holiday_of_the_branch_is_refused(kind, country: str, zone: str, day: date, named: str) -> None:
    works = builders.branch(country=country, time_zone=zone)
    resource = builders.technician("Popescu", works, performs=(kind,))
    Resource.objects.filter(pk=resource.pk).update(time_zone=zone)
    with translation.override("en"), pytest.raises(OnHoliday) as refused:
        book(resource, kind, window(day, "09:00", "10:00", zone))
    assert refused.value.facts["day"] == day
    assert named in refused.value.facts["holiday"]
    assert book(resource, kind, window(day + timedelta(days=1), "09:00", "10:00", zone)).pk


def test_the_other_countrys_holiday_is_an_ordinary_day(kind, rossi) -> None:
    assert book(rossi, kind, window(date(2026, 12, 1), "09:00", "10:00")).pk


def test_holidays_are_named_in_the_readers_language(kind, rossi) -> None:
    with translation.override("it"), pytest.raises(OnHoliday) as refused:
        book(rossi, kind, window(date(2026, 12, 8), "09:00", "10:00"))
    assert refused.value.facts["holiday"] == "Immacolata Concezione"


def test_a_taken_slot_is_refused_with_what_takes_it_and_who_is_free(kind, rossi) -> None:
    builders.technician("Bianchi", performs=(kind,))
    book(rossi, kind, window(MONDAY, "09:00", "10:00"), title="Verdi: boiler")
    with pytest.raises(SlotTaken) as refused:
        book(rossi, kind, window(MONDAY, "09:30", "10:30"))
    with translation.override("en"), timezone.override("Europe/Rome"):
        said = words(refused.value)
    assert "Rossi already has “Verdi: boiler” from" in said
    assert "09:00" in said and said.endswith("Free at that time: Bianchi.")
    assert book(rossi, kind, window(MONDAY, "10:00", "11:00")).pk, "stretches that only touch do not overlap"


def test_at_most_three_who_are_free_are_named_in_the_planners_order(kind, rossi) -> None:
    for name in ("Dora", "Carlo", "Bruno", "Anna"):
        builders.technician(name, performs=(kind,))
    busy = builders.technician("Aldo", performs=(kind,))
    builders.technician("Abele")
    book(busy, kind, window(MONDAY, "09:00", "10:00"))
    book(rossi, kind, window(MONDAY, "09:00", "10:00"))
    with pytest.raises(SlotTaken) as refused:
        book(rossi, kind, window(MONDAY, "09:00", "10:00"))
    assert refused.value.facts["free"] == "Anna, Bruno, Carlo"


def test_with_nobody_else_free_the_way_out_is_another_time(kind, rossi) -> None:
    with translation.override("en"), pytest.raises(OutsideHours) as refused:
        book(rossi, kind, window(MONDAY, "07:00", "08:00"))
    with translation.override("en"):
        assert words(refused.value).endswith("Nobody else is free at that time; choose another.")


def test_cancelled_missed_and_superseded_block_nothing(kind, rossi) -> None:
    slot = window(MONDAY, "09:00", "10:00")
    for category in ("cancelled", "missed", "superseded"):
        released = commands.release(appointment=book(rossi, kind, slot), actor=dispatcher(), now=NOW, category=category)
        assert (released.category, released.blocks, released.version) == (category, False, 2)
    assert book(rossi, kind, slot).pk


def test_only_who_performs_the_type_is_given_it(kind, rossi) -> None:
    other = builders.technician("Bianchi")
    with pytest.raises(NotEligible) as refused:
        book(other, kind, window(MONDAY, "09:00", "10:00"))
    assert (refused.value.field, refused.value.facts["free"]) == ("resource_id", "Rossi")


def test_planning_a_type_is_not_performing_it(kind) -> None:
    rossi = builders.technician("Rossi")
    Eligibility.objects.create(activity_type=kind, role="plans", user=rossi.user)
    builders.technician("Bianchi", performs=(kind,))
    with pytest.raises(NotEligible):
        book(rossi, kind, window(MONDAY, "09:00", "10:00"))


def test_a_team_performs_for_its_members(kind) -> None:
    crew = builders.team("Crew")
    bianchi = builders.technician("Bianchi")
    Eligibility.objects.create(activity_type=kind, role="performs", team=crew)
    with pytest.raises(NotEligible):
        book(bianchi, kind, window(MONDAY, "09:00", "10:00"))
    Membership.objects.create(user=bianchi.user, team=crew)
    assert book(bianchi, kind, window(MONDAY, "09:00", "10:00")).pk


def test_a_type_that_nobody_performs_says_so(kind) -> None:
    with pytest.raises(NobodyPerforms) as refused:
        book(builders.technician("Bianchi"), kind, window(MONDAY, "09:00", "10:00"))
    assert "planning setup" in refused.value.remedy


def test_a_type_that_is_no_longer_offered_is_refused(rossi) -> None:
    old = builders.activity_type("Old", active=False)
    with pytest.raises(TypeInactive):
        book(rossi, old, window(MONDAY, "09:00", "10:00"))


def test_an_inactive_resource_is_refused(kind, rossi) -> None:
    builders.technician("Bianchi", performs=(kind,))
    Resource.objects.filter(pk=rossi.pk).update(active=False)
    with pytest.raises(ResourceInactive) as refused:
        book(rossi, kind, window(MONDAY, "09:00", "10:00"))
    assert refused.value.facts["free"] == "Bianchi"


@pytest.mark.parametrize("minutes", [1, 4, 24 * 60 + 1, 30 * 60])
def test_an_appointment_lasts_five_minutes_to_a_day(kind, rossi, minutes: int) -> None:
    starts = window(MONDAY, "09:00", "10:00").starts
    with pytest.raises(BadLength) as refused:
        book(rossi, kind, Interval(starts, starts + timedelta(minutes=minutes)))
    assert refused.value.field == "ends"


def test_minutes_off_the_grid_are_fine(kind, rossi) -> None:
    made = book(rossi, kind, window(MONDAY, "09:07", "09:13"))
    assert made.ends - made.starts == timedelta(minutes=6)


def test_generated_presence_within_working_hours_is_what_counts_for_patterns(kind, rossi) -> None:
    Resource.objects.filter(pk=rossi.pk).update(presence="patterns")
    with pytest.raises(NotPresent):
        book(rossi, kind, window(MONDAY, "09:00", "10:00"))
    there = window(MONDAY, "06:00", "10:00")
    Presence.objects.create(resource=rossi, starts=there.starts, ends=there.ends)
    with pytest.raises(OutsideHours) as refused:
        book(rossi, kind, window(MONDAY, "07:00", "08:00"))
    assert refused.value.facts["hours"] == "08:00-10:00"
    assert book(rossi, kind, window(MONDAY, "09:00", "10:00")).pk


@pytest.mark.parametrize("role", ["technician", "agent", "sales_office", "verifier"])
def test_only_who_has_the_right_plans(kind, rossi, role: str) -> None:
    with pytest.raises(Forbidden) as refused:
        book(rossi, kind, window(MONDAY, "09:00", "10:00"), actor=builders.actor(role))
    assert refused.value.facts["right_code"] == "board.plan"


def test_another_branchs_calendar_does_not_exist(kind, rossi) -> None:
    person = builders.user("dispatcher")
    person.branches.add(builders.branch())
    with pytest.raises(NotFound):
        book(rossi, kind, window(MONDAY, "09:00", "10:00"), actor=actor_for(person))
    person.branches.add(rossi.branch)
    assert book(rossi, kind, window(MONDAY, "09:00", "10:00"), actor=actor_for(person)).pk


def test_colleagues_of_other_branches_are_not_named(kind, rossi) -> None:
    builders.technician("Elsewhere", builders.branch(), performs=(kind,))
    person = builders.user("dispatcher")
    person.branches.add(rossi.branch)
    with pytest.raises(OutsideHours) as refused:
        book(rossi, kind, window(MONDAY + timedelta(days=0), "07:00", "08:00"), actor=actor_for(person))
    assert refused.value.facts["free"] == ""
    with pytest.raises(SlotTaken) as refused:
        book(rossi, kind, window(MONDAY, "09:00", "10:00"), actor=actor_for(person))
        book(rossi, kind, window(MONDAY, "09:00", "10:00"), actor=actor_for(person))
    assert refused.value.facts["free"] == ""


def test_the_administrator_may_plan_too(kind, rossi) -> None:
    assert book(rossi, kind, window(MONDAY, "09:00", "10:00"), actor=administrator()).pk
