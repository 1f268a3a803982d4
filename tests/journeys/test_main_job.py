"""From the first call to the bill, hand to hand, in two languages."""

import re

import pytest
from playwright.sync_api import expect

from tests.documents.test_pdf import pages
from tests.journeys import calls, onsite, verifying
from tests.journeys.browsing import PHONE, People
from tests.journeys.planner import Planner, clock, quiet_day

CUSTOMER = "Uffici Torre Nord"
TECHNICIAN = "Stefano Villa"
KINDS = {"en": "Boiler repair", "it": "Riparazione caldaia"}
# Words that a reader of the other language meets on the way; the catalogue has to have them.
WORDS = ("New call", "My work", "Verification", "Hand the report in", "Approve for billing", "Confirm and number")


@pytest.mark.parametrize("language", ["en", "it"])
def test_a_call_goes_through_all_hands_until_it_is_billed(people: People, language: str) -> None:
    subject = f"Journey from call to bill, {language}"
    operator = people.person("giulia", language=language)
    operator.heading("New call")
    assert language == "en" or [word for word in WORDS if operator.t(word) == word] == []
    calls.open_customer(operator, "tor", CUSTOMER)
    calls.describe(operator, kind=KINDS[language], subject=subject, said="Cold since yesterday.")
    taken = calls.save(operator)

    dispatcher = people.person("marta", language=language)
    day, resource = quiet_day(dispatcher, TECHNICIAN)
    planner = Planner.open(dispatcher, day)
    planner.search(taken.order_code)
    planner.plan(taken.order, resource, "10:00")
    card = planner.card(taken.order_code)
    assert card is not None
    assert (clock(card["starts"]), clock(card["ends"])) == ("10:00", "11:30")

    technician = people.person("stefano", language=language, **PHONE)
    technician.heading("My work")
    technician.go(f"/today/?day={day}")
    technician.page.locator(f".stop .touch a[href='/my-work/{taken.order}/']").tap()
    expect(technician.page.locator(".stop")).to_contain_text(subject)
    onsite.carry_out(technician, hours="1.5" if language == "en" else "1,5", notes="Valve cleaned.", signer="Ivo Neri")
    technician.heading("My work")
    report = people.installation.mail(taken.code, taken.order_code)
    assert [part.get_content_type() for part in report.iter_attachments()] == ["application/pdf"]

    other = onsite.reported(people, f"{subject}, again", customer="Uffici")
    verifier = people.person("laura", language=language)
    verifier.heading("Verification")
    verifying.approve(verifier, taken)
    verifying.approve(verifier, other)
    verifier.go("/billing/")
    invoice = verifying.bill(verifier, CUSTOMER, taken, other)
    code = verifying.confirm(verifier)
    assert re.fullmatch(r"INVMI-\d\d-\d+", code)
    assert pages(verifier.context.request.get(f"{verifier.url}/invoices/{invoice}/pdf/").body()) >= 1
    assert verifier.api("GET", f"/work-orders/{taken.order}")["status"] == "billed"

    office = people.person("silvia", language=language)
    office.menu("Customers")
    office.page.keyboard.press("/")
    expect(office.page.locator("[data-search]")).to_be_focused()
    office.page.keyboard.type("torre nord", delay=20)
    row = office.page.locator("#list-region tbody tr")
    expect(row).to_have_count(1)
    row.get_by_text(CUSTOMER).click()
    expect(office.page.get_by_role("heading", level=1)).to_contain_text(CUSTOMER)
    timeline = office.page.locator("main")
    for told in (taken.code, taken.order_code, other.code, code):
        expect(timeline.get_by_text(re.compile(re.escape(told))).first).to_be_visible()
