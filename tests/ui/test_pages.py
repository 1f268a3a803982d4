"""Pages obey the content security policy, say who is signed in, and find anything."""

import re

import pytest

from callout.ui import search
from tests import builders

pytestmark = pytest.mark.django_db
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


def sign_in(client, *roles: str, **fields):
    person = builders.user(*roles, **fields)
    client.force_login(person)
    return person


def test_a_refusal_page_holds_nothing_that_the_policy_forbids(client):
    sign_in(client, "dispatcher")
    response = client.get("/nowhere/")
    page = response.content.decode()
    assert response.status_code == 404
    assert INLINE.findall(page) == []
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "This does not exist, or you may not see it." in page


def test_a_refused_fragment_is_a_toast(client):
    sign_in(client, "dispatcher")
    response = client.get("/nowhere/", headers={"HX-Request": "true"})
    assert response.status_code == 404
    assert response.headers["HX-Retarget"] == "#toasts"
    assert 'role="alert"' in response.content.decode()


def test_the_language_chosen_is_kept_with_the_person(client):
    person = sign_in(client, "operator", language="en")
    response = client.post("/language/", {"language": "it", "next": "//evil.example/"})
    person.refresh_from_db()
    assert (person.language, response.headers["Location"]) == ("it", "/")


def test_an_unknown_language_changes_nothing(client):
    person = sign_in(client, "operator", language="en")
    client.post("/language/", {"language": "xx"})
    person.refresh_from_db()
    assert person.language == "en"


def test_the_search_offers_pages_by_part_of_their_name(client):
    sign_in(client, "administrator", language="en")
    page = client.get("/search/", {"q": "  WoRk "}).content.decode()
    assert "Work orders" in page
    assert "Invoices" not in page


def test_the_search_asks_each_provider_what_the_actor_may_see():
    seen = []

    def provider(term, actor, limit):
        seen.append((term, actor.name))
        return [search.SearchHit("Rossi", "Milano", "/x", "building", "phone")][:limit]

    search.register("test", "Test", provider, order=1)
    try:
        groups = search.find(" 0212 ", actor=builders.actor("agent", name="Ada"))
    finally:
        search._sources.pop("test")
    assert [source.name for source, _ in groups][0] == "test"
    assert seen == [("0212", "Ada")]


def test_keys_without_ctrl_can_be_switched_off(client):
    person = sign_in(client, "operator")
    assert "data-no-keys" not in client.get("/nowhere/").content.decode()
    client.post("/keys/", {"on": "0"})
    person.refresh_from_db()
    assert person.preferences == {"single_keys": False}
    assert "data-no-keys" in client.get("/nowhere/").content.decode()
    client.post("/keys/", {"on": "1"})
    assert "data-no-keys" not in client.get("/nowhere/").content.decode()


def test_what_people_set_for_themselves_needs_a_person(client):
    assert client.post("/keys/", {"on": "0"}).status_code == 302
    assert client.get("/search/", {"q": "x"}).status_code == 302


def test_a_technician_has_the_day_at_the_bottom_of_the_phone(client):
    sign_in(client, "technician", language="en")
    page = client.get("/nowhere/").content.decode()
    assert 'class="bottom"' in page
    sign_in(client, "operator", language="en")
    assert 'class="bottom"' not in client.get("/nowhere/").content.decode()


def test_the_search_survives_what_no_keyboard_types(client):
    sign_in(client, "administrator")
    for term in ("\0", "%", "x" * 5000, "\u202e", "' OR 1=1"):
        assert client.get("/search/", {"q": term}).status_code == 200


def test_the_frame_costs_one_statement_for_the_person(client, django_assert_max_num_queries):
    sign_in(client, "administrator")
    client.get("/nowhere/")
    with django_assert_max_num_queries(3):  # session, person with rights, and once a minute the time last seen
        client.get("/nowhere/")


@pytest.mark.django_db
def test_data_allows_a_browser_nothing(client):
    answer = client.get("/api/tickets")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
