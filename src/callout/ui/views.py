"""Pages and fragments that belong to every capability: the search for anything, the choice of language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe

from callout.accounts import commands
from callout.accounts.gate import anybody, signed_in
from callout.core.text import has_forbidden
from callout.ui import clock, search


@signed_in
@require_safe
def search_everything(request: HttpRequest) -> HttpResponse:
    """What `Ctrl+K` shows for the term so far."""
    term = request.GET.get("q", "")
    term = "" if has_forbidden(term) else term
    groups = search.find(term, actor=request.actor)  # type: ignore[attr-defined]
    return render(request, "ui/_found.html", {"groups": groups, "term": term.strip()})


@anybody
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Pages in another language from now on: kept with the person who is signed in, else in a cookie."""
    language = request.POST.get("language", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if language not in dict(settings.LANGUAGES) or not check_for_language(language):
        return response
    actor = request.actor  # type: ignore[attr-defined]
    if actor.user_id is not None:
        commands.choose_language(language=language, actor=actor, now=clock.now())
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, secure=settings.SESSION_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY, samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )  # fmt: skip
    return response
