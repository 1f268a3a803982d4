"""Putting work into the queue."""

from typing import Any

from procrastinate.contrib.django import app


def defer(task: str, *, lock: str | None = None, queueing_lock: str | None = None, **arguments: Any) -> int:
    """Queue `task` by name with JSON `arguments`; it leaves with the surrounding transaction's commit, or not at all.

    Jobs with the same `lock` never run at the same time. Returns the job's id.
    """
    return app.configure_task(task, lock=lock, queueing_lock=queueing_lock).defer(**arguments)
