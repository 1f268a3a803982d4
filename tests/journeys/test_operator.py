"""The operator, typing while somebody speaks."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import calls
from tests.journeys.browsing import People, Visit

CUSTOMER = "Lavanderia Splendor"


@pytest.fixture
def giulia(people: People) -> Visit:
    """The operator, at the page for calls."""
    visit = people.person("giulia")
    visit.heading("New call")
    return visit


def test_a_call_becomes_a_ticket_with_a_work_order(giulia: Visit) -> None:
    calls.open_customer(giulia, "lav", CUSTOMER)
    panel = giulia.page.locator("#customer-panel")
    expect(panel).to_contain_text("02 668 8104")
    expect(panel.locator(".open-list li").first).to_be_visible()
    calls.describe(giulia, kind="Boiler repair", subject="Water on the floor", said="Since this morning.")
    taken = calls.save(giulia)
    expect(giulia.page.get_by_role("heading", level=1)).to_contain_text(f"{taken.code} Water on the floor")
    expect(giulia.page.locator(".head-facts")).to_contain_text(CUSTOMER)
    expect(giulia.page.locator("#step-order")).to_contain_text(taken.order_code)
    expect(giulia.page.locator("main")).to_contain_text("Since this morning.")


def test_the_same_call_again_is_hinted_at(giulia: Visit) -> None:
    first = calls.by_api(giulia, customer="Farmacia", kind="Leak search", subject="Drops in the cellar")
    calls.open_customer(giulia, "farm", "Farmacia San Siro")
    giulia.field("Type of work").select_option(label="Leak search")
    expect(giulia.page.locator("#similar").get_by_role("link", name=first.code)).to_be_visible()


@pytest.mark.parametrize("number", ["02 6688104", "0039-02/668.81.04", "+39 (02) 668 8104"])
def test_a_customer_is_found_by_phone_in_any_notation(giulia: Visit, number: str) -> None:
    calls.open_customer(giulia, number, CUSTOMER)


def test_a_call_is_settled_on_the_phone(giulia: Visit) -> None:
    calls.open_customer(giulia, "026688104", CUSTOMER)
    calls.describe(giulia, kind="Boiler repair", subject="Shows error E01")
    taken = calls.save(giulia)
    giulia.link("Resolved by phone").click()
    giulia.field("What solved it").fill("Restarted it together.")
    giulia.button("Resolved by phone").click()
    expect(giulia.page.get_by_role("heading", level=1)).to_contain_text(giulia.t("resolved by phone"))
    assert giulia.api("GET", f"/tickets/{taken.ticket}")["solution"] == "Restarted it together."
    expect(giulia.page.locator(".story")).to_contain_text("Giulia Ferri")


def test_what_is_typed_survives_a_reload(giulia: Visit) -> None:
    calls.open_customer(giulia, "lav", CUSTOMER)
    calls.describe(giulia, kind="Boiler repair", subject="Half a sentence", said="The customer was saying that")
    giulia.page.wait_for_timeout(400)  # it is kept a moment after the last key
    giulia.page.reload()
    expect(giulia.field("Subject")).to_have_value("Half a sentence")
    expect(giulia.field("What the customer says")).to_have_value("The customer was saying that")
    expect(giulia.field("Type of work").locator("option:checked")).to_contain_text("Boiler repair")
    giulia.page.locator("[data-discard]").click()
    expect(giulia.field("Subject")).to_have_value("")


def test_a_customer_whom_nobody_knows_is_added_during_the_call(giulia: Visit) -> None:
    giulia.page.locator("#add-customer summary").click()
    form = giulia.page.locator("#add-customer")
    form.get_by_label(giulia.t("Name"), exact=True).fill("Trattoria del Porto")
    form.get_by_label(giulia.t("Phone"), exact=True).fill("02 5550 1234")
    form.get_by_label(giulia.t("Address"), exact=True).fill("Ripa di Porta Ticinese 5")
    form.get_by_label(giulia.t("City"), exact=True).fill("Milano")
    form.get_by_role("button").last.click()
    expect(giulia.page.locator("#customer-panel h2")).to_contain_text("Trattoria del Porto")
    calls.describe(giulia, kind="Boiler repair", subject="Kitchen without hot water")
    calls.save(giulia)
    expect(giulia.page.locator(".head-facts")).to_contain_text("Trattoria del Porto")


def test_a_call_without_customer_is_refused_beside_the_field(giulia: Visit) -> None:
    with giulia.being_refused():
        giulia.field("Subject").fill("No customer chosen")
        giulia.page.locator("form[data-keep=intake]").evaluate("form => form.noValidate = true")
        giulia.button("Save the call").click()
        expect(giulia.page.locator("#customer-picker .field-error")).to_be_visible()
    expect(giulia.field("Subject")).to_have_value("No customer chosen")


def test_anything_is_found_by_keyboard(giulia: Visit) -> None:
    taken = calls.by_api(giulia, customer="Hotel", subject="Cold rooms")
    giulia.page.keyboard.press("Control+k")
    giulia.page.keyboard.type(taken.code, delay=20)
    expect(giulia.page.locator("#finder-list [role=option]").first).to_contain_text(taken.code)
    giulia.page.keyboard.press("Enter")
    expect(giulia.page).to_have_url(re.compile(rf"/tickets/{taken.ticket}/"))
