"""Several technicians on one work order, on the planner: blocks that belong together, and what dragging them does."""

from typing import Any

import pytest

from callout.planning.models import Appointment
from callout.workorders import commands
from callout.workorders.models import Helper
from tests import builders
from tests.board.support import browser, company, post
from tests.planning.support import MONDAY, NOW, window

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    """A company whose waiting work order Rossi leads and Bianchi helps on; Costa is free."""
    found = company()
    found.costa = builders.technician("Costa", found.rossi.branch, performs=(found.kind,))
    found.order = commands.plan(
        work_order_id=found.order.pk, resource_id=found.rossi.pk, window=window(MONDAY, "09:00", "10:30"),
        version=None, actor=found.actor, now=NOW, helpers=[found.bianchi.pk],
    )  # fmt: skip
    return found


def board(made) -> dict[int, dict[str, Any]]:
    """The blocks of the week by the resource whose calendar they are on."""
    found = browser(made.dispatcher).get(f"/api/board?start={MONDAY}&days=7").json()
    return {each["resource_id"]: each for each in found["appointments"]}


def move(made, block: dict[str, Any], resource, starts: str, ends: str):
    body = {
        "resource_id": resource.pk, "starts": f"{MONDAY}T{starts}:00+01:00", "ends": f"{MONDAY}T{ends}:00+01:00",
        "version": block["version"],
    }  # fmt: skip
    return post(browser(made.dispatcher), f"/appointments/{block['id']}/move", body)


def test_the_blocks_say_who_leads_who_helps_and_who_else_is_there(made) -> None:
    blocks = board(made)
    lead, helper = blocks[made.rossi.pk], blocks[made.bianchi.pk]
    assert (lead["helps"], helper["helps"]) == (False, True)
    assert helper["crew"] == [
        {"appointment_id": lead["id"], "resource_id": made.rossi.pk, "name": "Rossi", "leads": True}
    ]
    assert [each["name"] for each in lead["crew"]] == ["Bianchi"]
    for name in ("work_order_id", "work_order_code", "work_order_version", "ticket_id", "status", "movable", "title"):
        assert helper[name] == lead[name]


def test_whoever_goes_alone_has_no_crew(made) -> None:
    alone = commands.remove_helper(
        work_order_id=made.order.pk, resource_id=made.bianchi.pk, version=None, actor=made.actor, now=NOW
    )
    block = board(made)[alone.resource_id]
    assert (block["helps"], block["crew"]) == (False, [])


def test_dragging_the_leaders_block_moves_everybody_and_tells_all_blocks(made) -> None:
    blocks = board(made)
    answer = move(made, blocks[made.rossi.pk], made.rossi, "14:00", "15:30").json()
    assert [each["starts"][11:16] for each in (answer["appointment"], *answer["others"])] == ["13:00", "13:00"]
    assert answer["others"][0]["resource_id"] == made.bianchi.pk
    back = move(made, answer["appointment"], made.rossi, "09:00", "10:30")
    assert back.status_code == 200
    assert set(Appointment.objects.filter(blocks=True).values_list("starts", flat=True)) == {
        window(MONDAY, "09:00", "10:30").starts
    }


def test_dragging_a_helpers_block_to_another_row_replaces_the_helper_and_back(made) -> None:
    answer = move(made, board(made)[made.bianchi.pk], made.costa, "09:00", "10:30").json()
    assert Helper.objects.get().resource == made.costa
    assert (answer["appointment"]["resource_id"], answer["others"][0]["resource_id"]) == (made.costa.pk, made.rossi.pk)
    assert move(made, answer["appointment"], made.bianchi, "09:00", "10:30").status_code == 200
    assert Helper.objects.get().resource == made.bianchi


def test_dragging_a_helpers_block_in_time_moves_everybody(made) -> None:
    assert move(made, board(made)[made.bianchi.pk], made.bianchi, "13:30", "15:00").status_code == 200
    made.order.refresh_from_db()
    assert made.order.appointment.starts == window(MONDAY, "13:30", "15:00").starts


def test_a_helpers_block_is_not_cancelled_by_itself(made) -> None:
    block = board(made)[made.bianchi.pk]
    answer = post(browser(made.dispatcher), f"/appointments/{block['id']}/cancel", {"version": block["version"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "belongs_to_work_order")


def test_people_are_added_taken_off_and_made_the_lead_by_the_api(made) -> None:
    client = browser(made.dispatcher)
    path = f"/work-orders/{made.order.pk}/helpers"
    made.order.refresh_from_db()
    body = {"resource_id": made.costa.pk, "version": made.order.version}
    first = post(client, path, body, **{"Idempotency-Key": "once"})
    assert post(client, path, body, **{"Idempotency-Key": "once"}).json() == first.json()
    assert [each["resource_id"] for each in first.json()["appointments"]] == [
        made.rossi.pk, made.bianchi.pk, made.costa.pk,
    ]  # fmt: skip
    version = first.json()["work_order"]["version"]
    lead = post(client, f"{path}/{made.costa.pk}/lead", {"version": version}).json()
    assert lead["appointments"][0]["resource_id"] == made.costa.pk
    off = post(client, f"{path}/{made.rossi.pk}/remove", {"version": lead["work_order"]["version"]}).json()
    assert [each["resource_id"] for each in off["appointments"]] == [made.costa.pk, made.bianchi.pk]
    taken = post(client, path, {"resource_id": made.bianchi.pk, "version": off["work_order"]["version"]})
    assert (taken.status_code, taken.json()["code"]) == (422, "on_it_already")
    shown = client.get(f"/api/work-orders/{made.order.pk}").json()
    assert [each["resource_id"] for each in shown["helpers"]] == [made.bianchi.pk]
    assert len(client.get(f"/api/work-orders?resource_id={made.bianchi.pk}").json()["items"]) == 1


def test_the_plain_form_plans_with_helpers_and_changes_them(made) -> None:
    client = browser(made.dispatcher)
    made.order.refresh_from_db()
    page = f"/board/plan/{made.order.pk}/"
    html = client.get(page).content.decode()
    assert "Technicians who come along" in html
    sent = {
        "resource_id": made.rossi.pk, "day": MONDAY.isoformat(), "starts": "11:00", "ends": "12:00",
        "helpers": [made.costa.pk], "version": made.order.version,
    }  # fmt: skip
    assert client.post(page, sent).status_code == 302
    helper = Helper.objects.get()
    assert (helper.resource, helper.appointment.starts) == (made.costa, window(MONDAY, "11:00", "12:00").starts)


def test_boards_of_several_people_cost_no_statement_more(made, django_assert_num_queries) -> None:
    for number in range(4):
        extra = builders.technician(f"T{number}", made.rossi.branch, performs=(made.kind,))
        commands.add_helper(work_order_id=made.order.pk, resource_id=extra.pk, version=None, actor=made.actor, now=NOW)
    client = browser(made.dispatcher)
    client.get("/api/sectors")  # the session is written once a minute
    with django_assert_num_queries(11):
        assert client.get(f"/api/board?start={MONDAY}&days=7").status_code == 200
