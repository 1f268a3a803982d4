"""Dispatch over the API: ask, watch, accept, take back; repeated requests; what is refused."""

import pytest

from callout.dispatch import work
from callout.dispatch.models import Proposal
from callout.jobs.work import carry_out
from callout.planning.models import Appointment
from callout.workorders.models import WorkOrder
from tests import builders
from tests.board.support import browser, post
from tests.dispatch.support import Company, company, proposed, started, workday

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Company:
    return company()


@pytest.fixture
def client(made: Company):
    return browser(made.dispatcher)


def asked(client, **fields):
    return post(client, "/dispatch", {"days": [workday().isoformat()], "seconds": 2, **fields})


def test_a_proposal_from_the_question_to_the_undo(made: Company, client) -> None:
    begun = asked(client, lunch={}).json()
    assert (begun["status"], begun["mine"], begun["progress"]["status"]) == ("working", True, "waiting")
    assert begun["before"] is None
    proposal = Proposal.objects.get(pk=begun["id"])
    assert [each["id"] for each in client.get("/api/dispatch/proposals").json()] == [proposal.pk]
    carry_out(proposal.run_id, work.carry_out_body)
    address = f"/dispatch/proposals/{proposal.pk}"
    found = client.get(f"/api{address}").json()
    assert found["status"] == "open" and len(found["suggestions"]) == 3 and found["left_out"] == []
    assert found["after"]["metres"] == sum(each["after"]["metres"] for each in found["people"])
    first = found["suggestions"][0]
    assert (first["kind"], first["outcome"], first["customer"], first["site"]) == ("plan", "", "Verdi", "Sede, Milano")
    chosen = {"work_order_ids": [first["work_order_id"]], "version": found["version"]}
    some = post(client, f"{address}/accept", chosen).json()
    assert some["status"] == "open"
    assert [each["outcome"] for each in some["suggestions"]].count("accepted") == 1
    assert post(client, f"{address}/accept", {}).json()["status"] == "accepted"
    assert Appointment.objects.count() == 3
    undone = post(client, f"{address}/undo", {}).json()
    assert undone["status"] == "undone"
    assert set(WorkOrder.objects.values_list("status", flat=True)) == {"foreseen"}


def test_a_repeated_request_has_one_effect(made: Company, client) -> None:
    body = {"days": [workday().isoformat()], "seconds": 2}
    first = post(client, "/dispatch", body, **{"Idempotency-Key": "one"})
    again = post(client, "/dispatch", body, **{"Idempotency-Key": "one"})
    assert first.json() == again.json()
    assert Proposal.objects.count() == 1
    proposal = Proposal.objects.get()
    carry_out(proposal.run_id, work.carry_out_body)
    address = f"/dispatch/proposals/{proposal.pk}/accept"
    answers = [post(client, address, {}, **{"Idempotency-Key": "two"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Appointment.objects.count() == 3


def test_stopping_and_discarding(made: Company, client) -> None:
    waiting = started(made)
    stopped = post(client, f"/dispatch/proposals/{waiting.pk}/stop", {}).json()
    assert (stopped["status"], stopped["progress"]["status"]) == ("failed", "cancelled")
    proposal = proposed(made)
    old = post(client, f"/dispatch/proposals/{proposal.pk}/dismiss", {"version": 0})
    assert (old.status_code, old.json()["code"]) == (409, "stale_version")
    assert post(client, f"/dispatch/proposals/{proposal.pk}/dismiss", {}).json()["status"] == "dismissed"
    over = post(client, f"/dispatch/proposals/{proposal.pk}/accept", {})
    assert (over.status_code, over.json()["code"]) == (409, "proposal_over")


@pytest.mark.parametrize(
    "fields",
    [
        {"days": []},
        {"days": ["2026-02-30"]},
        {"days": ["2020-01-01"]},
        {"days": ["9999-12-31"]},
        {"seconds": 0},
        {"seconds": 10_000},
        {"team_ids": [-1]},
        {"resource_ids": [2**70]},
        {"lunch": {"earliest": "14:00", "latest": "12:00"}},
        {"lunch": {"minutes": 100_000}},
    ],
)
def test_what_cannot_be_is_refused_with_its_field(client, fields) -> None:
    answer = asked(client, **fields)
    assert answer.status_code == 422
    assert any(name.startswith(next(iter(fields))) for name in answer.json()["fields"]), answer.json()
    assert not Proposal.objects.exists()


def test_others_see_whose_it_is_and_decide_nothing(made: Company) -> None:
    proposal = proposed(made)
    colleague = browser(builders.user("dispatcher"))
    seen = colleague.get(f"/api/dispatch/proposals/{proposal.pk}").json()
    assert (seen["owner"], seen["mine"], len(seen["suggestions"])) == ("Clara", False, 3)
    refused = post(colleague, f"/dispatch/proposals/{proposal.pk}/accept", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "others_proposal")
    elsewhere = builders.user("dispatcher")
    elsewhere.branches.add(builders.branch())
    stranger = browser(elsewhere)
    assert stranger.get(f"/api/dispatch/proposals/{proposal.pk}").status_code == 404
    assert stranger.get("/api/dispatch/proposals").json() == []
    assert stranger.get(f"/board/dispatch/{proposal.pk}/").status_code == 404
    for deed in ("accept", "dismiss", "undo", "stop"):
        assert post(stranger, f"/dispatch/proposals/{proposal.pk}/{deed}", {}).status_code == 404


def test_the_dialog_gets_what_there_is_to_choose(made: Company, client) -> None:
    found = client.get("/api/dispatch/choices").json()
    assert [each["name"] for each in found["resources"]] == ["Bianchi", "Rossi"]
    assert [each["name"] for each in found["types"]] == ["Repair"]


def test_a_proposal_is_read_in_few_statements(made: Company, client, django_assert_max_num_queries) -> None:
    proposal = proposed(made)
    with django_assert_max_num_queries(14):
        client.get(f"/api/dispatch/proposals/{proposal.pk}")
