"""The pages with which administrators run people and teams."""

import pytest
from django.test import Client

from callout.accounts.models import Team, User
from callout.accounts.queries import actor_for, grants_of
from tests import builders


@pytest.fixture
def client(db):
    client = Client()
    client.force_login(builders.user("administrator", language="en", name="Owner"))
    return client


def form_of(page):
    """The page's form as a browser would send it back."""
    form = page.context["form"]
    fields = {}
    for name in form.fields:
        value = form.get_initial_for_field(form.fields[name], name)
        if value not in (None, False, ""):
            fields[name] = "on" if value is True else value
    return fields


def test_the_list_finds_people_and_shows_where_they_stand(client):
    builders.user("technician", name="Bruno Verdi")
    builders.user("dispatcher", name="Carla Blu", is_active=False)
    page = client.get("/account/people/")
    assert "Bruno Verdi" in page.text and "disabled" in page.text and "Technician" in page.text
    only = client.get("/account/people/?role=technician").text
    assert "Bruno Verdi" in only and "Carla Blu" not in only
    assert "Carla Blu" in client.get("/account/people/?q=carla").text


def test_a_person_is_changed_and_a_stale_page_is_refused(client):
    team = builders.team("Crew")
    branch = builders.branch()
    person = builders.user("operator", name="Bruno Verdi")
    url = f"/account/people/{person.pk}/"
    fields = form_of(client.get(url)) | {
        "roles": ["dispatcher", "verifier"], "teams": [team.pk], "branches": [branch.pk], "grant_import.run": "no",
        "grant_audit.read": "yes",
    }  # fmt: skip
    assert client.post(url, fields).status_code == 302
    person = User.objects.get(pk=person.pk)
    assert (person.roles, grants_of(user=person)) == (
        ["dispatcher", "verifier"],
        {"audit.read": True, "import.run": False},
    )
    actor = actor_for(person)
    assert actor.team_ids == {team.pk} and actor.branch_ids == {branch.pk} and not actor.may("import.run")
    stale = client.post(url, {**fields, "display_name": "Other"})
    assert stale.status_code == 409 and "Bruno Verdi" in stale.text
    history = client.get(f"/history/user/{person.pk}/", headers={"HX-Request": "true"})
    assert "Person changed" in history.text and "Owner" in history.text


def test_disable_and_enable(client):
    person = builders.user("operator")
    client.post(f"/account/people/{person.pk}/disable/")
    assert not User.objects.get(pk=person.pk).is_active
    client.post(f"/account/people/{person.pk}/enable/")
    assert User.objects.get(pk=person.pk).is_active
    owner = User.objects.get(display_name="Owner")
    assert client.post(f"/account/people/{owner.pk}/disable/").status_code == 409


def test_a_team_with_members_and_rights(client):
    person = builders.user("technician", name="Bruno")
    assert client.post("/account/teams/new/", {"name": "Night", "members": [person.pk]}).status_code == 302
    team = Team.objects.get(name="Night")
    url = f"/account/teams/{team.pk}/"
    fields = form_of(client.get(url)) | {"grant_board.read": "yes"}
    assert client.post(url, fields).status_code == 302
    assert actor_for(User.objects.get(pk=person.pk)).may("board.read")
    assert "Night" in client.get("/account/teams/").text
    assert client.post("/account/teams/new/", {"name": "night"}).status_code == 422


@pytest.mark.parametrize(
    "path", ["people/", "people/new/", "people/1/", "teams/", "teams/new/", "teams/1/", "people/1/code/"]
)
def test_the_pages_are_for_administrators_of_people(path, db):
    client = Client()
    assert client.get(f"/account/{path}").status_code == 302
    client.force_login(builders.user("dispatcher", "verifier", "sales_office"))
    assert client.get(f"/account/{path}").status_code == 403
    assert client.post(f"/account/{path}").status_code == 403


def test_what_does_not_exist_is_not_found(client):
    for path in ("people/999999/", "teams/999999/"):
        assert client.get(f"/account/{path}").status_code == 404
    assert client.post("/account/people/999999/disable/").status_code == 404


def test_people_are_found_by_the_search_for_anything_by_administrators_only(client):
    builders.user("technician", name="Bruno Verdi", username="bruno")
    assert "Bruno Verdi" in client.get("/search/?q=verd").text
    other = Client()
    other.force_login(builders.user("dispatcher"))
    assert "Bruno Verdi" not in other.get("/search/?q=verd").text
