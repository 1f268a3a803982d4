"""Who may listen to live updates. The stream itself is `site/stream.py`, which WSGI cannot serve."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from callout.access.middleware import access_of
from callout.access.sessions import actor_behind
from callout.accounts.gate import needs
from callout.board.queries import audience
from callout.live.rules import Audience
from callout.ui import clock

NOT_SIGNED_IN, NOT_ALLOWED = 401, 403


@needs("board.read")
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Where nothing but WSGI serves there are no live updates; 204 tells a browser not to ask again."""
    return HttpResponse(status=204)


def admitted(session_key: str) -> Audience | int:
    """What the person with this session may hear now; an HTTP status for who may not listen. Leaves no trace.

    Meant for a thread of its own: gives its connection back.
    """
    try:
        actor = actor_behind(session_key, now=clock.now())
        if actor.user_id is None:
            return NOT_SIGNED_IN
        access = access_of(events, None)
        return audience(actor) if access and access.allows(actor) else NOT_ALLOWED
    finally:
        connection.close()
