"""Calendar feeds: their secret addresses, and what a calendar program reads there."""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import icalendar
import pytest
from django.core.cache import cache
from django.test import Client

from callout.accounts.queries import actor_for
from callout.core.errors import NotFound
from callout.core.intervals import Interval
from callout.planning import commands
from callout.planning.models import Feed
from callout.planning.views.feeds import READINGS
from callout.ui import clock
from tests import builders
from tests.board.support import browser
from tests.planning.support import dispatcher

pytestmark = pytest.mark.django_db
NEXT_MONDAY = builders.free_monday(clock.now().date())
NINE = datetime(NEXT_MONDAY.year, NEXT_MONDAY.month, NEXT_MONDAY.day, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_readings_yet() -> None:
    cache.clear()


@pytest.fixture
def visit():
    return builders.activity_type("Visit")


@pytest.fixture
def rossi(visit):
    return builders.technician("Rossi", performs=(visit,))


def address(person, team=None) -> str:
    """The address of a new feed, as its page shows it."""
    answer = browser(person).post("/account/feeds/", {"team": team.pk if team else ""})
    assert answer.status_code == 200
    parts = urlsplit(answer.context["address"])
    return f"{parts.path}?{parts.query}"


def read(where: str) -> icalendar.Calendar:
    """What a calendar program finds there, without any account."""
    answer = Client().get(where)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.content)


def booked(rossi, visit, at: datetime = NINE, title: str = "Verdi: boiler", site=None):
    return commands.book(
        resource_id=rossi.pk, window=Interval(at, at + timedelta(hours=1)), activity_type=visit, title=title, site=site,
        actor=dispatcher(), now=clock.now(),
    )  # fmt: skip


def test_an_appointment_is_read_with_its_customer_and_place_in_utc(rossi, visit) -> None:
    verdi = builders.customer("Verdi; Söhne, Co.", phone="+39025550100")
    site = builders.site(
        verdi, rossi.branch, address="Via Roma 1", postal_code="20100", latitude="45.4", longitude="9.1"
    )
    appointment = booked(rossi, visit, site=site)
    (event,) = read(address(rossi.user)).walk("VEVENT")
    assert event.decoded("dtstart") == NINE
    assert event["dtstart"].to_ical() == NINE.strftime("%Y%m%dT%H%M%SZ").encode()
    assert event.decoded("dtend") == NINE + timedelta(hours=1)
    assert (event["summary"], event["status"]) == ("Verdi: boiler", "CONFIRMED")
    assert event["location"] == "Verdi; Söhne, Co., Via Roma 1, 20100 Milano"
    assert "+39025550100" in event["description"]
    assert event["uid"].startswith(f"appointment-{appointment.pk}@")
    assert tuple(map(float, event["geo"].to_ical().split(";"))) == (45.4, 9.1)
    assert not read(address(rossi.user)).walk("VTIMEZONE")


def test_a_change_keeps_the_uid_and_counts_up(rossi, visit) -> None:
    appointment = booked(rossi, visit)
    where = address(rossi.user)
    before = read(where).walk("VEVENT")[0]
    later = NINE + timedelta(hours=1)
    at = clock.now() + timedelta(minutes=5)
    commands.move(
        appointment=appointment, resource_id=rossi.pk, window=Interval(later, later + timedelta(hours=1)),
        actor=dispatcher(), now=at,
    )  # fmt: skip
    after = read(where).walk("VEVENT")[0]
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after.decoded("last-modified") == at.replace(microsecond=0)
    commands.cancel(appointment_id=appointment.pk, version=None, actor=dispatcher(), now=at)
    assert read(where).walk("VEVENT")[0]["status"] == "CANCELLED"


def test_tasks_are_to_dos(rossi) -> None:
    tech = actor_for(rossi.user)
    common = {"owner_id": rossi.user_id, "actor": tech, "now": clock.now()}
    task = commands.create_task(
        activity_type_id=builders.activity_type("Office", kind="task").pk, title="Order filters", due_on=NEXT_MONDAY,
        **common,
    ).task  # fmt: skip
    commands.create_task(
        activity_type_id=builders.activity_type("Ring", kind="reminder").pk,
        title="Ring Verdi",
        remind_at=NINE,
        **common,
    )
    found = {str(todo["summary"]): todo for todo in read(address(rossi.user)).walk("VTODO")}
    assert found["Order filters"].decoded("due") == NEXT_MONDAY
    assert found["Ring Verdi"].decoded("due") == NINE
    assert found["Order filters"]["status"] == "NEEDS-ACTION"
    commands.close_task(task_id=task.pk, version=None, actor=tech, now=clock.now())
    again = {str(todo["summary"]): todo for todo in read(address(rossi.user)).walk("VTODO")}
    assert again["Order filters"]["status"] == "COMPLETED"


def test_a_feed_has_what_is_its_owners_and_nothing_else(rossi, visit) -> None:
    bianchi = builders.technician("Bianchi", performs=(visit,))
    booked(bianchi, visit, title="Bianchi's")
    booked(rossi, visit, title="Rossi's")
    booked(rossi, visit, at=NINE - timedelta(days=7 * 12), title="Long ago")
    assert [str(event["summary"]) for event in read(address(rossi.user)).walk("VEVENT")] == ["Rossi's"]


def test_a_teams_feed_holds_its_members_calendars_while_its_owner_is_in_it(rossi, visit) -> None:
    crew = builders.team("Crew")
    bianchi = builders.technician("Bianchi", performs=(visit,))
    for member in (rossi, bianchi):
        member.user.teams.add(crew)
    booked(bianchi, visit, title="Bianchi's")
    booked(rossi, visit, title="Rossi's")
    planner = builders.user("dispatcher")
    titles = {str(event["summary"]) for event in read(address(planner, crew)).walk("VEVENT")}
    assert titles == {"Bianchi's", "Rossi's"}
    own = address(rossi.user, crew)
    assert {str(event["summary"]) for event in read(own).walk("VEVENT")} == {"Rossi's"}
    rossi.user.teams.clear()
    assert Client().get(own).status_code == 404


def test_an_address_that_is_unknown_revoked_or_of_somebody_disabled_is_not_there(rossi) -> None:
    where = address(rossi.user)
    for bad in ("/calendar/feed.ics", "/calendar/feed.ics?key=", "/calendar/feed.ics?key=nonsense", f"{where}x"):
        assert Client().get(bad).status_code == 404, bad
    assert Client().get("/calendar/feed.ics?key=%ed%a0%80%00").status_code == 404
    rossi.user.is_active = False
    rossi.user.save()
    assert Client().get(where).status_code == 404
    rossi.user.is_active = True
    rossi.user.save()
    assert Client().get(where).status_code == 200
    feed = Feed.objects.get()
    assert browser(builders.user("administrator")).post(f"/account/feeds/{feed.pk}/revoke/").status_code == 404
    assert browser(rossi.user).post(f"/account/feeds/{feed.pk}/revoke/").status_code == 302
    assert Client().get(where).status_code == 404


def test_the_secret_is_long_not_kept_and_shown_once(rossi) -> None:
    where = address(rossi.user)
    secret = where.partition("key=")[2]
    assert len(secret) >= 22
    assert secret not in str(Feed.objects.values())
    page = browser(rossi.user).get("/account/feeds/").content.decode()
    assert secret not in page
    assert re.search(r"feeds/\d+/revoke/", page)


def test_who_reads_too_often_is_refused(rossi) -> None:
    where = address(rossi.user)
    client = Client()
    answers = [client.get("/calendar/feed.ics?key=guess").status_code for _ in range(READINGS)]
    assert set(answers) == {404}
    assert client.get(where).status_code in (200, 429)  # the minute may have turned
    answers = [client.get(where).status_code for _ in range(READINGS + 1)]
    assert 429 in answers


def test_feeds_of_teams_that_one_does_not_see_cannot_be_made(rossi) -> None:
    crew = builders.team("Crew")
    with pytest.raises(NotFound):
        commands.create_feed(team_id=crew.pk, actor=actor_for(rossi.user), now=clock.now())
    assert browser(rossi.user).post("/account/feeds/", {"team": crew.pk}).status_code == 422
    assert not Feed.objects.exists()


def test_a_reading_costs_the_same_however_much_there_is(rossi, visit, django_assert_max_num_queries) -> None:
    for hour in range(3):
        booked(rossi, visit, at=NINE + timedelta(days=hour))
    where = address(rossi.user)
    Client().get(where)
    with django_assert_max_num_queries(18):
        Client().get(where)
    assert Feed.objects.get().read_at is not None


def test_all_that_people_type_stays_within_its_line(rossi) -> None:
    title = "Ring\r\nEND:VCALENDAR, ; \\ “x”" + "ä" * 100
    commands.create_task(
        activity_type_id=builders.activity_type("Office", kind="task").pk, title=title, notes="a\r\nBEGIN:VEVENT\r\nb",
        due_on=date(NEXT_MONDAY.year, NEXT_MONDAY.month, NEXT_MONDAY.day), owner_id=rossi.user_id,
        actor=actor_for(rossi.user), now=clock.now(),
    )  # fmt: skip
    found = read(address(rossi.user))
    assert not found.walk("VEVENT")
    (todo,) = found.walk("VTODO")
    assert "BEGIN:VEVENT" in todo["description"]
    assert str(todo["summary"]).endswith("ä" * 100)
