"""Taking files in: uploaded, mapped, checked without a trace, then imported chunk by chunk."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping as Values
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, connection, transaction

from callout.accounts.actor import SYSTEM, Actor
from callout.audit.commands import record
from callout.core import tabular
from callout.core.errors import DomainError, Many
from callout.core.tabular import Row
from callout.core.text import clean_name, safe_filename
from callout.imports import queries, reading
from callout.imports.errors import FileTooLarge, MappingNameTaken, NotReady, RowNotKept
from callout.imports.models import ImportRow, ImportRun, Mapping, Stage
from callout.imports.registry import Kind, Outcome, kind
from callout.imports.rules import mapping as rules
from callout.jobs.commands import create_run, defer, progress
from callout.jobs.models import RunStatus
from callout.jobs.rules import OVER
from callout.ui.refusals import explain

MEGABYTES = 50
KEPT = timedelta(days=30)
"""How long the file of an import that is done can still be looked at."""
PREVIEWED = 100
"""Rows of which a check keeps the result whatever it is; of the others only refusals are kept."""
COUNTS = ("created", "updated", "unchanged", "refused", "skipped")
RUNNING = (Stage.CHECKING, Stage.IMPORTING)


@transaction.atomic
def upload(*, kind_code: str, data: bytes, name: str, actor: Actor, now: datetime) -> ImportRun:
    """Keep a file that is to be imported, with the mapping that fits it, or one guessed from its headers.

    Raises UnknownKind, Forbidden, FileTooLarge, and a BadFile for what cannot be read as a table.
    """
    chosen = _permitted(kind_code, actor)
    if len(data) > MEGABYTES * 2**20:
        raise FileTooLarge("file", limit=MEGABYTES)
    table = tabular.read(data, name, limit=0)
    fitting = queries.fitting_mapping(kind_code, table.headers)
    path = default_storage.save(f"imports/{uuid.uuid4()}", ContentFile(data))
    run = ImportRun.objects.create(
        kind=kind_code,
        file_name=safe_filename(name),
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        dialect=reading.stored(table.dialect),
        headers=table.headers,
        mapping_name=fitting.name if fitting else "",
        columns=fitting.columns if fitting else rules.guess(chosen, table.headers),
        options=fitting.options if fitting else {},
        started_by_id=actor.user_id,
        started_by_name=actor.name,
        created_at=now,
    )
    record("import.uploaded", subject=run, actor=actor, at=now, kind=kind_code, file=run.file_name, sha256=run.sha256)
    return run


def _permitted(kind_code: str, actor: Actor) -> Kind:
    """The kind, for somebody who may import it."""
    actor.require(queries.RIGHT)
    chosen = kind(kind_code)
    actor.require(chosen.right)
    return chosen


def _locked(import_id: int, actor: Actor) -> ImportRun:
    """The import, locked until the transaction ends."""
    queries.import_run(import_id, actor=actor)
    return ImportRun.objects.select_for_update(of=("self",)).select_related("run").get(pk=import_id)


@transaction.atomic
def choose_columns(
    *,
    import_id: int,
    columns: Values[str, Any],
    options: Values[str, Any],
    mapping_name: str = "",
    actor: Actor,
    now: datetime,
) -> ImportRun:
    """Say which column goes where. Raises Many with what does not fit the kind or the file, NotReady while it runs."""
    run = _locked(import_id, actor)
    chosen = _permitted(run.kind, actor)
    if run.stage in (*RUNNING, Stage.DONE):
        raise NotReady()
    rules.check(chosen, columns, options, run.headers)
    run.columns, run.options, run.mapping_name = dict(columns), dict(options), mapping_name
    run.stage = Stage.MAPPING
    run.save(update_fields=["columns", "options", "mapping_name", "stage"])
    record("import.mapped", subject=run, actor=actor, at=now, mapping=mapping_name)
    return run


@transaction.atomic
def save_mapping(
    *, kind_code: str, name: str, columns: Values[str, Any], options: Values[str, Any], actor: Actor, now: datetime
) -> Mapping:
    """Keep a mapping under a name; one of the same name is replaced. Raises MappingNameTaken for the program's own."""
    _permitted(kind_code, actor)
    name = clean_name(name)[:80]
    if any(one.kind == kind_code and one.name == name for one in queries.built_in()):
        raise MappingNameTaken("save_as", name=name)
    saved = Mapping.objects.select_for_update().filter(kind=kind_code, name=name).first()
    if saved is None:
        saved = Mapping.objects.create(kind=kind_code, name=name, columns=dict(columns), options=dict(options))
    else:
        saved.columns, saved.options, saved.version = dict(columns), dict(options), saved.version + 1
        saved.save()
    record("mapping.saved", subject=saved, actor=actor, at=now, kind=kind_code, name=name)
    return saved


@transaction.atomic
def start(*, import_id: int, stage: Stage, actor: Actor, now: datetime, queue: bool = True) -> ImportRun:
    """Begin to check the file, which changes nothing else, or to import it; from its first row on.

    `queue` leaves the work to a worker; without it the caller does it. Raises NotReady while it runs or when it is
    imported already, and Many for a mapping that does not fit.
    """
    run = _locked(import_id, actor)
    chosen = _permitted(run.kind, actor)
    if run.stage == Stage.DONE or (run.stage in RUNNING and not _is_over(run)):
        raise NotReady()
    rules.check(chosen, run.columns, run.options, run.headers)
    run.rows.all().delete()
    run.stage, run.position = stage, 0
    for name in COUNTS:
        setattr(run, name, 0)
    _announce(run, actor=actor, now=now, queue=queue)
    action = "import.started" if stage == Stage.IMPORTING else "import.check_started"
    record(action, subject=run, actor=actor, at=now, kind=run.kind, file=run.file_name)
    return run


def _is_over(run: ImportRun) -> bool:
    return run.run is None or run.run.status in OVER


def _announce(run: ImportRun, *, actor: Actor, now: datetime, queue: bool) -> None:
    """A new run for people to watch, and the job that does it."""
    run.run = create_run(name="imports.run", title=run.file_name, actor=actor, now=now)
    run.save()
    if queue:
        defer("imports.run", lock=f"imports.{run.kind}", import_id=run.pk, run_id=run.run.pk)


@transaction.atomic
def resume(*, import_id: int, actor: Actor, now: datetime) -> ImportRun:
    """Go on behind the last row that was dealt with, after a failure or because it was stopped. Raises NotReady."""
    run = _locked(import_id, actor)
    _permitted(run.kind, actor)
    if run.stage not in RUNNING or not _is_over(run):
        raise NotReady()
    _announce(run, actor=actor, now=now, queue=True)
    record("import.resumed", subject=run, actor=actor, at=now, line=run.position)
    return run


@transaction.atomic
def take_rows(
    *, import_id: int, rows: Sequence[Row], repeated: Sequence[Row] = (), actor: Actor, now: datetime
) -> ImportRun:
    """Deal with some rows of the file in one transaction; rows that were dealt with before are passed over.

    A refused row leaves nothing behind, the others stay. While the file is only checked, everything that the rows did
    is undone and their results are kept; `repeated`, earlier rows about the same records, are then taken in first, so
    that what they would have made is there. Chunks of one kind wait for each other, so that two imports of the same
    file find each other's records. Raises NotReady, and RunCancelled when somebody asked for it: then nothing stays.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("run").get(pk=import_id)
    if run.stage not in RUNNING or run.run is None:
        raise NotReady()
    chosen = _permitted(run.kind, actor)
    _one_at_a_time(run.kind)
    waiting = [row for row in rows if row.line > run.position]
    checking = run.stage == Stage.CHECKING
    with transaction.atomic():
        for row in repeated if checking else ():
            _take(run, chosen, row, actor, now)
        results = [_take(run, chosen, row, actor, now) for row in waiting]
        if checking:
            transaction.set_rollback(True)
    _keep(run, results, every=not checking)
    if waiting:
        run.position = waiting[-1].line
    run.save(update_fields=[*COUNTS, "position"])
    progress(run_id=run.run.pk, done=sum(getattr(run, name) for name in COUNTS))
    return run


def _one_at_a_time(kind_code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"imports.{kind_code}"])


def _keep(run: ImportRun, results: Sequence[ImportRow], *, every: bool) -> None:
    """Count the results and keep those that are looked at later."""
    before = sum(getattr(run, name) for name in COUNTS)
    kept = []
    for number, result in enumerate(results, start=before):
        setattr(run, result.outcome, getattr(run, result.outcome) + 1)
        if every or number < PREVIEWED or result.outcome == ImportRow.Outcome.REFUSED:
            kept.append(result)
    ImportRow.objects.bulk_create(kept)


def _take(run: ImportRun, chosen: Kind, row: Row, actor: Actor, now: datetime) -> ImportRow:
    """What becomes of one row."""
    result = ImportRow(import_run=run, line=row.line, outcome=ImportRow.Outcome.REFUSED)
    if row.error is not None:
        result.errors = [_told(row.error, "", "")]
        return result
    cells = reading.cells_by_header(run.headers, row)
    found = rules.read(chosen, run.columns, run.options, cells)
    if found.skipped:
        result.outcome = ImportRow.Outcome.SKIPPED
    elif found.errors:
        result.errors = _errors(run, cells, found.errors)
    else:
        try:
            outcome = _save(chosen, found.values, actor, now)
        except DomainError as error:
            result.errors = _errors(run, cells, error.errors if isinstance(error, Many) else [error])
        else:
            result.outcome, result.object_id = ImportRow.Outcome(outcome.result), outcome.object_id
            result.label = outcome.label[:200]
    return result


def _save(chosen: Kind, values: dict[str, Any], actor: Actor, now: datetime) -> Outcome:
    """Save one row inside a savepoint; what somebody else wrote at the same moment is met on the second try."""
    for last in (False, True):
        try:
            with transaction.atomic():
                return chosen.save(dict(values), actor=actor, now=now)
        except IntegrityError as error:
            if last:
                raise RowNotKept() from error
        except DataError as error:
            raise RowNotKept() from error
    raise RowNotKept()


def _errors(run: ImportRun, cells: Values[str, Any], errors: Sequence[DomainError]) -> list[dict[str, str]]:
    """The refusals of a row with the columns and values that they are about."""
    told = []
    for error in errors:
        rule = run.columns.get(error.field or "")
        used = rules.columns_of(rule, run.headers) if rule else []
        value = " ".join(tabular.text_of(cells[name]) for name in used if name in cells)
        told.append(_told(error, ", ".join(used), value[:200]))
    return told


def _told(error: DomainError, column: str, value: str) -> dict[str, str]:
    return {"field": error.field or "", "column": column, "value": value, "message": explain(error).text}


@transaction.atomic
def end_stage(*, import_id: int, actor: Actor, now: datetime) -> ImportRun:
    """The last row is dealt with: the file is checked, or imported."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=import_id)
    if run.stage not in RUNNING:
        raise NotReady()
    done = run.stage == Stage.IMPORTING
    run.stage = Stage.DONE if done else Stage.CHECKED
    run.save(update_fields=["stage"])
    counts = {name: getattr(run, name) for name in COUNTS}
    record("import.done" if done else "import.checked", subject=run, actor=actor, at=now, **counts)
    return run


def delete_old_files(*, now: datetime) -> int:
    """Delete the files of what was imported KEPT ago; what became of their rows stays. Gives the number of files."""
    found = queries.kept_files().filter(run__ended_at__lt=now - KEPT)
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    for import_id in ids:
        _delete_file(import_id, now)
    return len(ids)


@transaction.atomic
def _delete_file(import_id: int, now: datetime) -> None:
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=import_id)
    # A deletion that is interrupted is repeated the next day: a file that is not there is as good as deleted.
    default_storage.delete(run.path)
    run.path = ""
    run.save(update_fields=["path"])
    record("import.file_deleted", subject=run, actor=SYSTEM, at=now, file=run.file_name, sha256=run.sha256)


def is_stopped(run: ImportRun) -> bool:
    """Whether the work ended before its last row: it failed, or somebody stopped it."""
    return run.stage in RUNNING and run.run is not None and run.run.status in (RunStatus.FAILED, RunStatus.CANCELLED)
