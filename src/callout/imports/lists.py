"""Lists of imports and of what became of their rows."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.imports import queries, registry
from callout.imports.errors import UnknownKind
from callout.imports.models import ImportRow, ImportRun, Stage
from callout.ui.filters import ChoiceFilter, DateFilter
from callout.ui.lists import Column, ListPage

STAGES = {Stage.MAPPING: "secondary", Stage.CHECKING: "blue", Stage.CHECKED: "azure", Stage.IMPORTING: "blue"}
OUTCOMES = {
    ImportRow.Outcome.CREATED: "green",
    ImportRow.Outcome.UPDATED: "blue",
    ImportRow.Outcome.UNCHANGED: "secondary",
    ImportRow.Outcome.REFUSED: "red",
    ImportRow.Outcome.SKIPPED: "secondary",
}


def kind_label(run: ImportRun) -> str:
    """What is in the file, in words; the code when no app offers such a kind any more."""
    try:
        return str(registry.kind(run.kind).label)
    except UnknownKind:
        return run.kind


def stage_pill(run: ImportRun) -> tuple[str, str]:
    """Where the import stands, and its colour."""
    if run.stage in (Stage.CHECKING, Stage.IMPORTING) and run.run and run.run.status in ("failed", "cancelled"):
        return gettext("stopped"), "red"
    if run.stage == Stage.DONE:
        return str(run.get_stage_display()), "orange" if run.refused else "green"
    return str(run.get_stage_display()), STAGES[Stage(run.stage)]


class Imports(ListPage):
    """Files that were brought in."""

    name = "imports"
    title = _("Imports")
    right = queries.RIGHT
    order = ("-id",)
    columns = (
        Column("created_at", _("Date"), kind="datetime", sort="created_at"),
        Column("kind", _("Contents"), kind_label, sort="kind"),
        Column("file_name", _("File"), sort="file_name"),
        Column("mapping_name", _("Mapping"), sort="mapping_name"),
        Column("stage", _("Status"), stage_pill, kind="status", sort="stage"),
        Column("created", _("Created"), kind="number"),
        Column("updated", _("Updated"), kind="number"),
        Column("unchanged", _("Unchanged"), kind="number"),
        Column("refused", _("Refused"), kind="number", sort="refused"),
        Column("skipped", _("Left out"), kind="number", default=False),
        Column("started_by_name", _("Person"), sort="started_by_name"),
    )
    filters = (
        ChoiceFilter("stage", _("Status"), Stage.choices),
        DateFilter("created_at", _("Date")),
    )
    row_url = "import_run"
    actions = ((_("Import a file"), "import_new", queries.RIGHT),)
    empty = _("Nothing was imported yet. Bring a CSV or XLSX file of your customers, products or tickets.")

    def rows(self, actor: Actor) -> QuerySet[ImportRun]:
        """The imports that the actor may see."""
        return queries.visible_to(actor)

    def search(rows: QuerySet, text: str) -> QuerySet:  # noqa: N805 - a plain function, as the list wants it
        """By the name of the file."""
        return rows.filter(file_name__icontains=text)


def outcome_pill(row: ImportRow) -> tuple[str, str]:
    """What became of a row, and its colour."""
    return str(row.get_outcome_display()), OUTCOMES[ImportRow.Outcome(row.outcome)]


def _reasons(row: ImportRow) -> str:
    told = (f"{error['column']}: {error['message']}" if error["column"] else error["message"] for error in row.errors)
    return " · ".join(told)


def _values(row: ImportRow) -> str:
    return " · ".join(error["value"] for error in row.errors if error["value"])


@lru_cache(maxsize=64)
def _page_of(kind_code: str) -> str:
    try:
        return registry.kind(kind_code).url_name
    except UnknownKind:
        return ""


def _link(row: ImportRow) -> str:
    page = _page_of(row.import_run.kind)
    if row.object_id is None or not page or row.import_run.stage != Stage.DONE:
        return ""
    return reverse(page, args=[row.object_id])


class ImportRows(ListPage):
    """What became of the rows of one import."""

    name = "import_rows"
    title = _("Rows of the import")
    right = queries.RIGHT
    order = ("line",)
    columns = (
        Column("line", _("Line"), kind="number", sort="line", width=70),
        Column("outcome", _("Result"), outcome_pill, kind="status", sort="outcome"),
        Column("label", _("Record"), link=_link),
        Column("reasons", _("Reasons"), _reasons),
        Column("values", _("Values"), _values),
    )
    filters = (ChoiceFilter("outcome", _("Result"), ImportRow.Outcome.choices),)
    template = "imports/rows.html"
    empty = _("No row was dealt with yet.")

    def rows(self, actor: Actor) -> QuerySet[ImportRow]:
        """The rows of the import in the address."""
        found = queries.import_run(self.kwargs["pk"], actor=actor)
        return queries.result_rows(found).order_by().select_related("import_run")

    def search(rows: QuerySet, text: str) -> QuerySet:  # noqa: N805 - a plain function, as the list wants it
        """By the record's name or by a line's number."""
        if text.isascii() and text.isdigit() and len(text) < 10:
            return rows.filter(line=int(text))
        return rows.filter(label__icontains=text)

    def extra_context(self) -> dict[str, Any]:
        """The import that the rows belong to."""
        return {"import_run": queries.import_run(self.kwargs["pk"], actor=self.actor)}
