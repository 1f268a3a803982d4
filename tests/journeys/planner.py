"""The planner in a browser: where things are on it, and dragging them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, expect

from tests.journeys.browsing import Visit

ROME = ZoneInfo("Europe/Rome")
_WORDS = Path(__file__).resolve().parents[2] / "islands" / "shared" / "i18n"
_FAR = 14  # days: further ahead than anything that the demo company has planned


@cache
def _dictionary(language: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+): '(.*)',$", (_WORDS / f"{language}.ts").read_text(), re.MULTILINE))


def said(visit: Visit, name: str, **facts: str) -> str:
    """What the planner calls this, in the language of the page."""
    text = _dictionary(visit.language)[name]
    for fact, value in facts.items():
        text = text.replace(f"{{{fact}}}", value)
    return text


def moment(day: date, clock: str) -> datetime:
    """A time of the wall clock in Milan."""
    return datetime.combine(day, time.fromisoformat(clock), ROME)


def clock(text: str) -> str:
    """What the wall clock in Milan shows at a time of the API."""
    return f"{datetime.fromisoformat(text).astimezone(ROME):%H:%M}"


def quiet_day(visit: Visit, name: str, *, weeks: int = 1) -> tuple[date, int]:
    """A working day on which nobody has planned anything for this technician yet, and who it is.

    With two weeks, so is the same day a week later.
    """
    start = datetime.now(ROME).date() + timedelta(days=_FAR)
    for week in range(12):
        first = start + timedelta(days=7 * week)
        quiet, who = _quiet_days(visit, name, first)
        for later in (timedelta(days=7 * number) for number in range(1, weeks)):
            quiet &= {day - later for day in _quiet_days(visit, name, first + later)[0]}
        if quiet:
            return min(quiet), who
    raise AssertionError(f"{name} has no free day in twelve weeks")


def _quiet_days(visit: Visit, name: str, first: date) -> tuple[set[date], int]:
    board = visit.api("GET", f"/board?start={first}&days=7")
    who = next(each for each in board["resources"] if each["name"] == name)
    taken = {_day(each["starts"]) for each in board["appointments"] if each["resource_id"] == who["id"]}
    closed = {_day(each["starts"]) for each in who["closed"]}
    return {_day(starts) for starts, _ in who["presence"]} - taken - closed, who["id"]


def _day(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(ROME).date()


@dataclass
class Planner:
    """The planner's page on one day."""

    visit: Visit
    day: date

    @classmethod
    def open(cls, visit: Visit, day: date) -> "Planner":
        """Go to a day of the planner."""
        visit.go(f"/board/?start={day}&days=1")
        expect(visit.page.locator(".planner")).to_have_attribute("aria-busy", "false")
        return cls(visit, day)

    def lane(self, resource: int) -> Locator:
        """The row of a technician."""
        return self.visit.page.locator(f"[data-resource='{resource}']")

    def block(self, order_code: str) -> Locator:
        """The appointment of a work order, found by what the API says it is."""
        board = self.visit.api("GET", f"/board?start={self.day}&days=1")
        found = next(each for each in board["appointments"] if each["work_order_code"] == order_code)
        return self.visit.page.locator(f"[data-block='{found['id']}']")

    def card(self, order_code: str) -> dict[str, Any] | None:
        """The appointment of a work order as the server has it."""
        board = self.visit.api("GET", f"/board?start={self.day}&days=1")
        return next((each for each in board["appointments"] if each["work_order_code"] == order_code), None)

    def item(self, order: int) -> Locator:
        """A work order in the list below; looked for, since the list may be long."""
        return self.visit.page.locator(f"[data-item='{order}']")

    def search(self, text: str) -> None:
        """Look for work in the list below, until only what matches is there."""
        with self.visit.page.expect_response(
            lambda answer: parse_qs(urlsplit(answer.url).query).get("search") == [text]
        ):
            self.visit.page.get_by_label(said(self.visit, "search_unplanned")).fill(text)

    def place(self, resource: int, clock: str) -> tuple[float, float]:
        """Where on the screen a time of a technician's day is."""
        lane = self.lane(resource)
        lane.scroll_into_view_if_needed()
        bands = lane.locator(".present")
        first, last = bands.first.bounding_box(), bands.last.bounding_box()
        assert first and last
        pixels = (last["x"] + last["width"] - first["x"]) / 9  # demo technicians work from 8 to 12 and from 13 to 17
        at = time.fromisoformat(clock)
        box = lane.bounding_box()
        assert box
        return first["x"] + pixels * (at.hour + at.minute / 60 - 8), box["y"] + box["height"] / 2

    @contextmanager
    def dragging(self, what: Locator, *, at: float = 0.5) -> Iterator[None]:
        """Press on something, at this part of its width; what the block does with the mouse drags it; then let go."""
        what.hover(trial=True)  # it has come to rest, and nothing lies over it
        box = what.bounding_box()
        assert box
        mouse = self.visit.page.mouse
        mouse.move(box["x"] + box["width"] * at, box["y"] + box["height"] / 2)
        mouse.down()
        yield
        self.visit.page.wait_for_timeout(60)  # the board looks where the pointer is once per frame
        mouse.up()

    @contextmanager
    def _sending(self) -> Iterator[None]:
        """The block ends when the server has answered."""
        with self.visit.page.expect_response(lambda answer: answer.request.method == "POST" and "/api/" in answer.url):
            yield

    def plan(self, order: int, resource: int, clock: str) -> None:
        """Drag a waiting work order onto a technician's day."""
        with self._sending(), self.dragging(self.item(order)):
            self.visit.page.mouse.move(*self.place(resource, clock), steps=8)

    def move(self, block: Locator, resource: int, clock: str) -> None:
        """Drag an appointment so that it begins then."""
        box = block.bounding_box()
        assert box
        x, y = self.place(resource, clock)
        with self._sending(), self.dragging(block):
            self.visit.page.mouse.move(x + box["width"] / 2, y, steps=8)

    def stretch(self, block: Locator, resource: int, clock: str) -> None:
        """Drag the end of an appointment."""
        x, y = self.place(resource, clock)
        with self._sending(), self.dragging(block, at=0.99):
            self.visit.page.mouse.move(x, y, steps=8)

    def unplan(self, block: Locator) -> None:
        """Drag an appointment with Ctrl into the list below."""
        pane = self.visit.page.locator(".pane").bounding_box()
        assert pane
        page = self.visit.page
        with self._sending(), self.dragging(block):
            page.keyboard.down("Control")
            page.mouse.move(pane["x"] + pane["width"] / 2, pane["y"] + pane["height"] / 2, steps=8)
        page.keyboard.up("Control")

    def refusal(self, text: str) -> None:
        """The planner says why not, and what else could be done; the message is closed then."""
        toast = self.visit.page.locator(".toast-box").filter(has_text=text).first
        expect(toast).to_be_visible()
        toast.get_by_role("button").click()
