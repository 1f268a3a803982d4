"""Jobs leave with the commit, run in the worker, and are taken up when their worker was killed."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

import callout
from callout.jobs import commands, worker
from callout.jobs.models import Run
from callout.jobs.rules import MAX_TAKEN_UP
from callout.ui import clock
from tests import builders

SOURCE = Path(callout.__file__).parents[1]


def jobs(task):
    return ProcrastinateJob.objects.filter(task_name=task).order_by("id")


@pytest.mark.django_db
def test_a_rolled_back_change_leaves_no_job():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        commands.defer("notices.send", mail_id=1)
        raise ZeroDivisionError
    assert not jobs("notices.send").exists()


@pytest.mark.django_db
def test_waiting_jobs_can_be_forgotten_but_for_the_newest_of_some_tasks():
    for task in ("notices.send", "billing.send_invoice", "workorders.send_report", "notices.send"):
        commands.defer(task, number=1)
    kept = commands.defer("billing.send_invoice", number=2)
    running = commands.defer("notices.send", number=3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [running])
    commands.forget_waiting(but_last=1, of=("billing.send_invoice", "workorders.send_report"))
    assert set(ProcrastinateJob.objects.values_list("id", flat=True)) == {kept, running}


@pytest.mark.django_db
def test_a_second_waiting_job_with_the_same_lock_is_left_out_and_spoils_nothing():
    with transaction.atomic():
        assert commands.defer("jobs.tick")
        assert commands.defer("jobs.tick") is None
        assert commands.defer("notices.send", queueing_lock="one", mail_id=1)
        assert commands.defer("notices.send", queueing_lock="one", mail_id=2) is None
        builders.branch()
    assert jobs("jobs.tick").count() == 1


@pytest.mark.django_db
def test_after_delays_the_start():
    commands.defer("jobs.clean_up", after=timedelta(minutes=5))
    assert jobs("jobs.clean_up").get().scheduled_at > clock.now() + timedelta(minutes=4)


def make_stalled(*, attempts=0, seconds=60, task="notices.send", **arguments):
    """A job that a worker was doing which last gave a sign of life some seconds ago."""
    commands.defer(task, **arguments)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [seconds],
        )
        owner = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE status = 'todo'",
            [owner, attempts],
        )
    return jobs(task).last()


@pytest.mark.django_db
def test_the_jobs_of_a_dead_worker_are_taken_up_once_and_those_of_a_live_one_left_alone():
    job, alive = make_stalled(), make_stalled(seconds=5)
    assert commands.take_up_stalled(now=clock.now()) == [job.pk]
    assert commands.take_up_stalled(now=clock.now()) == []
    job.refresh_from_db()
    alive.refresh_from_db()
    assert (job.status, job.attempts, alive.status) == ("todo", 1, "doing")


@pytest.mark.django_db
def test_a_job_that_kills_its_workers_is_given_up_with_its_run():
    run = commands.create_run(name="x", title="X", actor=builders.actor("administrator"), now=builders.MONDAY)
    job = make_stalled(attempts=MAX_TAKEN_UP, run_id=run.pk)
    assert commands.take_up_stalled(now=clock.now()) == []
    job.refresh_from_db()
    assert job.status == "failed"
    assert Run.objects.get(pk=run.pk).status == "failed"


@pytest.mark.django_db
def test_a_job_whose_successor_waits_already_is_dropped_and_holds_up_nobody():
    tick, other = make_stalled(task="jobs.tick"), make_stalled()
    commands.defer("jobs.tick")
    assert commands.take_up_stalled(now=clock.now()) == [other.pk]
    tick.refresh_from_db()
    assert tick.status == "cancelled"


@pytest.mark.django_db
def test_finished_jobs_are_forgotten_after_a_week():
    commands.defer("jobs.clean_up")
    commands.defer("jobs.tick")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded'")
        cursor.execute(
            "UPDATE procrastinate_events SET at = at - interval '8 days' WHERE job_id ="
            " (SELECT id FROM procrastinate_jobs WHERE task_name = 'jobs.clean_up')"
        )
    commands.delete_old_jobs()
    assert [job.task_name for job in ProcrastinateJob.objects.all()] == ["jobs.tick"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_jobs_and_ends_when_asked(database_url):
    environment = os.environ | {
        "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "callout.settings", "PYTHONPATH": str(SOURCE),
    }  # fmt: skip
    code = "import django; django.setup(); from callout.jobs import worker; worker.run()"
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL)
    try:
        commands.defer("jobs.tick")  # one waits already, for the jobs of workers that died
        commands.defer("notices.send", mail_id=1)
        end = time.monotonic() + 30
        while time.monotonic() < end and jobs("notices.send").filter(status="succeeded").count() < 1:
            time.sleep(0.1)
        assert jobs("notices.send").filter(status="succeeded").exists()
        assert ProcrastinateWorker.objects.count() == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert not ProcrastinateWorker.objects.exists()
    finally:
        process.kill()
        process.wait()


@app.task(name="tests.defers_and_breaks")
def defers_and_breaks() -> None:
    with transaction.atomic():
        commands.defer("notices.send", mail_id=1)
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_what_a_job_defers_before_it_breaks_is_not_queued():
    commands.defer("tests.defers_and_breaks")
    worker.run(concurrency=1, wait=False)
    assert jobs("tests.defers_and_breaks").get().status == "failed"
    assert not jobs("notices.send").exists()


def test_every_task_is_known_by_its_name():
    app.perform_import_paths()
    assert {"jobs.tick", "jobs.clean_up", "notices.send"} <= set(app.tasks)
