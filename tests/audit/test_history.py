"""What happened is told to who may read the record; how much is written is the company's choice."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from callout.accounts.actor import SYSTEM
from callout.audit.commands import record, set_level
from callout.audit.models import Entry, Level, Setting
from callout.audit.queries import history
from callout.core.errors import Forbidden
from tests import builders

NOW = builders.MONDAY


@pytest.fixture
def admin(db):
    return builders.user("administrator", language="en", name="Owner")


@pytest.fixture
def client(admin):
    client = Client()
    client.force_login(admin)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(("chosen", "written"), [(None, 1), (Level.BASIC, 1), (Level.ADVANCED, 2), (Level.DETAILED, 3)])
def test_the_level_decides_how_much_is_written(chosen, written):
    branch = builders.branch()
    if chosen:
        set_level(level=chosen, actor=SYSTEM, at=NOW)
    for level in Level:
        record("thing.happened", subject=branch, actor=SYSTEM, at=NOW, level=level)
    assert history(branch).count() == written


def test_the_level_is_set_on_the_settings_page(client):
    assert client.post("/settings/", {"level": "3"}).status_code == 302
    assert Setting.objects.get().level == Level.DETAILED
    assert client.post("/settings/", {"level": "2"}).status_code == 302
    assert client.post("/settings/", {"level": "7"}).status_code == 422
    assert [entry.facts["chosen"] for entry in Entry.objects.filter(action="audit.level").order_by("id")] == [
        "detailed", "advanced",
    ]  # fmt: skip
    with pytest.raises(Forbidden):
        set_level(level=Level.BASIC, actor=builders.actor("dispatcher"), at=NOW)


@pytest.mark.django_db
def test_nothing_is_changed_or_deleted_afterwards():
    record("thing.happened", subject=builders.branch(), actor=SYSTEM, at=NOW)
    for attempt in (lambda: Entry.objects.update(action="x"), lambda: Entry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert Entry.objects.get().action == "thing.happened"


@pytest.mark.django_db
def test_a_rolled_back_change_leaves_no_entry():
    branch = builders.branch()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("thing.happened", subject=branch, actor=SYSTEM, at=NOW)
        raise ZeroDivisionError
    assert not history(branch).exists()


def test_the_fragment_tells_newest_first_and_goes_on_to_older_entries(client, admin):
    branch = builders.branch()
    for number in range(60):
        record("branch.changed", subject=branch, actor=SYSTEM, at=NOW, number=number)
    page = client.get(f"/history/branch/{branch.pk}/")
    assert "Branch changed" in page.text and "</span> 59" in page.text and "</span> 9<" not in page.text
    older = client.get(f"/history/branch/{branch.pk}/?before={page.context['older']}")
    assert "</span> 9<" in older.text and older.context["older"] is None


def test_the_history_of_what_one_may_not_read_is_not_found(client):
    branch = builders.branch()
    stranger = Client()
    stranger.force_login(builders.user("dispatcher"))
    for who, path in ((stranger, f"branch/{branch.pk}"), (client, "nothing/1"), (client, "entry/1")):
        assert who.get(f"/history/{path}/").status_code == 404
    assert Client().get(f"/history/branch/{branch.pk}/").status_code == 302


def test_facts_are_text_and_not_markup(client):
    branch = builders.branch()
    record("branch.changed", subject=branch, actor=SYSTEM, at=NOW, changed={"name": ["<b>", "x" * 500]}, none=None)
    page = client.get(f"/history/branch/{branch.pk}/").text
    assert "&lt;b&gt; → xxx" in page and "…" in page and "<b>" not in page and "none" not in page


def test_facts_are_written_in_the_readers_language_notation_and_time_zone(admin, client):
    admin.language, admin.time_zone = "it", "Europe/Rome"
    admin.save()
    facts = {
        "roles": ["sales_office"], "roles_before": ["gone"], "changed": {"percent": [None, "7.50"], "price": "1234.50"},
        "starts": "2026-11-12T09:00:00+00:00", "on": "2026-11-12", "worked": "1.95", "code": "1.50",
    }  # fmt: skip
    branch = builders.branch()
    record("branch.changed", subject=branch, actor=SYSTEM, at=NOW, **facts)
    page = client.get(f"/history/branch/{branch.pk}/").text
    for expected in (
        "Ufficio vendite", "> gone", " → 7,5", "1.234,50", "12/11/2026 10:00", "</span> 12/11/2026 ", "</span> 1,95",
        "</span> 1.50",
    ):  # fmt: skip
        assert expected in page, expected
    assert "sales_office" not in page
