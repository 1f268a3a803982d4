"""A run shows how far it is, can be stopped with the best so far, and always comes to an end."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.core.errors import Many
from callout.core.worktime import day_of
from callout.dispatch import commands, queries, rules, work
from callout.dispatch.errors import (
    AlreadyDispatching,
    BadLunch,
    DayOver,
    NobodyToDispatch,
    NoDays,
    ProposalOver,
    TooManyDays,
)
from callout.dispatch.models import Proposal
from callout.jobs import commands as jobs
from callout.jobs.models import Run
from callout.jobs.rules import MAX_TAKEN_UP
from callout.jobs.work import carry_out
from callout.planning import commands as planning
from callout.planning.models import Resource
from callout.ui import clock
from tests import builders
from tests.dispatch.support import Company, company, started, workday, worked_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Company:
    return company()


def carried_out(proposal: Proposal) -> Proposal:
    carry_out(proposal.run_id, work.carry_out_body)
    return Proposal.objects.select_related("run").get(pk=proposal.pk)


def status(proposal: Proposal, made: Company) -> str:
    return queries.sheet(queries.one(proposal.pk, actor=made.actor), actor=made.actor).status


def test_a_run_counts_its_seconds_and_ends_with_an_address(made: Company) -> None:
    proposal = worked_out(made)
    assert (proposal.run.total, proposal.run.done, proposal.run.status) == (2, 2, "done")
    assert proposal.run.result["url"] == f"/board/dispatch/{proposal.pk}/"
    assert ProcrastinateJob.objects.get(task_name="dispatch.run").args == {"run_id": proposal.run_id}


def test_a_run_that_is_stopped_keeps_the_best_so_far(made: Company) -> None:
    proposal = started(made, seconds=60)
    begun = clock.now()
    jobs.start_run(run_id=proposal.run_id, now=clock.now())
    commands.stop(proposal_id=proposal.pk, actor=made.actor, now=clock.now())
    ended = carried_out(proposal)
    assert clock.now() - begun < timedelta(seconds=30)
    if ended.status == "open":  # the first look at the search may come before it has found anything
        assert ended.notes["stopped"] and ended.run.status == "done"
    else:
        assert (ended.status, ended.run.status) == ("failed", "cancelled")
    with pytest.raises(ProposalOver):
        commands.stop(proposal_id=proposal.pk, actor=made.actor, now=clock.now())


def test_a_run_stopped_before_its_turn_ends_without_a_result_and_makes_room(made: Company) -> None:
    proposal = started(made)
    commands.stop(proposal_id=proposal.pk, actor=made.actor, now=clock.now())
    assert status(proposal, made) == "failed"
    assert carried_out(proposal).suggestions.count() == 0
    assert worked_out(made).status == "open"


def test_one_run_of_a_dispatcher_goes_on_at_a_time_and_others_have_their_own(made: Company) -> None:
    first = started(made)
    with pytest.raises(AlreadyDispatching):
        started(made)
    started(made, builders.actor("dispatcher"))
    carried_out(first)
    assert started(made).status == "working"
    first.refresh_from_db()
    assert first.status == "dismissed"


def test_a_run_whose_worker_was_killed_is_worked_out_anew(made: Company) -> None:
    proposal = started(made)
    jobs.start_run(run_id=proposal.run_id, now=clock.now())
    jobs.progress(run_id=proposal.run_id, done=1)
    job = _left_by_a_dead_worker(attempts=0)
    assert jobs.take_up_stalled(now=clock.now()) == [job]
    assert carried_out(proposal).status == "open"
    assert carried_out(proposal).suggestions.count() == 3


def test_a_run_that_kills_its_workers_is_given_up_and_makes_room(made: Company) -> None:
    proposal = started(made)
    _left_by_a_dead_worker(attempts=MAX_TAKEN_UP)
    jobs.take_up_stalled(now=clock.now())
    assert status(proposal, made) == "failed"
    assert queries.open_ones(made.actor) == []
    assert worked_out(made).status == "open"


def _left_by_a_dead_worker(*, attempts: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s WHERE task_name = 'dispatch.run'"
            " RETURNING id",
            [attempts],
        )
        return cursor.fetchone()[0]


def test_an_engine_that_breaks_ends_the_run_in_words(made: Company) -> None:
    proposal = started(made)
    Proposal.objects.filter(pk=proposal.pk).update(choice={**proposal.choice, "seconds": -1_000})
    ended = carried_out(proposal)
    assert (ended.status, ended.run.status) == ("failed", "failed")
    assert "could not be worked out" in ended.run.error


def test_nothing_to_plan_and_nobody_there_are_told(made: Company) -> None:
    nothing = worked_out(made, type_ids=frozenset({builders.activity_type("Other").pk}))
    assert (nothing.status, nothing.run.status) == ("failed", "failed")
    assert "No work waits" in nothing.run.error
    sunday = workday() + timedelta(days=6)
    nobody = worked_out(made, days=(sunday,))
    assert "is there on these days" in nobody.run.error
    for each in made.technicians:
        planning.add_absence(
            resource_id=each.pk, window=day_of(workday(), "Europe/Rome"), reason="leave", actor=made.actor,
            now=clock.now(),
        )  # fmt: skip
    assert "is there on these days" in worked_out(made).run.error


def test_somebody_who_lost_the_right_meanwhile_gets_no_proposal(made: Company) -> None:
    proposal = started(made)
    made.dispatcher.roles = ["operator"]
    made.dispatcher.save()
    ended = carried_out(proposal)
    assert (ended.status, ended.run.status) == ("failed", "failed")
    assert "may not do this" in ended.run.error


TODAY = date(2026, 11, 23)
DAYS = tuple(TODAY + timedelta(days=place) for place in range(20))


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"days": ()}, NoDays),
        ({"days": DAYS}, TooManyDays),
        ({"days": (TODAY, TODAY + timedelta(days=62))}, TooManyDays),
        ({"days": (TODAY - timedelta(days=1),)}, DayOver),
        ({"lunch": rules.Lunch(time(13), time(12), 60)}, BadLunch),
        ({"lunch": rules.Lunch(time(12), time(13), 0)}, BadLunch),
        ({"days": DAYS, "lunch": rules.Lunch(time(), time(), 0)}, Many),
    ],
)
def test_a_choice_that_cannot_be_is_refused(fields, refusal) -> None:
    with pytest.raises(refusal):
        rules.check(rules.Choice(**{"days": (TODAY,), **fields}), today=TODAY)


def test_people_that_nobody_sees_are_nobody(made: Company) -> None:
    with pytest.raises(NobodyToDispatch):
        started(made, resource_ids=frozenset({999_999}))
    Resource.objects.update(active=False)
    with pytest.raises(NobodyToDispatch):
        started(made)
    assert not Run.objects.exists()


def test_a_choice_is_kept_as_it_was_made() -> None:
    lunch = rules.Lunch(time(12), time(13), 45)
    choice = rules.Choice(DAYS[:3], frozenset({1, 2}), zone_ids=frozenset({7}), lunch=lunch, seconds=9)
    assert rules.choice_of(rules.as_facts(choice)) == choice
