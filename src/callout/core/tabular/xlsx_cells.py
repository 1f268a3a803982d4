"""The cells of a sheet and the shared texts of a workbook, as expat hands over their pieces."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from xml.parsers import expat

from openpyxl.styles.numbers import is_datetime, is_timedelta_format
from openpyxl.utils.datetime import from_excel

from callout.core.errors import Invalid
from callout.core.tabular.types import MAX_CELL, MAX_COLUMNS, BadCell, BadCharacter, Cell, CellTooLong, WrongColumns
from callout.core.text import has_forbidden

Attributes = dict[str, str]
SheetRow = tuple[int, list[Cell], Invalid | None]
_LAST_ROW = 2**20
_EXACT = 15
"""Digits of a number that a workbook keeps exactly."""


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class BadSheet(expat.ExpatError):
    """The XML is well-formed but no sheet: a document type (entities could blow up), rows out of order."""


def new_parser() -> expat.XMLParserType:
    """A parser that refuses document types."""

    def on_doctype(*_: object) -> None:
        raise BadSheet("document type")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = on_doctype
    return parser


def plain_name(tag: str) -> str:
    """The tag without the prefix of its namespace."""
    return tag.rpartition(":")[2] if ":" in tag else tag


def _unescaped(text: str) -> str:
    """The text with `_x000D_` and the like turned into the characters that they stand for."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class _Reader:
    """Collects the text within the wanted elements; phonetic readings of Asian texts are left out."""

    collected = frozenset({"t"})

    def __init__(self) -> None:
        self.parser = new_parser()
        self.parser.StartElementHandler = self._on_start
        self.parser.EndElementHandler = self._on_end
        self.parser.CharacterDataHandler = self._on_text
        self._pieces: list[str] = []
        self._size = 0
        self._collecting = False
        self._phonetic = False

    def _begin(self) -> None:
        self._pieces, self._size = [], 0

    def _on_start(self, tag: str, attributes: Attributes) -> None:
        name = plain_name(tag)
        if name in self.collected:
            self._collecting = not self._phonetic
        elif name == "rPh":
            self._phonetic = True
        else:
            self.opened(name, attributes)

    def _on_end(self, tag: str) -> None:
        name = plain_name(tag)
        if name in self.collected:
            self._collecting = False
        elif name == "rPh":
            self._phonetic = False
        else:
            self.closed(name)

    def _on_text(self, text: str) -> None:
        if self._collecting and self._size <= MAX_CELL:
            self._size += len(text)
            self._pieces.append(text)

    def opened(self, name: str, attributes: Attributes) -> None:
        """Called for every other element."""

    def closed(self, name: str) -> None:
        """Called at the end of every other element."""


class TextReader(_Reader):
    """The shared texts in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def opened(self, name: str, attributes: Attributes) -> None:
        """Begin a text."""
        if name == "si":
            self._begin()

    def closed(self, name: str) -> None:
        """Keep a text."""
        if name == "si":
            self.texts.append(_unescaped("".join(self._pieces)))


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells refer to: shared texts, the formats of the styles that show dates, and the first day."""

    texts: list[str]
    date_styles: dict[str, str]
    epoch: datetime


class SheetReader(_Reader):
    """The rows that hold anything; take them out of `rows` after each piece of the sheet."""

    collected = frozenset({"t", "v"})

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.rows: list[SheetRow] = []
        self._book = book
        self._columns: dict[str, int] = {}
        self._line = 0
        self._column = -1
        self._cells: list[Cell] = []
        self._error: Invalid | None = None
        self._kind, self._style = "n", "0"

    def opened(self, name: str, attributes: Attributes) -> None:
        """Begin a row or a cell."""
        if name == "c":
            self._begin()
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "0")
            place = attributes.get("r")
            self._column = self._column + 1 if place is None else self._column_of(place)
        elif name == "row":
            number = attributes.get("r")
            line = self._line + 1 if number is None else int(number)
            if not self._line < line <= _LAST_ROW:
                raise BadSheet("row out of order")
            self._line, self._column, self._cells, self._error = line, -1, [], None

    def closed(self, name: str) -> None:
        """Keep a cell or a row."""
        if name == "c":
            self._keep("".join(self._pieces))
        elif name == "row" and (self._cells or self._error):
            self.rows.append((self._line, self._cells, self._error))

    def _column_of(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
                raise BadSheet("no column")
            column = 0
            for letter in letters.upper():
                column = column * 26 + ord(letter) - 64
            self._columns[letters] = column = column - 1
        return column

    def _keep(self, text: str) -> None:
        if not text:
            return
        if self._column >= MAX_COLUMNS:
            self._error = WrongColumns(line=self._line, found=self._column + 1, expected=MAX_COLUMNS)
            return
        value = self._value(text)
        problem = self._problem(value, text)
        self._error = self._error or problem
        missing = self._column - len(self._cells)
        self._cells.extend([""] * missing)
        if missing >= 0:
            self._cells.append(text[:80] if problem or value is None else value)

    def _problem(self, value: Cell | None, text: str) -> Invalid | None:
        if value is None:
            return BadCell(line=self._line, column=self._column + 1, value=text[:40])
        if isinstance(value, str) and len(value) > MAX_CELL:
            return CellTooLong(line=self._line, most=MAX_CELL)
        if isinstance(value, str) and has_forbidden(value):
            return BadCharacter(line=self._line)
        return None

    def _value(self, text: str) -> Cell | None:
        """The cell's value; None when it has none of its type."""
        match self._kind:
            case "s":
                at = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
                return self._book.texts[at] if 0 <= at < len(self._book.texts) else None
            case "str" | "inlineStr":
                return _unescaped(text)
            case "n":
                shown = self._book.date_styles.get(self._style)
                return number_of(text) if shown is None else moment_of(text, shown, self._book.epoch)
            case "b":
                return text.strip() in ("1", "true")
            case "d":
                return _iso(text)
        return None


def number_of(text: str) -> int | Decimal | None:
    """The number as people see it: whole where it is whole, the shortest decimals else; None when it is none."""
    if text.isascii() and text.isdigit() and len(text) <= _EXACT:
        return int(text)
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 10**_EXACT else Decimal(repr(value))


def moment_of(text: str, shown: str, epoch: datetime) -> Cell | None:
    """The date, moment, time of the day or duration (as `h:mm`) that a number with this format shows; None if none."""
    number = number_of(text)
    try:
        if number is None or number < 0:
            return None
        if is_timedelta_format(shown):
            return _duration(timedelta(days=float(number)))
        value = from_excel(float(number), epoch)
    except (ValueError, OverflowError):
        return None
    kind = is_datetime(shown.lower())
    if isinstance(value, datetime) and kind == "time":
        return value.time()
    if isinstance(value, datetime) and kind == "date" and value.time() == time(0):
        return value.date()
    return value if isinstance(value, datetime | time) else None


def _duration(length: timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _iso(text: str) -> date | datetime | time | None:
    try:
        if "T" in text:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        return time.fromisoformat(text) if ":" in text else date.fromisoformat(text)
    except ValueError:
        return None
