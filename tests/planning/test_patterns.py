"""Presence patterns on real calendars: what is written, what is left alone, what is refused, and the pages."""

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection

from callout.audit.models import Entry
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.planning import commands as planning
from callout.planning.commands import patterns as commands
from callout.planning.errors import NotGenerated, NoWeekday, OutsideHours, WorkPlanned
from callout.planning.models import Presence, Resource, WorkingHours
from callout.planning.queries.patterns import Choice, plans
from tests import builders
from tests.planning.presences import FRIDAY, WEEK, add, by_patterns, change, generate, some, zone
from tests.planning.support import MONDAY, NOW, administrator, book, dispatcher, window

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    return builders.activity_type("Repair")


@pytest.fixture
def rossi(kind) -> Resource:
    return by_patterns(kind)


def test_presences_are_generated_once_and_make_time_bookable(kind, rossi) -> None:
    pattern = add(rossi, zone_id=zone().pk)
    with pytest.raises(Exception, match="not_present"):
        book(rossi, kind, window(MONDAY, "09:00", "10:00"))
    assert some(generate(rossi)) == {"write": 5}
    assert some(generate(rossi)) == {"keep": 5}
    assert Presence.objects.count() == 5
    pattern.refresh_from_db()
    assert pattern.generated_until == FRIDAY
    assert book(rossi, kind, window(MONDAY, "09:00", "10:00")).pk
    with pytest.raises(OutsideHours):
        book(rossi, kind, window(MONDAY, "13:00", "14:00"))
    actions = Entry.objects.filter(action__startswith="presence.").values_list("action", flat=True)
    assert list(actions) == ["presence.generated", "presence.generated"]


def test_holidays_and_absences_leave_days_out_and_come_back_when_generated_again(rossi) -> None:
    add(rossi)
    away = planning.add_absence(
        resource_id=rossi.pk, window=window(MONDAY, "00:00", "23:59"), reason="leave", actor=dispatcher(), now=NOW
    )
    assert some(generate(rossi)) == {"write": 4, "refuse": 1}
    planning.remove_absence(absence_id=away.pk, version=None, actor=dispatcher(), now=NOW)
    assert some(generate(rossi)) == {"write": 1, "keep": 4}
    christmas = Choice(date(2026, 12, 25), date(2026, 12, 25))
    (line,) = plans([rossi], christmas, now=NOW)[rossi.pk][1]
    assert (line.fate, line.why) == ("refuse", "holiday")


def test_several_zones_on_one_day_never_overlap(rossi) -> None:
    north, south, east = zone("North"), zone("South"), zone("East")
    add(rossi, zone_id=north.pk)
    add(rossi, zone_id=south.pk, starts=time(13), ends=time(17))
    add(rossi, zone_id=east.pk, starts=time(11), ends=time(14), weekdays=[0])
    assert some(generate(rossi)) == {"write": 10, "refuse": 1}
    lines = plans([rossi], WEEK, now=NOW)[rossi.pk][1]
    clash = next(line for line in lines if line.why)
    assert (clash.label, clash.pattern.zone_name) == ("North", "East")


def test_a_changed_pattern_moves_its_presences_but_not_away_from_work(kind, rossi) -> None:
    pattern = add(rossi)
    generate(rossi)
    book(rossi, kind, window(MONDAY, "11:00", "12:00"), title="Verdi: boiler")
    change(pattern, starts=time(8), ends=time(11))
    assert some(generate(rossi)) == {"replace": 4, "refuse": 1}
    kept = Presence.objects.get(day=MONDAY)
    assert kept.ends == window(MONDAY, "08:00", "12:00").ends
    line = plans([rossi], WEEK, now=NOW)[rossi.pk][1][0]
    assert (line.why, line.label) == ("work", "Verdi: boiler")


def test_what_has_begun_stays_when_the_pattern_changes_or_goes(rossi) -> None:
    pattern = add(rossi)
    generate(rossi)
    wednesday = window(MONDAY + timedelta(days=2), "09:00", "10:00").starts
    change(pattern, ends=time(11))
    assert some(generate(rossi, now=wednesday)) == {"replace": 2, "refuse": 3}
    pattern.refresh_from_db()
    commands.remove_pattern(pattern_id=pattern.pk, version=pattern.version, actor=dispatcher(), now=wednesday)
    left = Presence.objects.order_by("day")
    assert [each.day for each in left] == [MONDAY + timedelta(days=n) for n in range(3)]
    assert {each.pattern_id for each in left} == {None}


def test_a_pattern_with_work_in_its_presences_is_not_deleted(kind, rossi) -> None:
    pattern = add(rossi)
    generate(rossi)
    book(rossi, kind, window(FRIDAY, "09:00", "10:00"), title="Verdi: boiler")
    with pytest.raises(WorkPlanned) as refused:
        commands.remove_pattern(pattern_id=pattern.pk, version=None, actor=dispatcher(), now=NOW)
    assert refused.value.facts["work"] == "Verdi: boiler"
    assert Presence.objects.count() == 5


def test_presences_are_cleared_for_a_range_but_for_those_with_work(kind, rossi) -> None:
    north = zone()
    add(rossi, zone_id=north.pk)
    add(rossi, starts=time(13), ends=time(17))
    generate(rossi)
    book(rossi, kind, window(FRIDAY, "09:00", "10:00"))
    cleared = Choice(MONDAY + timedelta(days=2), FRIDAY, clear=True, zone_ids=frozenset({north.pk}))
    assert some(generate(rossi, cleared)) == {"remove": 2, "refuse": 1}
    assert Presence.objects.filter(zone=north).count() == 3
    assert Presence.objects.filter(zone=None).count() == 5


def test_over_midnight_new_year_and_both_clock_changes(rossi) -> None:
    WorkingHours.objects.filter(resource=rossi).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(resource=rossi, weekday=day, starts=time(20), ends=time(8)) for day in range(7)
    )
    rossi.branch.country = "XX"
    rossi.branch.save()
    add(rossi, unit="day", starts=time(22), ends=time(6), starts_on=date(2026, 10, 20))
    generate(rossi, Choice(date(2026, 10, 20), date(2027, 4, 2)), now=datetime(2026, 10, 1, tzinfo=UTC))
    lengths = {each.day: (each.ends - each.starts).total_seconds() / 3600 for each in Presence.objects.all()}
    assert len(lengths) == 165
    odd = {day: length for day, length in lengths.items() if length != 8}
    assert odd == {date(2026, 10, 24): 9, date(2027, 3, 27): 7}
    eve = Presence.objects.get(day=date(2026, 12, 31))
    assert (eve.starts.year, eve.ends.year) == (2026, 2027)


def test_people_in_two_time_zones_are_present_by_their_own_clocks(rossi) -> None:
    pop = builders.technician("Pop")
    pop.time_zone = "Europe/Bucharest"
    pop.save()
    for each in (rossi, pop):
        add(each)
        generate(each)
    here, there = (Presence.objects.get(resource=each, day=MONDAY).starts for each in (rossi, pop))
    assert here - there == timedelta(hours=1)


def test_a_preview_that_is_no_longer_true_writes_nothing(rossi) -> None:
    from callout.planning.rules import patterns as rules

    add(rossi)
    seen = rules.digest(plans([rossi], WEEK, now=NOW)[rossi.pk][1])
    planning.add_absence(
        resource_id=rossi.pk, window=window(MONDAY, "00:00", "23:59"), reason="leave", actor=dispatcher(), now=NOW
    )
    with pytest.raises(NotGenerated):
        generate(rossi, seen=seen)
    assert not Presence.objects.exists()


def test_rights_branches_and_versions(rossi) -> None:
    pattern = add(rossi)
    for role in ("operator", "technician", "agent", "verifier", "sales_office"):
        with pytest.raises(Forbidden):
            add(rossi, actor=builders.actor(role))
    assert add(rossi, actor=administrator(), starts=time(13), ends=time(14)).pk
    stranger = builders.user("dispatcher")
    stranger.branches.add(builders.branch())
    from callout.accounts.queries import actor_for

    with pytest.raises(NotFound):
        add(rossi, actor=actor_for(stranger))
    with pytest.raises(NotFound):
        commands.generate(resource_id=rossi.pk, choice=WEEK, actor=actor_for(stranger), now=NOW)
    with pytest.raises(NotFound):
        add(rossi, zone_id=999_999)
    with pytest.raises(StaleVersion):
        commands.remove_pattern(pattern_id=pattern.pk, version=0, actor=dispatcher(), now=NOW)
    with pytest.raises(NoWeekday):
        change(pattern, weekdays=[])


@pytest.mark.django_db(transaction=True)
def test_generating_twice_at_once_makes_no_double() -> None:
    rossi = builders.technician("Rossi")
    add(rossi)
    actor, tallies = dispatcher(), []
    barrier = threading.Barrier(2)

    def run() -> None:
        try:
            barrier.wait(10)
            tallies.append(commands.generate(resource_id=rossi.pk, choice=WEEK, actor=actor, now=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(each["write"] for each in tallies) == [0, 5]
    assert Presence.objects.count() == 5


def test_free_time_follows_presences(rossi) -> None:
    from callout.planning.commands import free
    from callout.planning.models import FreeTime

    free.rebuild(resource_id=rossi.pk, now=NOW)
    assert not FreeTime.objects.exists()
    north = zone("North")
    pattern = add(rossi, zone_id=north.pk)
    generate(rossi)
    assert set(FreeTime.objects.values_list("zone", flat=True)) == {north.pk}
    assert free.rebuild(resource_id=rossi.pk, now=NOW) == 0
    change(pattern, ends=time(10))
    generate(rossi)
    assert free.rebuild(resource_id=rossi.pk, now=NOW) == 0
    generate(rossi, Choice(MONDAY, FRIDAY, clear=True))
    assert not FreeTime.objects.exists()
