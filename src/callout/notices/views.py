"""Wording of mails, and the mails themselves, for administrators."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callout.accounts.gate import needs
from callout.accounts.models import LANGUAGES
from callout.core.errors import DomainError, NotFound
from callout.documents.models import Attachment
from callout.notices import commands, forms, queries, registry, wording
from callout.ui import clock
from callout.ui.forms import handle
from callout.ui.refusals import explain

RIGHT = "settings.admin"


@needs(RIGHT)
@require_safe
def wordings(request: HttpRequest) -> HttpResponse:
    """Every event with its languages, and which of them have a wording of the company's."""
    own = queries.own_wordings()
    rows = [
        (event, gettext(event.label), [(code, name, own.get((event.code, code))) for code, name in LANGUAGES])
        for event in registry.events()
    ]
    return render(request, "notices/wordings.html", {"rows": rows, "languages": LANGUAGES})


@needs(RIGHT)
@require_http_methods(["GET", "POST"])
def wording_edit(request: HttpRequest, event: str, language: str) -> HttpResponse:
    """The company's wording of one event in one language, begun from the built-in one."""
    known = _known(event, language)
    own = queries.own_wording(event, language)
    shown = queries.Wording(known, language, own.subject, own.body, own) if own else queries.built_in(known, language)
    form = forms.WordingForm(request.POST or None, wording=shown, active=own.active if own else True)

    def save(form: forms.WordingForm) -> None:
        commands.save_wording(
            event=event,
            language=language,
            **form.cleaned_data,
            actor=request.actor,
            now=clock.now(),
        )

    context = {
        "event": known,
        "label": gettext(known.label),
        "language": dict(LANGUAGES)[language],
        "fields": [(name, gettext(text)) for name, text in known.fields.items()],
        "preview_url": reverse("wording_preview", args=[event, language]),
        "built_in": queries.built_in(known, language) if own else None,
    }
    return handle(
        request, form, save, template="notices/wording.html", context=context, success="wordings",
        message=gettext("The wording is saved."),
    )  # fmt: skip


@needs(RIGHT)
@require_POST
def wording_preview(request: HttpRequest, event: str, language: str) -> HttpResponse:
    """How the mail would read, with the descriptions of the placeholders in their places."""
    known = _known(event, language)
    facts = example(known, language)
    try:
        for name in ("subject", "body"):
            wording.check(request.POST.get(name, ""), fields=known.fields, field=name)
        parts = {
            name: wording.render(request.POST.get(name, ""), facts, language=language) for name in ("subject", "body")
        }
    except DomainError as error:
        return render(request, "notices/_preview.html", {"refusal": explain(error)})
    return render(request, "notices/_preview.html", parts)


def example(event: registry.Event, language: str) -> dict[str, Any]:
    """Facts for a preview: each placeholder's own description."""
    facts: dict[str, Any] = {}
    with translation.override(language):
        for dotted, text in event.fields.items():
            *path, last = dotted.split(".")
            place = facts
            for step in path:
                place = place.setdefault(step, {})
            place[last] = f"‹{gettext(text)}›"
    return facts


@needs(RIGHT)
@require_safe
def outgoing_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as it was written."""
    mail = queries.one_mail(pk, actor=request.actor)
    context = {
        "mail": mail,
        "label": gettext(registry.label_of(mail.event)),
        "files": Attachment.objects.filter(pk__in=mail.attachment_ids).order_by("id"),
    }
    return render(request, "notices/outgoing_mail.html", context)


@needs(RIGHT)
@require_POST
def outgoing_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a failed mail again."""
    commands.send_again(mail_id=pk, actor=request.actor, now=clock.now())
    messages.success(request, gettext("The mail is on its way again."))
    return HttpResponseRedirect(reverse("outgoing_mail", args=[pk]))


def _known(event: str, language: str) -> registry.Event:
    if language not in dict(LANGUAGES) or event not in {one.code for one in registry.events()}:
        raise NotFound
    return registry.event(event)
