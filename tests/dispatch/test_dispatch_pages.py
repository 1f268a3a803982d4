"""Dispatch without the planner: a form, a list with boxes to tick, and the same decisions."""

import re
from datetime import timedelta

import pytest

from callout.dispatch import work
from callout.dispatch.models import Proposal
from callout.jobs.work import carry_out
from callout.workorders.models import WorkOrder
from tests import builders
from tests.board.support import browser
from tests.dispatch.support import Company, company, proposed, workday, worked_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Company:
    return company()


@pytest.fixture
def client(made: Company):
    return browser(made.dispatcher)


def form(**fields) -> dict:
    day = workday().isoformat()
    lunch = {"lunch_earliest": "12:00", "lunch_latest": "13:00", "lunch_minutes": "60"}
    return {"first": day, "last": day, "seconds": "2", **lunch, **fields}


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_from_the_form_to_the_plan_and_back(made: Company, client) -> None:
    page = client.get("/board/dispatch/")
    assert page.status_code == 200 and page.context["form"].initial["first"] is not None
    begun = client.post("/board/dispatch/", form(with_lunch="on", teams=[]), follow=True)
    proposal = Proposal.objects.get()
    address = f"/board/dispatch/{proposal.pk}/"
    assert begun.redirect_chain[-1][0] == address and "Waiting for its turn" in text(begun)
    assert proposal.choice["lunch"] == ["12:00", "13:00", 60]
    carry_out(proposal.run_id, work.carry_out_body)
    shown = client.get(address)
    assert "3 work orders" in text(shown) and "Before and after" in text(shown)
    assert shown.content.count(b'name="order"') == 3
    version = Proposal.objects.get().version
    done = client.post(
        f"{address}accept/", {"order": [made.orders[0].pk, "x", "9" * 30], "version": version}, follow=True
    )
    assert "1 work order is planned." in text(done)
    assert done.content.count(b'name="order"') == 2
    back = client.post(f"{address}undo/", {"tell": "1"}, follow=True)
    assert "1 work order taken back." in text(back)
    assert set(WorkOrder.objects.values_list("status", flat=True)) == {"foreseen"}


def test_what_cannot_be_is_refused_beside_its_field(client) -> None:
    cases = {
        "first": {"first": "2020-01-01", "last": "2020-01-01"},
        "lunch_minutes": {"with_lunch": "on", "lunch_earliest": "13:00", "lunch_latest": "12:00"},
        "resources": {"resources": ["999999"]},
        "seconds": {"seconds": "0"},
    }
    for field, fields in cases.items():
        answer = client.post("/board/dispatch/", form(**fields))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    backwards = form(last=(workday() - timedelta(days=1)).isoformat())
    assert "first" in client.post("/board/dispatch/", backwards).context["form"].errors
    assert not Proposal.objects.exists()


def test_refusals_of_a_decision_are_told_on_the_page(made: Company, client) -> None:
    proposal = proposed(made)
    address = f"/board/dispatch/{proposal.pk}/"
    assert "No work order is chosen" in text(client.post(f"{address}accept/", {}, follow=True))
    assert "Nothing of this proposal is planned" in text(client.post(f"{address}undo/", {}, follow=True))
    assert "Discarded." in text(client.post(f"{address}dismiss/", {}, follow=True))
    assert client.post("/board/dispatch/999999/accept/", {}).status_code == 404


def test_a_colleague_reads_whose_it_is_and_finds_no_button(made: Company) -> None:
    proposal = proposed(made)
    page = browser(builders.user("dispatcher")).get(f"/board/dispatch/{proposal.pk}/")
    assert "Clara" in text(page) and b'name="order"' not in page.content and b"dismiss" not in page.content
    listed = browser(builders.user("dispatcher")).get("/board/dispatch/")
    assert "Clara" in text(listed)


def test_what_is_left_out_stands_there_with_its_reason(made: Company, client) -> None:
    made.call(kind=builders.activity_type("Welding"))
    proposal = worked_out(made)
    page = text(client.get(f"/board/dispatch/{proposal.pk}/"))
    assert "1 work order left out" in page and "performs this type of work" in page
