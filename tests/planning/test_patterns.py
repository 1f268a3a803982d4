"""Presence patterns on real calendars: what is written, what is left alone, what is refused, and the pages."""

import re
import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection

from callout.audit.models import Entry
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.customers.models import Zone
from callout.jobs.models import Run
from callout.jobs.work import carry_out
from callout.planning import commands as planning
from callout.planning import presence_work, queries
from callout.planning.commands import patterns as commands
from callout.planning.errors import NotGenerated, NoWeekday, OutsideHours, WorkPlanned
from callout.planning.models import Presence, PresencePattern, Resource, WorkingHours
from callout.planning.queries.patterns import Choice, plans
from callout.ui import clock
from tests import builders
from tests.board.support import browser
from tests.planning.support import MONDAY, NOW, administrator, book, dispatcher, window

pytestmark = pytest.mark.django_db

FRIDAY = MONDAY + timedelta(days=4)
WEEK = Choice(MONDAY, FRIDAY)
HOURS = {"starts": time(8), "ends": time(12)}


@pytest.fixture
def kind():
    return builders.activity_type("Repair")


@pytest.fixture
def rossi(kind) -> Resource:
    made = builders.technician("Rossi", performs=(kind,))
    made.presence = "patterns"
    made.save()
    return made


def zone(name: str = "North") -> Zone:
    return Zone.objects.create(name=name, code=f"Z{builders.n()}")


def add(resource: Resource, *, actor=None, **fields) -> PresencePattern:
    start = {"unit": "week", "weekdays": list(range(5)), "starts_on": MONDAY, **HOURS}
    return commands.add_pattern(resource_id=resource.pk, actor=actor or dispatcher(), now=NOW, **{**start, **fields})


def change(pattern: PresencePattern, **fields) -> PresencePattern:
    pattern.refresh_from_db()
    return commands.change_pattern(
        pattern_id=pattern.pk, version=pattern.version, actor=dispatcher(), now=NOW, **fields
    )


def generate(resource: Resource, choice: Choice = WEEK, now: datetime = NOW, **fields) -> dict[str, int]:
    return commands.generate(resource_id=resource.pk, choice=choice, actor=dispatcher(), now=now, **fields)


def some(tally: dict[str, int]) -> dict[str, int]:
    return {fate: count for fate, count in tally.items() if count}


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


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
    from callout.planning import pattern_rules

    add(rossi)
    seen = pattern_rules.digest(plans([rossi], WEEK, now=NOW)[rossi.pk][1])
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


@pytest.fixture
def client():
    return browser(builders.user("dispatcher"))


def generate_data(**fields) -> dict:
    return {"first": MONDAY.isoformat(), "last": FRIDAY.isoformat(), "clear": "", **fields}


def test_a_pattern_is_made_and_changed_on_its_page(client, rossi) -> None:
    north = zone()
    data = {
        "resource": rossi.pk, "zone": north.pk, "unit": "week", "every": "2", "weekdays": ["0", "3"],
        "starts": "22:00", "ends": "06:00", "starts_on": "2026-11-23", "ends_on": "",
    }  # fmt: skip
    assert client.post("/planning/patterns/new/", data).status_code == 302
    made = PresencePattern.objects.get()
    assert (made.every, made.weekdays, made.zone) == (2, [0, 3], north)
    said = text(client.get(f"/planning/patterns/?resource={rossi.pk}"))
    assert "every 2 weeks: Mon, Thu" in said
    assert "22:00 – 06:00" in said
    refused = client.post(f"/planning/patterns/{made.pk}/", {**data, "weekdays": [], "version": "1"})
    assert refused.status_code == 422
    assert "needs a day of the week" in " ".join(refused.context["form"].errors["weekdays"])
    backwards = client.post(f"/planning/patterns/{made.pk}/", {**data, "ends_on": "2026-11-22", "version": "1"})
    assert "ends_on" in backwards.context["form"].errors
    assert client.post(f"/planning/patterns/{made.pk}/remove/", {"version": "1"}).status_code == 302
    assert not PresencePattern.objects.exists()


def test_the_preview_shows_every_day_and_is_carried_out_as_shown(client, rossi) -> None:
    soon = clock.now().date() + timedelta(days=30)
    monday = soon - timedelta(days=soon.weekday())
    add(rossi, zone_id=zone("North").pk, starts_on=monday)
    add(rossi, zone_id=zone("South").pk, starts=time(11), ends=time(13), weekdays=[0], starts_on=monday)
    days = {"first": monday.isoformat(), "last": (monday + timedelta(days=1)).isoformat()}
    shown = client.post("/planning/presences/generate/", {**generate_data(), **days}, follow=True)
    said = text(shown)
    assert "Nothing is changed yet" in said
    assert "Overlaps the presence 08:00 – 12:00 in the zone North." in said
    assert not Presence.objects.exists()
    page = shown.redirect_chain[-1][0]
    done = client.post(page, follow=True)
    assert "This is what was written" in text(done)
    written = Presence.objects.count()
    assert written >= 1
    again = client.post(page, follow=True)
    assert again.redirect_chain[-1][0] == done.redirect_chain[-1][0]
    assert Presence.objects.count() == written
    assert "There is nothing to do" in text(
        client.post("/planning/presences/generate/", {**generate_data(), **days}, follow=True)
    )
    assert "North" in text(client.get("/planning/presences/"))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"last": "2026-11-22"}, "last"),
        ({"last": "2030-01-01"}, "last"),
        ({"first": "2026-02-30"}, "first"),
        ({"first": "1001-01-01"}, "first"),
        ({"resources": ["999999"]}, "resources"),
    ],
)
def test_a_range_that_cannot_be_is_refused_beside_its_field(client, rossi, fields, field) -> None:
    add(rossi)
    answer = client.post("/planning/presences/generate/", generate_data(**fields))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_nobody_with_patterns_is_told(client, rossi) -> None:
    answer = client.post("/planning/presences/generate/", generate_data())
    assert answer.status_code == 422
    assert "There is nobody" in text(answer)


def test_many_people_are_a_job_that_goes_on_where_it_stopped(client) -> None:
    people = [builders.technician(f"T{n}") for n in range(12)]
    first = clock.now().date() + timedelta(days=7)
    for each in people:
        add(each, unit="day", starts_on=first)
    last = first + timedelta(days=364)
    data = generate_data(first=first.isoformat(), last=last.isoformat())
    waiting = client.post("/planning/presences/generate/", data)
    preview = Run.objects.get()
    assert waiting.url == f"/runs/{preview.pk}/"
    carry_out(preview.pk, presence_work.carry_out_body)
    preview.refresh_from_db()
    assert (preview.status, preview.total) == ("done", 12)
    assert client.post(f"/planning/presences/runs/{preview.pk}/").status_code == 302
    run = Run.objects.get(name=presence_work.WRITE)
    assert (run.status, run.total) == ("waiting", 12)
    planning.add_absence(
        resource_id=people[11].pk, reason="leave", actor=dispatcher(), now=NOW,
        window=window(first + timedelta(days=3), "00:00", "23:59"),
    )  # fmt: skip
    first_ids = sorted(each.pk for each in people)[:4]
    for pk in first_ids:
        choice = presence_work.choice_of(run.result["choice"])
        commands.generate(resource_id=pk, choice=choice, actor=dispatcher(), now=clock.now())
    Run.objects.filter(pk=run.pk).update(done=4)
    carry_out(run.pk, presence_work.carry_out_body)
    run.refresh_from_db()
    assert run.status == "done"
    assert run.result["changed"] in ([], [people[11].pk])
    assert set(Presence.objects.values_list("resource_id", flat=True)) >= {each.pk for each in people[:11]}
    assert Presence.objects.filter(resource=people[0]).count() > 200
    assert client.get(f"/planning/presences/runs/{run.pk}/").status_code == 200


def test_a_preview_belongs_to_who_asked_for_it(client, rossi) -> None:
    add(rossi)
    page = client.post("/planning/presences/generate/", generate_data()).url
    assert browser(builders.user("dispatcher")).get(page).status_code == 404
    other = Run.objects.create(name="else", title="x", started_by_name="x", created_at=NOW)
    assert browser(builders.user("administrator")).get(f"/planning/presences/runs/{other.pk}/").status_code == 404


def test_plans_cost_the_same_whatever_the_number_of_people(django_assert_max_num_queries) -> None:
    people = []
    for n in range(6):
        each = builders.technician(f"T{n}")
        add(each)
        people.append(each)
    rows = list(queries.resources_visible_to(dispatcher()))
    with django_assert_max_num_queries(9):
        assert len(plans(rows, Choice(MONDAY, MONDAY + timedelta(days=100)), now=NOW)) == 6


def test_the_api_keeps_patterns_previews_and_generates(rossi) -> None:
    client = browser(builders.user("dispatcher"))
    kwargs = {"content_type": "application/json"}
    body = {
        "resource_id": rossi.pk, "unit": "week", "weekdays": [0, 2], "starts": "08:00", "ends": "12:00",
        "starts_on": "2027-01-04",
    }  # fmt: skip
    made = client.post("/api/presence-patterns", body, **kwargs)
    assert made.status_code == 201
    pk = made.json()["id"]
    bad = client.post("/api/presence-patterns", {**body, "weekdays": []}, **kwargs)
    assert (bad.status_code, bad.json()["code"]) == (422, "no_weekday")
    late = client.patch(f"/api/presence-patterns/{pk}", {"ends": "25:00"}, **kwargs)
    assert (late.status_code, late.json()["code"]) == (422, "bad_clock")
    changed = client.patch(f"/api/presence-patterns/{pk}", {"ends": "11:00", "version": 1}, **kwargs)
    assert (changed.json()["ends"], changed.json()["weekdays"], changed.json()["version"]) == ("11:00", [0, 2], 2)
    shown = client.get(f"/api/resources/{rossi.pk}/presences/preview?first=2027-01-04&last=2027-01-10").json()
    assert [(line["day"], line["fate"], line["why"]) for line in shown["lines"]] == [
        ("2027-01-04", "write", ""), ("2027-01-06", "refuse", "holiday"),
    ]  # fmt: skip
    days = {"first": "2027-01-04", "last": "2027-01-10", "seen": shown["digest"]}
    done = client.post(f"/api/resources/{rossi.pk}/presences", days, **kwargs)
    assert (done.status_code, done.json()["write"]) == (200, 1)
    again = client.post(f"/api/resources/{rossi.pk}/presences", days, **kwargs)
    assert (again.status_code, again.json()["code"]) == (409, "not_generated")
    assert client.get("/api/presence-patterns").json()[0]["generated_until"] == "2027-01-10"
    assert client.get("/api/resources/999999/presences/preview?first=2027-01-04&last=2027-01-10").status_code == 404
    assert client.delete(f"/api/presence-patterns/{pk}?version=1").status_code == 409
    assert client.delete(f"/api/presence-patterns/{pk}?version=2").status_code == 204
    assert not Presence.objects.exists()


def test_the_history_tells_a_pattern_in_words(client, rossi) -> None:
    pattern = add(rossi, zone_id=zone("North").pk, weekdays=[0, 3])
    change(pattern, every=2)
    said = text(client.get(f"/history/presencepattern/{pattern.pk}/"))
    assert "Presence pattern changed" in said
    assert "weekdays: Mon, Thu" in said
    assert "recurrence: weeks" in said


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
