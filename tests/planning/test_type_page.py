"""The page of an activity type: layout, further tasks with a dry run, mails, number books, and what keeps it."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from callout.core.intervals import Interval
from callout.core.recurrence import BadRecurrence
from callout.documents.models import NumberBook
from callout.planning import commands
from callout.planning.errors import ChainMakesAppointment, ChainNeverFires, InUse, KindInUse, UnknownField
from callout.planning.models import ActivityState, ActivityType, Chain, Task
from callout.planning.registry import in_layout, layout_fields
from callout.ui import clock
from tests import builders
from tests.board.support import browser
from tests.planning.support import MONDAY, NOW, administrator, book, window, words
from tests.planning.test_setup_pages import type_data

pytestmark = pytest.mark.django_db
TODAY = clock.now().date()


def text(answer) -> str:
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def client() -> Client:
    builders.branch()
    return browser(builders.user("administrator"))


def chain_data(*rows: dict, initial: int = 0) -> dict[str, str]:
    """Chains as the page sends them."""
    data = {"chains-TOTAL_FORMS": str(len(rows)), "chains-INITIAL_FORMS": str(initial)}
    for place, row in enumerate(rows):
        row = {"trigger": "task_closed", "base": "due", "every": "3", "unit": "month", "free_days": "after", **row}
        data |= {f"chains-{place}-{name}": str(value) for name, value in row.items()}
    return data


def save(row: ActivityType, **fields) -> ActivityType:
    return commands.save_type(type_id=row.pk, name=row.name, actor=administrator(), now=NOW, **fields)


def test_chains_are_added_changed_and_taken_away(client) -> None:
    kind = builders.activity_type("Overhaul", kind="task")
    crew = builders.team("Crew")
    page = f"/planning/types/{kind.pk}/"
    data = type_data(name="Overhaul", kind="task", version="1")
    first = client.post(page, data | chain_data({"creates": kind.pk, "whose": f"t{crew.pk}"}, {"creates": ""}))
    assert first.status_code == 302, first.context["form"].errors
    chain = Chain.objects.get()
    assert (chain.creates, chain.unit, chain.every, chain.team) == (kind, "month", 3, crew)
    shown = client.get(page)
    assert [form.initial.get("creates") for form in shown.context["chains"]] == [kind.pk, None]
    second = {"creates": kind.pk, "unit": "", "trigger": "opened"}
    rows = chain_data({"id": chain.pk, "creates": kind.pk, "every": 6}, second, initial=1)
    assert client.post(page, data | {"version": "2"} | rows).status_code == 302
    assert list(Chain.objects.values_list("id", "every", "trigger", "position")) == [
        (chain.pk, 6, "task_closed", 0), (Chain.objects.last().pk, 3, "opened", 1),
    ]  # fmt: skip
    assert client.post(page, data | {"version": "3"}).status_code == 302
    assert Chain.objects.count() == 2
    assert client.post(page, data | {"version": "4"} | chain_data({"creates": ""})).status_code == 302
    assert not Chain.objects.exists()


def test_a_chain_without_end_is_saved_with_a_warning(client) -> None:
    kind = builders.activity_type("Round", kind="task")
    data = type_data(name="Round", kind="task", version="1") | chain_data({"creates": kind.pk, "trigger": "opened"})
    assert "it stops at 1,000 tasks" in text(client.post(f"/planning/types/{kind.pk}/", data, follow=True))


def test_chains_that_cannot_be_are_refused() -> None:
    visit, kind = builders.activity_type("Visit"), builders.activity_type("Office", kind="task")
    row = commands.ChainRow
    with pytest.raises(ChainMakesAppointment):
        save(kind, chains=[row("opened", visit.pk)])
    with pytest.raises(ChainNeverFires):
        save(visit, chains=[row("task_closed", kind.pk)])
    with pytest.raises(BadRecurrence):
        save(kind, chains=[row("opened", kind.pk, unit="day", every=0)])
    assert not Chain.objects.exists()


def test_a_dry_run_shows_what_would_be_made_and_what_clashes_and_writes_nothing(client) -> None:
    kind = builders.activity_type("Overhaul", kind="task", number_series="NONE")
    rossi = builders.technician("Rossi")
    due = TODAY - timedelta(days=70)
    year = TODAY.year + (1 if (TODAY.month, TODAY.day) > (12, 24) else 0)
    commands.add_absence(
        resource_id=rossi.pk,
        window=Interval(clock.now() - timedelta(days=2), clock.now() + timedelta(days=14)),
        reason="leave",
        actor=administrator(),
        now=NOW,
    )
    rows = chain_data(
        {"creates": kind.pk, "unit": "week", "every": 1, "whose": f"u{rossi.user_id}", "free_days": "keep"}
    )
    data = {"kind": "task", "dry_when": "closes", "dry_due": due.isoformat(), "dry_branch": rossi.branch_id} | rows
    said = text(client.post(f"/planning/types/{kind.pk}/dry-run/", data))
    assert "10 tasks would be made." in said
    assert said.count("closed") == 9
    assert "no number book" in said
    assert "the person is away: leave" in said
    christmas = data | {"dry_due": f"{year}-12-18"}
    assert "public holiday" in text(client.post(f"/planning/types/{kind.pk}/dry-run/", christmas))
    assert not Task.objects.exists()
    assert not Chain.objects.exists()


def test_a_dry_run_of_a_new_type_or_with_gaps(client) -> None:
    kind = builders.activity_type("Office", kind="task")
    where = builders.branch()
    data = {"kind": "task", "dry_when": "opens", "dry_due": TODAY.isoformat(), "dry_branch": where.pk}
    rows = chain_data({"creates": kind.pk, "trigger": "opened"})
    assert "1 task would be made." in text(client.post("/planning/types/new/dry-run/", data | rows))
    assert client.post("/planning/types/new/dry-run/", data | rows | {"dry_due": "x"}).status_code == 422
    assert client.post("/planning/types/new/dry-run/", data | rows | {"chains-0-every": "0"}).status_code == 422
    assert client.post("/planning/types/999999/dry-run/", data | rows).status_code == 404


def test_a_layout_keeps_its_order_and_the_usual_one_is_none(client) -> None:
    names = [field.name for field in layout_fields()]
    assert client.post("/planning/types/new/", type_data(layout_fields=["notes", "contact"])).status_code == 302
    kind = ActivityType.objects.get()
    assert kind.layout == ["notes", "contact"]
    page = client.get(f"/planning/types/{kind.pk}/")
    rows = [(field.name, shown) for field, shown in page.context["form"].layout_rows()]
    assert rows[:3] == [("notes", True), ("contact", True), (names[0], False)]
    assert len(rows) == len(names)
    changed = client.post(f"/planning/types/{kind.pk}/", type_data(layout_fields=names, version="1"))
    assert changed.status_code == 302
    kind.refresh_from_db()
    assert kind.layout == []
    assert in_layout([]) == names
    assert client.post("/planning/types/new/", type_data(layout_fields=["nonsense"])).status_code == 422
    with pytest.raises(UnknownField):
        save(kind, layout=["nonsense"])


def test_the_number_books_of_work_orders_and_of_tasks_are_offered(client) -> None:
    NumberBook.objects.create(kind="task", series="TA", format="{series}-{number}")
    page = client.get("/planning/types/new/").content.decode()
    assert '<option value="TA">' in page
    assert client.post("/planning/types/new/", type_data(number_series="TA")).status_code == 302
    assert ActivityType.objects.get().number_series == "TA"


def test_a_mail_is_shown_as_it_reads_in_each_language(client) -> None:
    page = client.get("/planning/types/mails/created/?language=it")
    assert page.status_code == 200
    assert "appuntamento" in text(page).lower()
    assert "appointment on" in text(client.get("/planning/types/mails/moved/?language=xx"))
    assert client.get("/planning/types/mails/nonsense/").status_code == 404


def test_a_type_in_use_says_what_uses_it_and_can_be_set_inactive(client) -> None:
    kind = builders.activity_type("Repair")
    rossi = builders.technician(performs=(kind,))
    for start in ("09:00", "10:00"):
        book(rossi, kind, window(MONDAY, start, f"{start[:2]}:30"))
    with pytest.raises(InUse) as refusal:
        commands.remove_type(type_id=kind.pk, version=None, actor=administrator(), now=NOW)
    assert "appointments: 2" in words(refusal.value)
    data = type_data(version="1")
    del data["active"]
    assert client.post(f"/planning/types/{kind.pk}/", data).status_code == 302
    kind.refresh_from_db()
    assert not kind.active


def test_a_type_that_makes_only_itself_is_deleted() -> None:
    kind = builders.activity_type("Round", kind="task")
    save(kind, chains=[commands.ChainRow("task_closed", kind.pk)])
    commands.remove_type(type_id=kind.pk, version=None, actor=administrator(), now=NOW)
    assert not ActivityType.objects.exists()


def test_a_type_of_which_there_are_activities_keeps_its_kind() -> None:
    kind, other = builders.activity_type("Office", kind="task"), builders.activity_type("Ring", kind="reminder")
    save(kind, chains=[commands.ChainRow("task_closed", other.pk)])
    with pytest.raises(KindInUse):
        save(kind, kind="appointment")
    with pytest.raises(KindInUse):
        save(other, kind="appointment")
    save(other, kind="task")
    builders.branch()
    person = builders.actor("dispatcher")
    commands.create_task(
        activity_type_id=kind.pk, title="x", due_on=MONDAY, owner_id=person.user_id, actor=person, now=NOW
    )
    with pytest.raises(KindInUse):
        save(kind, kind="reminder")


def test_a_state_that_tasks_are_in_keeps_its_category_and_stays() -> None:
    kind = builders.activity_type("Office", kind="task")
    builders.branch()
    person = builders.actor("dispatcher")
    commands.create_task(
        activity_type_id=kind.pk, title="x", due_on=MONDAY, owner_id=person.user_id, actor=person, now=NOW
    )
    state = ActivityState.objects.get(category="open", is_default=True)
    extra = ActivityState.objects.create(name="Waiting", category="open")
    Task.objects.update(state=extra)
    with pytest.raises(InUse) as refusal:
        commands.remove_state(state_id=extra.pk, version=None, actor=administrator(), now=NOW)
    assert "tasks: 1" in words(refusal.value)
    assert state.pk != extra.pk
