"""Whose session it is, and whether it still counts."""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from callout.accounts.actor import NOBODY, Actor
from callout.accounts.models import User
from callout.accounts.queries import actor_for


def is_over(session: Mapping[str, Any], *, now: int) -> bool:
    """Whether a session was idle for too long or began too long ago; `now` in seconds since the epoch."""
    idle, age = now - session.get("seen", now), now - session.get("started", now)
    return idle > settings.SESSION_IDLE_SECONDS or age > settings.SESSION_COOKIE_AGE


def actor_behind(session_key: str, *, now: datetime) -> Actor:
    """The person with this session, as a request of it would find: nobody when it is over or the person is disabled.

    Looking leaves no trace: the session does not last longer for it.
    """
    request = HttpRequest()
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(session_key)
    if not session_key or is_over(request.session, now=int(now.timestamp())):
        return NOBODY
    person = get_user(request)
    if not person.is_authenticated or cast(User, person).setup_pending:
        return NOBODY
    return actor_for(cast(User, person))
