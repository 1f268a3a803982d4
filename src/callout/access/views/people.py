"""Administering people and teams."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from callout.access import commands, forms, queries
from callout.access.rules import CODE_HOURS
from callout.accounts import commands as accounts
from callout.accounts import queries as people
from callout.accounts.gate import needs
from callout.accounts.models import User
from callout.ui import clock
from callout.ui.forms import handle

RIGHT = "people.admin"


@needs(RIGHT)
@never_cache
@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """A new person; the answer shows the first-access code, once."""
    initial = {"language": request.LANGUAGE_CODE}
    form = forms.Person(request.POST or None, grants={}, initial=initial)

    def create(form: forms.Person) -> tuple[User, str]:
        values = form.values()
        values.pop("version")
        return commands.invite(**values, actor=request.actor, now=clock.now())

    return handle(request, form, create, template="access/person.html", success=lambda made: _code_page(request, *made))


@needs(RIGHT)
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Data, roles, rights, teams and branches of a person."""
    found = people.one_person(pk, actor=request.actor)
    form = forms.Person(request.POST or None, person=found, grants=people.grants_of(user=found))

    def save(form: forms.Person) -> None:
        accounts.change_person(person_id=pk, **form.values(), actor=request.actor, now=clock.now())

    context = {
        "person": found,
        "first_access": queries.first_access_of(found),
        "question": queries.question_of(found),
        "myself": found.pk == request.actor.user_id,
        "now": clock.now(),
    }
    return handle(
        request, form, save, template="access/person.html", context=context, success=reverse("person", args=[pk]),
        message=gettext("Saved."),
    )  # fmt: skip


@needs(RIGHT)
@never_cache
@require_POST
def person_code(request: HttpRequest, pk: int) -> HttpResponse:
    """A new first-access code, shown once."""
    found = people.one_person(pk, actor=request.actor)
    code = commands.issue_code(person_id=pk, actor=request.actor, now=clock.now())
    return _code_page(request, found, code)


@needs(RIGHT)
@never_cache
@require_POST
def person_release(request: HttpRequest, pk: int) -> HttpResponse:
    """A code to recover the password with, shown once."""
    found = people.one_person(pk, actor=request.actor)
    code = commands.release(person_id=pk, actor=request.actor, now=clock.now())
    context = {"person": found, "code": code, "url": request.build_absolute_uri(reverse("recover"))}
    return render(request, "access/release.html", context)


@needs(RIGHT)
@require_POST
def person_disable(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the access away."""
    found = commands.disable(person_id=pk, actor=request.actor, now=clock.now())
    messages.success(request, gettext("%(name)s is disabled and signed out.") % {"name": found.display_name})
    return HttpResponseRedirect(reverse("person", args=[pk]))


@needs(RIGHT)
@require_POST
def person_enable(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the access back."""
    found = accounts.enable_person(person_id=pk, actor=request.actor, now=clock.now())
    messages.success(request, gettext("%(name)s may sign in again.") % {"name": found.display_name})
    return HttpResponseRedirect(reverse("person", args=[pk]))


@needs(RIGHT)
@require_http_methods(["GET", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    """A new team."""
    form = forms.TeamForm(request.POST or None, grants={})

    def create(form: forms.TeamForm) -> Any:
        values = form.values()
        values.pop("version")
        return accounts.create_team(**values, actor=request.actor, now=clock.now())

    return handle(request, form, create, template="access/team.html", success="teams", message=gettext("Saved."))


@needs(RIGHT)
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, branch, members and rights of a team."""
    found = people.one_team(pk, actor=request.actor)
    form = forms.TeamForm(request.POST or None, team=found, grants=people.grants_of(team=found))

    def save(form: forms.TeamForm) -> None:
        accounts.change_team(team_id=pk, **form.values(), actor=request.actor, now=clock.now())

    return handle(
        request, form, save, template="access/team.html", context={"team": found}, success="teams",
        message=gettext("Saved."),
    )  # fmt: skip


def _code_page(request: HttpRequest, found: User, code: str) -> HttpResponse:
    """The code on a page to print and hand over; it cannot be shown again."""
    context = {"person": found, "code": code, "hours": CODE_HOURS, "url": request.build_absolute_uri("/")}
    return render(request, "access/code.html", context)
