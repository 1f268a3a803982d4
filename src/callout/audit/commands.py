"""Writing the audit trail."""

from datetime import datetime
from typing import Any

import structlog
from django.db import models

from callout.audit.models import Entry, Level, kind_of


def record(
    action: str, *, subject: models.Model, actor: Any, at: datetime, level: Level = Level.BASIC, **facts: Any
) -> None:
    """Write what happened in the transaction of the change itself, so that neither exists without the other.

    `facts` must be JSON values; `actor` needs `user_id` and `name`.
    """
    Entry.objects.create(
        at=at,
        actor_id=actor.user_id,
        actor_name=actor.name,
        action=action,
        level=level,
        subject_kind=kind_of(subject),
        subject_id=subject.pk,
        facts=facts,
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )
