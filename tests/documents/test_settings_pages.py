"""Settings of numbers, periods and branches are for administrators, and the pages do what the commands do."""

import pytest
from django.test import Client
from django.urls import reverse

from callout.accounts.models import Branch
from callout.documents.models import NumberBook, Period
from tests import builders


@pytest.fixture
def client(db):
    client = Client()
    client.force_login(builders.user("administrator", language="en"))
    return client


def test_a_number_book_is_opened_and_switched_off(client):
    branch = builders.branch()
    fields = {
        "kind": "ticket", "branch": branch.pk, "series": "NX", "format": "{series}{year}-{number:04}",
        "next_number": "12",
    }  # fmt: skip
    assert client.post("/settings/numbers/new/", fields).status_code == 302
    book = NumberBook.objects.get(series="NX")
    assert (book.next_number, book.is_default) == (12, False)
    assert "NX" in client.get("/settings/numbers/").text
    url = f"/settings/numbers/{book.pk}/"
    assert client.post(url, {"format": "{series}-{number}"}).status_code == 302
    book.refresh_from_db()
    assert (book.format, book.active, book.next_number) == ("{series}-{number}", False, 12)
    page = client.post(url, {"format": "{serie}", "active": "on"})
    assert page.status_code == 422 and list(page.context["form"].errors) == ["format"]


def test_what_is_wrong_with_a_new_book_stands_at_its_field(client):
    book = NumberBook.objects.filter(branch=builders.branch(), kind="ticket").get()
    fields = {"kind": "ticket", "series": book.series, "format": "{series}{number}", "next_number": "1"}
    assert list(client.post("/settings/numbers/new/", fields).context["form"].errors) == ["series"]
    fields |= {"series": "NEW", "branch": book.branch_id, "is_default": "on"}
    assert list(client.post("/settings/numbers/new/", fields).context["form"].errors) == ["is_default"]


def test_a_period_is_created_locked_and_opened(client):
    fields = {"module": "", "starts": "2028-01-01", "ends": "2028-12-31"}
    assert client.post("/settings/periods/new/", fields).status_code == 302
    period = Period.objects.get(starts="2028-01-01")
    url = f"/settings/periods/{period.pk}/"
    assert "Lock" in client.get(url).text
    client.post(url + "lock/", {"locked": "1"})
    period.refresh_from_db()
    assert period.locked and "locked" in client.get("/settings/periods/").text
    client.post(url + "lock/", {"locked": "0"})
    period.refresh_from_db()
    assert not period.locked
    again = client.post("/settings/periods/new/", fields)
    assert again.status_code == 422 and list(again.context["form"].errors) == ["starts"]


def test_a_branch_is_changed_and_a_stale_page_shows_both_versions(client):
    branch = builders.branch()
    url = f"/settings/branches/{branch.pk}/"
    form = client.get(url).context["form"]
    fields = {name: value for name, value in form.initial.items() if value is not None}
    assert client.post(url, {**fields, "name": "Milano Nord"}).status_code == 302
    assert Branch.objects.get(pk=branch.pk).name == "Milano Nord"
    stale = client.post(url, {**fields, "name": "Milano Sud"})
    assert stale.status_code == 409 and "Milano Nord" in stale.text
    wrong = client.post("/settings/branches/new/", {**fields, "code": "X", "vat_number": "IT123"})
    assert wrong.status_code == 422 and list(wrong.context["form"].errors) == ["vat_number"]


NAMES = ("settings", "number_books", "number_book_new", "periods", "period_new", "branches", "branch_new")


@pytest.mark.parametrize("name", NAMES)
def test_the_pages_open_for_administrators_only(client, name):
    page = client.get(reverse(name))
    assert page.status_code == 200 and " style=" not in page.text
    other = Client()
    other.force_login(builders.user("dispatcher", "verifier"))
    assert other.get(reverse(name)).status_code == 403
    assert Client().get(reverse(name)).status_code == 302


def test_lists_of_settings_come_as_pdf_too(client):
    builders.branch(name="Timișoara")
    answer = client.get("/settings/branches/?export=pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")
