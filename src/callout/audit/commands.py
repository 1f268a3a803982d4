"""Writing the audit trail."""

from datetime import datetime
from typing import Any

import structlog
from django.db import models, transaction

from callout.audit import queries
from callout.audit.models import Entry, Level, Setting, kind_of
from callout.db.rows import insert


def record(
    action: str, *, subject: models.Model, actor: Any, at: datetime, level: Level = Level.BASIC, **facts: Any
) -> None:
    """Write what happened in the transaction of the change itself, so that neither exists without the other.

    `facts` must be JSON values; `actor` needs `user_id` and `name`. Basic things are always written, others when the
    installation wants that much detail.
    """
    if level == Level.BASIC or level <= queries.level():
        insert([entry(action, subject=subject, actor=actor, at=at, level=level, **facts)])


def entry(
    action: str, *, subject: models.Model, actor: Any, at: datetime, level: Level = Level.BASIC, **facts: Any
) -> Entry:
    """What `record` writes, for who writes it in a statement of its own."""
    return Entry(
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


@transaction.atomic
def set_level(*, level: Level, actor: Any, at: datetime) -> None:
    """Write down this much from now on; what was written stays. Needs the right `settings.admin`."""
    actor.require("settings.admin")
    setting, _created = Setting.objects.update_or_create(defaults={"level": level})
    record("audit.level", subject=setting, actor=actor, at=at, chosen=level.name.lower())
