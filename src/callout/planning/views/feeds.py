"""Calendar feeds: making and revoking one's own, and the feed itself, which has no other lock than its address."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callout.access.errors import TooManyRequests
from callout.accounts.gate import anybody, signed_in
from callout.planning import commands, ical
from callout.planning.forms.feeds import FeedForm
from callout.planning.queries import feeds as feed_queries
from callout.ui import clock

READINGS = 60
"""Readings from one network address in a minute: an office full of calendars, and far too few to guess a secret."""


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """One's own feeds; the address of a new one is shown on this answer and never again."""
    form = FeedForm(request.POST or None, actor=request.actor)
    address = ""
    if request.method == "POST" and (form.is_valid() or not request.POST):
        team = form.cleaned_data.get("team") if form.is_bound else None
        with form.refusals():
            _feed, secret = commands.create_feed(
                team_id=team.pk if team else None, actor=request.actor, now=clock.now()
            )
            address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('calendar_feed')}?{urlencode({'key': secret})}"
    context: dict[str, Any] = {"form": form, "address": address, "feeds": list(feed_queries.feeds_of(request.actor))}
    refused = request.method == "POST" and not address
    return render(request, "planning/feeds.html", context, status=422 if refused else 200)


@signed_in
@require_POST
def feed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own feeds."""
    commands.revoke_feed(feed_id=pk, actor=request.actor, now=clock.now())
    messages.success(request, _("The address is revoked: calendars that read it find nothing any more."))
    return HttpResponseRedirect(reverse("feeds"))


@anybody
@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """The calendar at a secret address, which stands in the parameter `key`: paths are written into logs."""
    now = clock.now()
    _limit(request, now)
    feed, actor = feed_queries.by_secret(request.GET.get("key", ""))
    found = feed_queries.contents(feed, actor=actor, now=now)
    with translation.override(actor.language):
        text = ical.write(found, name=str(feed.team or feed.owner))
    commands.note_read(feed=feed, now=now)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="callout.ics"'
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _limit(request: HttpRequest, now: datetime) -> None:
    """Refuse who reads too often, known or not."""
    key = f"calendar-feed:{get_adapter().get_client_ip(request)}:{int(now.timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > READINGS:
        raise TooManyRequests
