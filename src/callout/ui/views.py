"""Pages and fragments that belong to every capability: the search for anything, the choice of language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
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
    groups = search.find(term, actor=request.actor)
    return render(request, "ui/_found.html", {"groups": groups, "term": term.strip()})


@signed_in
@require_POST
def choose_single_keys(request: HttpRequest) -> HttpResponse:
    """Switches the keys without Ctrl on (`on` is 1) or off for the person."""
    on = request.POST.get("on") == "1"
    commands.choose_single_keys(on=on, actor=request.actor, now=clock.now())
    return _back(request)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page in `next`, when it is one of ours."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("home")
    return HttpResponseRedirect(target)


@anybody
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Pages in another language from now on: kept with the person who is signed in, else in a cookie."""
    language = request.POST.get("language", "")
    response = _back(request)
    if language not in dict(settings.LANGUAGES) or not check_for_language(language):
        return response
    actor = request.actor
    if actor.user_id is not None:
        commands.choose_language(language=language, actor=actor, now=clock.now())
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, secure=settings.SESSION_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY, samesite="Lax",
    )  # fmt: skip
    return response
