"""The customer's link: making and closing it, and the page behind it, which has no other lock than its address."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from callout.access.errors import TooManyRequests
from callout.accounts.gate import anybody, needs
from callout.core.errors import DomainError, NotFound
from callout.planning.presence_words import weekday_names
from callout.ui import clock
from callout.ui.refusals import explain, refusal_page
from callout.workorders import commands, mails, portal_mails, queries
from callout.workorders.forms.portal import PortalWish, moment, named
from callout.workorders.models import Invitation, WorkOrder
from callout.workorders.queries import portal

VISITS = 40
"""Pages from one network address in a minute: a family that cannot decide, and far too few to guess a secret."""
BOOKS = ("slot.book", "board.plan")


@needs(*BOOKS)
@never_cache
@require_http_methods(["GET", "POST"])
def customer_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The link of a work order; the address of a new one is shown on this answer and never again."""
    order = queries.one(pk, actor=request.actor)
    address = ""
    if request.method == "POST":
        _invitation, secret = commands.invite(
            work_order_id=pk, send="send" in request.POST, actor=request.actor, now=clock.now()
        )
        address = portal_mails.address_of(secret)
    link, now = portal.of_order(order), clock.now()
    context = {
        "order": order, "link": link, "address": address, "to": ", ".join(mails.recipients(order.ticket)),
        "expired": link is not None and link.expires_at <= now, "days": settings.CUSTOMER_LINK_DAYS,
        "hours": settings.CUSTOMER_LINK_HOURS, "can": order.status in ("foreseen", "planned"),
    }  # fmt: skip
    return render(request, "workorders/customer_link.html", context)


@needs(*BOOKS)
@require_POST
def customer_link_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the link of a work order."""
    commands.revoke_invitation(work_order_id=pk, actor=request.actor, now=clock.now())
    messages.success(request, _("The link is closed."))
    return HttpResponseRedirect(reverse("customer_link", args=[pk]))


Page = Callable[[HttpRequest], HttpResponse]


def _discreet(view: Page) -> Page:
    """Nobody keeps, finds or is told the address; who tries many is refused, whatever is behind them."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        try:
            _limit(request, clock.now())
            response = view(request)
        except DomainError as error:
            response = refusal_page(request, error)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return guarded


def _limit(request: HttpRequest, now: datetime) -> None:
    """Refuse who comes too often, with a link or without."""
    key = f"choose-time:{get_adapter().get_client_ip(request)}:{int(now.timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > VISITS:
        raise TooManyRequests


# No session lends a request its power here, the secret in it does; and a page without referrer sends no origin either.
@csrf_exempt
@anybody
@_discreet
@require_http_methods(["GET", "HEAD", "POST"])
def choose_time(request: HttpRequest) -> HttpResponse:
    """What is booked, what is free, and booking it; in the customer's language, by the clock at the site."""
    secret, now = request.GET.get("key", ""), clock.now()
    invitation = portal.by_secret(secret, now=now)
    commands.note_opened(invitation=invitation, now=now)
    order = invitation.work_order
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or mails.language_of(order.ticket)
    with translation.override(language), timezone.override(order.branch.time_zone):
        response = _chosen(request, secret, now) if request.method == "POST" else _page(request, invitation, now)
        response.headers["Content-Language"] = language
    return response


def _chosen(request: HttpRequest, secret: str, now: datetime) -> HttpResponse:
    starts = moment(request.POST.get("at", ""))
    if starts is None:
        raise NotFound("at")
    try:
        commands.choose_time(secret=secret, starts=starts, now=now)
    except DomainError as error:
        told = explain(error)
        return _page(request, portal.by_secret(secret, now=now), now, refused=told, status=told.status)
    return HttpResponseRedirect(f"{reverse('choose_time')}?{urlencode({'key': secret, 'booked': 1})}")


def _page(
    request: HttpRequest, invitation: Invitation, now: datetime, *, refused: Any = None, status: int = 200
) -> HttpResponse:
    """Offers with the wish, one of them to be confirmed, or where the order stands."""
    order, asked = invitation.work_order, PortalWish(request.GET)
    asked.full_clean()
    stands = portal.standing(order, now=now)
    chosen = None if refused else moment(request.GET.get("at", ""))
    moving = bool(request.GET.get("move")) or stands.name == portal.FORESEEN or refused is not None
    context: dict[str, Any] = {
        "order": order, "stands": stands.name, "can_choose": stands.can_choose, "key": request.GET.get("key", ""),
        "refused": refused, "booked": "booked" in request.GET, "hours": settings.CUSTOMER_LINK_HOURS,
        "technician": order.resource if settings.CUSTOMER_LINK_NAMES else None,
    }  # fmt: skip
    if stands.can_choose and chosen:
        context |= {"chosen": chosen, "chosen_ends": chosen + timedelta(minutes=order.minutes), "at": named(chosen)}
    elif stands.can_choose and moving:
        context |= _offered(request, order, asked, now)
    return render(request, "workorders/choose_time.html", context, status=status)


def _offered(request: HttpRequest, order: WorkOrder, asked: PortalWish, now: datetime) -> dict[str, Any]:
    """The offers, each with its link, which keeps the wish."""
    found = portal.offers(order, after=asked.after(now, order.branch.time_zone), wish=asked.wish, now=now)
    kept = {name: request.GET.getlist(name) for name in ("key", "slot_day", "slot_part", "days", "move")}
    links = [f"?{urlencode({**kept, 'at': named(one.interval.starts)}, doseq=True)}" for one in found]
    wished = set(asked.weekdays)
    return {
        "offers": list(zip(found, links, strict=True)), "day": asked.day,
        "part": asked.cleaned_data.get("slot_part", ""), "moving": bool(request.GET.get("move")),
        "weekdays": [(n, weekday_names(n), n in wished) for n in range(7)],
    }  # fmt: skip
