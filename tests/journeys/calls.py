"""What an operator does while a customer is on the phone."""

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.journeys.browsing import Visit


@dataclass(frozen=True)
class Taken:
    """A call that was taken: its ticket and its work order."""

    ticket: int
    code: str
    order: int
    order_code: str


def open_customer(visit: Visit, typed: str, name: str) -> None:
    """Find the customer as one types, and open it with Enter."""
    visit.pick("Customer", typed, name)
    expect(visit.page.locator("#customer-panel h2")).to_contain_text(name)


def describe(visit: Visit, *, kind: str, subject: str, said: str = "") -> None:
    """Fill in what it is about."""
    visit.field("Type of work").select_option(label=kind)
    visit.field("Subject").fill(subject)
    if said:
        visit.field("What the customer says").fill(said)


def save(visit: Visit) -> Taken:
    """Save the call by keyboard; its page opens with ticket and work order."""
    visit.page.keyboard.press("Control+Enter")
    expect(visit.page).to_have_url(re.compile(r"/tickets/\d+/"))
    return taken(visit)


def taken(visit: Visit) -> Taken:
    """The ticket of the page, as the API knows it."""
    ticket = int(re.search(r"/tickets/(\d+)/", visit.page.url)[1])
    found = visit.api("GET", f"/tickets/{ticket}")
    order = found["work_orders"][0]
    return Taken(ticket, found["code"], order["id"], order["code"])


def by_api(visit: Visit, *, customer: str, kind: str = "Boiler repair", subject: str = "No hot water") -> Taken:
    """A call taken without the page, where a journey is about what comes after it."""
    [found] = visit.api("GET", f"/customers?search={customer}")["items"][:1]
    full = visit.api("GET", f"/customers/{found['id']}")
    kinds = visit.api("GET", "/activity-types")
    made = visit.api(
        "POST",
        "/tickets",
        {
            "site_id": full["sites"][0]["id"],
            "activity_type_id": next(each["id"] for each in kinds if each["name"] == kind),
            "subject": subject,
        },
    )
    order = made["work_orders"][0]
    return Taken(made["id"], made["code"], order["id"], order["code"])
