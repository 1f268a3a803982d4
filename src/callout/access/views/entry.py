"""The first access, and the way back in after a lost password."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from callout.access import commands, forms, queries
from callout.access.errors import RecoveryOver, TooManyRequests
from callout.access.tokens import plain_code
from callout.accounts.gate import anybody
from callout.ui import clock
from callout.ui.forms import handle


@anybody
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def first_access(request: HttpRequest) -> HttpResponse:
    """Own data, user name, password and secret question; until it is done there is no other page."""
    person = request.newcomer  # type: ignore[attr-defined]  # set by access.middleware.Visitor
    if person is None:
        return HttpResponseRedirect(reverse("home"))
    initial = {
        "display_name": person.display_name,
        "email": person.email,
        "phone": person.phone,
        "language": person.language,
        "time_zone": person.time_zone,
    }

    def finish(form: forms.Setup) -> None:
        done = commands.finish(person_id=person.pk, now=clock.now(), **form.cleaned_data)
        update_session_auth_hash(request, done)

    form = forms.Setup(request.POST or None, initial=initial)
    return handle(request, form, finish, template="access/first_access.html", success="home")


@anybody
@never_cache
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Ask for a link by user name, or go on with an administrator's code. The answer never says who exists."""
    if "code" in request.POST:
        return _with_code(request)

    def ask(form: forms.LostPassword) -> None:
        username = form.cleaned_data["username"]
        _limit(request, "reset_password", key=username.casefold())
        commands.request_recovery(username=username, now=clock.now())

    context = {"code_form": forms.RecoveryCode()}
    return handle(
        request,
        forms.LostPassword(request.POST or None),
        ask,
        template="access/recover.html",
        context=context,
        success=lambda _done: render(request, "access/recover_sent.html", context),
    )


def _with_code(request: HttpRequest) -> HttpResponse:
    _limit(request, "reset_password_from_key")
    form = forms.RecoveryCode(request.POST)
    code = plain_code(request.POST["code"])
    if code is None or queries.live_recovery(code, now=clock.now()) is None:
        form.full_clean()
        form.refuse(RecoveryOver("code"))
        context = {"form": forms.LostPassword(), "code_form": form}
        return render(request, "access/recover.html", context, status=422)
    return HttpResponseRedirect(reverse("recover_answer", args=[code]))


@anybody
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def recover_answer(request: HttpRequest, code: str) -> HttpResponse:
    """The secret question, and the new password."""
    _limit(request, "reset_password_from_key")
    found = queries.live_recovery(code, now=clock.now())
    if found is None:
        raise RecoveryOver

    def answer(form: forms.Answer) -> None:
        commands.recover(typed=code, now=clock.now(), **form.cleaned_data)
        logout(request)
        messages.success(request, gettext("Your password is changed. Sign in with it."))

    form = forms.Answer(request.POST or None)
    context: dict[str, Any] = {"question": found.user.secret_question.question}
    return handle(
        request, form, answer, template="access/recover_answer.html", context=context, success="account_login"
    )


def _limit(request: HttpRequest, action: str, key: str | None = None) -> None:
    """Refuse who does this too often from one address, or for one account."""
    if not ratelimit.consume(request, action=action, key=key):
        raise TooManyRequests
