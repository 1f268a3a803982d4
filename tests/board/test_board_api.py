"""Every operation of the board's API: what it answers, what it refuses, and that a refusal leaves nothing."""

from datetime import timedelta

import pytest

from callout.board.api import BoardOut
from callout.planning import commands as planning
from callout.planning.models import ActivityState, Appointment
from callout.workorders.models import WorkStatus
from tests import builders
from tests.board.support import Company, browser, call, company, post
from tests.planning.support import MONDAY, NOW, book, window

pytestmark = pytest.mark.django_db
AT_NINE = "2026-11-23T09:00:00+01:00"
AT_TEN = "2026-11-23T10:00:00+01:00"
AT_ELEVEN = "2026-11-23T11:00:00+01:00"


@pytest.fixture
def made() -> Company:
    return company()


@pytest.fixture
def client(made: Company):
    return browser(made.dispatcher)


def plan(client, made: Company, **fields):
    body = {"resource_id": made.rossi.pk, "starts": AT_NINE, "ends": None, "version": made.order.version, **fields}
    return post(client, f"/work-orders/{made.order.pk}/plan", body)


def board(client, **query) -> dict:
    answer = client.get("/api/board", {"start": "2026-11-23", **query})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_board_shows_people_their_time_and_their_appointments(made, client) -> None:
    planning.add_absence(
        resource_id=made.bianchi.pk, window=window(MONDAY, "13:00", "17:00"), reason="doctor", actor=made.actor, now=NOW
    )
    assert plan(client, made).status_code == 200
    crew = builders.team("Crew")
    made.rossi.user.membership_set.create(team=crew)
    found = board(client)
    assert (found["time_zone"], found["start"], found["end"]) == (
        "Europe/Rome", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z",
    )  # fmt: skip
    bianchi, rossi = found["resources"]
    assert (rossi["name"], rossi["teams"], rossi["performs"]) == ("Rossi", [crew.pk], [made.kind.pk])
    assert rossi["presence"] == [
        ["2026-11-23T07:00:00Z", "2026-11-23T11:00:00Z"],
        ["2026-11-23T12:00:00Z", "2026-11-23T16:00:00Z"],
    ]
    assert bianchi["closed"] == [
        {"starts": "2026-11-23T12:00:00Z", "ends": "2026-11-23T16:00:00Z", "kind": "absence", "label": "doctor"}
    ]
    [card] = found["appointments"]
    made.order.refresh_from_db()
    assert card == {
        "id": made.order.appointment_id, "resource_id": made.rossi.pk, "starts": "2026-11-23T08:00:00Z",
        "ends": "2026-11-23T09:30:00Z", "version": 1, "title": "Verdi: Boiler out", "customer": "Verdi",
        "site": "Sede, Milano", "activity_type_id": made.kind.pk,
        "state": {"name": "Planned", "colour": "#4299e1", "category": "planned"}, "priority": "medium",
        "work_order_id": made.order.pk, "work_order_code": made.order.code,
        "work_order_version": made.order.version, "ticket_id": made.order.ticket_id, "status": "planned",
        "position": None, "movable": True, "helps": False, "crew": [],
    }  # fmt: skip
    assert found["activity_types"] == [
        {
            "id": made.kind.pk,
            "name": "Repair",
            "colour": made.kind.colour,
            "minutes": 90,
            "sector_id": made.kind.sector_id,
            "sector": made.kind.sector.label,
        }
    ]
    assert found["teams"] == [{"id": crew.pk, "name": "Crew"}]


def test_a_team_narrows_the_board_and_an_unknown_one_is_not_there(made, client) -> None:
    crew = builders.team("Crew")
    made.rossi.user.membership_set.create(team=crew)
    book(made.bianchi, made.kind, window(MONDAY, "09:00", "10:00"))
    found = board(client, team=crew.pk)
    assert [each["name"] for each in found["resources"]] == ["Rossi"]
    assert found["appointments"] == []
    assert client.get("/api/board", {"start": "2026-11-23", "team": crew.pk + 1}).status_code == 404


def test_a_week_holds_seven_days_and_what_reaches_into_it(made, client) -> None:
    book(made.rossi, made.kind, window(MONDAY + timedelta(days=4), "16:00", "17:00"))
    book(made.rossi, made.kind, window(MONDAY + timedelta(days=7), "08:00", "09:00"))
    found = board(client, days=7)
    assert found["end"] == "2026-11-29T23:00:00Z"
    assert len(found["appointments"]) == 1
    assert len(found["resources"][0]["presence"]) == 10


def test_holidays_stand_on_the_board(made, client) -> None:
    found = board(client, start="2026-12-07", days=7)
    assert found["resources"][0]["closed"] == [
        {
            "starts": "2026-12-07T23:00:00Z", "ends": "2026-12-08T23:00:00Z", "kind": "holiday",
            "label": "Immaculate Conception",
        }
    ]  # fmt: skip


def test_cancelled_appointments_leave_the_board_missed_ones_stay(made, client) -> None:
    cancelled, missed = (
        book(made.rossi, made.kind, window(MONDAY, s, e)) for s, e in (("09:00", "10:00"), ("10:00", "11:00"))
    )
    planning.release(appointment=cancelled, actor=made.actor, now=NOW)
    planning.release(appointment=missed, actor=made.actor, now=NOW, category="missed")
    [card] = board(client)["appointments"]
    assert (card["id"], card["state"]["category"], card["movable"]) == (missed.pk, "missed", False)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"start": "2026-02-30"},
        {"start": "2026-11-23", "days": 8},
        {"start": "2026-11-23", "days": 0},
        {"start": "2026-11-23", "team": "x"},
    ],
)
def test_odd_queries_are_refused_beside_their_field(made, client, query) -> None:
    answer = client.get("/api/board", query)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"


def test_operators_see_the_board_and_move_nothing(made) -> None:
    book(made.rossi, made.kind, window(MONDAY, "09:00", "10:00"))
    operator = browser(builders.user("operator"))
    [card] = board(operator)["appointments"]
    assert card["movable"] is False
    assert post(operator, f"/appointments/{card['id']}/cancel", {"version": 1}).status_code == 403


def test_planning_takes_the_expected_time_and_answers_with_both(made, client) -> None:
    answer = plan(client, made)
    assert answer.status_code == 200
    body = answer.json()
    assert body["appointment"]["ends"].startswith("2026-11-23T09:30:00")
    made.order.refresh_from_db()
    assert body["work_order"] == {
        "id": made.order.pk, "version": made.order.version, "status": "planned", "code": made.order.code,
    }  # fmt: skip
    assert made.order.status == WorkStatus.PLANNED


def test_planning_with_an_end_and_into_grey(made, client) -> None:
    refused = plan(client, made, starts="2026-11-23T11:30:00+01:00")
    assert refused.status_code == 409
    body = refused.json()
    assert body["code"] == "outside_hours"
    assert body["message"] == "Rossi works 08:00-12:00, 13:00-17:00 on 23/11/2026." or "Rossi works" in body["message"]
    assert body["fields"]["starts"]
    assert not Appointment.objects.exists()
    assert plan(client, made, ends=AT_TEN).json()["appointment"]["ends"].startswith("2026-11-23T09:00:00")


def test_a_taken_slot_names_who_is_free(made, client) -> None:
    book(made.rossi, made.kind, window(MONDAY, "09:00", "10:00"), title="Neri: leak")
    body = plan(client, made).json()
    assert (body["code"], body["remedy"]) == ("slot_taken", "Free at that time: Bianchi.")
    assert "Neri: leak" in body["message"]
    assert body["facts"]["starts"] == "2026-11-23T08:00:00+00:00"


def test_a_stale_plan_is_refused(made, client) -> None:
    assert plan(client, made, version=99).json()["code"] == "stale_version"


@pytest.mark.parametrize(
    "fields",
    [
        {"starts": "2026-11-23T09:00:00"},
        {"starts": "2026-02-30T09:00:00Z"},
        {"resource_id": -1},
        {"resource_id": 2**64},
        {"version": None},
        {"ends": AT_NINE},
        {"ends": "2026-11-24T18:00:00+01:00"},
    ],
)
def test_odd_bodies_are_refused(made, client, fields) -> None:
    answer = plan(client, made, **fields)
    assert answer.status_code == 422
    assert answer.json()["fields"]
    assert not Appointment.objects.exists()


def test_a_repeated_request_is_carried_out_once(made, client) -> None:
    body = {"resource_id": made.rossi.pk, "starts": AT_NINE, "ends": AT_TEN, "version": made.order.version}
    path = f"/work-orders/{made.order.pk}/plan"
    first, second = (post(client, path, body, **{"Idempotency-Key": "once"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert Appointment.objects.count() == 1


def test_unplanning_makes_it_wait_again(made, client) -> None:
    version = plan(client, made).json()["work_order"]["version"]
    answer = post(client, f"/work-orders/{made.order.pk}/unplan", {"version": version})
    assert answer.status_code == 200
    assert answer.json()["work_order"]["status"] == "foreseen"
    assert board(client)["appointments"] == []
    assert client.get("/api/board/unplanned").json()["items"][0]["work_order_id"] == made.order.pk
    assert post(client, f"/work-orders/{made.order.pk}/unplan", {"version": version + 1}).status_code == 409


def test_an_appointment_of_a_work_order_moves_with_it(made, client) -> None:
    card = plan(client, made).json()["appointment"]
    body = {"resource_id": made.bianchi.pk, "starts": AT_TEN, "ends": AT_ELEVEN, "version": card["version"]}
    moved = post(client, f"/appointments/{card['id']}/move", body)
    assert moved.status_code == 200
    made.order.refresh_from_db()
    assert made.order.resource == made.bianchi
    assert moved.json()["appointment"]["work_order_version"] == made.order.version
    stale = post(client, f"/appointments/{card['id']}/move", body)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")


def test_a_free_appointment_is_made_moved_and_cancelled(made, client) -> None:
    body = {
        "resource_id": made.rossi.pk, "activity_type_id": made.kind.pk, "starts": AT_NINE, "ends": AT_TEN,
        "title": "Training",
    }  # fmt: skip
    made_card = post(client, "/appointments", body).json()["appointment"]
    assert (made_card["title"], made_card["work_order_id"], made_card["movable"]) == ("Training", None, True)
    assert post(client, "/appointments", body).json()["code"] == "slot_taken"
    where = {"resource_id": made.rossi.pk, "starts": AT_TEN, "ends": AT_ELEVEN, "version": 1}
    moved = post(client, f"/appointments/{made_card['id']}/move", where).json()["appointment"]
    assert moved["version"] == 2
    gone = post(client, f"/appointments/{made_card['id']}/cancel", {"version": 2})
    assert gone.json()["appointment"]["state"]["category"] == "cancelled"
    assert post(client, f"/appointments/{made_card['id']}/cancel", {"version": 3}).json()["code"] == "not_movable"


def test_an_untitled_appointment_is_called_after_its_type(made, client) -> None:
    body = {"resource_id": made.rossi.pk, "activity_type_id": made.kind.pk, "starts": AT_NINE, "ends": AT_TEN}
    assert post(client, "/appointments", body).json()["appointment"]["title"] == "Repair"
    assert post(client, "/appointments", {**body, "activity_type_id": 10**9}).status_code == 404


def test_a_work_orders_appointment_is_not_simply_cancelled(made, client) -> None:
    card = plan(client, made).json()["appointment"]
    answer = post(client, f"/appointments/{card['id']}/cancel", {"version": card["version"]})
    assert answer.json()["code"] == "belongs_to_work_order"
    assert made.order.code in answer.json()["message"]


def test_what_lies_outside_ones_branches_is_not_there(made) -> None:
    away = book(made.rossi, made.kind, window(MONDAY, "09:00", "10:00"))
    person = builders.user("dispatcher")
    person.branches.add(builders.branch())
    stranger = browser(person)
    where = {"resource_id": made.rossi.pk, "starts": AT_TEN, "ends": AT_ELEVEN, "version": 1}
    kind = {**where, "activity_type_id": made.kind.pk}
    for path, body in (
        (f"/appointments/{away.pk}/move", where),
        (f"/appointments/{away.pk}/cancel", {"version": 1}),
        ("/appointments", kind),
        (f"/work-orders/{made.order.pk}/plan", where),
        (f"/work-orders/{made.order.pk}/unplan", {"version": 1}),
        (f"/appointments/{away.pk + 999}/move", where),
    ):
        assert post(stranger, path, body).status_code == 404, path
    assert board(stranger)["resources"] == []
    assert stranger.get("/api/board/unplanned").json()["items"] == []


@pytest.mark.parametrize("role", ["technician", "sales_office", "verifier"])
def test_who_has_no_business_there_is_refused(made, role: str) -> None:
    person = browser(builders.user(role))
    assert person.get("/api/board", {"start": "2026-11-23"}).status_code == 403
    assert person.get("/api/board/unplanned").status_code == 403
    assert plan(person, made).status_code == 403


def test_nobody_signed_in_gets_nothing(made) -> None:
    from django.test import Client

    assert Client().get("/api/board", {"start": "2026-11-23"}).status_code == 401
    assert plan(Client(), made).status_code == 401


def test_waiting_work_comes_most_urgent_first_page_by_page(made, client) -> None:
    orders = [
        call(made, subject=f"Call {n}", priority=1 + n % 3, received_at=NOW - timedelta(minutes=n)) for n in range(60)
    ]
    expected = sorted([*orders, made.order], key=lambda o: (-o.ticket.priority, o.ticket.received_at, o.pk))
    first = client.get("/api/board/unplanned").json()
    assert (len(first["items"]), first["count"]) == (50, "61")
    rest = client.get("/api/board/unplanned", {"cursor": first["next"]}).json()
    assert rest["next"] is None
    found = [item["work_order_id"] for item in first["items"] + rest["items"]]
    assert found == [order.pk for order in expected]
    item = first["items"][0]
    assert (item["priority"], item["minutes"], item["place"]) == ("high", 90, "Milano")
    assert client.get("/api/board/unplanned", {"cursor": "nonsense"}).status_code == 422


def test_waiting_work_is_found_by_code_and_words(made, client) -> None:
    call(made, subject="Roof leaks", customer="Neri")
    for text in (made.order.code, "boiler", "boi\x00ler"):
        items = client.get("/api/board/unplanned", {"search": text}).json()["items"]
        assert [item["work_order_id"] for item in items] == [made.order.pk], text


def test_the_answer_fits_its_description_whatever_the_words(made, client) -> None:
    odd = 'Quote " backslash \\ Română 🔧 </script>'
    book(made.rossi, made.kind, window(MONDAY, "09:00", "10:00"), title=odd)
    assert plan(client, made, starts="2026-11-23T13:00:00+01:00").status_code == 200
    ActivityState.objects.filter(category="planned").update(name='Say "yes" \\')
    answer = client.get("/api/board?start=2026-11-23")
    fits = BoardOut.model_validate_json(answer.content)
    assert [card.title for card in fits.appointments] == [
        'Quote " backslash \\ Română 🔧 </script>',
        "Verdi: Boiler out",
    ]
    assert fits.appointments[0].state.name == 'Say "yes" \\'


def test_who_reads_no_tickets_gets_no_ticket_ids(made, client) -> None:
    plan(client, made)
    [card] = board(browser(builders.user("agent")))["appointments"]
    assert (card["ticket_id"], card["work_order_code"]) == (None, made.order.code)
