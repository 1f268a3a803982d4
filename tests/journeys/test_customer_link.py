"""An operator sends a customer a link; the customer chooses a time on a phone, and moves it."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.journeys import calls
from tests.journeys.browsing import PHONE, People


def test_a_customer_chooses_a_time_on_a_phone_and_moves_it(people: People) -> None:
    giulia = people.person("giulia")
    taken = calls.by_api(giulia, customer="con")
    giulia.go(f"/tickets/{taken.ticket}/")
    giulia.link("Link for the customer").click()
    giulia.button("Make a link without sending it").click()
    address = urlsplit(giulia.page.locator(".feed-address input").input_value())

    page = people.stranger(**PHONE).page
    page.goto(f"{giulia.url}{address.path}?{address.query}")
    offers = page.locator(".portal-offers a")
    expect(offers).to_have_count(10)
    page.locator("input[name=days][value='2']").check()
    page.locator("select[name=slot_part]").select_option("am")
    page.locator(".portal-wish button").click()
    expect(page.locator("input[name=days][value='2']")).to_be_checked()
    chosen = offers.first.locator("span").inner_text()
    offers.first.click()
    page.locator("button.btn-primary").click()
    booked = page.locator(".portal-booked")
    expect(booked).to_contain_text(chosen)

    page.locator("a.btn-block").click()
    later = offers.nth(4).inner_text().split("\n")[-1].strip()
    offers.nth(4).click()
    page.locator("button.btn-primary").click()
    expect(booked).to_contain_text(later)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    giulia.go(f"/tickets/{taken.ticket}/")
    expect(giulia.page.locator("#step-order")).to_contain_text(taken.order_code)
    assert giulia.api("GET", f"/work-orders/{taken.order}")["planned_start"]
