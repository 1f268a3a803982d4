"""Signing in: limits per account and address, a new session, no way out to other sites, disabling at once."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from callout.access import commands
from callout.access.models import Token
from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.ui import clock
from tests import builders


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


@pytest.fixture
def person(db):
    return builders.user("operator", username="anna", language="en")


def sign_in(client=None, username="anna", password=builders.PASSWORD, **extra):
    client = client or Client()
    return client, client.post("/account/login/", {"login": username, "password": password, **extra})


def test_the_right_password_in_whatever_case_of_the_name(person):
    client, answer = sign_in(username="Anna")
    assert answer.status_code == 302
    assert client.get("/account/profile/").status_code == 200


def test_the_session_is_a_new_one_after_signing_in(person):
    client = Client()
    client.get("/account/login/")
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client)
    assert client.cookies["sessionid"].value != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/account/profile/", "/account/profile/"),
        ("//evil.example/x", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_signing_in_one_stays_here(person, wanted, place):
    _client, answer = sign_in(next=wanted)
    assert answer.headers["Location"] == place


def test_a_page_asked_for_without_signing_in_comes_after_it(person):
    client = Client()
    answer = client.get("/account/profile/?a=1")
    assert answer.headers["Location"] == "/account/login/?next=/account/profile/%3Fa%3D1"
    assert client.get("/account/profile/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/account/login/"
    assert not client.get("//evil.example/").headers.get("Location", "").startswith("//")


def test_attempts_are_limited_per_account_though_addresses_change(person):
    for turn in range(5):
        answer = Client(REMOTE_ADDR=f"10.0.0.{turn}").post("/account/login/", {"login": "anna", "password": "wrong"})
        assert answer.status_code == 200
    last = Client(REMOTE_ADDR="10.0.0.99").post("/account/login/", {"login": "anna", "password": builders.PASSWORD})
    assert last.status_code == 200 and "sessionid" not in last.cookies


def test_attempts_are_limited_per_address_though_accounts_change(person):
    for turn in range(10):
        Client().post("/account/login/", {"login": f"nobody{turn}", "password": "wrong"})
    _client, answer = sign_in()
    assert answer.status_code in (200, 429) and "sessionid" not in answer.cookies


def test_disabling_ends_sessions_and_tokens_at_once(person):
    client, _answer = sign_in()
    secret = commands.create_token(user=person, name="device", actor=actor_for(person), now=clock.now())
    admin = builders.actor("administrator")

    def by_token():
        return Client().get("/api/customers", headers={"Authorization": f"Bearer {secret}"})

    assert by_token().status_code == 200
    commands.disable(person_id=person.pk, actor=admin, now=clock.now())
    assert client.get("/account/profile/").status_code == 302
    assert Token.objects.get().revoked_at is not None
    assert by_token().status_code == 401
    _client, answer = sign_in()
    assert answer.headers.get("Location") == "/account/inactive/"


def test_a_session_ends_when_idle_and_after_its_time(person, settings):
    client, _answer = sign_in()
    client.get("/account/profile/")
    session = client.session
    session["seen"] -= settings.SESSION_IDLE_SECONDS + 1
    session.save()
    assert client.get("/account/profile/").status_code == 302
    client, _answer = sign_in()
    client.get("/account/profile/")
    session = client.session
    session["started"] -= settings.SESSION_COOKIE_AGE + 1
    session.save()
    assert client.get("/account/profile/").status_code == 302


def test_signing_out_asks_and_then_ends_the_session(person):
    client, _answer = sign_in()
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/account/profile/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/account/profile/").status_code == 302


def test_the_language_of_the_login_page_is_chosen_without_signing_in():
    client = Client()
    assert 'lang="en"' in client.get("/account/login/").text
    answer = client.post("/language/", {"language": "ro", "next": "/account/login/"})
    assert answer.headers["Location"] == "/account/login/"
    assert '<html lang="ro"' in client.get("/account/login/").text
    assert client.post("/language/", {"language": "xx", "next": "//evil.example"}).headers["Location"] == "/"


def test_a_form_from_elsewhere_is_refused(person):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/account/login/", {"login": "anna", "password": builders.PASSWORD})
    assert answer.status_code == 403 and "sessionid" not in answer.cookies


def test_another_password_ends_the_other_sessions_and_keeps_this_one(person):
    client, _answer = sign_in()
    other, _answer = sign_in()
    new = "another-quiet-otter-3"
    fields = {"oldpassword": builders.PASSWORD, "password1": new, "password2": new}
    answer = client.post("/account/password/change/", fields)
    assert answer.headers["Location"] == "/account/profile/"
    assert client.get("/account/profile/").status_code == 200
    assert other.get("/account/profile/").status_code == 302
    assert User.objects.get(pk=person.pk).check_password(new)


def confirmed(client):
    """The same client after the password was asked for again, as changes of second factors do."""
    assert client.post("/account/reauthenticate/", {"password": builders.PASSWORD}).status_code == 302
    return client


def test_second_factors_are_changed_after_the_password_only(person):
    client, _answer = sign_in()
    assert client.get("/account/2fa/totp/activate/").headers["Location"].startswith("/account/reauthenticate/")


def test_every_page_of_signing_in_is_drawn_by_our_own_templates(person):
    client, _answer = sign_in()
    confirmed(client)
    for path in (
        "/account/logout/", "/account/reauthenticate/", "/account/password/change/", "/account/2fa/",
        "/account/2fa/totp/activate/", "/account/2fa/webauthn/", "/account/2fa/webauthn/add/",
    ):  # fmt: skip
        page = client.get(path)
        assert page.status_code == 200, path
        assert "ui/callout.css" in page.text and " style=" not in page.text, path
    for path in ("/account/login/", "/account/inactive/", "/account/recover/"):
        page = Client().get(path)
        assert page.status_code == 200 and "access/access.css" in page.text
    assert Client().get("/account/2fa/authenticate/").status_code == 302


def test_one_time_codes_and_recovery_codes(person):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    client, _answer = sign_in()
    page = confirmed(client).get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    assert client.post("/account/2fa/totp/activate/", {"code": code}).status_code == 302
    for path in (
        "/account/2fa/recovery-codes/",
        "/account/2fa/recovery-codes/generate/",
        "/account/2fa/totp/deactivate/",
    ):
        assert "ui/callout.css" in client.get(path).text
    assert client.get("/account/2fa/recovery-codes/download/").status_code == 200
    second, answer = sign_in()
    assert answer.headers["Location"].startswith("/account/2fa/authenticate/")
    assert second.get("/account/profile/").status_code == 302
    assert "access/access.css" in second.get("/account/2fa/authenticate/").text


def test_expired_answers_and_recoveries_are_forgotten(person):
    from callout.access.models import IdempotentRequest

    now = clock.now()
    for age, key in ((timedelta(days=3), "old"), (timedelta(hours=1), "new")):
        IdempotentRequest.objects.create(
            user_id=person.pk, key=key, fingerprint="", status=200, body={}, created_at=now - age
        )
    commands.clean_up(now=now)
    assert IdempotentRequest.objects.get().key == "new"


@pytest.mark.parametrize(
    ("language", "words"), [("it", ("Nome utente", "Password")), ("ro", ("Nume de utilizator", "Parolă"))]
)
def test_the_page_asks_in_the_language_of_the_browser(db, language, words):
    page = Client(headers={"accept-language": language}).get("/account/login/").content.decode()
    for word in words:
        assert f">{word}</label>" in page
    assert "Username" not in page
