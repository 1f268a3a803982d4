"""Pages of imports: upload, mapping, check, progress, result."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callout.accounts.gate import needs
from callout.core import tabular
from callout.core.text import neutralise_cell
from callout.imports import commands, queries, reading
from callout.imports.errors import FileGone, FileTooLarge
from callout.imports.forms import MappingForm, UploadForm
from callout.imports.lists import kind_label, outcome_pill, stage_pill
from callout.imports.models import ImportRow, ImportRun, Stage
from callout.imports.registry import Field, Kind, kind
from callout.imports.rules import mapping as rules
from callout.ui import clock
from callout.ui.forms import handle

RIGHT = queries.RIGHT


@needs(RIGHT)
def import_new(request: HttpRequest) -> HttpResponse:
    """Bring a file."""
    posted = request.method == "POST"
    begin = {"kind": request.GET.get("kind", "")}
    form = UploadForm(
        request.POST if posted else None, request.FILES if posted else None, actor=request.actor, initial=begin
    )

    def save(form: UploadForm) -> ImportRun:
        file = form.cleaned_data["file"]
        if file.size > commands.MEGABYTES * 2**20:
            raise FileTooLarge("file", limit=commands.MEGABYTES)
        return commands.upload(
            kind_code=form.cleaned_data["kind"], data=file.read(), name=file.name, actor=request.actor, now=clock.now()
        )

    return handle(
        request, form, save, template="imports/upload.html",
        success=lambda made: reverse("import_mapping", args=[made.pk]),
    )  # fmt: skip


@needs(RIGHT)
def import_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column goes where; then the file is checked."""
    run = queries.import_run(pk, actor=request.actor)
    chosen = kind(run.kind)
    columns, options, name = _begin(request, run)
    samples = reading.samples(run)
    form = MappingForm(request.POST or None, kind=chosen, run=run, columns=columns, options=options, samples=samples)

    def save(form: MappingForm) -> ImportRun:
        keep = form.cleaned_data["save_as"]
        given = {"columns": form.chosen_columns, "options": form.chosen_options}
        who = {"actor": request.actor, "now": clock.now()}
        commands.choose_columns(import_id=pk, mapping_name=keep or name, **given, **who)
        if keep:
            commands.save_mapping(kind_code=run.kind, name=keep, **given, **who)
        return commands.start(import_id=pk, stage=Stage.CHECKING, **who)

    context = {
        "import_run": run, "kind": chosen, "kind_label": kind_label(run), "samples": samples,
        "mappings": queries.mappings(run.kind), "mapping_name": name,
    }  # fmt: skip
    return handle(
        request, form, save, template="imports/mapping.html", context=context, success=reverse("import_run", args=[pk])
    )


def _begin(request: HttpRequest, run: ImportRun) -> tuple[dict[str, Any], dict[str, Any], str]:
    """The mapping that the page begins with: the chosen one, none at all, or what the import has."""
    name = request.GET.get("mapping")
    if name is None:
        return run.columns, run.options, run.mapping_name
    if not name:
        return rules.guess(kind(run.kind), run.headers), {}, ""
    found = queries.mapping_named(run.kind, name)
    return found.columns, found.options, found.name


@needs(RIGHT)
@require_safe
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an import stands: its progress, what a check found, what was imported."""
    run = queries.import_run(pk, actor=request.actor)
    context: dict[str, Any] = {
        "import_run": run,
        "kind_label": kind_label(run),
        "stage": stage_pill(run),
        "stopped": commands.is_stopped(run),
        "counts": [(ImportRow.Outcome(name).label, getattr(run, name), name) for name in commands.COUNTS],
    }
    if run.stage == Stage.CHECKED:
        context["preview"] = _preview(run, kind(run.kind))
    return render(request, "imports/run.html", context)


def _preview(run: ImportRun, chosen: Kind) -> dict[str, Any]:
    """The first rows as they would be kept, with what is refused at its cell."""
    shown = [field for field in chosen.fields if field.name in run.columns]
    results = {row.line: row for row in queries.result_rows(run)[: commands.PREVIEWED * 2]}
    lines = []
    for row in reading.rows_of(run, limit=commands.PREVIEWED):
        result = results.get(row.line)
        if result is not None and result.outcome != ImportRow.Outcome.SKIPPED:
            read = rules.read(chosen, run.columns, run.options, reading.cells_by_header(run.headers, row))
            lines.append(_preview_line(row.line, result, shown, read.values))
    return {"fields": shown, "lines": lines}


def _preview_line(line: int, result: ImportRow, shown: list[Field], values: dict[str, Any]) -> dict[str, Any]:
    told = {error["field"]: error for error in result.errors}
    names = {field.name for field in shown}
    cells = [
        {"value": values.get(name, told.get(name, {}).get("value", "")), "error": told.get(name)}
        for name in (field.name for field in shown)
    ]
    rest = [error["message"] for name, error in told.items() if name not in names]
    return {"line": line, "pill": outcome_pill(result), "cells": cells, "rest": rest}


@needs(RIGHT)
@require_POST
def import_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Import the checked file."""
    commands.start(import_id=pk, stage=Stage.IMPORTING, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("import_run", args=[pk]))


@needs(RIGHT)
@require_POST
def import_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on where the work ended."""
    commands.resume(import_id=pk, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("import_run", args=[pk]))


@needs(RIGHT)
@require_safe
def import_refused(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The refused rows as they came, with the reason, to be mended and brought again."""
    run = queries.import_run(pk, actor=request.actor)
    if not run.path:
        raise FileGone()
    response = StreamingHttpResponse(_refused(run, _("Line"), _("Reason")), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{run.pk}.csv"'
    return response


def _refused(run: ImportRun, line_label: str, reason_label: str) -> Iterator[str]:
    """The lines of the file of refused rows; only one row is held in memory at a time."""
    yield "\ufeff" + _csv_line([*run.headers, line_label, reason_label])
    refused = queries.refused_lines(run)
    wanted = next(refused, None)
    for row in reading.rows_of(run):
        if wanted is None:
            return
        if row.line == wanted[0]:
            cells = [tabular.text_of(cell) for cell in row.cells[: len(run.headers)]]
            cells += [""] * (len(run.headers) - len(cells))
            yield _csv_line([*cells, str(row.line), " ".join(error["message"] for error in wanted[1])])
            wanted = next(refused, None)


def _csv_line(cells: list[str]) -> str:
    box = io.StringIO()
    csv.writer(box).writerow(neutralise_cell(cell) for cell in cells)
    return box.getvalue()
