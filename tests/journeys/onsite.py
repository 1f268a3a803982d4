"""What a technician does on a phone, at the customer's."""

import io
import re
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Locator, expect

from tests.journeys import calls
from tests.journeys.browsing import People, Visit
from tests.journeys.calls import Taken
from tests.journeys.planner import ROME

MOST_DAYS = 40


def plan_next(visit: Visit, taken: Taken, technician: str) -> date:
    """Put a work order into the technician's next free time, without the page; the day that it is on."""
    order = visit.api("GET", f"/work-orders/{taken.order}")
    slot = _next_free(visit, order["activity_type_id"], technician)
    wanted = {"resource_id": slot["resource_id"], "starts": slot["starts"], "ends": slot["ends"]}
    visit.api("POST", f"/work-orders/{taken.order}/plan", wanted | {"version": order["version"]})
    return datetime.fromisoformat(slot["starts"]).astimezone(ROME).date()


def _next_free(visit: Visit, kind: int, technician: str) -> dict[str, Any]:
    """The technician's next free time for that kind of work."""
    for days in range(MOST_DAYS):
        after = quote((datetime.now(ROME) + timedelta(days=days)).isoformat(timespec="minutes"))
        for slot in visit.api("GET", f"/slots?activity_type_id={kind}&limit=50&after={after}"):
            if slot["name"] == technician:
                return slot
    raise AssertionError(f"{technician} has no free time in {MOST_DAYS} days")


def open_stop(visit: Visit, day: date, taken: Taken) -> None:
    """Turn the pages of the days, from today as it is now, to that day and open the stop."""
    visit.page.reload()
    for _ in range(MOST_DAYS):
        if f"day={day}" in visit.page.url or day == datetime.now(ROME).date():
            break
        with visit.page.expect_navigation():
            visit.page.get_by_role("link", name=visit.t("The day after")).tap()
    visit.page.locator(f".stop .touch a[href='/my-work/{taken.order}/']").tap()
    expect(visit.page).to_have_url(re.compile(rf"/my-work/{taken.order}/"))


def press(visit: Visit, name: str) -> None:
    """Tap one of the large buttons, and wait for the page that comes."""
    with visit.page.expect_navigation():
        visit.button(name).tap()


def part_of_page(visit: Visit, name: str) -> Locator:
    """A part of the page, opened."""
    fold = visit.page.locator("details.fold").filter(has=visit.page.locator("summary", has_text=visit.t(name)))
    if fold.get_attribute("open") is None:
        fold.locator("summary").tap()
    return fold


def send(visit: Visit, fold: Locator, button: str) -> None:
    """Send the form of a part of the page."""
    with visit.page.expect_navigation():
        fold.get_by_role("button", name=visit.t(button), exact=True).tap()


def add_hours(visit: Visit, worked: str) -> None:
    """Write down the hours of today."""
    fold = part_of_page(visit, "Hours")
    fold.locator("input[name=day]").fill(str(datetime.now(ROME).date()))
    fold.locator("input[name=worked]").fill(worked)
    send(visit, fold, "Add hours")


def add_expense(visit: Visit, description: str, price: str) -> None:
    """Write down an expense."""
    fold = part_of_page(visit, "Travel and expenses")
    fold.locator("input[name=description]").fill(description)
    fold.locator("input[name=price]").fill(price)
    send(visit, fold, "Add expense")


def add_part(visit: Visit, typed: str, name: str) -> None:
    """Write down a part, found as one types."""
    fold = part_of_page(visit, "Parts used")
    fold.get_by_role("combobox").press_sequentially(typed, delay=20)
    fold.get_by_role("option").filter(has_text=name).first.tap()
    send(visit, fold, "Add part")


def write_notes(visit: Visit, text: str) -> None:
    """Say what was done."""
    fold = part_of_page(visit, "Notes")
    fold.locator("textarea[name=notes]").fill(text)
    send(visit, fold, "Save")


def photograph() -> dict[str, Any]:
    """A picture as a telephone takes it."""
    picture = io.BytesIO()
    Image.linear_gradient("L").resize((1600, 1200)).convert("RGB").save(picture, "JPEG", quality=80)
    return {"name": "boiler.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


def add_photograph(visit: Visit) -> None:
    """Take a picture."""
    fold = part_of_page(visit, "Pictures")
    fold.locator("input[type=file]").set_input_files(photograph())
    send(visit, fold, "Add picture")


def sign(visit: Visit, name: str) -> None:
    """Hand the phone over: the customer signs with a finger."""
    fold = part_of_page(visit, "Customer's signature")
    fold.locator("input[name=signer_name]").fill(name)
    pad = fold.locator("canvas")
    expect(pad).to_have_attribute("data-ready", "")  # its script has begun to listen
    pad.evaluate("pad => pad.scrollIntoView({block: 'center'})")
    pad.tap(trial=True)  # it has come to rest, and nothing lies over it
    box = pad.bounding_box()
    assert box
    finger = visit.context.new_cdp_session(visit.page)
    stroke = [(0.15, 0.7), (0.3, 0.2), (0.45, 0.8), (0.6, 0.3), (0.85, 0.6)]
    for number, (x, y) in enumerate(stroke):
        point = {"x": box["x"] + box["width"] * x, "y": box["y"] + box["height"] * y}
        kind = "touchMove" if number else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(fold.locator("input[name=signature]")).to_have_value(re.compile("^data:image/png;base64,"))
    send(visit, fold, "Sign")


def carry_out(visit: Visit, *, hours: str, notes: str, signer: str) -> None:
    """The whole visit, from the start to the report."""
    press(visit, "Start")
    press(visit, "End")
    add_hours(visit, hours)
    add_part(visit, "IGN", "IGN-10")
    write_notes(visit, notes)
    sign(visit, signer)
    press(visit, "Hand the report in")


def reported(people: People, subject: str, customer: str = "Hotel") -> Taken:
    """A visit that was carried out and reported, without the pages; one expense would be a formula in a table."""
    marta, luca = people.person("marta"), people.person("luca")
    taken = calls.by_api(marta, customer=customer, subject=subject)
    plan_next(marta, taken, "Luca Brambilla")
    order = f"/work-orders/{taken.order}"
    day = luca.api("POST", f"{order}/start", {})["started_at"][:10]
    luca.api("POST", f"{order}/end", {})
    luca.api("POST", f"{order}/hours", {"day": day, "worked": "2"})
    luca.api("POST", f"{order}/expenses", {"description": '=HYPERLINK("http://evil.example")', "price": "12.00"})
    luca.api("POST", f"{order}/report", {"notes": "Done."})
    return taken
