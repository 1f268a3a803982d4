"""The profile: own data, API tokens that are shown once; nothing of anybody else."""

import pytest
from django.test import Client

from callout.access import commands, queries
from callout.access.models import Token
from callout.accounts.errors import NameMissing
from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.audit.models import Entry
from callout.core.errors import Forbidden
from callout.ui import clock
from tests import builders

DATA = {
    "display_name": "Anna Neri", "email": "anna@example.com", "phone": "+39 02 1234567", "language": "ro",
    "time_zone": "Europe/Bucharest", "version": "1",
}  # fmt: skip


@pytest.fixture
def person(db):
    return builders.user("operator", language="en")


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


def test_own_data_are_saved_and_used_from_the_next_page_on(client, person):
    assert client.post("/account/profile/", DATA).status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.preferences, person.version) == ("+39021234567", {"single_keys": False}, 2)
    assert '<html lang="ro"' in client.get("/account/profile/").text


def test_roles_in_the_form_change_nothing(client, person):
    client.post("/account/profile/", {**DATA, "roles": "administrator", "is_active": "", "user": "1"})
    person.refresh_from_db()
    assert person.roles == ["operator"] and person.is_active


def test_a_stale_page_shows_both_versions(client, person):
    client.post("/account/profile/", DATA)
    page = client.post("/account/profile/", {**DATA, "display_name": "Somebody"})
    assert page.status_code == 409 and "Anna Neri" in page.text


def test_a_token_is_shown_once_and_kept_as_a_hash(client, person):
    page = client.post("/account/tokens/", {"name": "Accounting export"})
    secret = page.context["secret"]
    assert secret in page.text and page.headers["Cache-Control"].count("no-store")
    assert secret not in client.get("/account/profile/").text
    token = Token.objects.get()
    assert secret not in token.token_hash and token.hint == secret[-4:]
    assert queries.live_token(secret).user == person
    assert Entry.objects.filter(action="token.created", actor_id=person.pk).count() == 1


def test_a_revoked_token_is_dead_and_only_ones_own_can_be_revoked(client, person):
    secret = commands.create_token(user=person, name="x", actor=actor_for(person), now=clock.now())
    token = Token.objects.get()
    stranger = Client()
    stranger.force_login(builders.user("administrator"))
    stranger.post(f"/account/tokens/{token.pk}/revoke/")
    assert queries.live_token(secret)
    client.post(f"/account/tokens/{token.pk}/revoke/")
    assert queries.live_token(secret) is None


def test_tokens_are_made_for_oneself_only_and_have_a_name(client, person):
    with pytest.raises(Forbidden):
        commands.create_token(user=person, name="x", actor=builders.actor("administrator"), now=clock.now())
    with pytest.raises(NameMissing):
        commands.create_token(user=person, name=" \u200b", actor=actor_for(person), now=clock.now())
    assert client.post("/account/tokens/", {"name": ""}).status_code == 422
    assert not Token.objects.exists()


def test_a_token_of_somebody_disabled_is_dead(person):
    secret = commands.create_token(user=person, name="x", actor=actor_for(person), now=clock.now())
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert queries.live_token(secret) is None
