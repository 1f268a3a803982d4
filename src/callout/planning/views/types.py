"""The page of an activity type: what such an activity looks like, bills, tells and makes by itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callout.accounts.gate import needs
from callout.accounts.models import LANGUAGES
from callout.core.errors import DomainError, NotFound
from callout.notices import queries as notices
from callout.notices import registry as mail_registry
from callout.notices import wording
from callout.notices.views import example
from callout.planning import commands, registry, rules
from callout.planning.forms.chains import DryRunForm, chain_forms, chains_of, links_of
from callout.planning.forms.vocabulary import ItemFormSet, TypeForm, items_of
from callout.planning.models import ActivityType, Chain
from callout.planning.queries import chains as chain_queries
from callout.planning.rules import chains as chain_rules
from callout.ui import clock
from callout.ui.forms import handle
from callout.ui.refusals import explain

SETUP = "planning.admin"
PAGE = "planning/activity_type.html"


@needs(SETUP)
def activity_type(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """An activity type, with who plans and performs it, what it bills, and what it makes by itself."""
    row = _row(pk)
    data = request.POST or None
    form = TypeForm(data, initial=TypeForm.start(row) if row else {})
    lines = list(row.billing_items.order_by("id").values("product", "quantity")) if row else []
    items = ItemFormSet(data, initial=lines, prefix="items")
    chains = _chains(request, row)

    def save(form: TypeForm) -> ActivityType:
        fields = form.cleaned_data
        return commands.save_type(
            type_id=pk, name=fields["name"], names=form.names, version=fields["version"], plans=form.eligible("plans"),
            performs=form.eligible("performs"), items=items_of(items), actor=request.actor, now=clock.now(),
            chains=chains_of(chains) if chains.is_bound else None, **form.values,
        )  # fmt: skip

    if request.method == "POST" and form.is_valid():
        _join(form, items, chains)
    context = {"row": row, "items": items, "chains": chains, "heading": row or _("New activity type"),
               "mails": _mails(form), **_trial(request, pk)}  # fmt: skip
    return handle(request, form, save, template=PAGE, context=context, success=lambda made: _saved(request, made))


def _row(pk: int | None) -> ActivityType | None:
    """The type of the page, None for a new one. Raises NotFound."""
    if pk is None:
        return None
    found = ActivityType.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _chains(request: HttpRequest, row: ActivityType | None) -> Any:
    """The forms of the chains; a page that sends none leaves them as they are."""
    data = request.POST if "chains-TOTAL_FORMS" in request.POST else None
    return chain_forms(data, list(row.chains.all()) if row else [])


def _join(form: TypeForm, items: Any, chains: Any) -> None:
    """What is wrong with the lines below is wrong with the form."""
    if not items.is_valid():
        form.add_error(None, _("Some billing items are not complete."))
    if chains.is_bound and not chains.is_valid():
        form.add_error(None, _("Some further tasks are not complete."))


def _saved(request: HttpRequest, made: ActivityType) -> str:
    messages.success(request, _("Saved."))
    if chain_rules.endless(chain_queries.links(), made.pk):
        warning = _("Opening “%(name)s” makes “%(name)s” again and again: it stops at 1,000 tasks each time.")
        messages.warning(request, warning % {"name": made})
    return reverse("activity_types")


def _mails(form: TypeForm) -> list[dict[str, Any]]:
    """The occasions on which mail goes out, and where each is shown as it reads."""
    return [
        {"occasion": code, "label": _(text), "url": reverse("activity_type_mail", args=[code])}
        for code, text in rules.MAIL_EVENTS.items()
        if registry.mail_of(code)
    ]


def _trial(request: HttpRequest, pk: int | None) -> dict[str, Any]:
    address = reverse("activity_type_dry_run", args=[pk]) if pk else reverse("activity_type_new_dry_run")
    return {"trial": DryRunForm(actor=request.actor, today=timezone.localdate(clock.now())), "trial_url": address}


@needs(SETUP)
@require_POST
def dry_run(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """What an activity of the type would make by opening or closing now, with the chains as they are typed."""
    row = _row(pk)
    form = DryRunForm(request.POST, actor=request.actor, today=timezone.localdate(clock.now()))
    chains = _chains(request, row)
    context: dict[str, Any] = {"form": form}
    if form.is_valid() and chains.is_bound and chains.is_valid():
        with form.refusals():
            context["found"] = _tried(request, row, form.cleaned_data, chains_of(chains))
    context["incomplete"] = "found" not in context
    return render(request, "planning/_dry_run.html", context, status=422 if context["incomplete"] else 200)


def _tried(
    request: HttpRequest, row: ActivityType | None, wish: dict[str, Any], rows: list[commands.ChainRow]
) -> chain_queries.DryRun:
    typed = links_of(rows)
    owners = dict(Chain.objects.filter(owner__isnull=False).values_list("id", "owner_id"))
    owners |= {link.id: chain.owner_id for link, chain in zip(typed, rows, strict=True)}
    kind = request.POST.get("kind", "")
    return chain_queries.dry_run(
        {**chain_queries.links(), row.pk if row else 0: typed},
        activity_type=row,
        closes=wish["dry_when"] == "closes",
        is_task=kind in (ActivityType.Kind.TASK, ActivityType.Kind.REMINDER),
        due=wish["dry_due"],
        branch=wish["dry_branch"],
        owners=owners,
        now=clock.now(),
    )


@needs(SETUP)
@require_safe
def mail(request: HttpRequest, occasion: str) -> HttpResponse:
    """How a mail reads that goes out on this occasion, with the descriptions of its placeholders in their places."""
    event = registry.mail_of(occasion)
    if event is None:
        raise NotFound
    known = mail_registry.event(event)
    language = request.GET.get("language", "")
    language = language if language in dict(LANGUAGES) else (get_language() or "en")
    chosen = notices.wording(known, language)
    context: dict[str, Any] = {"label": gettext(known.label), "languages": LANGUAGES, "language": language,
                               "event": event, "occasion": occasion}  # fmt: skip
    try:
        facts = example(known, language)
        context |= {
            name: wording.render(getattr(chosen, name), facts, language=language) for name in ("subject", "body")
        }
    except DomainError as error:
        context["refusal"] = explain(error)
    return render(request, "planning/_mail.html", context)
