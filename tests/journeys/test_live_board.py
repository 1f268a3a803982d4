"""Two people at one board, each in a browser of their own."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import People, Visit
from tests.journeys.planner import Planner, moment, quiet_day, said
from tests.journeys.test_planner_board import begins, block, meetings

TECHNICIAN = "Davide Fontana"
USUAL = {"view": "day", "weekdays": [0, 1, 2, 3, 4, 5, 6]}


@pytest.fixture
def marta(people: People) -> Visit:
    """The dispatcher, whose planner is arranged as usual."""
    visit = people.person("marta")
    visit.api("POST", "/board/look", USUAL)
    return visit


@pytest.fixture
def admin(people: People) -> Visit:
    """Somebody else who plans."""
    visit = people.person("admin")
    visit.api("POST", "/board/look", USUAL)
    return visit


def opened(visit: Visit, day: date) -> Planner:
    """The planner on that day, listening."""
    with visit.page.expect_response(lambda answer: "/events?" in answer.url):
        return Planner.open(visit, day)


def name_of(visit: Visit) -> str:
    """What others call this person."""
    return visit.page.locator(".side-foot summary").inner_text().strip()


def move(visit: Visit, pk: int, day: date, resource: int, hour: str, until: str) -> None:
    """Move an appointment by the API, as another program of this person would."""
    board = visit.api("GET", f"/board?start={day}&days=1")
    version = next(each["version"] for each in board["appointments"] if each["id"] == pk)
    starts, ends = moment(day, hour).isoformat(), moment(day, until).isoformat()
    body = {"resource_id": resource, "starts": starts, "ends": ends, "version": version}
    visit.api("POST", f"/appointments/{pk}/move", body)


def test_what_one_dispatcher_moves_the_other_sees_with_a_name(marta: Visit, admin: Visit) -> None:
    day, resource = quiet_day(marta, TECHNICIAN)
    (pk,) = meetings(marta, day, resource, "09:00")
    here, there = opened(marta, day), opened(admin, day)
    before = block(admin, pk).bounding_box()
    here.move(block(marta, pk), resource, "14:00")
    row = admin.page.locator(".row-box", has=there.lane(resource))
    expect(row.locator(".mover")).to_have_text(name_of(marta))
    expect(row).to_contain_text(said(admin, "changed_by", person=name_of(marta)))
    told = said(admin, "said_changed", person=name_of(marta), resources=TECHNICIAN)
    expect(admin.page.locator(".news")).to_have_text(told)
    expect(block(admin, pk)).to_have_attribute("aria-label", re.compile("14:00"))
    after = block(admin, pk).bounding_box()
    assert before and after and after["x"] > before["x"] + 50
    expect(marta.page.locator(".mover")).to_have_count(0)


def test_work_that_somebody_else_takes_off_the_list_is_gone_from_it(marta: Visit, admin: Visit) -> None:
    day, resource = quiet_day(marta, TECHNICIAN)
    opened(admin, day)
    item = marta.api("GET", "/board/unplanned")["items"][0]
    waiting = admin.page.locator(f"[data-item='{item['work_order_id']}']")
    expect(waiting).to_be_visible()
    kind = item["activity_type_id"]
    board = marta.api("GET", f"/board?start={day}&days=1")
    performer = next(each["id"] for each in board["resources"] if kind in each["performs"] and each["presence"])
    body = {"resource_id": performer, "starts": moment(day, "09:00").isoformat(), "version": item["version"]}
    marta.api("POST", f"/work-orders/{item['work_order_id']}/plan", body)
    expect(waiting).to_have_count(0)


def test_a_block_that_two_people_want_to_move_goes_where_the_first_put_it_and_says_so(
    marta: Visit, admin: Visit
) -> None:
    day, resource = quiet_day(marta, TECHNICIAN)
    (pk,) = meetings(marta, day, resource, "09:00")
    planner = opened(marta, day)
    with marta.being_refused():
        with planner.dragging(block(marta, pk)):
            marta.page.mouse.move(*planner.place(resource, "11:00"), steps=6)
            move(admin, pk, day, resource, "14:00", "15:00")
            told = said(marta, "said_changed", person=name_of(admin), resources=TECHNICIAN)
            expect(marta.page.locator(".news")).to_have_text(told)
            expect(block(marta, pk)).to_have_class(re.compile("lifted"))
        toast = marta.page.locator(".toast-box").filter(has_text=name_of(admin)).first
        expect(toast).to_contain_text(TECHNICIAN)
        expect(toast).to_contain_text("14:00")
    assert begins(marta, day, resource) == ["14:00"]
    expect(block(marta, pk)).to_have_attribute("aria-label", re.compile("14:00"))
