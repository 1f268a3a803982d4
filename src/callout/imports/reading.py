"""The file behind an import: read again, row by row, whenever it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

from django.core.files.storage import default_storage

from callout.core import tabular
from callout.core.tabular import Cell, Dialect, Row
from callout.imports.errors import FileGone
from callout.imports.models import ImportRun

SAMPLES = 3
"""Values of a column that the mapping page shows."""


def stored(dialect: Dialect) -> dict[str, Any]:
    """A dialect as an import keeps it."""
    return {**asdict(dialect), "sheets": list(dialect.sheets)}


def dialect_of(run: ImportRun) -> Dialect:
    """How the import's file is read."""
    return Dialect(**{**run.dialect, "sheets": tuple(run.dialect.get("sheets", ()))})


def rows_of(run: ImportRun, *, limit: int | None = None) -> Iterator[Row]:
    """The rows of the import's file. Raises FileGone, and what `tabular.read` raises for a damaged workbook."""
    if not run.path:
        raise FileGone()
    try:
        with default_storage.open(run.path) as file:
            data = file.read()
    except FileNotFoundError as error:
        raise FileGone() from error
    return tabular.read(data, run.file_name, dialect_of(run), limit).rows


def cells_by_header(headers: list[str], row: Row) -> dict[str, Cell]:
    """The cells of a row under their headers; a short row leaves the last ones out."""
    return dict(zip(headers, row.cells, strict=False))


def samples(run: ImportRun) -> dict[str, list[str]]:
    """The first values of each column that are not blank, to recognise it by."""
    found: dict[str, list[str]] = {header: [] for header in run.headers}
    for row in islice(rows_of(run, limit=200), 200):
        for header, cell in cells_by_header(run.headers, row).items():
            text = tabular.text_of(cell).strip()[:60]
            if text and len(found[header]) < SAMPLES and text not in found[header]:
                found[header].append(text)
    return found
