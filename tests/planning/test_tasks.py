"""Tasks and reminders: made, closed, postponed, handed over, and what follows from them by itself."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.accounts.queries import actor_for
from callout.audit.models import Entry
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.core.intervals import Interval
from callout.documents.errors import NoNumberBook, PeriodLocked
from callout.documents.models import NumberBook, Period
from callout.notices.models import OutgoingMail
from callout.planning import commands
from callout.planning.errors import (
    NobodysTask,
    NoName,
    NotATask,
    ReminderWithoutTime,
    TaskClosed,
    TaskOpen,
    TypeInactive,
)
from callout.planning.models import Chain, Task
from callout.planning.queries import todo
from tests import builders
from tests.planning.support import MONDAY, NOW, book, dispatcher, window

pytestmark = pytest.mark.django_db


def task_type(name: str = "Call back", kind: str = "task", **fields):
    return builders.activity_type(name, kind=kind, **fields)


def chain(of, creates, trigger: str, **fields) -> Chain:
    fields = {"unit": "month", "every": 3, "free_days": "keep", **fields}
    return Chain.objects.create(activity_type=of, creates=creates, trigger=trigger, **fields)


@pytest.fixture
def clara():
    builders.branch()
    return builders.actor("dispatcher", name="Clara", email="clara@example.com")


def made(actor, kind, **fields) -> Task:
    fields = {"title": "Ask about the pump", "due_on": MONDAY, "owner_id": actor.user_id, **fields}
    return commands.create_task(activity_type_id=kind.pk, actor=actor, now=NOW, **fields).task


def jobs(name: str) -> list[dict]:
    return list(ProcrastinateJob.objects.filter(task_name=name).values_list("args", flat=True))


def test_a_task_is_made_with_its_history(clara) -> None:
    task = made(clara, task_type())
    assert (task.category, task.owner_id, task.code, task.closed_at) == ("open", clara.user_id, "", None)
    assert Entry.objects.get(subject_kind="task", subject_id=task.pk).action == "task.created"
    assert not jobs("planning.tell_owners")


def test_a_task_of_a_numbered_type_takes_the_next_number_without_gaps(clara) -> None:
    rossi = builders.technician("Rossi")
    NumberBook.objects.create(kind="task", branch=rossi.branch, series="TA", format="{series}{year}-{number:04}")
    kind = task_type(number_series="TA")
    codes = [made(clara, kind, owner_id=rossi.user_id).code for _ in range(2)]
    with pytest.raises(NoName):
        made(clara, kind, owner_id=rossi.user_id, title=" ")
    codes.append(made(clara, kind, owner_id=rossi.user_id).code)
    assert codes == ["TA2026-0001", "TA2026-0002", "TA2026-0003"]


def test_a_number_needs_a_book_and_an_open_period(clara) -> None:
    rossi = builders.technician("Rossi")
    kind = task_type(number_series="TA")
    with pytest.raises(NoNumberBook):
        made(clara, kind, owner_id=rossi.user_id)
    NumberBook.objects.create(kind="task", branch=rossi.branch, series="TA", format="{series}-{number}")
    Period.objects.filter(branch=rossi.branch).update(locked=True)
    with pytest.raises(PeriodLocked):
        made(clara, kind, owner_id=rossi.user_id)
    assert not Task.objects.exists()
    assert NumberBook.objects.get(series="TA").next_number == 1


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"title": ""}, NoName),
        ({"owner_id": None}, NobodysTask),
        ({"owner_id": 999_999}, NotFound),
        ({"team_id": 999_999, "owner_id": None}, NotFound),
        ({"customer_id": 999_999}, NotFound),
    ],
)
def test_what_cannot_be_is_refused(clara, fields, refusal) -> None:
    with pytest.raises(refusal):
        made(clara, task_type(), **fields)
    assert not Task.objects.exists()


def test_kinds_are_held_apart(clara) -> None:
    with pytest.raises(NotATask):
        made(clara, builders.activity_type("Visit"))
    with pytest.raises(TypeInactive):
        made(clara, task_type(active=False))
    with pytest.raises(ReminderWithoutTime):
        made(clara, task_type(kind="reminder"))
    at = NOW + timedelta(hours=30)
    reminder = commands.create_task(
        activity_type_id=task_type(kind="reminder").pk, title="Ring", remind_at=at, owner_id=clara.user_id,
        actor=clara, now=NOW,
    ).task  # fmt: skip
    assert reminder.due_on == at.date()


def test_a_task_is_closed_once_and_opened_again(clara) -> None:
    task = made(clara, task_type())
    closed = commands.close_task(task_id=task.pk, version=task.version, actor=clara, now=NOW).task
    assert (closed.category, closed.closed_at) == ("done", NOW)
    with pytest.raises(StaleVersion):
        commands.close_task(task_id=task.pk, version=task.version, actor=clara, now=NOW)
    with pytest.raises(TaskClosed):
        commands.close_task(task_id=task.pk, version=None, actor=clara, now=NOW)
    again = commands.reopen_task(task_id=task.pk, version=closed.version, actor=clara, now=NOW).task
    assert (again.category, again.closed_at) == ("open", None)
    with pytest.raises(TaskOpen):
        commands.reopen_task(task_id=task.pk, version=None, actor=clara, now=NOW)
    given_up = commands.close_task(task_id=task.pk, version=None, actor=clara, now=NOW, done=False).task
    assert given_up.category == "cancelled"


def test_a_reminder_is_postponed_to_the_same_time_of_another_day(clara) -> None:
    at = datetime(2027, 3, 26, 9, 30, tzinfo=ZoneInfo("Europe/Rome"))
    task = made(clara, task_type(kind="reminder"), remind_at=at, due_on=at.date())
    commands.remind(now=at)
    later = commands.postpone_task(task_id=task.pk, version=None, due_on=date(2027, 3, 29), actor=clara, now=at).task
    assert later.remind_at == datetime(2027, 3, 29, 9, 30, tzinfo=ZoneInfo("Europe/Rome"))
    assert (later.due_on, later.reminded_at) == (date(2027, 3, 29), None)


def test_a_task_is_handed_over_and_leaves_ones_own_list() -> None:
    rossi = builders.technician("Rossi")
    tech, crew = actor_for(rossi.user), builders.team("Crew")
    bianchi = builders.actor("technician", teams=(crew,))
    task = made(tech, task_type(notify_owner=True), owner_id=rossi.user_id)
    commands.hand_over(task_id=task.pk, version=task.version, team_id=crew.pk, actor=tech, now=NOW)
    assert jobs("planning.tell_owners") == [{"task_ids": [task.pk]}] * 2
    with pytest.raises(NotFound):
        commands.close_task(task_id=task.pk, version=None, actor=tech, now=NOW)
    assert commands.close_task(task_id=task.pk, version=None, actor=bianchi, now=NOW).task.category == "done"


def test_others_do_not_touch_what_they_do_not_see(clara) -> None:
    task = made(clara, task_type())
    stranger = builders.actor("technician")
    for act in (commands.close_task, commands.reopen_task):
        with pytest.raises(NotFound):
            act(task_id=task.pk, version=None, actor=stranger, now=NOW)
    far = builders.user("dispatcher")
    far.branches.add(builders.branch())
    with pytest.raises(NotFound):
        commands.close_task(task_id=task.pk, version=None, actor=actor_for(far), now=NOW)
    with pytest.raises(Forbidden):
        commands.create_task(
            activity_type_id=task.activity_type_id, title="x", owner_id=clara.user_id, now=NOW,
            actor=actor_for(builders.user("operator", is_active=False)),
        )  # fmt: skip


def test_a_reminder_comes_once_and_by_mail_where_the_type_says_so(clara) -> None:
    at = NOW + timedelta(hours=1)
    quiet = made(clara, task_type("Quiet", kind="reminder"), remind_at=at)
    loud = made(clara, task_type("Loud", kind="reminder", notify_owner=True), remind_at=at)
    assert commands.remind(now=NOW) == 0
    assert commands.remind(now=at) == 2
    assert commands.remind(now=at) == 0
    assert jobs("planning.send_reminders") == [{"task_ids": [loud.pk]}]
    assert commands.tell_owners(task_ids=[loud.pk], reminder=True, now=at) == 1
    mail = OutgoingMail.objects.get()
    assert (mail.recipients, mail.subject) == (["clara@example.com"], "Reminder: Ask about the pump")
    assert {one.pk for one in todo.fired_reminders(clara, now=at)} == {quiet.pk, loud.pk}
    assert f"/to-do/{loud.pk}/" in mail.body


def test_a_closed_reminder_does_not_come(clara) -> None:
    task = made(clara, task_type(kind="reminder"), remind_at=NOW)
    commands.close_task(task_id=task.pk, version=None, actor=clara, now=NOW)
    assert commands.remind(now=NOW + timedelta(days=1)) == 0


def test_a_closed_task_makes_the_next_one_by_itself(clara) -> None:
    kind = task_type("Overhaul")
    rule = chain(kind, kind, "task_closed")
    site = builders.site()
    task = made(clara, kind, site_id=site.pk, due_on=date(2026, 11, 20))
    done = commands.close_task(task_id=task.pk, version=None, actor=clara, now=NOW)
    (following,) = done.made.tasks
    assert (following.due_on, following.follows_id, following.chain) == (date(2027, 2, 20), task.pk, rule)
    assert (following.site_id, following.owner_id, following.title) == (site.pk, clara.user_id, task.title)
    assert following.closed_at is None


def test_opening_again_and_closing_again_makes_no_doubles(clara) -> None:
    kind = task_type("Overhaul")
    chain(kind, kind, "task_closed", base="closing")
    task = made(clara, kind)
    for day in range(3):
        at = NOW + timedelta(days=day)
        commands.close_task(task_id=task.pk, version=None, actor=clara, now=at)
        commands.reopen_task(task_id=task.pk, version=None, actor=clara, now=at)
    assert Task.objects.count() == 2


def test_dates_that_have_passed_are_made_closed_and_make_nothing_themselves(clara) -> None:
    kind, other = task_type("Overhaul"), task_type("Order filters")
    chain(kind, kind, "task_closed", every=1)
    chain(kind, other, "opened", unit="", every=1)
    task = made(clara, kind, due_on=date(2026, 8, 15))
    Task.objects.filter(activity_type=other).delete()
    found = commands.close_task(task_id=task.pk, version=None, actor=clara, now=NOW).made.tasks
    assert [(one.activity_type.name, str(one.due_on), one.category) for one in found] == [
        ("Overhaul", "2026-09-15", "done"),
        ("Overhaul", "2026-10-15", "done"),
        ("Overhaul", "2026-11-15", "done"),
        ("Overhaul", "2026-12-15", "open"),
        ("Order filters", "2026-12-15", "open"),
    ]
    assert found[4].follows_id == found[3].pk


def test_a_chain_without_end_stops_at_a_thousand_and_the_history_says_so(clara) -> None:
    kind = task_type("Endless")
    chain(kind, kind, "opened", unit="week", every=1)
    result = commands.create_task(
        activity_type_id=kind.pk, title="Round", due_on=MONDAY, owner_id=clara.user_id, actor=clara, now=NOW
    )
    assert (len(result.made.tasks), result.made.cut) == (1_000, True)
    entry = Entry.objects.get(action="chain.fired", subject_id=result.task.pk)
    assert entry.facts == {"made": 1000, "cut": True}


def test_an_appointment_makes_tasks_when_it_is_booked_and_when_it_is_done(clara) -> None:
    visit = builders.activity_type("Visit")
    prepare, maintenance = task_type("Prepare"), task_type("Maintenance", kind="reminder")
    chain(visit, prepare, "opened", unit="", every=1)
    chain(visit, maintenance, "closed", every=6, team=builders.team("Office"))
    rossi = builders.technician("Rossi", performs=(visit,))
    appointment = book(rossi, visit, window(MONDAY, "09:00", "10:00"), title="Verdi: boiler")
    first = Task.objects.get()
    assert (first.activity_type, first.due_on, first.owner_id) == (prepare, MONDAY, rossi.user_id)
    assert (first.subject_kind, first.subject_id, first.title) == ("appointment", appointment.pk, "Verdi: boiler")
    for category in ("done", "planned", "done"):
        commands.set_category(appointment=appointment, category=category, actor=dispatcher(), now=NOW)
    reminder = Task.objects.get(activity_type=maintenance)
    assert (str(reminder.due_on), reminder.team.name, reminder.owner_id) == ("2027-05-23", "Office", None)
    assert reminder.remind_at == datetime(2027, 5, 23, 9, tzinfo=ZoneInfo("Europe/Rome"))


def test_a_task_without_a_number_stops_what_would_have_made_it() -> None:
    visit = builders.activity_type("Visit")
    chain(visit, task_type("Numbered", number_series="NO"), "opened")
    rossi = builders.technician("Rossi", performs=(visit,))
    with pytest.raises(NoNumberBook):
        book(rossi, visit, window(MONDAY, "09:00", "10:00"))
    assert not rossi.appointments.exists()


def test_types_that_are_inactive_are_not_made(clara) -> None:
    kind, old = task_type("Overhaul"), task_type("Old", active=False)
    chain(kind, old, "task_closed")
    task = made(clara, kind)
    assert not commands.close_task(task_id=task.pk, version=None, actor=clara, now=NOW).made.tasks


def test_what_somebody_who_left_had_to_do_is_not_lost(clara) -> None:
    kind = task_type("Overhaul")
    rossi = builders.technician("Rossi")
    chain(kind, kind, "task_closed", owner=rossi.user)
    task = made(clara, kind)
    made(clara, kind, owner_id=rossi.user_id, title="Left behind")
    rossi.user.is_active = False
    rossi.user.save()
    (following,) = commands.close_task(task_id=task.pk, version=None, actor=clara, now=NOW).made.tasks
    assert following.owner_id == clara.user_id
    wish = todo.Wish(until=date(2026, 12, 7))
    found = todo.to_do(todo.Whose(user_id=rossi.user_id), wish, actor=clara, now=NOW)
    assert [item.row.title for group in found.groups for item in group.items] == ["Left behind"]


def test_the_list_has_what_is_overdue_first_then_day_by_day() -> None:
    visit = builders.activity_type("Visit")
    rossi = builders.technician("Rossi", performs=(visit,))
    tech = actor_for(rossi.user)
    book(rossi, visit, window(MONDAY, "14:00", "15:00"), title="Afternoon")
    book(rossi, visit, window(date(2026, 11, 20), "09:00", "10:00"), title="Forgotten")
    made(tech, task_type(), title="Some time today")
    made(tech, task_type(), title="Late", due_on=date(2026, 11, 1))
    made(tech, task_type(), title="Tomorrow", due_on=date(2026, 11, 24))
    made(tech, task_type(), title="Far away", due_on=date(2027, 5, 1))
    at = NOW + timedelta(hours=4)
    made(tech, task_type(kind="reminder"), title="Ring", remind_at=at)
    whose, wish = todo.Whose(user_id=tech.user_id), todo.Wish(until=date(2026, 12, 7))
    found = todo.to_do(whose, wish, actor=tech, now=NOW)
    shown = [(group.day and str(group.day), [item.row.title for item in group.items]) for group in found.groups]
    assert shown == [
        (None, ["Late", "Forgotten"]),
        ("2026-11-23", ["Ring", "Afternoon", "Some time today"]),
        ("2026-11-24", ["Tomorrow"]),
    ]
    assert not found.more


def test_the_list_is_narrowed_and_shows_what_is_closed(clara) -> None:
    verdi = builders.customer("Verdi")
    kind = task_type("Ring")
    one = made(clara, kind, customer_id=verdi.pk)
    made(clara, task_type(kind="reminder"), remind_at=NOW, title="Milk")
    whose, until = todo.Whose(user_id=clara.user_id), date(2026, 12, 7)

    def titles(**fields) -> list[str]:
        found = todo.to_do(whose, todo.Wish(until=until, **fields), actor=clara, now=NOW)
        return [item.row.title for group in found.groups for item in group.items]

    assert titles(text="verd") == [one.title]
    assert titles(kind="reminder") == ["Milk"]
    assert titles(kind="appointment") == []
    assert len(titles(sector_id=kind.sector_id)) == 2
    assert titles(sector_id=999_999) == []
    assert titles(closed=True) == []
    commands.close_task(task_id=one.pk, version=None, actor=clara, now=NOW)
    assert titles(closed=True) == [one.title]
    assert titles(state_id=Task.objects.get(pk=one.pk).state_id, closed=True) == [one.title]


def test_lists_of_others_are_for_who_plans() -> None:
    rossi = builders.technician("Rossi")
    crew = builders.team("Crew")
    wish = todo.Wish(until=date(2026, 12, 7))
    tech, other = actor_for(rossi.user), builders.actor("technician")
    made(tech, task_type(), owner_id=rossi.user_id)
    for whose in (todo.Whose(user_id=rossi.user_id), todo.Whose(team_id=crew.pk)):
        with pytest.raises(NotFound):
            todo.to_do(whose, wish, actor=other, now=NOW)
    assert todo.to_do(todo.Whose(user_id=rossi.user_id), wish, actor=dispatcher(), now=NOW).count == 1
    far = builders.user("dispatcher")
    far.branches.add(builders.branch())
    assert todo.to_do(todo.Whose(user_id=rossi.user_id), wish, actor=actor_for(far), now=NOW).count == 0


def test_the_day_beside_the_list_is_the_persons_calendar() -> None:
    visit = builders.activity_type("Visit")
    rossi = builders.technician("Rossi", performs=(visit,))
    book(rossi, visit, window(MONDAY, "14:00", "15:00"), title="Afternoon")
    book(rossi, visit, window(date(2026, 11, 24), "14:00", "15:00"), title="Tomorrow")
    found = todo.day_calendar(rossi.user_id, MONDAY, actor=actor_for(rossi.user))
    assert [row.title for row in found] == ["Afternoon"]
    assert todo.day_calendar(rossi.user_id, MONDAY, actor=builders.actor("technician")) == []


def test_a_list_costs_the_same_however_long_it_is(clara, django_assert_max_num_queries) -> None:
    kind = task_type()
    for _ in range(12):
        made(clara, kind, customer_id=builders.customer().pk)
    with django_assert_max_num_queries(3):
        todo.to_do(
            todo.Whose(user_id=clara.user_id), todo.Wish(until=date(2026, 12, 7)), actor=clara, now=NOW
        )  # fmt: skip


def test_booking_asks_one_statement_more_for_chains(django_assert_max_num_queries) -> None:
    visit = builders.activity_type("Visit")
    task = builders.activity_type("Other", kind="task")
    chain(task, task, "opened")
    rossi = builders.technician("Rossi", performs=(visit,))
    actor = dispatcher()
    appointment = book(rossi, visit, window(MONDAY, "09:00", "10:00"), actor=actor)
    assert appointment.pk
    assert not Task.objects.exists()
    with django_assert_max_num_queries(1):
        from callout.planning.commands.chains import fire

        fire(appointment, closes=False, actor=actor, now=NOW)


def test_windows_at_night_are_due_on_the_technicians_day() -> None:
    visit = builders.activity_type("Visit")
    chain(visit, task_type("Prepare"), "opened", unit="")
    rossi = builders.technician("Rossi", performs=(visit,))
    rossi.working_hours.create(weekday=0, starts="22:00", ends="00:00")
    at = datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("Europe/Rome"))
    book(rossi, visit, Interval(at, at + timedelta(minutes=30)))
    assert Task.objects.get().due_on == MONDAY
