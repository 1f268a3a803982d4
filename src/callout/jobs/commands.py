"""Putting work into the queue, and what people see of long work."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Job
from procrastinate.sql import queries

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import NotFound
from callout.db.rows import as_json
from callout.jobs.errors import RunCancelled, RunOver
from callout.jobs.models import Run, RunStatus
from callout.jobs.rules import KEEP_JOBS_HOURS, MAX_TAKEN_UP, OVER, STALLED_SECONDS

log = structlog.get_logger("callout.jobs")


def defer(
    task: str,
    *,
    lock: str | None = None,
    queueing_lock: str | None = None,
    after: timedelta | None = None,
    **arguments: Any,
) -> int | None:
    """Queue `task` by name with JSON `arguments`; it leaves with the surrounding transaction's commit, or not at all.

    Jobs with the same `lock` never run at the same time. With `queueing_lock`, the task's own or this one, one job
    waits at most: None when there is one already. `after` delays the start. Returns the job's id.
    """
    wait = {"seconds": int(after.total_seconds())} if after else None
    deferrer = app.configure_task(task, lock=lock, queueing_lock=queueing_lock, schedule_in=wait)
    if deferrer.job.queueing_lock is None:
        return _put(_row(deferrer.job, arguments))
    try:
        with transaction.atomic():  # a savepoint: the refusal of a second job must not spoil the caller's transaction
            return deferrer.defer(**arguments)
    except AlreadyEnqueued:
        return None


# What the queue's own function does for jobs without a queueing lock, with plain values instead of an array of rows.
_COLUMNS = "queue_name, task_name, priority, lock, args, scheduled_at"
INSERTION = (
    f"INSERT INTO procrastinate_jobs ({_COLUMNS}) SELECT {_COLUMNS} "  # noqa: S608 - the columns are named above
    "FROM jsonb_populate_recordset(NULL::procrastinate_jobs, {place})"
)
"""The statement that queues rows of `job`, given as a JSON list in `place`."""


def job(task: str, **arguments: Any) -> dict[str, Any]:
    """What `defer` queues, for who writes it in a statement of its own; not for tasks with a queueing lock."""
    return _row(app.configure_task(task).job, arguments)


def _row(job: Job, arguments: dict[str, Any]) -> dict[str, Any]:
    return {
        "queue_name": job.queue, "task_name": job.task_name, "priority": job.priority, "lock": job.lock,
        "args": arguments, "scheduled_at": job.scheduled_at,
    }  # fmt: skip


def _put(row: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(INSERTION.format(place="%s") + " RETURNING id", [as_json([row])])
        return int(cursor.fetchone()[0])


@transaction.atomic
def create_run(*, name: str, title: str, actor: Actor, now: datetime, total: int | None = None, **facts: Any) -> Run:
    """Announce a long piece of work, before its job is queued; the page `run` (pk) shows how it goes.

    `name` says what kind of work it is, `title` is for people; `facts` are JSON values that begin its `result`.
    """
    run = Run.objects.create(
        name=name,
        title=title[:200],
        total=total,
        started_by_id=actor.user_id,
        started_by_name=actor.name,
        created_at=now,
        result=facts,
    )
    record("run.created", subject=run, actor=actor, at=now, name=name, title=run.title)
    return run


@transaction.atomic
def start_run(*, run_id: int, now: datetime, total: int | None = None) -> Run:
    """The job begins, or goes on after its worker was killed: `done` stays what it was.

    Raises NotFound, and RunOver when it was cancelled before it began or has ended: then the job does nothing.
    """
    run = _open_run(run_id)
    run.status, run.started_at = RunStatus.RUNNING, run.started_at or now
    run.total = run.total if total is None else total
    run.save(update_fields=["status", "started_at", "total"])
    return run


def progress(*, run_id: int, done: int, total: int | None = None) -> None:
    """Say how far the work is; others see it when the surrounding transaction commits. Meant for every hundredth step.

    Raises RunCancelled when somebody asked the work to stop: then undo what should not stay and call `end_cancelled`.
    """
    fields: dict[str, Any] = {"done": done} if total is None else {"done": done, "total": total}
    running = Run.objects.filter(pk=run_id, status=RunStatus.RUNNING)
    if not running.update(**fields) or running.filter(cancel_requested=True).exists():
        raise RunCancelled


@transaction.atomic
def finish_run(*, run_id: int, now: datetime, **result: Any) -> Run:
    """The work is done; `result` are JSON values to show. Raises NotFound, RunOver."""
    return _end(run_id, RunStatus.DONE, now, result)


@transaction.atomic
def fail_run(*, run_id: int, error: str, now: datetime, **result: Any) -> Run:
    """The work ended with an error, told in words. Raises NotFound, RunOver."""
    return _end(run_id, RunStatus.FAILED, now, result, error=error)


@transaction.atomic
def end_cancelled(*, run_id: int, now: datetime, **result: Any) -> Run:
    """The work has stopped because somebody asked for it. Raises NotFound, RunOver."""
    return _end(run_id, RunStatus.CANCELLED, now, result)


@transaction.atomic
def request_cancel(*, run_id: int, actor: Actor, now: datetime) -> Run:
    """Ask a run to stop: at once while it waits, else at its next step. Raises NotFound, RunOver.

    Who may ask is the caller's to check, with `queries.readable_run`.
    """
    run = _open_run(run_id)
    run.cancel_requested = True
    if run.status == RunStatus.WAITING:
        run.status, run.ended_at = RunStatus.CANCELLED, now
    run.save(update_fields=["cancel_requested", "status", "ended_at"])
    record("run.cancelled", subject=run, actor=actor, at=now)
    return run


def _open_run(run_id: int) -> Run:
    run = Run.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound
    if run.status in OVER:
        raise RunOver(status=run.get_status_display())
    return run


def _end(run_id: int, status: RunStatus, now: datetime, result: dict[str, Any], error: str = "") -> Run:
    run = _open_run(run_id)
    run.status, run.ended_at, run.error = status, now, error
    run.result = {**run.result, **result}
    if status == RunStatus.DONE and run.total is not None:
        run.done = run.total
    run.save(update_fields=["status", "ended_at", "error", "result", "done"])
    return run


@transaction.atomic
def take_up_stalled(*, now: datetime) -> list[int]:
    """Put the jobs of workers that died back into the queue; the ids of those that were.

    A job that did so too often is given up as failed, and the run that it was to do with it. Rows are locked, so that
    two of these at once never start a job twice.
    """
    dead = Q(worker=None) | Q(worker__last_heartbeat__lt=now - timedelta(seconds=STALLED_SECONDS))
    stalled = ProcrastinateJob.objects.filter(dead, status="doing").select_for_update(skip_locked=True, of=("self",))
    again = []
    for job in stalled:
        if job.attempts >= MAX_TAKEN_UP:
            _give_up(job, now)
        elif _put_back(job, now):
            again.append(job.pk)
    if again:
        log.warning("jobs.taken_up", jobs=again)
    return again


def _put_back(job: ProcrastinateJob, now: datetime) -> bool:
    """Queue the job again, unless another one with its queueing lock waits already, which does the same."""
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(job.pk, retry_at=now)
    except UniqueViolation:
        _end_job(job, "cancelled")
        return False
    return True


def _end_job(job: ProcrastinateJob, status: str) -> None:
    with connection.cursor() as cursor:  # the queue's models are read-only
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s AND status = 'doing'", [status, job.pk])


def _give_up(job: ProcrastinateJob, now: datetime) -> None:
    _end_job(job, "failed")
    log.error("jobs.given_up", job=job.pk, task=job.task_name)
    run_id = job.args.get("run_id")
    if isinstance(run_id, int) and Run.objects.filter(pk=run_id).exclude(status__in=OVER).exists():
        fail_run(run_id=run_id, error=gettext("The program that did this work ended several times."), now=now)


def forget_waiting(*, but_last: int, of: Collection[str]) -> None:
    """Delete the jobs that wait, but for so many of the newest of these tasks: for work that is told, not done."""
    with connection.cursor() as cursor:  # the queue's models are read-only
        cursor.execute(
            """
            DELETE FROM procrastinate_jobs WHERE status = 'todo' AND id NOT IN (
                SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND task_name = ANY(%s)
                ORDER BY id DESC LIMIT %s
            )
            """,
            [list(of), but_last],
        )


def delete_old_jobs() -> None:
    """Forget jobs of the queue that ended a week ago."""
    app.connector.get_sync_connector().execute_query(
        query=queries["delete_old_jobs"],
        nb_hours=KEEP_JOBS_HOURS,
        queue=None,
        statuses=["succeeded", "failed", "cancelled", "aborted"],
    )
