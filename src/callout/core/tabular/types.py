"""What tables from files are made of, their limits, and why one cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from callout.core.errors import N_, Invalid

Cell: TypeAlias = str | int | Decimal | bool | date | datetime | time
"""A cell: text as it stands (empty text for an empty cell), or what a workbook holds; date and time have no zone."""

OutCell: TypeAlias = str | int | Decimal | float | bool | date | datetime | time | None
"""A cell to write. A moment is written as its own zone's clock shows it: bring it into the reader's zone before."""

MAX_BYTES = 100 * 2**20
MAX_ROWS = 1_000_000
MAX_COLUMNS = 500
MAX_CELL = 131_072
"""Characters of the longest cell."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is to be read: found by `sniff`, changed by whoever knows better."""

    kind: str
    """`csv` or `xlsx`."""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    """The sheet of a workbook to read; empty for the first visible one."""
    sheets: tuple[str, ...] = ()
    """The visible sheets of the workbook, for choosing."""


class Row(NamedTuple):
    """A line of the table that is not empty, with as many cells as there are headers unless it has an error."""

    line: int
    """The line of the file, or row of the sheet, at which it begins, from 1."""
    cells: list[Cell]
    error: Invalid | None = None
    """Why the row as a whole cannot be used; the cells are then what could be read."""


@dataclass(frozen=True, slots=True)
class Table:
    """The headers, cleaned and made unique, and the rows, which are read as they are asked for, once."""

    headers: list[str]
    rows: Iterator[Row]
    dialect: Dialect


def text_of(cell: Cell) -> str:
    """The cell as text: whole numbers without decimals, dates by ISO 8601 (without a time at midnight)."""
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case Decimal():
            plain = f"{cell:f}"
            return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0"
        case datetime() if cell.time() == time(0):
            return cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
    return str(cell)


class BadFile(Invalid):
    """A file that cannot be read as a table at all; subclasses say why."""

    code = "bad_table_file"
    what = N_("This file cannot be read as a table.")
    remedy = N_("Save it as CSV (UTF-8) or XLSX and upload it again.")

    def __init__(self, **facts: object) -> None:
        super().__init__("file", **facts)


class EmptyFile(BadFile):
    """Nothing in it."""

    code = "empty_file"
    what = N_("The file is empty.")
    remedy = N_("Check the upload and choose the file again.")


class FileTooBig(BadFile):
    """More bytes than are read."""

    code = "file_too_big"
    what = N_("The file is larger than {most} MB.")
    remedy = N_("Split it into smaller files.")


class NotATable(BadFile):
    """A picture, a document, an old or encrypted workbook."""

    code = "not_a_table"
    what = N_("The file is neither text with separators nor an XLSX workbook.")


class DamagedWorkbook(BadFile):
    """A workbook that is cut off, encrypted or built wrongly."""

    code = "damaged_workbook"
    what = N_("The workbook is damaged or protected by a password.")


class WorkbookTooBig(BadFile):
    """A workbook that unpacks into more than can be true."""

    code = "workbook_too_big"
    what = N_("The workbook unpacks to more than is accepted.")
    remedy = N_("Copy the rows into a new workbook, or save them as CSV (UTF-8).")


class NoSuchSheet(BadFile):
    """The sheet asked for is not there."""

    code = "no_such_sheet"
    what = N_("The workbook has no sheet “{sheet}”.")
    remedy = N_("Choose one of: {sheets}.")


class NoHeaders(BadFile):
    """No line with the names of the columns."""

    code = "no_headers"
    what = N_("The file has no line with the names of the columns.")
    remedy = N_("Put the names of the columns in the first line.")


class TooManyColumns(BadFile):
    """More columns than any table of ours has."""

    code = "too_many_columns"
    what = N_("The file has more than {most} columns.")
    remedy = N_("Remove the columns that are not needed.")


class BadDelimiter(BadFile):
    """A separator that was asked for and is none."""

    code = "bad_delimiter"
    what = N_("“{delimiter}” cannot separate columns.")
    remedy = N_("Choose comma, semicolon, tab or vertical bar.")


class UnknownEncoding(BadFile):
    """An encoding that was asked for and does not exist."""

    code = "unknown_encoding"
    what = N_("There is no text encoding “{encoding}”.")
    remedy = N_("Choose UTF-8, UTF-16, Windows-1252 or ISO-8859-1.")


class BadRow(Invalid):
    """A row that cannot be used as a whole; subclasses say why."""

    code = "bad_row"
    what = N_("Line {line} cannot be read.")


class WrongColumns(BadRow):
    """More or fewer cells than headers."""

    code = "wrong_columns"
    what = N_("Line {line} has {found} columns instead of {expected}.")
    remedy = N_("Check for a separator within a text: such a text needs quotation marks around it.")


class UnclosedQuote(BadRow):
    """A quotation mark opens a text that does not end as it should."""

    code = "unclosed_quote"
    what = N_("In line {line} a quotation mark is not closed, or stands within a text.")
    remedy = N_("Close the text, or write the quotation mark twice.")


class BadCharacter(BadRow):
    """Bytes that are no character, or characters that cannot be kept."""

    code = "bad_character"
    what = N_("Line {line} contains characters that cannot be read.")
    remedy = N_("Check the encoding of the file.")


class CellTooLong(BadRow):
    """A cell longer than MAX_CELL."""

    code = "cell_too_long"
    what = N_("Line {line} has a cell of more than {most} characters.")


class BadCell(BadRow):
    """A cell whose content is an error or no value of its type."""

    code = "bad_cell"
    what = N_("Line {line}, column {column}: “{value}” is no value.")
    remedy = N_("Correct the formula or the cell.")


class TooManyRows(BadRow):
    """The rest of the file is not read."""

    code = "too_many_rows"
    what = N_("The file has more than {most} rows; line {line} and those after it are not read.")
    remedy = N_("Split it into smaller files.")
