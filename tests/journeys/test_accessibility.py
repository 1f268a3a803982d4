"""Every main page by the rules of WCAG 2.2 A and AA, in light and dark."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import calls, onsite
from tests.journeys.browsing import PHONE, People, Visit

AXE = Path(__file__).resolve().parents[2] / "islands" / "node_modules" / "axe-core" / "axe.min.js"
NARROW = 320  # CSS pixels
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Who looks at which pages besides those of the own menu; after an address, the links to follow from there.
DESK: dict[str, tuple[tuple[str, ...], ...]] = {
    "giulia": (
        ("/tickets/", r"/tickets/\d+/"), ("/work-orders/", r"/work-orders/\d+/"),
        ("/account/password/change/",), ("/account/question/",),
    ),
    "marta": (
        ("/board/waiting/",), ("/board/waiting/", r"/board/\S+/"), ("/planning/absences/",),
        ("/planning/absences/new/",), ("/planning/patterns/",), ("/planning/patterns/new/",), ("/planning/presences/",),
        ("/planning/presences/generate/",),
    ),
    "luca": (
        ("/to-do/new/",), ("/account/feeds/",), ("/to-do/?kind=task", r"/to-do/\d+/.*"),
        ("/worked-hours/", r"/worked-hours/\d+/.+/"),
    ),
    "paolo": (("/customers/", r"/customers/\d+/"),),
    "laura": (
        ("/verification/", r"/verification/\d+/#.+"), ("/billing/",), ("/billing/", r"/billing/\d+/"),
        ("/invoices/", r"/invoices/\d+/"),
    ),
    "silvia": (
        ("/customers/", r"/customers/\d+/"), ("/customers/", r"/customers/\d+/", r"/customers/\d+/edit/"),
        ("/customers/", r"/customers/\d+/", r"/customers/\d+/sites/new/"),
        ("/customers/", r"/customers/\d+/", r"/customers/\d+/assets/new/"),
        ("/customers/", r"/customers/\d+/", r"/customers/\d+/contracts/new/"), ("/customers/new/",),
        ("/products/", r"/products/\d+/"), ("/rate-cards/", r"/rate-cards/\d+/"), ("/imports/new/",),
    ),
    "admin": (
        ("/account/people/", r"/account/people/\d+/"), ("/account/people/new/",), ("/account/teams/",),
        ("/account/teams/", r"/account/teams/\d+/"), ("/account/2fa/",), ("/planning/resources/",),
        ("/planning/resources/", r"/planning/resources/\d+/"), ("/planning/types/",),
        ("/planning/types/", r"/planning/types/\d+/"), ("/planning/states/",),
        ("/planning/states/", r"/planning/states/\d+/"), ("/planning/sectors/",), ("/settings/numbers/",),
        ("/settings/numbers/", r"/settings/numbers/\d+/"), ("/settings/periods/",), ("/settings/branches/",),
        ("/settings/branches/", r"/settings/branches/\d+/"), ("/settings/vat-rates/",), ("/settings/payment-terms/",),
        ("/settings/zones/",), ("/settings/classifications/",), ("/settings/mail/",),
        ("/settings/mail/", r"/settings/mail/.+/"), ("/settings/outgoing/",),
        ("/settings/outgoing/", r"/settings/outgoing/\d+/"), ("/api/docs",),
    ),
}  # fmt: skip


def violations(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """What axe finds against the page as it stands, each with the elements concerned."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    only: dict[str, Any] = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": LEVELS}
    found = page.evaluate("only => axe.run({runOnly: only, resultTypes: ['violations']})", only)
    return [
        f"{page.url} {each['id']}: {each['help']}\n    "
        + "\n    ".join(node["html"][:160] for node in each["nodes"][:4])
        for each in found["violations"]
    ]


def looked_at(visit: Visit) -> list[str]:
    """The violations of a page in light, and what dark does to its contrast."""
    page = visit.page
    page.wait_for_load_state("networkidle")
    page.emulate_media(color_scheme="light")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.wait_for_timeout(250)  # colours change by transitions
    found += [f"dark {each}" for each in violations(page, rules=["color-contrast"])]
    page.emulate_media(color_scheme="light")
    return found


def too_wide(page: Page) -> list[str]:
    """Whether somebody with a small phone, or who enlarges much, has to scroll the page sideways (WCAG 1.4.10)."""
    usual = page.viewport_size
    assert usual
    page.set_viewport_size({"width": NARROW, "height": usual["height"]})
    page.wait_for_timeout(50)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(usual)
    return [f"{page.url} is {width} pixels wide where there are {NARROW}"] if width > NARROW else []


def follow(visit: Visit, address: str) -> None:
    """The first link of the page to such an address."""
    links = visit.page.locator("main a[href]").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    visit.go(next(each for each in links if re.fullmatch(address, each)))


def menu(visit: Visit) -> list[str]:
    """The addresses of the person's own menu, with the profile."""
    links = visit.page.locator("#side a[href^='/']").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    return sorted({each for each in links if each != "/"} | {"/account/profile/"})


@pytest.mark.parametrize("username", DESK)
def test_pages_at_the_desk_are_for_everybody(people: People, username: str) -> None:
    visit = people.person(username)
    found: list[str] = []
    for path, *addresses in (*((each,) for each in menu(visit)), *DESK[username]):
        visit.go(path)
        for address in addresses:
            follow(visit, address)
        found += looked_at(visit) + too_wide(visit.page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("username", ["mihai", "paolo"])
def test_pages_of_who_is_on_the_way_are_for_everybody(people: People, username: str) -> None:
    visit = people.person(username, **PHONE)
    found: list[str] = []
    for path in menu(visit):
        visit.go(path)
        found += looked_at(visit)
    assert not found, "\n".join(found)


def test_pages_of_the_entry_are_for_everybody(people: People) -> None:
    visit = people.stranger()
    found: list[str] = []
    for path in ("/account/login/", "/account/recover/"):
        visit.go(path)
        found += looked_at(visit)
    assert not found, "\n".join(found)


def test_pages_on_a_phone_are_for_everybody(people: People) -> None:
    marta, davide = people.person("marta"), people.person("davide", **PHONE)
    found = looked_at(davide)
    taken = calls.by_api(marta, customer="Hotel", subject="Journey for everybody")
    onsite.plan_next(marta, taken, "Davide Fontana")
    davide.go(f"/my-work/{taken.order}/")
    found += looked_at(davide)
    onsite.press(davide, "Start")
    while (closed := davide.page.locator("details.fold:not([open]) summary")).count():
        closed.first.tap()
    found += looked_at(davide)
    onsite.press(davide, "End")
    assert not found, "\n".join(found)


def test_a_call_in_the_making_is_for_everybody(people: People) -> None:
    giulia = people.person("giulia")
    calls.open_customer(giulia, "hot", "Hotel Bellariva")
    giulia.field("Type of work").select_option(index=2)
    found = looked_at(giulia)
    giulia.page.keyboard.press("Control+k")
    found += looked_at(giulia)
    assert not found, "\n".join(found)


def test_planning_by_form_is_for_everybody(people: People) -> None:
    marta = people.person("marta")
    marta.page.locator("[data-item]").first.focus()
    marta.page.keyboard.press("Enter")
    expect(marta.page.get_by_role("dialog")).to_be_visible()
    found = looked_at(marta)
    assert not found, "\n".join(found)
