"""Asking to be away: who asks, who decides, what stands in the way, who is told."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection

from callout.accounts.models import Membership
from callout.accounts.queries import actor_for
from callout.audit.models import Entry
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.core.intervals import Interval
from callout.notices.models import OutgoingMail
from callout.planning import commands as planning
from callout.planning.commands import requests as commands
from callout.planning.errors import (
    AbsenceTooLong,
    AskedAlready,
    DecidedAlready,
    NoAnswer,
    NoReason,
    NotMyself,
    WorkPlanned,
)
from callout.planning.models import Absence, AbsenceRequest, Appointment
from callout.planning.presence_words import away_words
from callout.planning.queries import requests as reading
from tests import builders
from tests.board.support import browser, company
from tests.planning.support import MONDAY, NOW, book, dispatcher, window

pytestmark = pytest.mark.django_db

DAY = window(MONDAY, "00:00", "23:59")


@pytest.fixture
def kind():
    return builders.activity_type("Repair")


@pytest.fixture
def rossi(kind):
    made = builders.technician("Rossi", performs=(kind,))
    made.user.email = "rossi@example.com"
    made.user.language = "it"
    made.user.save()
    return made


def ask(resource, slot=DAY, **fields) -> AbsenceRequest:
    return commands.ask(**{"window": slot, "reason": "leave", "actor": actor_for(resource.user), "now": NOW, **fields})


def decide(request: AbsenceRequest, how=commands.approve, **fields) -> AbsenceRequest:
    return how(
        **{"request_id": request.pk, "version": 1, "answer": "All right", "actor": dispatcher(), "now": NOW, **fields}
    )


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_request_becomes_an_absence_when_it_is_approved(kind, rossi) -> None:
    request = ask(rossi, reason="  summer  leave ")
    assert (request.status, request.reason, request.asked_by_name) == ("asked", "summer leave", "Rossi")
    assert book(rossi, kind, window(MONDAY + timedelta(days=1), "09:00", "10:00")).pk
    done = decide(request)
    assert (done.status, done.version, done.decided_by_name != "") == ("approved", 2, True)
    absence = Absence.objects.get()
    assert (absence.pk, absence.starts, absence.ends) == (done.absence_id, DAY.starts, DAY.ends)
    mail = OutgoingMail.objects.get()
    assert mail.recipients == ["rossi@example.com"]
    assert "summer leave" in mail.subject
    actions = Entry.objects.filter(subject_kind="absencerequest").order_by("pk").values_list("action", flat=True)
    assert [each for each in actions if each.startswith("absence")] == ["absence.asked", "absence.approved"]


def test_an_open_request_closes_nothing(kind, rossi) -> None:
    ask(rossi)
    assert book(rossi, kind, window(MONDAY, "09:00", "10:00")).pk


def test_a_refusal_says_why_and_is_told(rossi) -> None:
    request = ask(rossi)
    with pytest.raises(NoAnswer):
        decide(request, commands.refuse, answer=" ")
    done = decide(request, commands.refuse, answer="Too many are away")
    assert (done.status, done.answer, done.absence) == ("refused", "Too many are away", None)
    assert "Too many are away" in OutgoingMail.objects.get().body
    assert not Absence.objects.exists()


def test_work_in_that_time_refuses_the_approval_and_leaves_the_request_open(kind, rossi) -> None:
    request = ask(rossi)
    book(rossi, kind, window(MONDAY, "09:00", "10:00"), title="Verdi: boiler")
    with pytest.raises(WorkPlanned) as refused:
        decide(request)
    assert refused.value.facts["work"] == "Verdi: boiler"
    request.refresh_from_db()
    assert (request.status, request.version) == ("asked", 1)
    assert not OutgoingMail.objects.exists()


def test_a_request_is_decided_once(rossi) -> None:
    request = ask(rossi)
    with pytest.raises(StaleVersion):
        decide(request, version=7)
    decide(request)
    for how in (commands.approve, commands.refuse):
        with pytest.raises(DecidedAlready):
            decide(request, how)
    with pytest.raises(DecidedAlready):
        commands.withdraw(request_id=request.pk, version=2, actor=actor_for(rossi.user), now=NOW)
    assert Absence.objects.count() == 1


def test_who_asked_withdraws_and_may_ask_again(rossi) -> None:
    request = ask(rossi)
    with pytest.raises(AskedAlready):
        ask(rossi, window(MONDAY, "09:00", "10:00"))
    commands.withdraw(request_id=request.pk, version=1, actor=actor_for(rossi.user), now=NOW)
    again = ask(rossi)
    decide(again)
    with pytest.raises(AskedAlready):
        ask(rossi)
    assert not AbsenceRequest.objects.filter(status="asked").exists()


def test_what_cannot_be_asked_for(rossi) -> None:
    with pytest.raises(NoReason):
        ask(rossi, reason=" ")
    with pytest.raises(AbsenceTooLong):
        ask(rossi, Interval(DAY.starts, DAY.starts + timedelta(days=367)))
    with pytest.raises(NotMyself):
        ask(rossi, actor=builders.actor("technician"))


def test_everybody_asks_for_oneself_and_planners_of_the_branch_decide(rossi) -> None:
    bianchi = builders.technician("Bianchi")
    request = ask(rossi)
    with pytest.raises(NotFound):
        commands.withdraw(request_id=request.pk, version=1, actor=actor_for(bianchi.user), now=NOW)
    for role in ("technician", "operator", "agent", "verifier", "sales_office"):
        for how in (commands.approve, commands.refuse):
            with pytest.raises(Forbidden):
                decide(request, how, actor=builders.actor(role))
    stranger = builders.user("dispatcher")
    stranger.branches.add(builders.branch())
    with pytest.raises(NotFound):
        decide(request, actor=actor_for(stranger))
    with pytest.raises(Forbidden):
        ask(rossi, actor=builders.actor("operator"))
    assert list(reading.requests_visible_to(actor_for(bianchi.user))) == []
    assert list(reading.requests_visible_to(actor_for(rossi.user))) == [request]
    assert decide(request, actor=builders.actor("administrator")).status == "approved"


def test_conflicts_are_counted_in_the_team(kind, rossi) -> None:
    crew = builders.team("Crew")
    mate, other = builders.technician("Bianchi"), builders.technician("Verdi")
    for each in (rossi, mate):
        Membership.objects.create(user=each.user, team=crew)
    for each in (mate, other):
        planning.add_absence(resource_id=each.pk, window=DAY, reason="leave", actor=dispatcher(), now=NOW)
    asked = ask(rossi)
    book(rossi, kind, window(MONDAY, "09:00", "10:00"))
    book(rossi, kind, window(MONDAY, "10:00", "11:00"))
    (row,) = reading.with_conflicts(reading.requests_visible_to(dispatcher()))
    assert (row.away, row.work) == (1, 2)
    absences, requests = reading.others_away(asked)
    assert ([str(each.resource) for each in absences], requests) == (["Bianchi"], [])


def test_who_is_in_no_team_is_counted_with_the_branch(rossi) -> None:
    mate = builders.technician("Bianchi", rossi.branch)
    planning.add_absence(resource_id=mate.pk, window=DAY, reason="leave", actor=dispatcher(), now=NOW)
    asked = ask(rossi)
    (row,) = reading.with_conflicts(reading.requests_visible_to(dispatcher()))
    assert row.away == 1
    assert len(reading.others_away(asked)[0]) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_decide_once() -> None:
    rossi = builders.technician("Rossi")
    request, actors, told = ask(rossi), [dispatcher(), dispatcher()], []
    barrier = threading.Barrier(2)

    def run(actor, how) -> None:
        try:
            barrier.wait(10)
            told.append(decide(request, how, actor=actor).status)
        except DecidedAlready:
            told.append("late")
        finally:
            connection.close()

    hows = (commands.approve, commands.refuse)
    threads = [threading.Thread(target=run, args=each) for each in zip(actors, hows, strict=True)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    request.refresh_from_db()
    assert sorted(told) == sorted(["late", request.status])
    assert Absence.objects.exists() == (request.status == "approved")


def test_a_technician_asks_on_the_phone_and_withdraws(rossi) -> None:
    client = browser(rossi.user)
    assert client.get("/my-absences/").status_code == 200
    data = {"starts": "2027-03-22", "ends": "2027-03-28", "reason": "skiing"}
    assert client.post("/my-absences/", data).status_code == 302
    made = AbsenceRequest.objects.get()
    assert (made.ends - made.starts) == timedelta(days=7) - timedelta(hours=1)
    assert "skiing" in text(client.get("/my-absences/"))
    assert client.post(f"/my-absences/{made.pk}/withdraw/", {"version": "1"}).status_code == 302
    made.refresh_from_db()
    assert made.status == "withdrawn"


def test_whole_days_are_told_as_days(rossi) -> None:
    day = timedelta(days=1)
    midnight = DAY.starts
    asked = ask(rossi, Interval(midnight, midnight + 2 * day))
    assert away_words(asked) == "23 Nov 2026 – 24 Nov 2026"
    commands.withdraw(request_id=asked.pk, version=1, actor=actor_for(rossi.user), now=NOW)
    assert away_words(ask(rossi, Interval(midnight, midnight + day))) == "23 Nov 2026"
    part = ask(rossi, window(MONDAY + day, "09:00", "12:00"))
    assert away_words(part) == "24 Nov 2026 09:00 – 24 Nov 2026 12:00"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends": "2027-03-20"}, "ends"),
        ({"starts": "2027-02-30"}, "starts"),
        ({"ends": "2027-03-28", "to_time": "02:30"}, "ends"),
        ({"reason": ""}, "reason"),
        ({"starts": "1066-10-14"}, "starts"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_beside_its_field(rossi, fields, field) -> None:
    data = {"starts": "2027-03-22", "ends": "2027-03-27", "reason": "skiing", **fields}
    answer = browser(rossi.user).post("/my-absences/", data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not AbsenceRequest.objects.exists()


def test_the_page_of_a_request_offers_to_unplan_the_work_in_it() -> None:
    made = company()
    from callout.workorders import commands as workorders

    slot = window(MONDAY, "09:00", "10:30")
    workorders.plan(
        work_order_id=made.order.pk, resource_id=made.rossi.pk, window=slot, version=None, actor=made.actor, now=NOW
    )
    plain = book(made.rossi, made.kind, window(MONDAY, "14:00", "15:00"), title="Stock-taking")
    request = ask(made.rossi)
    client = browser(made.dispatcher)
    assert "Rossi" in text(client.get("/planning/absence-requests/"))
    page = f"/planning/absence-requests/{request.pk}/"
    said = text(client.get(page))
    assert made.order.code in said
    assert "Stock-taking" in said
    refused = client.post(page, {"version": "1", "decision": "approve", "answer": ""})
    assert refused.status_code == 422
    made.order.refresh_from_db()
    for pk in (made.order.appointment_id, plain.pk):
        answer = client.post(f"/planning/appointments/{pk}/off/", {"next": page, "version": "1"})
        assert answer.url == page
    made.order.refresh_from_db()
    assert made.order.status == "foreseen"
    assert not Appointment.objects.filter(blocks=True).exists()
    assert client.post(page, {"version": "1", "decision": "approve", "answer": ""}).status_code == 302
    assert Absence.objects.get().resource == made.rossi
    again = client.post(page, {"version": "1", "decision": "refuse", "answer": "no"})
    assert again.status_code == 422
    assert "no longer open" in text(again)


def test_an_absence_over_work_offers_to_clear_it_and_keeps_what_was_typed(kind, rossi) -> None:
    taken = book(rossi, kind, window(MONDAY, "09:00", "10:00"), title="Verdi: boiler")
    client = browser(builders.user("dispatcher"))
    data = {"resource": rossi.pk, "starts": "2026-11-23T00:00", "ends": "2026-11-24T00:00", "reason": "flu"}
    refused = client.post("/planning/absences/new/", data)
    assert refused.status_code == 422
    assert "Unplan it" not in text(refused)
    assert "Cancel it" in text(refused)
    target = refused.context["next"]
    assert client.post(f"/planning/appointments/{taken.pk}/off/", {"next": target}).url == target
    form = client.get(target).context["form"]
    assert (form.initial["reason"], form.initial["starts"].isoformat()) == ("flu", "2026-11-22T23:00:00+00:00")
    assert client.post(target.split("?")[0], data).status_code == 302
    evil = client.post(f"/planning/appointments/{taken.pk}/off/", {"next": "https://evil.example/"})
    assert evil.url == "/planning/absences/"
    assert client.get("/planning/absences/new/?starts=nonsense&ends=2026-13-40").status_code == 200


def test_the_api_asks_lists_decides_and_refuses(rossi, kind) -> None:
    own, planner = browser(rossi.user), browser(builders.user("dispatcher"))
    kwargs = {"content_type": "application/json"}
    body = {"starts": DAY.starts.isoformat(), "ends": DAY.ends.isoformat(), "reason": "leave"}
    made = own.post("/api/absence-requests", body, **kwargs)
    assert made.status_code == 201
    pk = made.json()["id"]
    twice = own.post("/api/absence-requests", body, **kwargs)
    assert (twice.status_code, twice.json()["code"]) == (422, "asked_already")
    assert [each["id"] for each in own.get("/api/absence-requests").json()] == [pk]
    assert own.post(f"/api/absence-requests/{pk}/approve", {}, **kwargs).status_code == 403
    stale = planner.post(f"/api/absence-requests/{pk}/approve", {"version": 9}, **kwargs)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    silent = planner.post(f"/api/absence-requests/{pk}/refuse", {"version": 1}, **kwargs)
    assert silent.json()["code"] == "no_answer"
    done = planner.post(f"/api/absence-requests/{pk}/approve", {"version": 1}, **kwargs)
    assert (done.json()["status"], done.json()["absence_id"]) == ("approved", Absence.objects.get().pk)
    late = own.post(f"/api/absence-requests/{pk}/withdraw", {}, **kwargs)
    assert (late.status_code, late.json()["code"]) == (409, "decided_already")
    assert planner.get("/api/absence-requests?status=asked").json() == []


def test_the_list_costs_the_same_whatever_its_size(rossi, django_assert_max_num_queries) -> None:
    for n in range(8):
        each = builders.technician(f"T{n}")
        ask(each)
    client = browser(builders.user("dispatcher"))
    client.get("/planning/absence-requests/")
    with django_assert_max_num_queries(6):
        assert "T7" in text(client.get("/planning/absence-requests/"))


def decides(name, *roles, branch=None, **fields):
    made = builders.user(*(roles or ("dispatcher",)), name=name, email=f"{name.lower()}@example.com", **fields)
    if branch:
        made.branches.add(branch)
    return made


def test_who_decides_is_told_with_the_link_and_nobody_else(rossi) -> None:
    decides("Marta", branch=rossi.branch, language="ro")
    decides("Admin", "administrator")
    decides("Elsewhere", branch=builders.branch(name="Torino"))
    decides("Operator", "operator")
    decides("Gone", is_active=False)
    rossi.user.roles = ["technician", "dispatcher"]
    rossi.user.save()
    request = ask(rossi)
    mails = OutgoingMail.objects.filter(event="absence.asked")
    assert {tuple(mail.recipients) for mail in mails} == {("marta@example.com",), ("admin@example.com",)}
    assert all(f"/planning/absence-requests/{request.pk}/" in mail.body for mail in mails)


def test_requests_stand_in_the_to_do_list_of_who_decides_until_they_are_decided(rossi) -> None:
    request = ask(rossi)
    marta = decides("Marta", branch=rossi.branch)
    address = f"/planning/absence-requests/{request.pk}/"
    assert address in browser(marta).get("/to-do/").content.decode()
    assert (
        address
        not in browser(decides("Elsewhere", branch=builders.branch(name="Torino"))).get("/to-do/").content.decode()
    )
    assert address not in browser(rossi.user).get("/to-do/").content.decode()
    assert reading.to_decide(actor_for(builders.user("operator"))) == []
    decide(request)
    assert address not in browser(marta).get("/to-do/").content.decode()
