"""Tables in files: CSV of any making and XLSX in, CSV and XLSX out, row by row in little memory.

Reading never guesses silently: `sniff` says how it would read the file, and whoever knows better passes a changed
`Dialect` to `read`. What is wrong with the whole file raises a `BadFile`; what is wrong with a row comes with the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from callout.core.errors import Invalid
from callout.core.tabular import csv_in, encodings
from callout.core.tabular.csv_out import write_csv
from callout.core.tabular.types import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    BadCell,
    BadCharacter,
    BadDelimiter,
    BadFile,
    BadRow,
    Cell,
    CellTooLong,
    DamagedWorkbook,
    Dialect,
    EmptyFile,
    FileTooBig,
    NoHeaders,
    NoSuchSheet,
    NotATable,
    OutCell,
    Row,
    Table,
    TooManyColumns,
    TooManyRows,
    UnclosedQuote,
    UnknownEncoding,
    WorkbookTooBig,
    WrongColumns,
    text_of,
)
from callout.core.tabular.xlsx_in import Workbook, is_workbook
from callout.core.tabular.xlsx_out import write_xlsx
from callout.core.text import clean_name, restore_cell

__all__ = [
    "MAX_BYTES",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "BadCell",
    "BadCharacter",
    "BadDelimiter",
    "BadFile",
    "BadRow",
    "Cell",
    "CellTooLong",
    "DamagedWorkbook",
    "Dialect",
    "EmptyFile",
    "FileTooBig",
    "NoHeaders",
    "NoSuchSheet",
    "NotATable",
    "OutCell",
    "Row",
    "Table",
    "TooManyColumns",
    "TooManyRows",
    "UnclosedQuote",
    "UnknownEncoding",
    "WorkbookTooBig",
    "WrongColumns",
    "read",
    "sniff",
    "text_of",
    "write_csv",
    "write_xlsx",
]

_SAMPLE_LINES = 300
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")

_OTHER_KINDS = ("%pdf", "<!doctype", "<html", "<?xml", "{\\rtf")


def sniff(data: bytes, filename: str = "") -> Dialect:
    """How the file would be read. The name matters only where the content leaves it open (`.tsv`).

    Raises EmptyFile, FileTooBig, NotATable, DamagedWorkbook, WorkbookTooBig.
    """
    _check_bytes(data)
    if is_workbook(data):
        sheets = Workbook(data).sheets
        return Dialect("xlsx", sheet=sheets[0], sheets=sheets)
    encoding = encodings.guess(data)
    sample = list(islice(csv_in.lines_of(data, encoding), _SAMPLE_LINES))
    text = "".join(sample)
    if not text.strip():
        raise EmptyFile
    if len(_CONTROLS.findall(text)) > 3 + len(text) // 100 or text.lstrip().lower().startswith(_OTHER_KINDS):
        raise NotATable
    default = "\t" if filename.lower().endswith((".tsv", ".tab")) else ","
    return Dialect("csv", encoding=encoding, delimiter=csv_in.delimiter_of(sample, default=default))


def read(
    data: bytes,
    filename: str = "",
    dialect: Dialect | None = None,
    limit: int | None = None,
    *,
    max_rows: int = MAX_ROWS,
) -> Table:
    """The headers (of the first line that is not empty) and the rows below it, at most `limit` of them.

    The row after `max_rows` comes with TooManyRows and is the last.
    Cells that `write_csv` or `write_xlsx` neutralised come back as they were. Headers are cleaned; an empty one becomes
    `#3` by its column, one that occurs again `Name (2)`. Empty rows are left out.
    Raises what `sniff` raises, and NoHeaders, TooManyColumns, NoSuchSheet, UnknownEncoding; while a workbook's rows are
    read DamagedWorkbook may still come.
    """
    chosen = sniff(data, filename) if dialect is None else dialect
    _check_bytes(data)
    records = _records(data, chosen)
    first = next(records, None)
    if first is None:
        raise NoHeaders
    line, cells, error = first
    if isinstance(error, TooManyColumns | WrongColumns) or len(cells) > MAX_COLUMNS:
        raise TooManyColumns(most=MAX_COLUMNS)
    if error is not None:
        raise error
    headers = _headers(cells)
    if not headers:
        raise NoHeaders
    rows = (_fitted(record, len(headers), padded=chosen.kind == "xlsx") for record in records)
    return Table(headers, islice(_counted(rows, max_rows), limit), chosen)


def _check_bytes(data: bytes) -> None:
    if not data:
        raise EmptyFile
    if len(data) > MAX_BYTES:
        raise FileTooBig(most=MAX_BYTES // 2**20)


_Record = tuple[int, list[Cell], Invalid | None]


def _records(data: bytes, dialect: Dialect) -> Iterator[_Record]:
    if dialect.kind == "xlsx":
        if not is_workbook(data):
            raise NotATable
        yield from Workbook(data).rows(dialect.sheet)
        return
    if not encodings.is_known(dialect.encoding):
        raise UnknownEncoding(encoding=dialect.encoding[:40])
    if len(dialect.delimiter) != 1 or dialect.delimiter in '"\r\n\0 ':
        raise BadDelimiter(delimiter=dialect.delimiter[:10])
    for line, cells, error in csv_in.records(csv_in.lines_of(data, dialect.encoding), dialect.delimiter):
        yield line, list(cells), error


def _headers(cells: list[Cell]) -> list[str]:
    names = [clean_name(restore_cell(text_of(cell))) for cell in cells]
    while names and not names[-1]:
        names.pop()
    headers: list[str] = []
    for number, name in enumerate(names, 1):
        wanted = unique = name or f"#{number}"
        again = 1
        while unique in headers:
            again += 1
            unique = f"{wanted} ({again})"
        headers.append(unique)
    return headers


def _fitted(record: _Record, width: int, *, padded: bool) -> Row:
    """The row with as many cells as headers; empty cells beyond them go, missing ones are filled in a workbook only."""
    line, cells, error = record
    while len(cells) > width and cells[-1] == "":
        cells.pop()
    if padded:
        cells.extend([""] * (width - len(cells)))
    restored = [restore_cell(cell) if isinstance(cell, str) and cell[:1] == "'" else cell for cell in cells]
    if error is None and len(restored) != width:
        error = WrongColumns(line=line, found=len(restored), expected=width)
    return Row(line, restored, error)


def _counted(rows: Iterator[Row], most: int) -> Iterator[Row]:
    yield from islice(rows, most)
    for extra in islice(rows, 1):
        yield Row(extra.line, extra.cells, TooManyRows(line=extra.line, most=most))
