"""Files of records, their history, and the settings of numbers, periods and branches."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callout.accounts import commands as accounts
from callout.accounts.gate import needs, signed_in
from callout.audit import commands as audit
from callout.audit import queries as audited
from callout.core.errors import NotFound
from callout.documents import commands, content, forms, queries, registry
from callout.documents.history import told
from callout.documents.rules import MODULES
from callout.ui import clock
from callout.ui.forms import handle

RIGHT = "settings.admin"
ENTRIES = 50


@signed_in
@require_safe
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """The file; pictures may be shown in a page, everything else is only saved. Never run, whatever it holds."""
    found = queries.readable_attachment(pk, actor=request.actor)
    try:
        stream = default_storage.open(found.path)
    except FileNotFoundError as error:
        raise NotFound from error
    response = FileResponse(
        stream,
        as_attachment=found.media_type not in content.INLINE,
        filename=found.name,
        content_type=found.media_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@signed_in
@require_safe
def history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The fragment that tells what happened to a record; older entries come on request."""
    entries = queries.entries_of(kind, pk, actor=request.actor)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    rows = list(entries[: ENTRIES + 1])
    context = {
        "entries": [told(entry) for entry in rows[:ENTRIES]],
        "older": rows[ENTRIES - 1].pk if len(rows) > ENTRIES else None,
        "kind": kind,
        "pk": pk,
        "more": bool(before),
    }
    return render(request, "documents/_history.html", context)


@needs(RIGHT)
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Where the settings of the installation are, and how much detail the history keeps."""

    def save(form: forms.LevelForm) -> None:
        audit.set_level(level=form.cleaned_data["level"], actor=request.actor, at=clock.now())

    form = forms.LevelForm(request.POST or None, initial={"level": audited.level()})
    return handle(
        request, form, save, template="documents/settings.html",
        context={"pages": registry.settings_pages(request.actor)},
        success="settings", message=gettext("Saved."),
    )  # fmt: skip


@needs(RIGHT)
@require_http_methods(["GET", "POST"])
def number_book_new(request: HttpRequest) -> HttpResponse:
    """A new number book."""

    def create(form: forms.NewNumberBook) -> Any:
        return commands.create_number_book(**_book_values(form), actor=request.actor, now=clock.now())

    context = {"title": gettext("New number book"), "back": "number_books"}
    return _form(request, forms.NewNumberBook(request.POST or None), create, context)


@needs(RIGHT)
@require_http_methods(["GET", "POST"])
def number_book(request: HttpRequest, pk: int) -> HttpResponse:
    """A number book: its format, and whether it is used."""
    book = queries.one(queries.number_books(request.actor), pk)

    def save(form: forms.NumberBookForm) -> Any:
        return commands.change_number_book(book_id=pk, **_book_values(form), actor=request.actor, now=clock.now())

    context = {"title": book.series, "back": "number_books", "kind": "numberbook", "pk": pk}
    return _form(request, forms.NumberBookForm(request.POST or None, book=book), save, context)


@needs(RIGHT)
@require_http_methods(["GET", "POST"])
def period_new(request: HttpRequest) -> HttpResponse:
    """A new period."""

    def create(form: forms.NewPeriod) -> Any:
        return commands.create_period(**form.cleaned_data, actor=request.actor, now=clock.now())

    context = {"title": gettext("New period"), "back": "periods"}
    return _form(request, forms.NewPeriod(request.POST or None), create, context)


@needs(RIGHT)
@require_safe
def period(request: HttpRequest, pk: int) -> HttpResponse:
    """A period, to lock or to open."""
    found = queries.one(queries.periods(request.actor), pk)
    module = gettext(MODULES[found.module]) if found.module else gettext("all")
    return render(request, "documents/period.html", {"period": found, "module": module})


@needs(RIGHT)
@require_POST
def period_lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock a period, or open it again."""
    locked = request.POST.get("locked") == "1"
    commands.lock_period(period_id=pk, locked=locked, actor=request.actor, now=clock.now())
    messages.success(request, gettext("The period is locked.") if locked else gettext("The period is open."))
    return HttpResponseRedirect(reverse("period", args=[pk]))


@needs(RIGHT)
@require_http_methods(["GET", "POST"])
def branch_new(request: HttpRequest) -> HttpResponse:
    """A new branch."""

    def create(form: forms.BranchForm) -> Any:
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        return accounts.create_branch(**values, actor=request.actor, now=clock.now())

    context = {"title": gettext("New branch"), "back": "branches"}
    return _form(request, forms.BranchForm(request.POST or None), create, context)


@needs(RIGHT)
@require_http_methods(["GET", "POST"])
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """A branch's letterhead, country, currency and time zone."""
    found = queries.one(queries.branches(request.actor), pk)

    def save(form: forms.BranchForm) -> Any:
        return accounts.change_branch(branch_id=pk, **form.cleaned_data, actor=request.actor, now=clock.now())

    context = {"title": found.name, "back": "branches", "kind": "branch", "pk": pk}
    return _form(request, forms.BranchForm(request.POST or None, branch=found), save, context)


def _book_values(form: Any) -> dict[str, Any]:
    """What was entered, under the names of the command; `format` is what its refusals call the field."""
    return {"number_format" if name == "format" else name: value for name, value in form.cleaned_data.items()}


def _form(request: HttpRequest, form: Any, action: Any, context: dict[str, Any]) -> HttpResponse:
    return handle(
        request, form, action, template="documents/form.html", context=context, success=context["back"],
        message=gettext("Saved."),
    )  # fmt: skip
