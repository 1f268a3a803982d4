"""A browser in a person's hands: signing in, and noticing whatever goes wrong on the way."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, ngettext
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Playwright, Response, expect

from tests.journeys.installation import Installation

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
SECONDS = 10_000  # milliseconds: how long a page of a busy machine may take
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (4\d\d)")


def launch(playwright: Playwright) -> Browser:
    """The machine's Chromium; the environment's CHROMIUM names another one."""
    names = filter(None, (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"))
    program = next(filter(None, map(shutil.which, names)), None)
    return playwright.chromium.launch(executable_path=program, args=list(FLAGS), headless=True)


class Visit:
    """One person's browser window. `problems` is what no journey may leave behind."""

    def __init__(self, context: BrowserContext, url: str, username: str) -> None:
        context.set_default_timeout(SECONDS)
        context.set_default_navigation_timeout(SECONDS)
        self.context, self.url, self.username = context, url, username
        self.problems: list[str] = []
        self._refusals = 0
        self.page = self._watched(context.new_page())

    def _watched(self, page: Page) -> Page:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("response", self._answered)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if not (self._refusals and _REFUSED.match(message.text)):
            self.problems.append(f"{self.page.url}: {message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status} {response.request.method} {response.url}")

    @contextmanager
    def being_refused(self) -> Iterator[None]:
        """The server may refuse something while the block runs, which browsers write to the console."""
        self._refusals += 1
        try:
            yield
            self.page.wait_for_timeout(50)  # the line on the console comes after the answer
        finally:
            self._refusals -= 1

    @property
    def language(self) -> str:
        """The language that the page says it is in."""
        return self.page.locator("html").get_attribute("lang") or ""

    def t(self, text: str, **facts: Any) -> str:
        """What the page calls this text of the source, in the language that it is in."""
        with translation.override(self.language):
            return gettext(text) % facts if facts else gettext(text)

    def tn(self, one: str, many: str, number: int, **facts: Any) -> str:
        """What the page calls so many of it."""
        with translation.override(self.language):
            return ngettext(one, many, number) % ({"number": number} | facts)

    def go(self, path: str) -> Page:
        """Type an address of this installation."""
        self.page.goto(self.url + path)
        return self.page

    def _open_menu(self) -> None:
        """On a phone the main menu is behind a button."""
        if (button := self.page.locator("[data-menu]")).is_visible():
            button.click()

    def menu(self, entry: str) -> Page:
        """Choose an entry of the main menu."""
        self._open_menu()
        with self.page.expect_navigation():
            self.page.locator("#side").get_by_role("link", name=self.t(entry), exact=True).click()
        return self.page

    def button(self, name: str, **facts: Any) -> Locator:
        """A button by its text in the source."""
        return self.page.get_by_role("button", name=self.t(name, **facts), exact=True)

    def link(self, name: str, **facts: Any) -> Locator:
        """A link by its text in the source."""
        return self.page.get_by_role("link", name=self.t(name, **facts), exact=True)

    def field(self, label: str) -> Locator:
        """A field by its label in the source."""
        return self.page.get_by_label(self.t(label), exact=True)

    def heading(self, text: str, **facts: Any) -> None:
        """The page has this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.t(text, **facts))

    def pick(self, label: str, typed: str, choice: str = "") -> None:
        """Type into a picker and take what it finds, by keyboard; `choice` is a part of the wanted option."""
        box = self.page.get_by_role("combobox", name=self.t(label), exact=True)
        box.press_sequentially(typed, delay=20)
        option = self.page.get_by_role("option").filter(has_text=choice or typed).first
        expect(option).to_be_visible()
        while option.get_attribute("aria-selected") != "true":
            box.press("ArrowDown")
        box.press("Enter")

    def speak(self, language: str) -> None:
        """Choose a language in the menu of one's own name, unless it is spoken already."""
        if self.language == language:
            return
        self._open_menu()
        self.page.locator(".side-foot summary").click()
        self.page.locator(f"button[name=language][value={language}]").click()
        expect(self.page.locator("html")).to_have_attribute("lang", language)

    def api(self, method: str, path: str, data: Any = None) -> Any:
        """What a program would get from the API with this person's session. Raises AssertionError when refused."""
        token = next((each["value"] for each in self.context.cookies() if each["name"] == "csrftoken"), "")
        answer = self.context.request.fetch(
            f"{self.url}/api{path}", method=method, data=data, headers={"X-CSRFToken": token, "Origin": self.url}
        )
        assert answer.ok, f"{method} {path}: {answer.status} {answer.text()}"
        return answer.json()

    def download(self, link: Locator) -> tuple[str, bytes]:
        """The name and the content of what a link downloads."""
        with self.page.expect_download() as waiting:
            link.click()
        return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


class People:
    """The people of the installation, each with a browser of their own; signed in once, by the login page."""

    def __init__(self, browser: Browser, installation: Installation) -> None:
        self.browser, self.installation = browser, installation
        self._states: dict[str, Any] = {}
        self._visits: list[Visit] = []

    def stranger(self, **options: Any) -> Visit:
        """Somebody who is not signed in."""
        context = self.browser.new_context(**(DESK | {"locale": "en-GB"} | options))
        visit = Visit(context, self.installation.url, "")
        self._visits.append(visit)
        return visit

    def person(self, username: str, *, language: str = "en", **options: Any) -> Visit:
        """Somebody at the first page of the own work."""
        if username not in self._states:
            with self.signing_in(username) as first:
                self._states[username] = first.context.storage_state()
        visit = self.stranger(storage_state=self._states[username], **options)
        visit.username = username
        visit.go("/")
        visit.speak(language)
        return visit

    @contextmanager
    def signing_in(self, username: str, password: str = "") -> Iterator[Visit]:
        """A browser in which somebody has just signed in."""
        visit = self.stranger()
        visit.go("/")
        sign_in(visit, username, password or self.installation.password)
        expect(visit.page).not_to_have_url(re.compile("/account/login/"))
        yield visit
        visit.context.close()

    def close(self) -> list[str]:
        """Close every window; what went wrong in them."""
        for visit in self._visits:
            visit.context.close()
        found = [f"{visit.username or 'somebody'}: {problem}" for visit in self._visits for problem in visit.problems]
        self._visits.clear()
        return found


def sign_in(visit: Visit, username: str, password: str) -> None:
    """Fill in the login page and send it, by keyboard."""
    visit.page.locator("input[autocomplete=username]").fill(username)
    visit.page.locator("input[type=password]").fill(password)
    visit.page.keyboard.press("Enter")
