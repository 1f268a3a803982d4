"""API of imports: bring a file, watch it, read what was refused."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from callout.access.api import writes
from callout.accounts.gate import reads
from callout.imports import commands, queries, registry
from callout.imports.errors import FileMissing, FileTooLarge
from callout.imports.models import ImportRow, ImportRun, Stage
from callout.ui import clock

router = Router(tags=["imports"])
PAGE = 200
FILE = File(None)
EMPTY = Form("")
NO = Form(False)


class FieldOut(Schema):
    """A field that a row may fill."""

    name: str
    label: str
    required: bool
    kind: str
    choices: list[str]


class KindOut(Schema):
    """A kind of file, with its fields and the names of its mappings."""

    code: str
    label: str
    fields: list[FieldOut]
    options: list[str]
    mappings: list[str]


class ImportOut(Schema):
    """An import; `status` is that of the work on it, moments are in UTC."""

    id: int
    kind: str
    file_name: str
    mapping_name: str
    stage: str
    status: str
    error: str
    total: int | None
    created: int
    updated: int
    unchanged: int
    refused: int
    skipped: int
    created_at: datetime


class Reason(Schema):
    """Why a row was refused, and where."""

    field: str
    column: str
    value: str
    message: str


class RowOut(Schema):
    """What became of one row."""

    line: int
    outcome: str
    label: str
    object_id: int | None
    errors: list[Reason]


class RowPage(Schema):
    """Some rows by line, and the line after which the next ones begin (null when these are the last)."""

    items: list[RowOut]
    next: int | None


@router.get("/imports/kinds", response=list[KindOut], operation_id="list_import_kinds", summary="Kinds of files")
@reads(queries.RIGHT)
def list_kinds(request: HttpRequest) -> list[dict[str, Any]]:
    """The kinds of file that may be imported."""
    return [
        {
            "code": kind.code,
            "label": str(kind.label),
            "fields": [
                {
                    "name": one.name, "label": str(one.label), "required": one.required, "kind": one.kind,
                    "choices": [str(value) for value, _label in one.choices],
                }
                for one in kind.fields
            ],
            "options": [option.name for option in kind.options],
            "mappings": [mapping.name for mapping in queries.mappings(kind.code)],
        }
        for kind in registry.kinds(request.actor)
    ]  # fmt: skip


@router.post("/imports", response={202: ImportOut}, operation_id="create_import", summary="Import a file")
@writes(queries.RIGHT)
def create_import(
    request: HttpRequest, file: UploadedFile | None = FILE, kind: str = EMPTY, mapping: str = EMPTY, check: bool = NO
) -> Status:
    """Bring a file and import it; with `check` only see what would happen.

    Without a mapping the one that fits the file is used, else the columns' names decide.
    """
    if file is None:
        raise FileMissing("file")
    if (file.size or 0) > commands.MEGABYTES * 2**20:
        raise FileTooLarge("file", limit=commands.MEGABYTES)
    who = {"actor": request.actor, "now": clock.now()}
    run = commands.upload(kind_code=kind, data=file.read(), name=file.name or "file", **who)
    if mapping:
        named = queries.mapping_named(kind, mapping)
        commands.choose_columns(
            import_id=run.pk, columns=named.columns, options=named.options, mapping_name=named.name, **who
        )
    started = commands.start(import_id=run.pk, stage=Stage.CHECKING if check else Stage.IMPORTING, **who)
    return Status(202, _shown(started))


@router.get("/imports/{import_id}", response=ImportOut, operation_id="get_import", summary="One import")
@reads(queries.RIGHT)
def get_import(request: HttpRequest, import_id: int) -> ImportOut:
    """How far an import is and what became of its rows."""
    return _shown(queries.import_run(import_id, actor=request.actor))


@router.get("/imports/{import_id}/rows", response=RowPage, operation_id="list_import_rows", summary="Rows of an import")
@reads(queries.RIGHT)
def list_rows(
    request: HttpRequest,
    import_id: int,
    outcome: Literal["", "created", "updated", "unchanged", "refused", "skipped"] = "",
    after: int = 0,
) -> dict[str, Any]:
    """What became of the rows, 200 at a time."""
    rows = queries.result_rows(queries.import_run(import_id, actor=request.actor)).filter(line__gt=after)
    found: list[ImportRow] = list((rows.filter(outcome=outcome) if outcome else rows)[: PAGE + 1])
    return {"items": found[:PAGE], "next": found[PAGE - 1].line if len(found) > PAGE else None}


def _shown(run: ImportRun) -> ImportOut:
    own = (
        "kind", "file_name", "mapping_name", "stage", "created", "updated", "unchanged", "refused", "skipped",
        "created_at",
    )  # fmt: skip
    watched = run.run
    return ImportOut(
        id=run.pk,
        status=watched.status if watched else "waiting",
        error=watched.error if watched else "",
        total=watched.total if watched else None,
        **{name: getattr(run, name) for name in own},
    )
