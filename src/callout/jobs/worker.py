"""The process that runs the jobs of the queue."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import structlog
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.job_context import JobContext

from callout.jobs.commands import defer
from callout.jobs.rules import STALLED_SECONDS

CONCURRENCY = 4
GRACE_SECONDS = 8  # less than the supervisor waits before it kills

log = structlog.get_logger("callout.jobs")


def logged(call_next: Callable[[], Any], context: JobContext, worker: Any) -> Any:
    """Give the log lines of a job its id, and tell how it ended."""
    with structlog.contextvars.bound_contextvars(request_id=f"job-{context.job.id}", task=context.job.task_name):
        result = call_next()
        log.info("job")
        return result


def worker_app() -> DjangoApp:
    """An app with the same tasks on connections of its own.

    The queue's loop needs them; what tasks themselves defer goes on through Django's connection, with their commit.
    """
    app.perform_import_paths()
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    own = DjangoApp(connector=connector, worker_defaults={"task_middleware": [logged]})
    own.tasks = app.tasks
    own.periodic_registry = app.periodic_registry
    return own


async def _work(concurrency: int, wait: bool) -> None:
    async with (own := worker_app()).open_async():
        await own.run_worker_async(
            concurrency=concurrency,
            wait=wait,
            shutdown_graceful_timeout=GRACE_SECONDS,
            update_heartbeat_interval=STALLED_SECONDS / 3,
            stalled_worker_timeout=STALLED_SECONDS,
            fetch_job_polling_interval=5,
        )


def run(*, concurrency: int = CONCURRENCY, wait: bool = True) -> None:
    """Run jobs until SIGTERM or SIGINT, which let the running ones end; without `wait` until the queue is empty.

    The jobs of a worker that was killed just before are taken up as soon as it counts as dead.
    """
    defer("jobs.tick", after=timedelta(seconds=STALLED_SECONDS + 5))
    asyncio.run(_work(concurrency, wait))
