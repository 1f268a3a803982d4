"""Who is visiting, and whether the route is for them."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from callout.access.gate import EXTERNAL, Access
from callout.access.sessions import is_over
from callout.accounts.actor import NOBODY
from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.accounts.rules import lacking
from callout.ui import clock
from callout.ui.refusals import refusal_page

LAST_SEEN_STEP = 60  # seconds: the session is written once a minute at most, not at every request
UNATTENDED = "X-Callout-Unattended"
"""A header of what a page asks by itself: it does not count as somebody being there."""


class Visitor:
    """Sets `request.actor` (and `request.newcomer`, who has yet to finish the first access), the language and the time
    zone; ends sessions that are idle or too old.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request as the person who sent it."""
        request.actor = NOBODY
        request.newcomer = None
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or translation.get_language_from_request(request)
        if request.user.is_authenticated:
            if self._expired(request):
                logout(request)
            else:
                language = self._recognise(request)
                timezone.activate(request.user.time_zone)
        if not translation.check_for_language(language):
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            try:
                response = self.get_response(request)
            finally:
                timezone.deactivate()
        response.headers.setdefault("Content-Language", language)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _recognise(self, request: HttpRequest) -> str:
        """The visitor's language. Who has not finished the first access is nobody yet, and may do nothing but finish
        it; a language chosen on the way counts before the one that the administrator entered.
        """
        person = cast(User, request.user)
        if person.setup_pending:
            request.newcomer = person
            return request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, person.language)
        request.actor = actor_for(person)
        return person.language

    def _expired(self, request: HttpRequest) -> bool:
        """Whether the session was idle for too long or began too long ago; keeps the two times up to date."""
        now = int(clock.now().timestamp())
        session = request.session
        if is_over(session, now=now):
            return True
        session.setdefault("started", now)
        unattended = request.headers.get(UNATTENDED) is not None
        if "seen" not in session or (now - session["seen"] >= LAST_SEEN_STEP and not unattended):
            session["seen"] = now
        return False


class Gate:
    """Refuses every page that declares no access or whose access the visitor does not have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the check happens when the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse, send to the login page, or let the view run."""
        match = request.resolver_match
        if match and "api" in match.namespaces:
            return None  # operations carry their own guard; none can be registered without one
        access = access_of(view, match.url_name if match else None)
        if access and access.allows(request.actor):
            return None
        if access and request.newcomer:
            return HttpResponseRedirect(reverse("first_access"))
        if access and request.actor.user_id is None:
            return login_first(request)
        return refusal_page(request, lacking(access.rights[0] if access and access.rights else ""))


def access_of(view: Callable[..., Any], url_name: str | None) -> Access | None:
    """What a view declares; None when it declares nothing."""
    declared = getattr(view, "access", None) or getattr(getattr(view, "view_class", None), "access", None)
    return declared or EXTERNAL.get(url_name or "")


def login_first(request: HttpRequest) -> HttpResponse:
    """To the login page and back here afterwards; a fragment asks the whole page to go there."""
    url = f"{reverse(settings.LOGIN_URL)}?next={quote(request.get_full_path())}"
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(settings.LOGIN_URL)})
    return HttpResponseRedirect(url)
