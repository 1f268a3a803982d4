"""The to-do list as people use it: page, filters, doing things, and who sees whose."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from callout.accounts.queries import actor_for
from callout.planning import commands
from callout.planning.models import Chain, Task
from callout.ui import clock
from tests import builders
from tests.board.support import browser
from tests.planning.support import book, window

pytestmark = pytest.mark.django_db
TODAY = clock.now().date()


def text(answer) -> str:
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def rossi():
    return builders.technician("Rossi")


@pytest.fixture
def client(rossi) -> Client:
    return browser(rossi.user)


def add(rossi, title: str = "Order filters", kind=None, due: date = TODAY, **fields) -> Task:
    kind = kind or builders.activity_type("Office", kind="task")
    return commands.create_task(
        activity_type_id=kind.pk, title=title, due_on=due, owner_id=rossi.user_id, actor=actor_for(rossi.user),
        now=clock.now(), **fields,
    ).task  # fmt: skip


def test_the_list_shows_what_is_overdue_and_what_is_due(client, rossi) -> None:
    add(rossi, "Late one", due=TODAY - timedelta(days=3))
    add(rossi, "Due one")
    said = text(client.get("/to-do/"))
    assert said.index("Overdue") < said.index("Late one") < said.index("Due one")
    assert "There is nothing to do." in text(browser(builders.user("operator")).get("/to-do/"))


def test_the_day_beside_the_list_can_be_turned(client, rossi) -> None:
    visit = builders.activity_type("Visit")
    rossi.working_hours.all().delete()
    for weekday in range(7):
        rossi.working_hours.create(weekday=weekday, starts="00:00", ends="00:00")
    builders.Eligibility.objects.create(activity_type=visit, role="performs", user=rossi.user)
    book(rossi, visit, window(TODAY + timedelta(days=2), "09:00", "10:00"), title="Verdi: boiler")
    page = client.get("/to-do/", {"day": (TODAY + timedelta(days=2)).isoformat(), "kind": "task"})
    assert [row.title for row in page.context["calendar"]] == ["Verdi: boiler"]
    assert (TODAY + timedelta(days=3)).isoformat() in page.context["after"]


def test_odd_filters_narrow_nothing(client, rossi) -> None:
    add(rossi)
    for query in ("kind=nonsense", "sector=x", "state=99999", "days=5", "whose=u999999", "day=2026-13-01", "q=%00"):
        answer = client.get(f"/to-do/?{query}")
        assert answer.status_code == 200, query
        assert query.startswith("q=") or "Order filters" in text(answer), query


def test_a_task_is_made_on_its_form(client, rossi) -> None:
    kind = builders.activity_type("Ring", kind="reminder")
    assert client.get("/to-do/new/").status_code == 200
    data = {"activity_type": kind.pk, "title": "Ring Verdi", "whose": f"u{rossi.user_id}", "due_on": TODAY.isoformat()}
    refused = client.post("/to-do/new/", data)
    assert refused.status_code == 422
    assert "A reminder needs a time." in text(refused)
    at = f"{TODAY.isoformat()}T23:30"
    made = client.post("/to-do/new/", data | {"remind_at": at, "back": "/to-do/?kind=reminder"})
    assert made.headers["Location"] == "/to-do/?kind=reminder"
    task = Task.objects.get()
    assert (task.title, task.owner_id, task.remind_at is not None) == ("Ring Verdi", rossi.user_id, True)


def test_people_who_see_customers_name_one_and_others_cannot(rossi) -> None:
    kind, verdi = builders.activity_type("Office", kind="task"), builders.customer("Verdi")
    data = {"activity_type": kind.pk, "title": "x", "whose": f"u{rossi.user_id}", "customer": verdi.pk}
    assert browser(builders.user("operator")).post("/to-do/new/", data).status_code == 302
    assert browser(rossi.user).post("/to-do/new/", data).status_code == 302
    assert list(Task.objects.order_by("id").values_list("customer_id", flat=True)) == [verdi.pk, None]


def test_done_tells_what_it_made(client, rossi) -> None:
    kind = builders.activity_type("Overhaul", kind="task")
    Chain.objects.create(activity_type=kind, creates=kind, trigger="task_closed", unit="month", every=1)
    task = add(rossi, kind=kind)
    address = reverse("task_action", args=[task.pk, "done"])
    answer = client.post(address, {"version": task.version, "back": "/to-do/"}, follow=True)
    assert "Done: Order filters" in text(answer)
    assert "1 further task was made." in text(answer)
    stale = client.post(address, {"version": task.version})
    assert stale.status_code == 409
    task.refresh_from_db()
    client.post(reverse("task_action", args=[task.pk, "reopen"]), {"version": task.version})
    task.refresh_from_db()
    assert task.category == "open"


def test_an_address_elsewhere_is_not_followed(client, rossi) -> None:
    task = add(rossi)
    for back in ("//evil.example/", "https://evil.example/to-do/", "/account/profile/"):
        answer = client.post(reverse("task_action", args=[task.pk, "done"]), {"back": back})
        client.post(reverse("task_action", args=[task.pk, "reopen"]))
        assert answer.headers["Location"] == "/to-do/", back


def test_a_task_is_changed_postponed_and_handed_over(client, rossi) -> None:
    task = add(rossi)
    page = reverse("task", args=[task.pk])
    assert "Order filters" in text(client.get(page))
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    data = {"title": "Order two filters", "due_on": TODAY.isoformat(), "version": task.version}
    assert client.post(page, data).status_code == 302
    assert client.post(page, data).status_code == 409
    postpone = reverse("task_action", args=[task.pk, "postpone"])
    assert client.get(postpone).context["form"].initial["due_on"].isoformat() == tomorrow
    assert client.post(postpone, {"due_on": tomorrow}).status_code == 302
    assert client.post(postpone, {"due_on": "2026-02-30"}).status_code == 422
    task.refresh_from_db()
    assert (task.title, task.due_on.isoformat()) == ("Order two filters", tomorrow)
    other = builders.user("technician")
    hand_over = reverse("task_action", args=[task.pk, "hand-over"])
    assert client.get(hand_over).status_code == 200
    assert client.post(hand_over, {"whose": f"u{other.pk}"}).status_code == 302
    task.refresh_from_db()
    assert task.owner_id == other.pk
    assert client.get(page).status_code == 404
    assert client.get(reverse("task_action", args=[task.pk, "nonsense"])).status_code == 404


def test_who_plans_sees_the_lists_of_others(rossi) -> None:
    add(rossi, "Rossi's own")
    crew = builders.team("Crew")
    dispatcher, operator = browser(builders.user("dispatcher")), browser(builders.user("operator"))
    address = f"/to-do/?whose=u{rossi.user_id}"
    assert "Rossi's own" in text(dispatcher.get(address)).replace("&#x27;", "'")
    assert "Rossi" not in text(operator.get(address))
    assert dispatcher.get(f"/to-do/?whose=t{crew.pk}").context["calendar"] is None


def test_a_bare_appointment_is_done_from_the_list(client, rossi) -> None:
    visit = builders.activity_type("Visit")
    builders.Eligibility.objects.create(activity_type=visit, role="performs", user=rossi.user)
    day = TODAY - timedelta(days=TODAY.weekday() + 7)
    appointment = book(rossi, visit, window(day, "09:00", "10:00"), title="Verdi: boiler")
    stranger = browser(builders.technician("Bianchi").user)
    address = reverse("appointment_done", args=[appointment.pk])
    assert stranger.post(address).status_code == 404
    assert "Verdi: boiler" in text(client.get("/to-do/"))
    assert client.post(address).status_code == 302
    appointment.refresh_from_db()
    assert appointment.category == "done"
    assert client.post(address).status_code == 404
    assert "Verdi: boiler" in text(client.get("/to-do/?state=closed"))


def test_a_reminder_is_shown_once_in_a_session(client, rossi) -> None:
    kind = builders.activity_type("Ring", kind="reminder")
    add(rossi, "Ring Verdi", kind=kind, remind_at=clock.now() - timedelta(minutes=1))
    assert "Ring Verdi" not in text(client.get("/to-do/reminders/"))
    commands.remind(now=clock.now())
    assert "Ring Verdi" in text(client.get("/to-do/reminders/"))
    assert "Ring Verdi" not in text(client.get("/to-do/reminders/"))


def test_a_long_list_costs_the_same(client, rossi, django_assert_max_num_queries) -> None:
    kind = builders.activity_type("Office", kind="task")
    for number in range(20):
        add(rossi, f"Task {number}", kind=kind)
    client.get("/to-do/")
    with django_assert_max_num_queries(14):
        client.get("/to-do/")
