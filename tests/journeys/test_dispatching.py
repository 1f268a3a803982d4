"""A day is dispatched: the proposal is looked at on the board, accepted in part, and taken back."""

import re
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import People, Visit
from tests.journeys.planner import ROME, said

SEARCH = 40_000  # milliseconds: the engine starts in a process of its own, on a busy machine


def working_day(visit: Visit) -> date:
    """A day on which somebody is there, far enough ahead to be rather empty."""
    start = datetime.now(ROME).date() + timedelta(days=14)
    for day in (start + timedelta(days=number) for number in range(14)):
        board = visit.api("GET", f"/board?start={day}&days=1")
        free = [each for each in board["resources"] if each["presence"] and not each["closed"]]
        if len(free) > 3:
            return day
    raise AssertionError("nobody works in two weeks")


@pytest.fixture
def marta(people: People) -> Visit:
    """The dispatcher, whose planner shows a day as usual."""
    visit = people.person("marta")
    expect(visit.page).to_have_url(re.compile("/board/"))
    visit.api("POST", "/board/look", {"view": "day"})
    return visit


def test_a_day_is_dispatched_looked_at_accepted_in_part_and_taken_back(marta: Visit) -> None:
    page, day = marta.page, working_day(marta)
    marta.go(f"/board/?start={day}&view=day")
    expect(page.locator(".planner")).to_have_attribute("aria-busy", "false")
    page.get_by_role("button", name=said(marta, "dispatch"), exact=True).click()
    dialog = page.get_by_role("dialog", name=said(marta, "dispatch"))
    expect(dialog.get_by_label(said(marta, "dispatch_first"))).to_have_value(day.isoformat())
    dialog.get_by_label(said(marta, "dispatch_seconds")).fill("2")
    dialog.get_by_label(said(marta, "dispatch_lunch")).check()
    dialog.get_by_role("button", name=said(marta, "dispatch_ask")).click()
    expect(dialog.get_by_role("progressbar")).to_be_visible()
    panel = page.get_by_role("region", name=said(marta, "dispatch_proposal"))
    expect(panel).to_be_visible(timeout=SEARCH)
    expect(dialog).to_be_hidden()
    ghosts = page.locator("[data-proposed]")
    expect(ghosts.first).to_be_visible()

    boxes = panel.get_by_role("checkbox", checked=True)
    panel.get_by_role("button", name=said(marta, "select_all")).click()
    rows = panel.locator("tbody tr:not(.who) input[type=checkbox]")
    total = rows.count()
    assert total > 1
    rows.nth(0).check()
    expect(boxes.first).to_be_visible()
    code = rows.nth(0).get_attribute("aria-label") or ""
    panel.get_by_label(said(marta, "dispatch_tell")).uncheck()
    panel.get_by_role("button", name=re.compile(r"1\b.*")).first.click()
    expect(panel.locator("tr", has_text=code)).to_contain_text(said(marta, "dispatch_is_planned"))
    expect(panel.locator("tbody tr:not(.who) input[type=checkbox]")).to_have_count(total - 1)
    expect(page.locator(".block", has_text=re.compile(".")).first).to_be_visible()

    panel.get_by_role("button", name=said(marta, "dispatch_undo")).click()
    expect(panel.locator("tr", has_text=code)).to_contain_text(said(marta, "dispatch_is_undone"))
    expect(ghosts).to_have_count(0)
    panel.get_by_role("button", name=said(marta, "close")).click()
    expect(panel).to_be_hidden()
