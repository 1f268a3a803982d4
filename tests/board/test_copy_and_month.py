"""Copies to the next week, a month's cells, what a change would mail, and what waits, narrowed and ordered."""

from datetime import date, timedelta

import pytest

from callout.audit.models import Entry
from callout.board import queries
from callout.jobs.models import Run
from callout.notices.models import OutgoingMail
from callout.planning import commands as planning
from callout.planning.models import Appointment
from tests import builders
from tests.board.support import Company, browser, call, company, post
from tests.planning.support import MONDAY, NOW, book, window

pytestmark = pytest.mark.django_db
NEXT = MONDAY + timedelta(days=7)


@pytest.fixture
def made() -> Company:
    return company()


@pytest.fixture
def client(made: Company):
    return browser(made.dispatcher)


def copy(client, *ids: int, **fields):
    return post(client, "/board/copy", {"appointment_ids": list(ids), **fields})


def test_a_dry_run_says_what_would_come_and_leaves_nothing(made, client) -> None:
    free = book(made.rossi, made.kind, window(MONDAY, "09:00", "10:00"), title="Training")
    taken = book(made.rossi, made.kind, window(MONDAY, "10:00", "11:00"), title="Round")
    book(made.rossi, made.kind, window(NEXT, "10:30", "11:30"), title="In the way")
    before = Appointment.objects.count(), Entry.objects.count(), Run.objects.count()
    answer = copy(client, taken.pk, free.pk, dry_run=True)
    assert answer.status_code == 200
    first, second = answer.json()["items"]
    assert (first["source_id"], first["starts"], first["refusal"]) == (free.pk, "2026-11-30T08:00:00Z", None)
    assert (second["source_id"], second["refusal"]["code"]) == (taken.pk, "slot_taken")
    assert "In the way" in second["refusal"]["message"]
    assert first["appointment"] is second["appointment"] is None
    assert (Appointment.objects.count(), Entry.objects.count(), Run.objects.count()) == before


def test_copies_are_new_appointments_without_work_order(made, client) -> None:
    plan = {"resource_id": made.rossi.pk, "starts": "2026-11-23T09:00:00+01:00", "version": made.order.version}
    source = post(client, f"/work-orders/{made.order.pk}/plan", plan).json()["appointment"]
    [item] = copy(client, source["id"]).json()["items"]
    card = item["appointment"]
    assert (card["title"], card["site"], card["work_order_id"]) == (source["title"], source["site"], None)
    assert (card["starts"], card["ends"]) == ("2026-11-30T08:00:00Z", "2026-11-30T09:30:00Z")
    made.order.refresh_from_db()
    assert made.order.appointment_id == source["id"]


def test_two_copies_that_clash_with_each_other_are_told_apart(made, client) -> None:
    one = book(made.rossi, made.kind, window(MONDAY, "09:00", "10:00"))
    planning.release(appointment=one, actor=made.actor, now=NOW, category="missed")
    two = book(made.rossi, made.kind, window(MONDAY, "09:30", "10:30"))
    found = [each["refusal"] and each["refusal"]["code"] for each in copy(client, one.pk, two.pk).json()["items"]]
    assert found == [None, "slot_taken"]


def test_a_copy_keeps_the_clock_time_over_the_change_of_the_clocks(made, client) -> None:
    source = book(made.rossi, made.kind, window(date(2026, 10, 19), "09:00", "10:00"))
    [item] = copy(client, source.pk, dry_run=True).json()["items"]
    assert item["starts"] == "2026-10-26T08:00:00Z"
    assert source.starts.isoformat() == "2026-10-19T07:00:00+00:00"


def test_what_cannot_be_copied_at_all_is_refused_whole(made, client) -> None:
    source = book(made.rossi, made.kind, window(MONDAY, "09:00", "10:00"))
    assert copy(client, source.pk, 10**9).status_code == 404
    assert copy(client).status_code == 422
    assert copy(client, source.pk, weeks=0).status_code == 422
    assert copy(browser(builders.user("operator")), source.pk).status_code == 403
    assert Appointment.objects.count() == 1


def test_a_month_has_a_cell_for_each_day(made, client) -> None:
    book(made.rossi, made.kind, window(MONDAY, "09:00", "10:00"))
    book(made.rossi, made.kind, window(MONDAY, "10:00", "11:30"))
    gone = book(made.rossi, made.kind, window(MONDAY, "14:00", "15:00"))
    planning.release(appointment=gone, actor=made.actor, now=NOW)
    planning.add_absence(
        resource_id=made.rossi.pk, window=window(MONDAY, "13:00", "17:00"), reason="doctor", actor=made.actor, now=NOW
    )
    found = client.get("/api/board/month?start=2026-11-17").json()
    assert (found["start"], found["days"]) == ("2026-11-01", 30)
    rossi = next(each for each in found["resources"] if each["name"] == "Rossi")
    assert len(rossi["cells"]) == 30
    assert rossi["cells"][22] == {"count": 2, "planned": 150, "bookable": 240, "closed": "doctor"}
    assert rossi["cells"][23] == {"count": 0, "planned": 0, "bookable": 480, "closed": ""}
    assert rossi["cells"][0]["bookable"] == 0


def test_a_month_with_a_change_of_the_clocks_and_a_holiday(made, client) -> None:
    rossi = client.get("/api/board/month?start=2026-12-31").json()["resources"][1]
    assert rossi["cells"][24]["closed"] == "Christmas Day"
    assert client.get("/api/board/month?start=2026-10-01").json()["days"] == 31
    assert client.get("/api/board/month?start=9999-12-01").status_code == 422
    assert client.get("/api/board/month?start=2026-12-31&team=4").status_code == 404


def test_a_month_takes_nine_statements_at_most(made, django_assert_max_num_queries) -> None:
    for number in range(5):
        book(builders.technician(f"T{number}", made.rossi.branch, performs=(made.kind,)), made.kind,
             window(MONDAY, "09:00", "10:00"))  # fmt: skip
    actor = made.actor
    with django_assert_max_num_queries(9):
        queries.month(actor, start=MONDAY, team=None, now=NOW)


def test_one_calendar_can_be_read_again_alone(made, client) -> None:
    book(made.rossi, made.kind, window(MONDAY, "09:00", "10:00"))
    book(made.bianchi, made.kind, window(MONDAY, "09:00", "10:00"))
    found = client.get(f"/api/board?start=2026-11-23&resource={made.rossi.pk}").json()
    assert [each["name"] for each in found["resources"]] == ["Rossi"]
    assert {each["resource_id"] for each in found["appointments"]} == {made.rossi.pk}


def mails(client, made: Company, order: int) -> list[dict]:
    slot = {"starts": "2026-11-23T09:00:00+01:00", "ends": "2026-11-23T10:30:00+01:00"}
    answer = client.get("/api/board/mails", {"work_order_id": order, "resource_id": made.rossi.pk, **slot})
    assert answer.status_code == 200, answer.content
    return answer.json()["mails"]


def test_a_mail_is_previewed_as_it_then_goes_out(made, client, settings) -> None:
    settings.MAIL_CUSTOMERS = True
    order = call(made, subject="Cold radiators", emails="casa@verdi.example")
    [told] = mails(client, made, order.pk)
    assert told["to"] == ["casa@verdi.example"]
    assert "09:00" in told["body"] and "Rossi" in told["body"]
    assert not OutgoingMail.objects.filter(event="workorder.planned").exists()
    plan = {"resource_id": made.rossi.pk, "starts": "2026-11-23T09:00:00+01:00", "version": order.version}
    assert post(client, f"/work-orders/{order.pk}/plan", plan).status_code == 200
    sent = OutgoingMail.objects.get(event="workorder.planned")
    assert (sent.recipients, sent.subject, sent.body) == (told["to"], told["subject"], told["body"])


def test_nothing_is_previewed_where_nobody_is_told(made, client, settings) -> None:
    settings.MAIL_CUSTOMERS = False
    order = call(made, emails="casa@verdi.example")
    assert mails(client, made, order.pk) == []
    made.kind.mail_customer_on, made.kind.mailing_list = ["created"], "team@works.example"
    made.kind.save()
    assert [each["to"] for each in mails(client, made, order.pk)] == [["casa@verdi.example"], ["team@works.example"]]
    assert browser(builders.user("operator")).get("/api/board/mails").status_code in (403, 422)


def test_waiting_work_is_ordered_by_age_and_narrowed(made, client) -> None:
    late = call(made, subject="Late and urgent", priority=3)
    found = client.get("/api/board/unplanned").json()["items"]
    assert [each["work_order_id"] for each in found] == [late.pk, made.order.pk]
    found = client.get("/api/board/unplanned?by=age").json()["items"]
    assert [each["work_order_id"] for each in found] == [made.order.pk, late.pk]
    here = made.kind.sector_id
    assert len(client.get(f"/api/board/unplanned?sector={here}").json()["items"]) == 2
    assert client.get(f"/api/board/unplanned?sector={here + 1}").json()["items"] == []
    crew, others = builders.team("Crew"), builders.team("Others")
    made.rossi.user.membership_set.create(team=crew)
    assert len(client.get(f"/api/board/unplanned?team={crew.pk}").json()["items"]) == 2
    assert client.get(f"/api/board/unplanned?team={others.pk}").json()["items"] == []
    assert client.get("/api/board/unplanned?by=name").status_code == 422


def test_pages_by_age_hold_everything_once(made, client, monkeypatch) -> None:
    orders = {made.order.pk} | {call(made, subject=f"Call {number}").pk for number in range(52)}
    page = client.get("/api/board/unplanned?by=age").json()
    rest = client.get("/api/board/unplanned", {"by": "age", "cursor": page["next"]}).json()
    ids = [each["work_order_id"] for each in page["items"] + rest["items"]]
    assert (len(page["items"]), rest["next"]) == (50, None)
    assert len(ids) == len(set(ids)) and set(ids) == orders
    assert client.get("/api/board/unplanned", {"by": "priority", "cursor": page["next"]}).status_code in (400, 422)
