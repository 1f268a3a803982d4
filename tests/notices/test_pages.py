"""Administrators see what was sent, and give mails their own wording with a preview."""

import pytest
from django.test import Client

from callout.notices import commands, registry
from callout.notices.models import MailStatus, MailTemplate, OutgoingMail
from tests import builders


@pytest.fixture(autouse=True)
def known_event():
    registry.register_event(
        "test.said",
        label="Something said",
        subject="About {{ thing.name }}",
        body="Hello.",
        fields={"thing.name": "name of the thing", "link": "where it is"},
    )


@pytest.fixture
def client(db):
    client = Client()
    client.force_login(builders.user("administrator", language="en"))
    return client


URL = "/settings/mail/test.said/it/"


def test_own_wording_is_written_beside_the_built_in_one(client):
    assert "Something said" in client.get("/settings/mail/").text
    page = client.get(URL)
    assert "About {{ thing.name }}" in page.text and "{{ link }}" in page.text
    fields = {"subject": "Di {{ thing.name }}", "body": "Buongiorno.", "active": "on", "version": ""}
    assert client.post(URL, fields).status_code == 302
    assert MailTemplate.objects.get().language == "it"
    assert "own" in client.get("/settings/mail/").text
    stale = client.post(URL, {**fields, "version": "0"})
    assert stale.status_code == 409
    wrong = client.post(URL, {**fields, "body": "{{ secret }}", "version": "1"})
    assert wrong.status_code == 422 and list(wrong.context["form"].errors) == ["body"]


def test_the_preview_shows_descriptions_in_place_of_values(client):
    page = client.post(URL + "preview/", {"subject": "Di {{ thing.name }}", "body": "{{ link }} <b>\n\nx"})
    assert "Di ‹name of the thing›" in page.text and "‹where it is› &lt;b&gt;" in page.text
    refused = client.post(URL + "preview/", {"subject": "x", "body": "{% for x in range(9) %}{% endfor %}"})
    assert "not allowed here" in refused.text


def test_what_does_not_exist_is_not_found(client):
    for path in ("/settings/mail/test.said/xx/", "/settings/mail/nothing/it/", "/settings/outgoing/999999/"):
        assert client.get(path).status_code == 404


def test_a_failed_mail_is_seen_and_sent_again(client):
    written = commands.send_mail(
        event="test.said", to=["anna@example.com"], language="en", facts={"thing": {"name": "Boiler"}},
        about=builders.branch(), customer_id=None, now=builders.MONDAY,
    )  # fmt: skip
    OutgoingMail.objects.update(status=MailStatus.FAILED, error="no such host")
    listed = client.get("/settings/outgoing/?status=failed").text
    assert "About Boiler" in listed and "anna@example.com" in listed
    page = client.get(f"/settings/outgoing/{written.pk}/").text
    assert "no such host" in page and "Send again" in page
    assert client.post(f"/settings/outgoing/{written.pk}/again/").status_code == 302
    assert OutgoingMail.objects.get().status == MailStatus.QUEUED
    assert client.post(f"/settings/outgoing/{written.pk}/again/").status_code == 409


@pytest.mark.parametrize("path", ["/settings/mail/", URL, "/settings/outgoing/", "/settings/outgoing/1/"])
def test_others_do_not_see_it(path, db):
    other = Client()
    other.force_login(builders.user("dispatcher", "verifier"))
    assert other.get(path).status_code == 403
    assert other.post(path).status_code == 403
