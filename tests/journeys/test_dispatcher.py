"""The dispatcher, who plans work on the technicians' days."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import calls
from tests.journeys.browsing import People, Visit
from tests.journeys.calls import Taken
from tests.journeys.planner import Planner, clock, moment, quiet_day, said

TECHNICIAN = "Luca Brambilla"
COOLING = "Sara Bassi"


@pytest.fixture
def marta(people: People) -> Visit:
    """The dispatcher, at the planner."""
    visit = people.person("marta")
    expect(visit.page).to_have_url(re.compile("/board/"))
    return visit


def open_planner(marta: Visit, *orders: Taken, technician: str = TECHNICIAN) -> tuple[Planner, int]:
    """The planner on a free day of the technician, with these orders in the list below."""
    day, resource = quiet_day(marta, technician)
    planner = Planner.open(marta, day)
    for order in orders:
        expect(planner.item(order.order)).to_be_attached()
    return planner, resource


def at(planner: Planner, taken: Taken) -> tuple[int, str, str] | None:
    """Whose appointment it is on the server, from when to when by the clock in Milan."""
    card = planner.card(taken.order_code)
    return (card["resource_id"], clock(card["starts"]), clock(card["ends"])) if card else None


def test_work_is_planned_moved_stretched_and_taken_off_by_dragging(marta: Visit) -> None:
    taken = calls.by_api(marta, customer="Hotel", subject="Journey by mouse")
    planner, resource = open_planner(marta)
    planner.search(taken.order_code)
    planner.plan(taken.order, resource, "09:00")
    expect(planner.item(taken.order)).to_have_count(0)
    block = planner.block(taken.order_code)
    expect(block).to_be_visible()
    assert at(planner, taken) == (resource, "09:00", "10:30")

    planner.move(block, resource, "14:00")
    expect(block).to_have_attribute("aria-label", re.compile("14:00"))
    assert at(planner, taken) == (resource, "14:00", "15:30")

    planner.stretch(block, resource, "16:30")
    expect(block).to_have_attribute("aria-label", re.compile("16:30"))
    assert at(planner, taken) == (resource, "14:00", "16:30")

    marta.page.get_by_role("button", name=said(marta, "undo")).click()
    expect(block).to_have_attribute("aria-label", re.compile("15:30"))

    planner.unplan(block)
    expect(planner.item(taken.order)).to_be_visible()
    assert at(planner, taken) is None
    assert marta.api("GET", f"/work-orders/{taken.order}")["status"] == "foreseen"


def test_what_cannot_be_is_refused_with_the_reason_and_goes_back(marta: Visit) -> None:
    first = calls.by_api(marta, customer="Hotel", subject="Journey refused first")
    second = calls.by_api(marta, customer="Hotel", subject="Journey refused second")
    planner, resource = open_planner(marta)
    planner.search("Journey refused")
    planner.plan(first.order, resource, "08:00")
    expect(planner.item(first.order)).to_have_count(0)

    with marta.being_refused():
        planner.plan(second.order, resource, "12:00")  # into the break
        planner.refusal(TECHNICIAN)
        planner.plan(second.order, resource, "08:30")  # over the first
        planner.refusal("Journey refused first")
    expect(planner.item(second.order)).to_be_visible()
    assert at(planner, second) is None

    block = planner.block(first.order_code)
    with marta.being_refused():
        planner.move(block, resource, "16:00")  # beyond the end of the day
        planner.refusal(TECHNICIAN)
    expect(block).to_have_attribute("aria-label", re.compile("08:00"))
    assert at(planner, first) == (resource, "08:00", "09:30")


def test_who_does_not_do_this_work_is_dimmed_and_says_so(marta: Visit) -> None:
    taken = calls.by_api(marta, customer="Hotel", subject="Journey of another trade")
    planner, resource = open_planner(marta, technician=COOLING)
    planner.search(taken.order_code)
    with planner.dragging(planner.item(taken.order)):
        marta.page.mouse.move(*planner.place(resource, "09:00"), steps=8)
        expect(marta.page.get_by_text(said(marta, "not_eligible", resource=COOLING))).to_be_visible()
        expect(marta.page.get_by_role("group", name=COOLING)).to_have_class(re.compile("dimmed"))
    expect(planner.item(taken.order)).to_be_visible()
    assert at(planner, taken) is None


def test_a_new_appointment_begins_where_the_menu_was_opened(marta: Visit) -> None:
    planner, resource = open_planner(marta)
    x, y = planner.place(resource, "15:00")
    marta.page.mouse.click(x + 2, y, button="right")
    marta.page.get_by_role("menuitem", name=said(marta, "new_appointment")).click()
    dialog = marta.page.get_by_role("dialog")
    dialog.get_by_role("combobox", name=said(marta, "type"), exact=True).select_option(label="Team meeting")
    dialog.get_by_role("button", name=said(marta, "create")).click()
    expect(dialog).to_have_count(0)
    board = marta.api("GET", f"/board?start={planner.day}&days=1")
    [made] = [each for each in board["appointments"] if each["resource_id"] == resource]
    assert (clock(made["starts"]), clock(made["ends"])) == ("15:00", "16:00")


def test_work_is_planned_without_a_mouse(marta: Visit) -> None:
    taken = calls.by_api(marta, customer="Hotel", subject="Journey by keyboard")
    planner, resource = open_planner(marta)
    planner.search(taken.order_code)
    keyboard = marta.page.keyboard
    expect(planner.item(taken.order)).to_have_attribute("tabindex", "0")  # the one that Tab reaches
    keyboard.press("Tab")
    expect(planner.item(taken.order)).to_be_focused()
    keyboard.press("Enter")
    dialog = marta.page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name=said(marta, "technician"), exact=True)).to_be_focused()
    keyboard.type(TECHNICIAN)
    start = dialog.get_by_role("textbox", name=said(marta, "starts_at"), exact=True)
    start.focus()
    keyboard.type("1015")
    keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    assert at(planner, taken) == (resource, "10:15", "11:45")

    planner.block(taken.order_code).focus()
    keyboard.press("Enter")
    dialog.get_by_role("button", name=said(marta, "unplan")).focus()
    keyboard.press("Enter")
    expect(planner.item(taken.order)).to_be_visible()
    assert at(planner, taken) is None


def test_work_is_planned_by_the_plain_form(marta: Visit) -> None:
    taken = calls.by_api(marta, customer="Hotel", subject="Journey by form")
    day, _ = quiet_day(marta, TECHNICIAN)
    marta.link("Work to plan as a list").click()
    marta.page.get_by_role("link", name=taken.order_code).click()
    marta.heading("Plan %(code)s", code=taken.order_code)
    form = marta.page.locator("main form").first
    form.get_by_label(marta.t("Technician"), exact=True).select_option(label=TECHNICIAN)
    form.get_by_label(marta.t("Day"), exact=True).fill(str(day))
    form.get_by_label(marta.t("From"), exact=True).fill("12:15")
    with marta.being_refused():
        form.get_by_role("button", name=marta.t("Plan")).click()
        expect(marta.page.locator("main")).to_contain_text(TECHNICIAN)
        expect(marta.page.locator("main .field-error, main .alert-danger").first).to_be_visible()
    form.get_by_label(marta.t("From"), exact=True).fill("10:00")
    form.get_by_label(marta.t("To"), exact=True).fill("11:30")
    form.get_by_role("button", name=marta.t("Plan")).click()
    expect(marta.page.locator("#step-order")).to_be_visible()
    assert marta.api("GET", f"/work-orders/{taken.order}")["status"] == "planned"


def test_a_colleague_s_change_is_not_overwritten(people: People, marta: Visit) -> None:
    taken = calls.by_api(marta, customer="Hotel", subject="Journey of two dispatchers")
    planner, resource = open_planner(marta)
    planner.search(taken.order_code)
    expect(planner.item(taken.order)).to_be_visible()
    admin = people.person("admin")
    starts, ends = (moment(planner.day, each).isoformat() for each in ("10:00", "11:30"))
    order = admin.api("GET", f"/work-orders/{taken.order}")
    admin.api(
        "POST",
        f"/work-orders/{taken.order}/plan",
        {"resource_id": resource, "starts": starts, "ends": ends, "version": order["version"]},
    )
    with marta.being_refused():
        planner.plan(taken.order, resource, "14:00")
        expect(marta.page.locator(".toast-box").first).to_be_visible()
    assert at(planner, taken) == (resource, "10:00", "11:30")
