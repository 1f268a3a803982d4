"""A lost password: a link or a release, then the secret answer, five times at most; then every session ends."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from callout.access import commands
from callout.access.commands.first_access import keep_question
from callout.access.errors import NoSecretQuestion, RecoveryOver, WrongAnswer
from callout.access.models import Recovery
from callout.accounts.models import User
from callout.audit.models import Entry
from callout.core.errors import Forbidden
from callout.notices.models import OutgoingMail
from callout.ui import clock
from tests import builders

NEW = "another-quiet-otter-3"
ANSWER = {"answer": "  camógli ", "password": NEW, "again": NEW}


def make_person(**fields):
    person = builders.user("operator", **{"username": "anna", "email": "anna@example.com", "language": "en", **fields})
    keep_question(person=person, question="Where did the boat lie?", answer="Camogli")
    return person


@pytest.fixture
def person(db):
    cache.clear()
    return make_person()


def ask(username="anna"):
    return Client().post("/account/recover/", {"username": username})


def link():
    return re.search(r"http\S+(/account/recover/\S+/)", OutgoingMail.objects.get().body)[1]


def test_the_whole_way_from_the_link_to_the_new_password(person):
    old = Client()
    old.force_login(person)
    assert ask("ANNA ").status_code == 200
    mail = OutgoingMail.objects.get()
    assert (mail.recipients, mail.event) == (["anna@example.com"], "access.recovery")
    client, url = Client(), link()
    page = client.get(url)
    assert "Where did the boat lie?" in page.text and page.headers["Cache-Control"].count("no-store")
    assert client.post(url, ANSWER).headers["Location"] == "/account/login/"
    assert old.get("/account/profile/").status_code == 302
    assert client.get(url).status_code == 410
    person.refresh_from_db()
    assert person.check_password(NEW)
    actions = Entry.objects.filter(subject_kind="user", subject_id=person.pk).values_list("action", flat=True)
    assert {"recovery.requested", "recovery.used", "password.changed"} <= set(actions)


def test_the_answer_is_the_same_whether_the_person_exists_or_not(person):
    builders.user("operator", username="without")
    disabled = make_person(username="gone", is_active=False)
    pages = [re.sub(r'value="[\w-]{30,}"|nonce="[^"]*"', "", ask(name).text) for name in ("anna", "nobody", "without")]
    pages = [re.sub(r'"X-CSRFToken": "\w+"', "", page) for page in pages]
    assert pages[0] == pages[1] == pages[2]
    ask(disabled.username)
    assert OutgoingMail.objects.count() == 1


def test_five_wrong_answers_end_it_and_the_right_one_comes_too_late(person):
    code = commands.release(person_id=person.pk, actor=builders.actor("administrator"), now=clock.now())
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongAnswer) as refusal:
            commands.recover(typed=code, answer="Genova", password=NEW, now=clock.now())
        assert refusal.value.facts["left"] == left
    for answer in ("Genova", "Camogli"):
        with pytest.raises(RecoveryOver):
            commands.recover(typed=code, answer=answer, password=NEW, now=clock.now())
    assert Recovery.objects.get().attempts == 5
    assert Entry.objects.filter(action="recovery.wrong_answer").count() == 5
    assert not User.objects.get(pk=person.pk).check_password(NEW)


@pytest.mark.django_db(transaction=True)
def test_wrong_answers_given_at_the_same_moment_are_all_counted():
    cache.clear()
    person = make_person()
    code = commands.release(person_id=person.pk, actor=builders.actor("administrator"), now=clock.now())

    def guess(turn):
        try:
            commands.recover(typed=code, answer=f"guess {turn}", password=NEW, now=clock.now())
        except (WrongAnswer, RecoveryOver) as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(guess, range(12)))
    assert codes.count("wrong_answer") == 4 and codes.count("recovery_over") == 8
    assert Recovery.objects.get().attempts == 5


def test_a_bad_password_with_the_right_answer_may_be_tried_again(person):
    ask()
    client, url = Client(), link()
    page = client.post(url, {**ANSWER, "password": "1234567890", "again": "1234567890"})
    assert page.status_code == 422 and list(page.context["form"].errors) == ["password"]
    assert client.post(url, ANSWER).status_code == 302


def test_an_administrator_releases_it_for_somebody_without_an_address(person):
    User.objects.update(email="")
    administrator = Client()
    administrator.force_login(builders.user("administrator"))
    page = administrator.post(f"/account/people/{person.pk}/release/")
    code = page.context["code"]
    assert code in page.text
    client = Client()
    there = client.post("/account/recover/", {"code": code.lower()}).headers["Location"]
    assert client.post(there, ANSWER).status_code == 302
    assert client.post("/account/recover/", {"code": code}).status_code == 422


def test_a_newer_way_ends_the_older_one_and_time_ends_both(person):
    admin = builders.actor("administrator")
    first = commands.release(person_id=person.pk, actor=admin, now=clock.now())
    second = commands.release(person_id=person.pk, actor=admin, now=clock.now())
    for code, now in ((first, clock.now()), (second, clock.now() + timedelta(hours=25))):
        with pytest.raises(RecoveryOver):
            commands.recover(typed=code, answer="Camogli", password=NEW, now=now)
    with pytest.raises(Forbidden):
        commands.release(person_id=person.pk, actor=builders.actor("dispatcher"), now=clock.now())


def test_without_a_secret_question_there_is_no_recovery(person):
    other = builders.user("operator", email="b@example.com", username="bruno")
    ask("bruno")
    assert not OutgoingMail.objects.exists()
    with pytest.raises(NoSecretQuestion):
        commands.release(person_id=other.pk, actor=builders.actor("administrator"), now=clock.now())


def test_asking_is_limited(person):
    for _turn in range(5):
        assert ask().status_code == 200
    page = ask()
    assert page.status_code == 422 and "Too many attempts" in page.text
    assert OutgoingMail.objects.count() == 5


def test_another_question_needs_the_current_password(person):
    client = Client()
    client.force_login(person)
    fields = {"question": "First teacher?", "answer": "Bianchi", "password": "wrong"}
    assert client.post("/account/question/", fields).status_code == 422
    assert client.post("/account/question/", {**fields, "password": builders.PASSWORD}).status_code == 302
    code = commands.release(person_id=person.pk, actor=builders.actor("administrator"), now=clock.now())
    assert commands.recover(typed=code, answer="bianchi", password=NEW, now=clock.now()) == person
