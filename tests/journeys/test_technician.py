"""The technician, with the phone in one hand."""

import pytest
from playwright.sync_api import expect

from tests.journeys import calls, onsite
from tests.journeys.browsing import PHONE, People, Visit

TECHNICIAN = "Luca Brambilla"
CUSTOMER = "Hotel Bellariva"


@pytest.fixture
def marta(people: People) -> Visit:
    """The dispatcher, from whom the work comes."""
    return people.person("marta")


@pytest.fixture
def luca(people: People) -> Visit:
    """The technician, at the day's stops on a phone."""
    visit = people.person("luca", **PHONE)
    visit.heading("My work")
    return visit


def test_a_visit_from_the_day_s_stops_to_the_report(people: People, marta: Visit, luca: Visit) -> None:
    subject = "Journey on site"
    taken = calls.by_api(marta, customer="Hotel", subject=subject)
    day = onsite.plan_next(marta, taken, TECHNICIAN)
    onsite.open_stop(luca, day, taken)
    expect(luca.page.locator(".stop")).to_contain_text("Via Vitruvio 18")

    onsite.press(luca, "Start")
    expect(luca.page.locator(".clock")).to_contain_text(luca.t("going on"))
    onsite.press(luca, "Pause")
    expect(luca.page.locator(".clock")).to_contain_text(luca.t("paused"))
    onsite.press(luca, "Resume")
    onsite.press(luca, "End")
    expect(luca.page.locator("h1")).to_contain_text(luca.t("done"))

    with luca.being_refused():
        onsite.press(luca, "Hand the report in")  # nobody works in no time
        expect(luca.page.get_by_role("alert")).to_be_visible()
    onsite.add_hours(luca, "1.5")
    onsite.add_expense(luca, "Parking", "4.50")
    onsite.add_part(luca, "elec", "Ignition electrode")
    onsite.write_notes(luca, "Electrode replaced, tested for twenty minutes.")
    onsite.add_photograph(luca)
    expect(luca.page.locator("details.fold .photos img")).to_have_count(1)
    onsite.sign(luca, "Enrico Longhi")
    onsite.press(luca, "Hand the report in")
    expect(luca.page.locator("#toasts")).to_contain_text(luca.t("Reported. The customer gets the service report."))

    assert marta.api("GET", f"/work-orders/{taken.order}")["status"] == "reported"
    [report] = people.installation.mail(taken.code, taken.order_code).iter_attachments()
    assert report.get_content_type() == "application/pdf"
    assert report.get_content().startswith(b"%PDF-")


def test_a_visit_does_not_end_before_it_began(marta: Visit, luca: Visit) -> None:
    subject = "Journey against the clock"
    taken = calls.by_api(marta, customer="Hotel", subject=subject)
    luca.api("GET", "/work-orders")
    onsite.plan_next(marta, taken, TECHNICIAN)
    luca.go(f"/my-work/{taken.order}/")
    onsite.press(luca, "Start")
    fold = onsite.part_of_page(luca, "It ended earlier")
    fold.locator("input[name=at]").fill("2026-01-01T08:00")
    with luca.being_refused():
        onsite.send(luca, fold, "End at this time")
        expect(luca.page.get_by_role("alert")).to_be_visible()
    assert marta.api("GET", f"/work-orders/{taken.order}")["status"] == "under_way"
    onsite.press(luca, "End")


def test_what_belongs_to_a_colleague_is_not_there(marta: Visit, luca: Visit) -> None:
    subject = "Journey of a colleague"
    taken = calls.by_api(marta, customer="Hotel", subject=subject)
    onsite.plan_next(marta, taken, "Davide Fontana")
    with luca.being_refused():
        for address in (f"/my-work/{taken.order}/", f"/tickets/{taken.ticket}/", "/customers/"):
            answer = luca.context.request.get(luca.url + address)
            assert answer.status in (403, 404), address
