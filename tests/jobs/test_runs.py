"""A long piece of work shows how far it is, survives a reload, can be cancelled, and always comes to an end."""

import pytest
from django.test import Client

from callout.accounts.actor import SYSTEM
from callout.accounts.queries import actor_for
from callout.audit.models import Entry
from callout.jobs import commands
from callout.jobs.errors import RunOver
from callout.jobs.models import Run
from callout.jobs.work import carry_out
from callout.notices.errors import UnknownEvent
from tests import builders

NOW = builders.MONDAY


@pytest.fixture
def person(db):
    return builders.user("sales_office", language="en")


@pytest.fixture
def run(person):
    return commands.create_run(name="import", title="Customers from north.csv", actor=actor_for(person), now=NOW)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_page_counts_until_the_end(person, run):
    client, url = signed_in(person), f"/runs/{run.pk}/"
    assert "Waiting for its turn." in client.get(url).text
    commands.start_run(run_id=run.pk, now=NOW, total=200)
    commands.progress(run_id=run.pk, done=50)
    page = client.get(url).text
    assert "50 of 200" in page and "25%" in page and 'hx-trigger="every 1s"' in page and "<html" in page
    commands.finish_run(run_id=run.pk, now=NOW, url="/imports/1/")
    answer = client.get(url, headers={"HX-Request": "true"})
    assert "hx-trigger" not in answer.text and "<html" not in answer.text and 'href="/imports/1/"' in answer.text
    assert answer.headers["HX-Trigger-After-Swap"] == "run-over"
    assert Run.objects.get(pk=run.pk).done == 200


def test_a_run_is_seen_by_who_started_it_and_by_administrators(person, run):
    assert signed_in(builders.user("sales_office")).get(f"/runs/{run.pk}/").status_code == 404
    assert signed_in(builders.user("administrator")).get(f"/runs/{run.pk}/").status_code == 200
    own = commands.create_run(name="x", title="Nightly", actor=SYSTEM, now=NOW)
    assert signed_in(person).get(f"/runs/{own.pk}/").status_code == 404


def test_cancelling_a_waiting_run_ends_it_and_its_job_does_nothing(person, run):
    answer = signed_in(person).post(f"/runs/{run.pk}/cancel/")
    assert answer.status_code == 200
    run.refresh_from_db()
    assert run.status == "cancelled"
    done = []
    carry_out(run.pk, done.append)
    assert done == []
    assert signed_in(person).post(f"/runs/{run.pk}/cancel/").status_code == 409
    assert Entry.objects.filter(action="run.cancelled", subject_id=run.pk).count() == 1


def test_cancelling_a_running_run_stops_it_at_its_next_step(person, run):
    steps = []

    def body(found):
        for step in range(10):
            commands.progress(run_id=found.pk, done=step, total=10)
            steps.append(step)
            if step == 3:
                commands.request_cancel(run_id=found.pk, actor=actor_for(person), now=NOW)

    carry_out(run.pk, body)
    run.refresh_from_db()
    assert (steps, run.status, run.done) == ([0, 1, 2, 3], "cancelled", 4)


def test_a_result_a_refusal_and_a_fault_end_the_run(person, run):
    carry_out(run.pk, lambda found: {"created": 3})
    run.refresh_from_db()
    assert (run.status, run.result) == ("done", {"created": 3})

    def refused(found):
        raise UnknownEvent(event="x")

    second = commands.create_run(name="x", title="X", actor=actor_for(person), now=NOW)
    carry_out(second.pk, refused)
    second.refresh_from_db()
    assert (second.status, second.error) == ("failed", "There is no event “x”.")
    third = commands.create_run(name="x", title="X", actor=actor_for(person), now=NOW)
    with pytest.raises(ZeroDivisionError):
        carry_out(third.pk, lambda found: 1 / 0)
    third.refresh_from_db()
    assert third.status == "failed" and "Something broke" in third.error
    with pytest.raises(RunOver):
        commands.finish_run(run_id=third.pk, now=NOW)
