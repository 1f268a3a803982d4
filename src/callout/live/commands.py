"""Telling whoever watches. Sent in the transaction of the change: it arrives with the commit, or never."""

from collections.abc import Iterable
from typing import Any

import structlog
from django.db import connection

from callout.core.intervals import Interval
from callout.live import rules


def tell(
    what: str,
    *,
    actor: Any,
    resources: Iterable[int] = (),
    window: Interval | None = None,
    appointment: int | None = None,
    work_order: int | None = None,
    branch: int | None = None,
) -> None:
    """Let open boards know of a change: `window` of these calendars, or work of `branch` that waits for a plan.

    `actor` needs `user_id` and `name`. Without `window` any time may have changed. One statement; a commit that tells
    something waits for others that do.
    """
    text = news(
        what,
        actor=actor,
        resources=resources,
        window=window,
        appointment=appointment,
        work_order=work_order,
        branch=branch,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [rules.CHANNEL, text])


def news(
    what: str,
    *,
    actor: Any,
    resources: Iterable[int] = (),
    window: Interval | None = None,
    appointment: int | None = None,
    work_order: int | None = None,
    branch: int | None = None,
) -> str:
    """What `tell` sends, for who sends it in a statement of its own."""
    return rules.written(
        rules.Change(
            what=what,
            resources=rules.named(resources),
            starts=rules.moment(window.starts if window else None),
            ends=rules.moment(window.ends if window else None),
            appointment=appointment,
            work_order=work_order,
            branch=branch,
            actor_id=actor.user_id,
            actor_name=actor.name,
            via=structlog.contextvars.get_contextvars().get("request_id", ""),
        )
    )
