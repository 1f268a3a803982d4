"""One's own account: data, secret question, API tokens."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from callout.access import commands, forms, queries
from callout.accounts import commands as accounts
from callout.accounts.gate import signed_in
from callout.accounts.models import User
from callout.ui import clock
from callout.ui.forms import handle


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Own data, with the ways to everything else that belongs to the account."""
    person = _own(request)
    form = forms.Profile(request.POST or None, person=person)

    def save(form: forms.Profile) -> None:
        accounts.change_own(**form.cleaned_data, actor=request.actor, now=clock.now())

    return handle(
        request,
        form,
        save,
        template="access/profile.html",
        context=_surroundings(request, person),
        success="profile",
        message=gettext("Your data are saved."),
    )


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def secret_question(request: HttpRequest) -> HttpResponse:
    """Another question and answer, with the current password."""

    def save(form: forms.Question) -> None:
        commands.change_question(**form.cleaned_data, actor=request.actor, now=clock.now())

    return handle(
        request,
        forms.Question(request.POST or None),
        save,
        template="access/secret_question.html",
        success="profile",
        message=gettext("Your secret question is changed."),
    )


@signed_in
@never_cache
@require_POST
def token_create(request: HttpRequest) -> HttpResponse:
    """A new token, shown on this answer and never again."""
    person = _own(request)
    form = forms.TokenName(request.POST)
    secret = ""
    if form.is_valid():
        with form.refusals():
            secret = commands.create_token(
                user=person,
                name=form.cleaned_data["name"],
                actor=request.actor,
                now=clock.now(),
            )
    if not secret:
        context = {**_surroundings(request, person), "token_form": form, "form": forms.Profile(person=person)}
        return render(request, "access/profile.html", context, status=422)
    return render(request, "access/token.html", {"secret": secret, "name": form.cleaned_data["name"]})


@signed_in
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    commands.revoke_token(token_id=pk, user=_own(request), actor=request.actor, now=clock.now())
    messages.success(request, gettext("The token is revoked."))
    return HttpResponseRedirect(reverse("profile") + "#tokens")


def _own(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the gate let nobody else in
    return request.user


def _surroundings(request: HttpRequest, person: User) -> dict[str, Any]:
    return {
        "person": person,
        "tokens": queries.tokens_of(request.actor),
        "token_form": forms.TokenName(),
        "question": queries.question_of(person),
    }
