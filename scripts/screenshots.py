#!/usr/bin/env python
"""Make the pictures of docs/images: every main page of a fresh demo company, as small PNG files.

scripts/screenshots.py [NAME...] [--into FOLDER] [--url URL --password PASSWORD]
Without names all of them; with --url those of an installation that runs already.
"""

import argparse
import contextlib
import io
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import django  # noqa: E402 - after the path
from PIL import Image  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from tests.journeys.browsing import DESK, PHONE, People, Visit, launch  # noqa: E402
from tests.journeys.installation import Installation, running  # noqa: E402

MOST_BYTES = 150_000


def nothing(visit: Visit) -> None:
    """The page as it comes."""


def first(path: str) -> Callable[[Visit], None]:
    """Follow the first link to such an address; `path` is a regular expression."""

    def follow(visit: Visit) -> None:
        addresses = visit.page.locator("main a[href]").evaluate_all("links => links.map(a => a.getAttribute('href'))")
        found = next((each for each in addresses if re.fullmatch(path, each)), None)
        if found is None:
            raise SystemExit(f"{visit.page.url} has no link like {path}")
        visit.go(found)

    return follow


def call(visit: Visit) -> None:
    """Somebody is on the phone: the customer is open, the call half typed."""
    visit.page.locator("#customer-picker input[role=combobox]").press_sequentially("con", delay=30)
    visit.page.get_by_role("option").first.wait_for()
    visit.page.keyboard.press("Enter")
    visit.page.locator("#customer-panel .customer-card").wait_for()
    kind = visit.page.locator("select[name=activity_type]")
    kind.select_option(index=1)
    visit.page.locator("input[name=subject]").fill("Pressione bassa, la caldaia si ferma")


def week(visit: Visit) -> None:
    """The planner shows a week."""
    visit.page.get_by_role("button", name="Week", exact=True).click()


def dispatched(visit: Visit) -> None:
    """A proposal for tomorrow on the planner."""
    visit.page.get_by_role("button", name="Dispatch", exact=True).click()
    visit.page.get_by_label("Seconds to search").fill("5")
    visit.page.get_by_role("button", name="Make a proposal", exact=True).click()
    visit.page.get_by_role("region", name="Proposal of dispatch").wait_for(timeout=60_000)


def opened(visit: Visit) -> None:
    """The planner with a waiting work order opened by keyboard."""
    visit.page.locator("[data-item]").first.focus()
    visit.page.keyboard.press("Enter")


def stop(visit: Visit) -> None:
    """A day of the technician that has stops."""
    for _ in range(5):
        if visit.page.locator(".stop").count():
            return
        visit.page.locator(".day-nav a").last.click()


def on_site(visit: Visit) -> None:
    """The first stop of such a day."""
    stop(visit)
    visit.page.locator(".stop .touch a").first.click()


def found(visit: Visit) -> None:
    """The search for anything, with a part of a phone number."""
    visit.page.keyboard.press("Control+k")
    visit.page.keyboard.type("02 6705", delay=30)
    visit.page.locator("#finder-list [role=option]").first.wait_for()


def presences(visit: Visit) -> None:
    """What generating the presences of one person would write, with days that clash."""
    page = visit.page
    for begins, ends, zone, days in (("08:00", "12:00", 4, range(5)), ("11:00", "15:00", 5, (1, 4))):
        visit.go("/planning/patterns/new/")
        page.locator("select[name=resource]").select_option(index=1)
        page.locator("select[name=zone]").select_option(index=zone)
        page.locator("input[name=starts]").fill(begins)
        page.locator("input[name=ends]").fill(ends)
        for day in range(7):
            page.locator(f"input[name=weekdays][value='{day}']").set_checked(day in days)
        page.locator("main .form-foot .btn-primary").click()
        page.wait_for_url("**/planning/patterns/?resource=*")
    visit.go("/planning/presences/generate/")
    page.locator("main .form-foot .btn-primary").click()
    page.wait_for_url("**/planning/presences/runs/*/")


def asked(visit: Visit) -> None:
    """Somebody has asked to be away."""
    page = visit.page
    for field, text in (("starts", "2027-08-09"), ("ends", "2027-08-20"), ("reason", "Ferie")):
        page.locator(f"input[name={field}]").fill(text)
    page.locator("main .form-foot .btn-primary").first.click()
    page.locator("article").first.wait_for()


def choosing(visit: Visit) -> None:
    """What a customer sees behind the link of the first work order that waits to be planned."""
    page = visit.page
    order = visit.api("GET", "/work-orders?status=foreseen")["items"][0]["id"]
    link = visit.api("POST", f"/work-orders/{order}/customer-link", {"send": False})["address"]
    visit.context.clear_cookies()
    visit.go(link[link.index("/appointment/") :])
    page.locator(".portal-offers a").first.wait_for()


@dataclass(frozen=True)
class Picture:
    """One picture: who looks at which page, and what happens before."""

    name: str
    username: str
    path: str
    prepare: Callable[[Visit], None] = nothing
    phone: bool = False
    dark: bool = False
    language: str = "en"


PICTURES = (
    Picture("login", "", "/account/login/"),
    Picture("call", "giulia", "/calls/new/", call),
    Picture("tickets", "giulia", "/tickets/"),
    Picture("ticket", "marta", "/tickets/?state=finalised", first(r"/tickets/\d+/")),
    Picture("work-orders", "marta", "/work-orders/"),
    Picture("monitor", "marta", "/monitor/"),
    Picture("search", "giulia", "/tickets/", found),
    Picture("planner-day", "marta", "/board/"),
    Picture("planner-week", "marta", "/board/", week),
    Picture("dispatch", "marta", "/board/", dispatched),
    Picture("planner-form", "marta", "/board/", opened),
    Picture("planner-waiting", "marta", "/board/waiting/"),
    Picture("today", "luca", "/today/", stop, phone=True),
    Picture("on-site", "luca", "/today/", on_site, phone=True),
    Picture("to-do", "luca", "/to-do/"),
    Picture("worked-hours", "luca", "/worked-hours/"),
    Picture("feeds", "luca", "/account/feeds/"),
    Picture("verification", "laura", "/verification/"),
    Picture("verify", "laura", "/verification/", first(r"/verification/\d+/#.+")),
    Picture("to-bill", "laura", "/billing/"),
    Picture("bill", "laura", "/billing/", first(r"/billing/\d+/")),
    Picture("invoices", "laura", "/invoices/"),
    Picture("invoice", "laura", "/invoices/", first(r"/invoices/\d+/")),
    Picture("customers", "silvia", "/customers/"),
    Picture("customer", "silvia", "/customers/", first(r"/customers/\d+/")),
    Picture("customer-form", "silvia", "/customers/new/"),
    Picture("products", "silvia", "/products/"),
    Picture("rate-card", "silvia", "/rate-cards/", first(r"/rate-cards/\d+/")),
    Picture("imports", "silvia", "/imports/"),
    Picture("people", "admin", "/account/people/"),
    Picture("person", "admin", "/account/people/", first(r"/account/people/\d+/")),
    Picture("planning-setup", "admin", "/planning/"),
    Picture("resource", "admin", "/planning/resources/", first(r"/planning/resources/\d+/")),
    Picture("activity-type", "admin", "/planning/types/", first(r"/planning/types/\d+/")),
    Picture("presences", "marta", "/planning/patterns/", presences),
    Picture("my-absences", "luca", "/my-absences/", asked, phone=True),
    Picture("customer-link", "giulia", "/tickets/", choosing, phone=True),
    Picture("settings", "admin", "/settings/"),
    Picture("wording", "admin", "/settings/mail/", first(r"/settings/mail/.+/")),
    Picture("profile", "marta", "/account/profile/"),
    Picture("api", "admin", "/api/docs"),
    Picture("tickets-dark", "giulia", "/tickets/", dark=True),
    Picture("ticket-dark", "marta", "/tickets/?state=finalised", first(r"/tickets/\d+/"), dark=True),
    Picture("planner-dark", "marta", "/board/", dark=True),
    Picture("on-site-dark", "luca", "/today/", on_site, phone=True, dark=True),
    Picture("tickets-phone", "giulia", "/tickets/", phone=True),
    Picture("call-phone", "giulia", "/calls/new/", phone=True),
    Picture("planner-italian", "marta", "/board/", language="it"),
    Picture("on-site-italian", "luca", "/today/", on_site, phone=True, language="it"),
    Picture("ticket-romanian", "vlad", "/tickets/?state=finalised", first(r"/tickets/\d+/"), language="ro"),
)


def take(picture: Picture, people: People, folder: Path) -> None:
    """Make one picture."""
    options = (PHONE if picture.phone else DESK) | {"color_scheme": "dark" if picture.dark else "light"}
    if picture.username:
        visit = people.person(picture.username, language=picture.language, **options)
    else:
        visit = people.stranger(**options)
    visit.go(picture.path)
    picture.prepare(visit)
    _settle(visit.page)
    shot = visit.page.screenshot()
    for problem in people.close():
        print(f"{picture.name}: {problem}", file=sys.stderr)
    size = keep(shot, folder / f"{picture.name}.png")
    print(f"{picture.name}: {size // 1000} kB")


def _settle(page: Page) -> None:
    """Nothing is loading or moving any more."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(300)


def keep(shot: bytes, file: Path) -> int:
    """Write a screenshot in as many colours as its size allows; the size in bytes."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    for colours in (0, 256, 128, 64):
        written = io.BytesIO()
        (reduced(image, colours) if colours else image).save(written, "PNG", optimize=True)
        if written.tell() < MOST_BYTES:
            break
    file.write_bytes(written.getvalue())
    return written.tell()


def reduced(image: Image.Image, colours: int) -> Image.Image:
    """The image in so many colours: half its commonest, half far apart; each other one becomes the nearest of them."""
    counted = sorted(image.getcolors(image.width * image.height) or [], reverse=True)
    apart = image.quantize(colours // 2, Image.Quantize.MAXCOVERAGE).getpalette() or []
    kept = [colour for _, colour in counted[: colours // 2]] + list(zip(*[iter(apart)] * 3, strict=True))
    places = {colour: place for place, colour in enumerate(kept)}
    for _, (red, green, blue) in counted:
        away = [(red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2 for r, g, b in kept]
        places.setdefault((red, green, blue), away.index(min(away)))
    made = Image.new("P", image.size)
    made.putpalette([part for colour in kept for part in colour])
    made.putdata([places[colour] for colour in image.get_flattened_data()])
    return made


@contextlib.contextmanager
def installation(url: str, password: str) -> Iterator[Installation]:
    """The one that runs already, else a fresh one."""
    if url:
        yield Installation(url, Path(), password)
    else:
        with running() as made:
            yield made


def main() -> None:
    """Make the pictures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--url", default="")
    parser.add_argument("--password", default="")
    asked = parser.parse_args()
    if unknown := set(asked.names) - {picture.name for picture in PICTURES}:
        parser.error(f"no such picture: {', '.join(sorted(unknown))}")
    asked.into.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callout.settings")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe())  # this process only looks up words
    django.setup()
    with installation(asked.url, asked.password) as made, sync_playwright() as playwright:
        people = People(launch(playwright), made)
        for picture in PICTURES:
            if not asked.names or picture.name in asked.names:
                take(picture, people, asked.into)
        people.browser.close()


if __name__ == "__main__":
    main()
