"""The planner as its dispatcher arranges it: views, several blocks at once, copies, redo, the map, mails."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys import calls
from tests.journeys.browsing import People, Visit
from tests.journeys.planner import Planner, clock, moment, quiet_day, said

TECHNICIAN = "Stefano Villa"
USUAL = {"view": "day", "weekdays": [0, 1, 2, 3, 4, 5, 6]}


@pytest.fixture
def marta(people: People) -> Visit:
    """The dispatcher, whose planner is arranged as usual."""
    visit = people.person("marta")
    expect(visit.page).to_have_url(re.compile("/board/"))
    visit.api("POST", "/board/look", USUAL)
    return visit


def shown(visit: Visit, path: str) -> None:
    """Go to an address of the planner and wait for what it shows."""
    visit.go(path)
    expect(visit.page.locator(".planner")).to_have_attribute("aria-busy", "false")


def press(visit: Visit, name: str) -> None:
    """Press a button of the planner."""
    visit.page.get_by_role("button", name=said(visit, name), exact=True).click()


def meetings(visit: Visit, day: date, resource: int, *hours: str) -> list[int]:
    """Appointments of an hour each that begin then and belong to no work order."""
    types = visit.api("GET", f"/board?start={day}&days=1")["activity_types"]
    kind = next(each["id"] for each in types if each["name"] == "Team meeting")
    made = []
    for hour in hours:
        starts = moment(day, hour)
        body = {
            "resource_id": resource, "activity_type_id": kind, "starts": starts.isoformat(),
            "ends": (starts + timedelta(hours=1)).isoformat(), "title": f"Meeting at {hour}",
        }  # fmt: skip
        made.append(visit.api("POST", "/appointments", body)["appointment"]["id"])
    return made


def begins(visit: Visit, day: date, resource: int) -> list[str]:
    """When the appointments of a technician's day begin, by the clock in Milan."""
    board = visit.api("GET", f"/board?start={day}&days=1&resource={resource}")
    return sorted(clock(each["starts"]) for each in board["appointments"])


def block(visit: Visit, pk: int) -> Locator:
    """An appointment on the board."""
    return visit.page.locator(f"[data-block='{pk}']")


def test_month_and_list_lead_to_the_day_and_the_appointment(marta: Visit) -> None:
    day, resource = quiet_day(marta, TECHNICIAN)
    [meeting] = meetings(marta, day, resource, "10:00")
    shown(marta, f"/board/?start={day}&view=month")
    cell = marta.page.locator(f"[data-row='{resource}'][data-day='{day.day - 1}']")
    expect(cell).to_contain_text("1")
    cell.focus()
    marta.page.keyboard.press("ArrowRight")
    expect(cell).not_to_be_focused()
    marta.page.keyboard.press("ArrowLeft")
    expect(cell).to_be_focused()
    marta.page.keyboard.press("Enter")
    expect(block(marta, meeting)).to_be_visible()

    press(marta, "list")
    entry = block(marta, meeting)
    expect(entry).to_contain_text("10:00")
    entry.focus()
    marta.page.keyboard.press("Enter")
    expect(marta.page.get_by_role("dialog")).to_contain_text("Meeting at 10:00")


def test_the_look_is_the_same_on_another_machine(people: People, marta: Visit) -> None:
    page = marta.page
    shown(marta, "/board/?view=week")
    press(marta, "arrange_board")
    page.get_by_label(said(marta, "rows_by")).select_option("team")
    page.get_by_role("button", name=said(marta, "working_days")).click()
    with page.expect_response(lambda answer: answer.url.endswith("/board/look")):
        page.get_by_role("combobox", name=said(marta, "colours_by")).select_option("priority")
    page.keyboard.press("Escape")
    expect(page.locator(".scale .date")).to_have_count(5)
    expect(page.locator(".legend")).to_contain_text(said(marta, "priority_high"))

    other = people.person("marta")
    shown(other, "/board/?view=week")
    expect(other.page.locator(".scale .date")).to_have_count(5)
    group = other.page.get_by_role("button", name="Caldaie Milano")
    lanes = other.page.locator("[data-resource]")
    before = lanes.count()
    group.click()
    expect(lanes).not_to_have_count(before)
    other.page.get_by_label(said(other, "search_technicians")).fill("villa")
    expect(lanes).to_have_count(1)


def test_several_blocks_move_at_once_and_are_undone_and_redone_as_one(marta: Visit) -> None:
    day, resource = quiet_day(marta, TECHNICIAN)
    meetings_ = meetings(marta, day, resource, "08:00", "09:00", "14:00")
    planner = Planner.open(marta, day)
    page = marta.page
    block(marta, meetings_[0]).click(modifiers=["Control"])
    block(marta, meetings_[1]).click(modifiers=["Control"])
    expect(page.locator(".selection")).to_contain_text("2")
    planner.move(block(marta, meetings_[0]), resource, "09:00")
    expect(block(marta, meetings_[0])).to_have_attribute("aria-label", re.compile("09:00–10:00"))
    expect(block(marta, meetings_[1])).to_have_attribute("aria-label", re.compile("10:00–11:00"))
    expect(page.locator("[data-block].pending")).to_have_count(0)
    assert begins(marta, day, resource) == ["09:00", "10:00", "14:00"]

    page.keyboard.press("Control+z")
    expect(block(marta, meetings_[1])).to_have_attribute("aria-label", re.compile("09:00–10:00"))
    expect(page.get_by_role("button", name=said(marta, "redo"), exact=True)).to_be_enabled()
    assert begins(marta, day, resource) == ["08:00", "09:00", "14:00"]
    page.keyboard.press("Control+Shift+z")
    expect(block(marta, meetings_[0])).to_have_attribute("aria-label", re.compile("09:00–10:00"))
    expect(page.get_by_role("button", name=said(marta, "redo"), exact=True)).to_be_disabled()
    assert begins(marta, day, resource) == ["09:00", "10:00", "14:00"]


def test_one_of_several_that_is_refused_goes_back_by_keyboard_too(marta: Visit) -> None:
    day, resource = quiet_day(marta, TECHNICIAN)
    first, last = meetings(marta, day, resource, "09:00", "16:00")
    Planner.open(marta, day)
    page = marta.page
    block(marta, first).focus()
    page.keyboard.press("Control+a")
    expect(page.locator(".selection")).to_contain_text("2")
    with marta.being_refused():
        page.keyboard.press("Alt+ArrowRight")
        toast = page.locator(".toast-box")
        expect(toast).to_contain_text("1 moved, 1 refused")
        expect(toast).to_contain_text(TECHNICIAN)
    expect(block(marta, first)).to_have_attribute("aria-label", re.compile("09:15"))
    expect(block(marta, last)).to_have_attribute("aria-label", re.compile("16:00–17:00"))
    assert begins(marta, day, resource) == ["09:15", "16:00"]
    page.keyboard.press("Escape")
    expect(page.locator(".selection")).to_have_count(0)


def test_a_rectangle_selects_what_it_touches(marta: Visit) -> None:
    day, resource = quiet_day(marta, TECHNICIAN)
    meetings(marta, day, resource, "09:00", "10:00", "15:00")
    planner = Planner.open(marta, day)
    mouse = marta.page.mouse
    (x, y), (right, _) = planner.place(resource, "08:15"), planner.place(resource, "11:30")
    mouse.move(x, y - 12)
    mouse.down()
    mouse.move(right, y + 8, steps=6)
    expect(marta.page.locator(".lasso")).to_be_visible()
    marta.page.wait_for_timeout(60)  # the board looks where the pointer is once per frame
    mouse.up()
    expect(marta.page.locator(".selection")).to_contain_text("2")


def test_a_week_is_copied_after_a_look_at_what_fits(marta: Visit) -> None:
    day, resource = quiet_day(marta, TECHNICIAN, weeks=2)
    chosen = meetings(marta, day, resource, "09:00", "11:00")
    meetings(marta, day + timedelta(days=7), resource, "11:00")
    Planner.open(marta, day)
    page = marta.page
    for pk in chosen:
        block(marta, pk).click(modifiers=["Control"])
    press(marta, "copy_week")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(said(marta, "copy_fits"))
    expect(dialog.locator(".clash")).to_contain_text("Meeting at 11:00")
    assert begins(marta, day + timedelta(days=7), resource) == ["11:00"]
    dialog.get_by_role("button", name="Make 1 appointment").click()
    expect(dialog).to_have_count(0)
    assert begins(marta, day + timedelta(days=7), resource) == ["09:00", "11:00"]
    press(marta, "undo")
    expect(page.get_by_role("button", name=said(marta, "redo"), exact=True)).to_be_enabled()
    assert begins(marta, day + timedelta(days=7), resource) == ["11:00"]


def test_a_mail_is_shown_before_the_change_is_final(marta: Visit) -> None:
    marta.api("POST", "/board/look", USUAL | {"ask_before_mail": True})
    taken = calls.by_api(marta, customer="Hotel", subject="Journey with a mail")
    day, resource = quiet_day(marta, TECHNICIAN)
    planner = Planner.open(marta, day)
    planner.search(taken.order_code)
    for answer in ("mail_back", "mail_send"):
        with planner.dragging(planner.item(taken.order)):
            marta.page.mouse.move(*planner.place(resource, "09:00"), steps=8)
        dialog = marta.page.get_by_role("dialog")
        expect(dialog).to_contain_text("Journey with a mail")
        expect(dialog).to_contain_text("09:00")
        dialog.get_by_role("button", name=said(marta, answer)).last.click()
        expect(dialog).to_have_count(0)
        expect(planner.item(taken.order)).to_have_count(1 if answer == "mail_back" else 0)
    expect(marta.page.locator("[data-block].pending")).to_have_count(0)
    assert begins(marta, day, resource) == ["09:00"]


def test_the_map_shows_what_waits_and_points_at_it(marta: Visit) -> None:
    shown(marta, "/board/?view=day")
    page = marta.page
    press(marta, "map")
    point = page.locator("[data-point][data-kind='item']").first
    expect(point).to_be_visible()
    label = point.get_attribute("aria-label") or ""
    point.focus()
    page.keyboard.press("Enter")
    item = page.locator(".item:focus")
    expect(item).to_have_count(1)
    assert (item.get_attribute("aria-label") or "?") in label
    before = point.get_attribute("transform")
    press_in_map = page.locator(".map").get_by_role("button", name=said(marta, "zoom_in"))
    press_in_map.click()
    expect(point).not_to_have_attribute("transform", before or "")


def test_waiting_work_is_narrowed_and_ordered(marta: Visit) -> None:
    shown(marta, "/board/?view=day")
    page = marta.page
    with page.expect_response(re.compile("by=age")):
        page.get_by_label(said(marta, "order_by"), exact=True).select_option("age")
    with page.expect_response(re.compile(r"sector=\d+")):
        page.get_by_label(said(marta, "sector"), exact=True).select_option(index=1)
    with page.expect_response(re.compile(r"by=age&sector=\d+&team=\d+")):
        page.get_by_label(said(marta, "done_by"), exact=True).select_option(index=1)
