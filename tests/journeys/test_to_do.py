"""The to-do list by keyboard, and an activity type that is laid out, tried, and used while somebody calls."""

from urllib.request import urlopen

import icalendar
from playwright.sync_api import expect

from tests.journeys.browsing import People


def test_a_technician_works_through_the_list_by_keyboard(people: People) -> None:
    luca = people.person("luca")
    page = luca.page
    luca.go("/to-do/?kind=task")
    items = page.locator(".to-do-item")
    before = items.count()
    assert before >= 2
    titles = page.locator(".to-do-title").all_inner_texts()
    page.locator(".to-do-title").first.focus()
    page.keyboard.press("j")
    expect(page.locator(".to-do-title").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".to-do-title").first).to_be_focused()
    page.keyboard.press("d")
    expect(page.locator("#toasts")).to_contain_text(titles[0])
    expect(items).to_have_count(before - 1)
    page.locator(".to-do-title").first.focus()
    page.keyboard.press("p")
    day = page.locator("input[name=due_on]")
    day.fill("2030-01-15")
    page.keyboard.press("Enter")
    expect(items).to_have_count(before - 2)


def test_an_administrator_lays_out_a_type_and_sees_what_it_would_make(people: People) -> None:
    admin = people.person("admin")
    page = admin.page
    admin.go("/planning/types/")
    page.locator("main a[href^='/planning/types/']", has_text="Yearly maintenance").click()
    shown = page.locator("[data-preview] > div:not([hidden])")
    first = shown.first.get_attribute("data-field")
    page.locator("[data-layout] [data-field=contact] [data-move='-1']").click()
    assert first == "description"
    expect(shown.first).to_have_attribute("data-field", "contact")
    page.locator("[data-layout] input[value=emails]").uncheck()
    expect(page.locator("[data-preview] [data-field=emails]")).to_be_hidden()
    page.locator("input[name=dry_due]").fill("2024-03-29")
    page.locator(".trial button").click()
    rows = page.locator(".trial-table tbody tr")
    expect(rows.first).to_contain_text("closed")
    expect(rows.last).to_contain_text("open")
    page.locator("#type .form-foot .btn-primary").click()
    expect(page.locator("#toasts")).to_contain_text("Saved.")

    admin.go("/calls/new/")
    page.locator("select[name=activity_type]").select_option(label="Yearly maintenance")
    expect(page.locator("[data-field=emails]")).to_be_hidden()
    expect(page.locator("#laid-out > [data-field]").first).to_have_attribute("data-field", "description")
    page.locator("select[name=activity_type]").select_option(label="Boiler repair")
    expect(page.locator("[data-field=emails]")).to_be_visible()
    expect(page.locator("#laid-out > *")).to_have_count(0)


def test_a_calendar_program_reads_the_address_that_somebody_made(people: People) -> None:
    luca = people.person("luca")
    page = luca.page
    luca.go("/account/feeds/")
    page.locator("main form .btn", has_text="Make an address").click()
    address = page.locator("[data-select]").input_value()
    path = address.partition("/calendar/")[2]
    with urlopen(f"{luca.url}/calendar/{path}") as answer:
        calendar = icalendar.Calendar.from_ical(answer.read())
    assert calendar.walk("VEVENT")
    luca.go("/account/feeds/")
    assert address not in page.content()
