"""`callout import KIND FILE`: the same as on screen, with the counts on the terminal."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import TextIO

from django.utils import translation
from django.utils.translation import gettext, ngettext

from callout.accounts.actor import Actor
from callout.core.errors import DomainError, Many
from callout.imports import commands, queries, work
from callout.imports.errors import ColumnMissing
from callout.imports.models import ImportRun, Stage
from callout.jobs.work import carry_out
from callout.ui import clock
from callout.ui.refusals import explain

SHOWN = 20
"""Refused rows whose reasons are printed."""


def run(kind: str, file: str | Path, mapping: str | None, dry_run: bool, actor: Actor) -> int:
    """Import a file and print what became of its rows; with `dry_run` only say what would.

    The exit status: 0, 1 when a row was refused or the work failed, 2 when it could not begin (no such file, kind or
    mapping, a file that is no table, a mapping that does not fit).
    """
    with translation.override(actor.language):
        try:
            started = _started(kind, Path(file), mapping, dry_run, actor)
        except DomainError as error:
            _complain(error)
            return 2
        except OSError as error:
            _say(sys.stderr, str(error))
            return 2
        carry_out(started.run_id, lambda _watched: {"import": work.carry_on(started).pk})
        started.refresh_from_db()
        return _told(started, dry_run)


def _started(kind: str, file: Path, mapping: str | None, dry_run: bool, actor: Actor) -> ImportRun:
    """The import, ready to be carried out here and now."""
    uploaded = commands.upload(kind_code=kind, data=file.read_bytes(), name=file.name, actor=actor, now=clock.now())
    if mapping:
        named = queries.mapping_named(kind, mapping)
        uploaded = commands.choose_columns(
            import_id=uploaded.pk, columns=named.columns, options=named.options, mapping_name=named.name, actor=actor,
            now=clock.now(),
        )  # fmt: skip
    stage = Stage.CHECKING if dry_run else Stage.IMPORTING
    started = commands.start(import_id=uploaded.pk, stage=stage, actor=actor, now=clock.now(), queue=False)
    if started.mapping_name:
        _say(sys.stdout, gettext("Mapping: %(name)s") % {"name": started.mapping_name})
    else:
        _say(sys.stdout, gettext("No mapping fits this file; its columns are taken by their names."))
    return started


def _told(done: ImportRun, dry_run: bool) -> int:
    """Print the counts and the first refusals; returns the exit status."""
    run = done.run
    for line, errors in islice(queries.refused_lines(done), SHOWN):
        reasons = " ".join(f"[{error['column'] or error['field'] or '-'}] {error['message']}" for error in errors)
        _say(sys.stderr, gettext("Line %(line)d: %(reasons)s") % {"line": line, "reasons": reasons})
    if done.refused > SHOWN:
        left = done.refused - SHOWN
        _say(sys.stderr, ngettext("… and %(left)d more.", "… and %(left)d more.", left) % {"left": left})
    if run is not None and run.error:
        _say(sys.stderr, run.error)
    if dry_run:
        _say(sys.stdout, gettext("Nothing was changed: this was a check."))
    counts = {
        gettext("created"): done.created, gettext("updated"): done.updated, gettext("unchanged"): done.unchanged,
        gettext("refused"): done.refused, gettext("left out"): done.skipped,
    }  # fmt: skip
    for label, count in counts.items():
        _say(sys.stdout, f"{count:>9}  {label}")
    return 1 if done.refused or (run is not None and run.error) else 0


def _complain(error: DomainError) -> None:
    """Print each refusal; columns that the file does not have are named together."""
    parts = error.errors if isinstance(error, Many) else [error]
    missing = [part for part in parts if isinstance(part, ColumnMissing)]
    if missing:
        names = dict.fromkeys(str(part.facts["column"]) for part in missing)
        parts = [part for part in parts if part not in missing]
        parts.append(ColumnMissing(column="”, “".join(names), known=missing[0].facts["known"]))
    for part in parts:
        _say(sys.stderr, explain(part).text)


def _say(stream: TextIO, text: str) -> None:
    stream.write(f"{text}\n")
