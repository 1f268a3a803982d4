"""What only a browser shows: keys, the address bar, columns by hand, nothing typed that is lost."""

import copy
import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import connections
from django.urls import clear_url_caches, reverse, set_urlconf
from playwright.sync_api import Page, expect, sync_playwright

from callout.customers.models import Customer
from tests import builders

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("ui-browser")]
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    """One browser for this file. Its event loop is no reason to keep tests from the database."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()
    connections.close_all()  # what was open before has a session that ended with its database, unseen in the loop
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if before is not None:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def page(chromium, live_server, settings, client):
    """A person's page, signed in. Fails on errors of scripts and on what the policy blocked."""
    settings.ROOT_URLCONF = "tests.ui.pages"
    templates = copy.deepcopy(project.TEMPLATES)
    templates[0]["DIRS"] = [Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates
    clear_url_caches()
    set_urlconf(None)
    person = builders.user("administrator", name="Ada Galli", language="en")
    client.force_login(person)
    names = ["Bianchi Hotel", "Rossi Clima", "Ferrari Impianti", "Conti Panificio"]
    for number in range(60):
        customer = builders.customer(f"{names[number % 4]} {number:02}")
        Customer.objects.filter(pk=customer.pk).update(created_at=builders.MONDAY + timedelta(minutes=number))
    context = chromium.new_context(viewport={"width": 1400, "height": 800}, base_url=live_server.url)
    context.set_default_timeout(15_000)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    made, problems = context.new_page(), []
    made.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
    made.on("pageerror", lambda error: problems.append(str(error)))
    made.problems = problems
    yield made
    context.close()
    clear_url_caches()
    assert [text for text in problems if "status of 4" not in text] == []


def opened(page: Page, path: str = "/try/list/") -> Page:
    page.goto(path)
    expect(page.locator("h1").first).to_be_visible()
    return page


def test_searching_keeps_the_focus_and_the_address_tells_the_view(page):
    opened(page).keyboard.press("/")
    page.keyboard.type("rossi")
    expect(page).to_have_url(re.compile(r"\?q=rossi$"))
    expect(page.locator("#list-q")).to_be_focused()
    expect(page.locator(".list-count")).to_have_text("15 rows")
    page.get_by_role("link", name="Created").click()
    expect(page).to_have_url(re.compile(r"\?q=rossi&sort=created$"))
    page.get_by_role("link", name="Created").click()
    expect(page.locator("th[data-column=created]")).to_have_attribute("aria-sort", "descending")
    page.go_back()
    expect(page).to_have_url(re.compile(r"sort=created$"))
    expect(page.locator("#list-q")).to_have_value("rossi")


def test_a_filter_is_chosen_shown_and_removed(page):
    opened(page).get_by_text("Filter", exact=True).click()
    page.get_by_label("high").check()
    page.locator("#panel-filters").get_by_role("button", name="Show").click()
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.get_by_role("link", name="Remove the filter Priority").click()
    expect(page.locator(".list-count")).to_have_text("60 rows")
    expect(page).to_have_url(re.compile(r"/try/list/$"))


def test_more_rows_come_below_and_take_the_focus(page):
    opened(page, "/try/list/?size=25&sort=created&cols=name,created")
    page.get_by_role("link", name="Load more").click()
    expect(page.locator("tbody tr td:first-child a")).to_have_count(51)  # fifty rows and the link to the rest
    expect(page.locator("tbody tr").nth(25).locator("a").first).to_be_focused()
    expect(page).to_have_url(re.compile(r"cols=name,created$"))


def test_columns_are_moved_sized_and_kept(page):
    opened(page).get_by_text("Columns", exact=True).click()
    page.get_by_role("button", name="Move Zone up").click()
    page.get_by_role("button", name="Move Zone up").click()
    page.get_by_role("checkbox", name="Phone").check()
    page.locator("#panel-columns").get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"\?cols=zone,code,name,priority,created,phone$"))
    page.locator("th[data-column=name] .grip").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(page).to_have_url(re.compile(r"\?cols=zone,code,name:\d+,"))
    opened(page, "/try/list/?cols=name:60,code:300,created")
    widths = [page.locator(f"th[data-column={name}]").bounding_box()["width"] for name in ("name", "code")]
    assert widths == pytest.approx([60, 300], abs=1)
    opened(page, "/try/list/?cols=zone,code,name:200,created")
    page.get_by_text("Views", exact=True).click()
    page.get_by_label("Keep what is shown as").fill("By zone")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The view is kept.")).to_be_visible()
    opened(page).get_by_text("Views", exact=True).click()
    page.get_by_role("link", name="By zone").click()
    expect(page).to_have_url(re.compile(r"\?cols=zone,code,name:\d+,"))


def test_keys_do_what_the_list_of_keys_says(page):
    opened(page).keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(r"/try/new/$"))
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/try/list/$"))
    page.keyboard.press("Control+k")
    page.keyboard.type("planning s")
    expect(page.get_by_role("option", name="Planning setup")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(reverse("planning_setup")) + "$"))


def test_keys_that_are_switched_off_do_nothing(page):
    opened(page).keyboard.press("?")
    page.get_by_role("button", name="Switch them off").click()
    expect(page).to_have_url(re.compile(r"/try/list/$"))
    expect(page.locator("body[data-no-keys]")).to_have_count(1)
    page.keyboard.press("n")
    page.keyboard.press("Control+k")
    expect(page.locator("#finder")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/try/list/$"))


def test_what_is_typed_survives_a_reload_a_lost_session_and_ends_with_success(page, client):
    path = f"/try/{Customer.objects.earliest('pk').pk}/"
    opened(page, path).get_by_label("Notes").fill("Called at nine")
    page.wait_for_timeout(400)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_text("What you had typed is back.")).to_be_visible()
    expect(page.get_by_label("Notes")).to_have_value("Called at nine")
    kept = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"login"))
    page.context.add_cookies(kept)
    opened(page, path)
    expect(page.get_by_label("Notes")).to_have_value("Called at nine")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    opened(page, path)
    expect(page.get_by_text("What you had typed is back.")).to_have_count(0)
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('callout.draft')).length") == 0


def test_a_conflict_shows_both_versions_and_the_second_save_counts(page):
    customer = Customer.objects.earliest("pk")
    opened(page, f"/try/{customer.pk}/").get_by_label("Notes").fill("Mine")
    Customer.objects.filter(pk=customer.pk).update(notes="Theirs", version=2)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".stored")).to_have_text("Stored now: Theirs")
    expect(page.get_by_label("Notes")).to_have_value("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    customer.refresh_from_db()
    assert (customer.notes, customer.version) == ("Mine", 3)


def test_a_picker_works_by_keyboard_alone(page):
    opened(page, f"/try/{Customer.objects.earliest('pk').pk}/").get_by_label("Parent").focus()
    page.keyboard.type("rossi")
    expect(page.get_by_role("option")).to_have_count(5)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chosen = Customer.objects.filter(folded__contains="rossi")[1]
    expect(page.get_by_label("Parent")).to_have_value(chosen.name)
    expect(page.locator("[name=parent]")).to_have_value(str(chosen.pk))
    page.get_by_label("Parent").fill("nobody at all")
    expect(page.get_by_text("Nothing found.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Parent")).to_have_value(chosen.name)


def test_light_and_dark_are_the_reader_s_choice_before_the_first_paint(page):
    opened(page).locator(".side-foot summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Narrow menu").click()
    page.locator("h1").first.click()
    expect(page.locator("html[data-rail]")).to_have_count(1)
