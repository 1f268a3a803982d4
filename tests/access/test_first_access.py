"""The first access: a code from an administrator lets a person in once, and only to choose what nobody else knows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from callout.access import commands
from callout.access.models import FirstAccess, SecretQuestion
from callout.accounts.models import User
from callout.audit.models import Entry
from callout.ui import clock
from tests import builders

PASSWORD = "a-quiet-otter-reads-9"
SETUP = {
    "display_name": "Anna Neri", "email": "anna@example.com", "phone": "", "language": "it",
    "time_zone": "Europe/Rome", "username": "anna", "password": PASSWORD, "again": PASSWORD,
    "question": "Where did the boat lie?", "answer": "Camogli, in front",
}  # fmt: skip


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


@pytest.fixture
def admin(db):
    return builders.actor("administrator")


@pytest.fixture
def invited(admin):
    return commands.invite(display_name="Anna Neri", roles=["operator"], language="it", actor=admin, now=clock.now())


def sign_in(code, client=None, **extra):
    client = client or Client()
    answer = client.post("/account/login/", {"login": code, "password": extra.pop("password", code), **extra})
    return client, answer


def test_an_administrator_creates_a_person_and_sees_the_code_once():
    client = Client()
    client.force_login(builders.user("administrator", language="en"))
    fields = {
        "display_name": "Ion Popescu", "language": "ro", "time_zone": "Europe/Bucharest", "roles": ["technician"],
        "grant_board.read": "yes",
    }  # fmt: skip
    page = client.post("/account/people/new/", fields)
    assert page.status_code == 200 and page.headers["Cache-Control"].count("no-store")
    person = User.objects.get(display_name="Ion Popescu")
    first = FirstAccess.objects.get(user=person)
    code = page.context["code"]
    assert code in page.text and code.replace("-", "") not in first.code_hash
    assert code not in client.get(f"/account/people/{person.pk}/").text
    assert first.expires_at - first.created_at == timedelta(hours=72)
    assert Entry.objects.filter(action="first_access.issued", subject_id=person.pk).count() == 1


def test_the_whole_way_from_code_to_work(invited):
    person, code = invited
    client, answer = sign_in(code.lower().replace("-", " "), next="/account/profile/")
    assert answer.status_code == 302
    for path in ("/account/profile/", "/account/people/", "/account/2fa/", "/account/password/change/", "/"):
        assert client.get(path).headers["Location"] == "/account/first/"
    assert client.get("/files/1/").headers["Location"] == "/account/first/"
    assert '<html lang="it"' in client.get("/account/first/").text
    client.post("/language/", {"language": "ro", "next": "/account/first/"})
    assert '<html lang="ro"' in client.get("/account/first/").text
    done = client.post("/account/first/", SETUP)
    assert (done.status_code, done.headers["Location"]) == (302, "/")
    assert client.get("/account/profile/").status_code == 200
    person.refresh_from_db()
    assert (person.username, person.setup_pending) == ("anna", False)
    assert "Camogli" not in SecretQuestion.objects.get(user=person).answer_hash
    assert not FirstAccess.objects.exists()
    actions = list(Entry.objects.filter(subject_kind="user", subject_id=person.pk).values_list("action", flat=True))
    assert {"first_access.used", "person.set_up"} <= set(actions)
    again, answer = sign_in("ANNA", password=PASSWORD)
    assert answer.status_code == 302 and again.get("/account/profile/").status_code == 200


def test_the_api_and_new_tokens_are_closed_until_the_first_access_is_finished(invited):
    person, code = invited
    client, _answer = sign_in(code)
    assert client.get("/api/customers").status_code == 401
    assert client.post("/account/tokens/", {"name": "x"}).headers["Location"] == "/account/first/"
    assert not person.tokens.exists()


def test_a_code_works_once(invited):
    _person, code = invited
    sign_in(code)
    _client, answer = sign_in(code)
    assert answer.status_code == 200 and answer.context["form"].errors


@pytest.mark.django_db(transaction=True)
def test_a_code_used_by_several_at_the_same_moment_lets_one_in():
    cache.clear()
    admin = builders.actor("administrator")
    _person, code = commands.invite(display_name="Anna", roles=[], actor=admin, now=clock.now())

    def attempt(_turn):
        try:
            return commands.use_code(typed=code, now=clock.now())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        winners = [person for person in pool.map(attempt, range(16)) if person]
    assert len(winners) == 1
    assert Entry.objects.filter(action="first_access.used").count() == 1


def test_a_code_as_name_alone_or_after_its_time_does_nothing(invited):
    person, code = invited
    assert sign_in(code, password="something else")[1].status_code == 200
    FirstAccess.objects.update(expires_at=clock.now())
    assert sign_in(code)[1].status_code == 200
    assert FirstAccess.objects.get(user=person).used_at is None


def test_a_new_code_ends_the_earlier_one(invited, admin):
    person, code = invited
    second = commands.issue_code(person_id=person.pk, actor=admin, now=clock.now())
    assert commands.use_code(typed=code, now=clock.now()) is None
    assert commands.use_code(typed=second, now=clock.now()) == person


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"username": "TAKEN"}, "username"),
        ({"username": "a b"}, "username"),
        ({"password": "password12", "again": "password12"}, "password"),
        ({"again": "another-one-8"}, "again"),
        ({"answer": "?!"}, "answer"),
        ({"question": "Camogli in front?", "answer": "camogli"}, "answer"),
        ({"question": ""}, "question"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written(invited, fields, field):
    builders.user("operator", username="taken")
    person, code = invited
    client, _answer = sign_in(code)
    page = client.post("/account/first/", {**SETUP, **fields})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    person.refresh_from_db()
    assert person.setup_pending and not SecretQuestion.objects.filter(user=person).exists()


def test_the_code_is_refused_as_password(invited):
    _person, code = invited
    client, _answer = sign_in(code)
    page = client.post("/account/first/", {**SETUP, "password": code, "again": code})
    assert list(page.context["form"].errors) == ["password"]


def test_extra_fields_change_no_rights(invited):
    person, code = invited
    client, _answer = sign_in(code)
    client.post("/account/first/", {**SETUP, "roles": "administrator", "role": "administrator", "is_active": "1"})
    person.refresh_from_db()
    assert person.roles == ["operator"]


def test_somebody_set_up_gets_no_new_code_but_a_release(invited, admin):
    person, code = invited
    client, _answer = sign_in(code)
    client.post("/account/first/", SETUP)
    administrator = Client()
    administrator.force_login(User.objects.get(pk=admin.user_id))
    assert administrator.post(f"/account/people/{person.pk}/code/").status_code == 409
    assert administrator.post(f"/account/people/{person.pk}/release/").status_code == 200
