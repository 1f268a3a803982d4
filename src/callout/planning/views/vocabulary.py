"""Pages of the planning setup."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from callout.accounts.gate import needs
from callout.core.errors import DomainError, NotFound
from callout.planning import commands, queries
from callout.planning.forms.vocabulary import (
    DAYS,
    ResourceForm,
    SectorForm,
    StateForm,
)
from callout.planning.models import ActivityState, Sector
from callout.ui import clock
from callout.ui.forms import handle
from callout.ui.refusals import explain

SETUP = "planning.admin"
FORM = "planning/form.html"
SAVED = gettext_noop("Saved.")


@needs(SETUP)
@require_safe
def setup(request: HttpRequest) -> HttpResponse:
    """Everything that planning is made of, and what is missing for work to be planned."""
    return render(request, "planning/setup.html", {"found": queries.overview(request.actor)})


@needs(SETUP)
def sector(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A sector."""
    row = _row(Sector.objects.all(), pk)
    form = SectorForm(request.POST or None, initial=SectorForm.naming(row) | {"position": row.position} if row else {})

    def save(form: SectorForm) -> Any:
        data = form.cleaned_data
        return commands.save_sector(
            sector_id=pk, name=data["name"], names=form.names, position=data["position"], version=data["version"],
            actor=request.actor, now=clock.now(),
        )  # fmt: skip

    context = {"row": row, "heading": row or _("New sector"), "back": "sectors", "remove": "sector_remove"}
    return handle(request, form, save, template=FORM, context=context, success="sectors", message=_(SAVED))


@needs(SETUP)
def state(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """An activity state."""
    row = _row(ActivityState.objects.all(), pk)
    plain = ("colour", "category", "is_default", "obsolete")
    start = StateForm.naming(row) | {name: getattr(row, name) for name in plain} if row else {}
    form = StateForm(request.POST or None, initial=start)

    def save(form: StateForm) -> Any:
        data = form.cleaned_data
        return commands.save_state(
            state_id=pk, name=data["name"], names=form.names, version=data["version"], actor=request.actor,
            now=clock.now(), **{name: data[name] for name in plain},
        )  # fmt: skip

    context = {
        "row": row, "heading": row or _("New activity state"), "back": "activity_states",
        "remove": "activity_state_remove",
    }  # fmt: skip
    return handle(request, form, save, template=FORM, context=context, success="activity_states", message=_(SAVED))


@needs(SETUP)
def resource(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Somebody whose time is planned, with the weekly hours."""
    row = _row(queries.resources_visible_to(request.actor), pk)
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and "copy" in data:
        return render(request, "planning/resource.html", _copied(request, row, data))
    form = ResourceForm(data, actor=request.actor, resource=row, initial=ResourceForm.start(row) if row else {})

    def save(form: ResourceForm) -> Any:
        data = form.cleaned_data
        shared = {"branch_id": data["branch"].pk, "hours": form.shifts, "actor": request.actor, "now": clock.now()}
        if pk is None:
            return commands.add_resource(user_id=data["user"].pk, **shared, **form.values)
        return commands.change_resource(resource_id=pk, version=data["version"], **shared, **form.values)

    return handle(
        request, form, save, template="planning/resource.html", context={"row": row}, success="resources",
        message=_(SAVED),
    )  # fmt: skip


def _copied(request: HttpRequest, row: Any, data: Any) -> dict[str, Any]:
    """The form as typed, with one day's hours on the days after it, up to Friday or Sunday; nothing is saved yet."""
    source = int(data["copy"]) if data["copy"] in {str(day) for day in DAYS} else 0
    for weekday in range(source + 1, 5 if source < 4 else 7):
        data[f"hours_{weekday}"] = data.get(f"hours_{source}", "")
    fields = {name: data.get(name) for name in data}
    return {"row": row, "form": ResourceForm(actor=request.actor, resource=row, initial=fields)}


def _removal(command: Callable[..., None], key: str, page: str, after: str, *rights: str) -> Any:
    """A page that deletes one record and says so, or says on the record's page why not."""

    @needs(*rights)
    @require_POST
    def remove(request: HttpRequest, pk: int) -> HttpResponse:
        """Delete the record."""
        version = request.POST.get("version", "")
        try:
            command(
                **{key: pk}, version=int(version) if version.isdecimal() else None, actor=request.actor, now=clock.now()
            )
        except NotFound:
            raise
        except DomainError as error:
            messages.error(request, explain(error).text)
            return redirect(page, pk)
        messages.success(request, _("Deleted."))
        return redirect(after)

    return remove


remove_sector = _removal(commands.remove_sector, "sector_id", "sector", "sectors", SETUP)
remove_state = _removal(commands.remove_state, "state_id", "activity_state", "activity_states", SETUP)
remove_type = _removal(commands.remove_type, "type_id", "activity_type", "activity_types", SETUP)
remove_absence = _removal(commands.remove_absence, "absence_id", "absence", "absences", "board.plan", SETUP)


def _row(rows: QuerySet[Any], pk: int | None) -> Any:
    """The record of the page, None for a new one. Raises NotFound."""
    if pk is None:
        return None
    found: Model | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
