"""Pages, jobs and API of presence patterns: what a preview shows is what is written."""

from datetime import time, timedelta

import pytest

from callout.jobs.models import Run
from callout.jobs.work import carry_out
from callout.planning import commands as planning
from callout.planning import presence_work, queries
from callout.planning.commands import patterns as commands
from callout.planning.models import Presence, PresencePattern, Resource
from callout.planning.queries.patterns import Choice, plans
from callout.ui import clock
from tests import builders
from tests.board.support import browser
from tests.planning.presences import add, by_patterns, change, generate_data, text, zone
from tests.planning.support import MONDAY, NOW, dispatcher, window

pytestmark = pytest.mark.django_db


@pytest.fixture
def rossi() -> Resource:
    return by_patterns()


@pytest.fixture
def client():
    return browser(builders.user("dispatcher"))


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
