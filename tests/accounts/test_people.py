"""Administrators create, change, disable and enable people; somebody who can do so always stays."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from callout.accounts import commands, queries
from callout.accounts.errors import (
    BadPhone,
    BadTimeZone,
    LastAdministrator,
    NameMissing,
    NotYourself,
    UnknownRight,
    UnknownRole,
)
from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.audit.models import Entry
from callout.core.errors import Forbidden, Invalid, StaleVersion
from tests import builders

NOW = builders.MONDAY


@pytest.fixture
def admin(db):
    return builders.actor("administrator")


def create(actor, **fields):
    fields = {"display_name": "Anna Neri", "roles": ["operator"], "now": NOW, **fields}
    return commands.create_person(actor=actor, **fields)


def change(person, actor, **fields):
    fields = {
        "display_name": person.display_name, "email": person.email, "phone": person.phone, "language": person.language,
        "time_zone": person.time_zone, "roles": person.roles, "team_ids": [], "branch_ids": [], "grants": {},
        "version": person.version, "now": NOW, **fields,
    }  # fmt: skip
    return commands.change_person(person_id=person.pk, actor=actor, **fields)


def test_a_new_person_cannot_sign_in_and_has_the_rights_that_were_given(admin):
    team, branch = builders.team(), builders.branch()
    person = create(
        admin, team_ids=[team.pk, 999_999], branch_ids=[branch.pk], grants={"board.plan": True, "board.read": False},
        phone="02 1234567",
    )  # fmt: skip
    assert person.setup_pending and not person.has_usable_password()
    actor = actor_for(person)
    assert actor.may("board.plan") and not actor.may("board.read") and actor.may("ticket.write")
    assert (actor.team_ids, actor.branch_ids) == ({team.pk}, {branch.pk})
    assert person.phone == "+39021234567"
    assert Entry.objects.get(action="person.created").subject_id == person.pk


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"display_name": " \u200b"}, NameMissing),
        ({"roles": ["superuser"]}, UnknownRole),
        ({"grants": {"everything": True}}, UnknownRight),
        ({"time_zone": "Mars/Olympus"}, BadTimeZone),
        ({"phone": "12"}, BadPhone),
        ({"email": "a@x)b@y"}, Invalid),
        ({"language": "xx"}, Invalid),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_written(admin, fields, refusal):
    count = User.objects.count()
    with pytest.raises(refusal):
        create(admin, **fields)
    assert User.objects.count() == count


def test_only_administrators_of_people_may(admin):
    person = create(admin)
    dispatcher = builders.actor("dispatcher")
    for attempt in (
        lambda: create(dispatcher),
        lambda: change(person, dispatcher),
        lambda: commands.disable_person(person_id=person.pk, actor=dispatcher, now=NOW),
        lambda: commands.create_team(name="X", actor=dispatcher, now=NOW),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_a_change_on_an_old_page_is_refused(admin):
    person = create(admin)
    change(person, admin, display_name="Anna Bianchi")
    with pytest.raises(StaleVersion):
        change(person, admin, display_name="Anna Verdi")


def test_rights_count_from_the_next_request_on(admin):
    person = builders.user("operator")
    client = Client()
    client.force_login(person)
    assert client.get("/account/people/").status_code == 403
    change(person, admin, roles=["administrator"])
    assert client.get("/account/people/").status_code == 200


def test_disabling_ends_the_session_at_once_and_for_good(admin):
    person = builders.user("operator")
    client = Client()
    client.force_login(person)
    assert client.get("/account/profile/").status_code == 200
    commands.disable_person(person_id=person.pk, actor=admin, now=NOW)
    assert client.get("/account/profile/").status_code == 302
    commands.enable_person(person_id=person.pk, actor=admin, now=NOW)
    assert client.get("/account/profile/").status_code == 302


def test_the_last_administrator_stays(admin):
    person = User.objects.get(pk=admin.user_id)
    other = builders.actor(name="Owner")
    other = commands.change_person(
        person_id=other.user_id, display_name="Owner", email="", phone="", language="en", time_zone="Europe/Rome",
        roles=[], team_ids=[], branch_ids=[], grants={"people.admin": True}, version=None, actor=admin, now=NOW,
    )  # fmt: skip
    owner = actor_for(User.objects.get(pk=other.pk))
    with pytest.raises(NotYourself):
        commands.disable_person(person_id=owner.user_id, actor=owner, now=NOW)
    commands.disable_person(person_id=person.pk, actor=owner, now=NOW)
    other.refresh_from_db()
    for grants in ({}, {"people.admin": False}):
        with pytest.raises(LastAdministrator):
            change(other, owner, grants=grants)
    with pytest.raises(LastAdministrator):
        commands.create_team(name="All", member_ids=[other.pk], grants={"people.admin": False}, actor=owner, now=NOW)
    assert queries.administrators().get() == other


def test_who_has_not_finished_the_first_access_does_not_count_as_administrator(admin):
    create(admin, roles=["administrator"])
    with pytest.raises(LastAdministrator):
        change(User.objects.get(pk=admin.user_id), admin, roles=["operator"])


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_demote_each_other_at_once_do_not_both_succeed():
    pair = [builders.user("administrator"), builders.user("administrator")]
    actors = [actor_for(person) for person in pair]

    def demote(place: int) -> bool:
        try:
            change(pair[1 - place], actors[place], roles=["operator"])
            return True
        except LastAdministrator:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, range(2))) == [False, True]
    assert queries.administrators().count() == 1
