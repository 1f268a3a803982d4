"""Who listens hears what is committed, within the own scope, and as long as that person may."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from callout.accounts.actor import SYSTEM
from callout.accounts.models import User
from callout.board import commands as board
from callout.core.intervals import Interval
from callout.planning import commands as planning
from callout.planning.models import Appointment
from callout.tickets import commands as tickets
from callout.ui import clock
from callout.workorders import commands as workorders
from tests import builders
from tests.board.support import Company, call, company
from tests.live.support import Office, office, session_of, until
from tests.planning.support import MONDAY, NOW, window

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made() -> Company:
    return company()


@pytest.fixture
def open_office(made: Company):
    with office(beat=0.2, check=0.2) as found:
        yield found


def booked(made: Company, hour: int = 9) -> Appointment:
    slot = window(MONDAY, f"{hour:02}:00", f"{hour + 1:02}:00")
    return planning.book(
        resource_id=made.rossi.pk, window=slot, activity_type=made.kind, title="Work", site=None, actor=made.actor,
        now=NOW,
    )  # fmt: skip


def test_a_move_is_heard_by_others_with_the_name_of_who_did_it(made: Company, open_office: Office) -> None:
    appointment = booked(made)
    other, own = open_office.listen(builders.user("dispatcher")), open_office.listen(made.dispatcher)
    board.move_appointment(
        appointment_id=appointment.pk,
        resource_id=made.bianchi.pk,
        window=window(MONDAY, "14:00", "15:00"),
        version=None,
        actor=made.actor,
        now=NOW,
    )
    (heard,) = until(lambda: other.of("change"))
    assert heard["resources"] == sorted([made.rossi.pk, made.bianchi.pk])
    assert (heard["by"], heard["own"], heard["appointment"]) == ("Clara", False, appointment.pk)
    assert until(lambda: own.of("change"))[0]["own"] is True


def test_what_is_taken_back_is_never_heard(made: Company, open_office: Office) -> None:
    ear = open_office.listen(made.dispatcher)
    with transaction.atomic():
        booked(made)
        transaction.set_rollback(True)
    kept = booked(made, hour=10)
    until(lambda: ear.of("change"))
    assert [each["appointment"] for each in ear.of("change")] == [kept.pk]


def test_calendars_and_work_of_other_branches_are_not_heard_of(made: Company, open_office: Office) -> None:
    stranger = builders.user("dispatcher")
    stranger.branches.add(builders.branch())
    colleague = builders.user("dispatcher")
    colleague.branches.add(made.rossi.branch)
    away, here = open_office.listen(stranger), open_office.listen(colleague)
    booked(made)
    call(made)
    until(lambda: len(here.of("change")) == 2)
    beats = len(away.of("beat"))
    until(lambda: len(away.of("beat")) > beats + 1)
    assert away.of("change") == []


def test_work_that_begins_or_ceases_to_wait_is_heard(made: Company, open_office: Office) -> None:
    ear = open_office.listen(builders.user("dispatcher"))

    def waiting() -> list[str]:
        return [each["what"] for each in ear.of("change") if each["waiting"]]

    order = call(made)
    until(lambda: waiting() == ["call"])
    who = {"actor": made.actor, "now": NOW}
    slot = {"resource_id": made.rossi.pk, "window": window(MONDAY, "09:00", "10:00")}
    order = workorders.plan(work_order_id=order.pk, version=None, **slot, **who)
    order = workorders.unplan(work_order_id=order.pk, version=None, **who)
    tickets.change_ticket(ticket_id=order.ticket_id, values={"priority": 3}, version=None, **who)
    workorders.cancel_ticket(ticket_id=order.ticket_id, reason="Doubled", version=None, **who)
    until(lambda: waiting() == ["call", "planned", "unplanned", "ticket", "cancel"])


def test_a_change_of_presence_is_heard(made: Company, open_office: Office) -> None:
    ear = open_office.listen(builders.user("dispatcher"))
    who = {"actor": made.actor, "now": NOW}
    slot = window(MONDAY, "09:00", "12:00")
    absence = planning.add_absence(resource_id=made.rossi.pk, window=slot, reason="Doctor", **who)
    longer = Interval(slot.starts, slot.ends + timedelta(hours=1))
    planning.change_absence(absence_id=absence.pk, window=longer, reason="Doctor", version=None, **who)
    planning.remove_absence(absence_id=absence.pk, version=None, **who)
    planning.change_resource(resource_id=made.rossi.pk, version=None, colour="#123456", actor=SYSTEM, now=NOW)
    until(lambda: [each["what"] for each in ear.of("change")] == ["absence", "absence", "absence", "resource"])


def test_a_disabled_person_is_cut_off(made: Company, open_office: Office) -> None:
    person = builders.user("dispatcher")
    ear = open_office.listen(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    until(lambda: ear.ended)
    assert ear.of("over") == [{"reason": "signed_out"}]


def test_who_may_not_see_the_board_any_more_is_cut_off(made: Company, open_office: Office) -> None:
    person = builders.user("dispatcher")
    ear = open_office.listen(person)
    User.objects.filter(pk=person.pk).update(roles=["technician"])
    until(lambda: ear.ended)
    assert ear.of("over") == [{"reason": "not_allowed"}]


def test_a_new_scope_counts_soon(made: Company, open_office: Office) -> None:
    person = builders.user("dispatcher")
    person.branches.add(builders.branch())
    ear = open_office.listen(person)
    person.branches.add(made.rossi.branch)
    beats = len(ear.of("beat"))
    until(lambda: len(ear.of("beat")) > beats + 4)
    booked(made)
    until(lambda: ear.of("change"))


def test_listening_neither_keeps_a_session_alive_nor_ends_it(made: Company, open_office: Office) -> None:
    now = int(clock.now().timestamp())
    key = session_of(made.dispatcher, started=now - 3600, seen=now - 1798)
    before = Session.objects.get(session_key=key).session_data
    ear = open_office.ask(key)
    until(lambda: ear.of("hello"))
    assert Session.objects.get(session_key=key).session_data == before
    until(lambda: ear.ended)
    assert ear.of("over") == [{"reason": "signed_out"}]
    assert Session.objects.get(session_key=key).session_data == before


def test_strangers_and_people_without_a_board_are_refused(made: Company, open_office: Office) -> None:
    assert open_office.ask().status == 401
    assert open_office.ask("no-such-session").status == 401
    assert open_office.ask(session_of(builders.user("technician"))).status == 403
    assert open_office.ask(session_of(made.dispatcher), method="POST").status == 405
    assert open_office.ask(headers=[(b"host", b"evil.example")]).status == 400


def test_who_comes_back_hears_what_was_missed(made: Company, open_office: Office) -> None:
    first = open_office.listen(made.dispatcher)
    since = first.last_id
    booked(made)
    until(lambda: first.of("change"))
    second = open_office.listen(made.dispatcher, since=since + 3_000)
    assert len(until(lambda: second.of("change"))) == 1
    assert second.of("gap") == []


def test_who_was_away_for_too_long_is_told_of_the_gap(made: Company, open_office: Office) -> None:
    ear = open_office.listen(made.dispatcher, since=1)
    until(lambda: ear.of("gap"))


def test_a_lost_connection_is_made_again_and_everybody_is_told_of_the_gap(made: Company, open_office: Office) -> None:
    ear = open_office.listen(made.dispatcher)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN callout%%'"
        )
        assert cursor.rowcount == 1
    until(lambda: ear.of("gap"))
    booked(made)
    until(lambda: ear.of("change"))


def test_everybody_is_let_go_when_the_process_ends(made: Company, open_office: Office) -> None:
    ears = [open_office.listen(made.dispatcher) for _ in range(3)]
    open_office.loop.call_soon_threadsafe(open_office.hub.close)
    until(lambda: all(ear.ended for ear in ears))
