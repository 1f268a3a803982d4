"""XLSX workbooks, read row by row in little memory whatever the file claims to hold.

Only what a table needs is looked at: the list of sheets, shared texts, which styles are dates, and the cells with the
results of their formulas. ECMA-376, part 1, chapters 18.2 to 18.4 and 18.8, says what the parts look like.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from callout.core.tabular.types import DamagedWorkbook, NoSuchSheet, NotATable, WorkbookTooBig
from callout.core.tabular.xlsx_cells import Attributes, Book, SheetReader, SheetRow, TextReader, new_parser, plain_name

MAX_ENTRIES = 2_000
MAX_UNPACKED = 400 * 2**20
MAX_RATIO = 250
"""How many times larger than packed a part over 1 MB may be; real sheets stay below 60."""
MAX_TEXTS = 3_000_000
MAX_STYLES = 100_000
_FREE = 2**20
_CHUNK = 2**16
# Builtin number formats that are dates only in some languages, and so miss in the table of formats.
_DATE_IDS = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    KeyError,
    ValueError,
    OverflowError,
    RuntimeError,  # encrypted, or a way of packing that is not known
)


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin like a ZIP archive, as every workbook does."""
    return data.startswith(b"PK\x03\x04")


class Workbook:
    """A workbook that was found harmless, with the names of its visible sheets.

    Raises NotATable for another kind of archive, DamagedWorkbook, WorkbookTooBig.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            self._check_size()
            self._read_outline()
            self._date_styles = self._read_styles()
        except _DAMAGE as error:
            raise DamagedWorkbook from error

    def _check_size(self) -> None:
        entries = self._archive.infolist()
        sizes = [(entry.file_size, entry.compress_size) for entry in entries]
        if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
            raise DamagedWorkbook
        if len(entries) > MAX_ENTRIES or sum(size for size, _ in sizes) > MAX_UNPACKED:
            raise WorkbookTooBig
        if any(size > _FREE and size > packed * MAX_RATIO for size, packed in sizes):
            raise WorkbookTooBig

    def _read_outline(self) -> None:
        """Find the sheets: the archive names the workbook, that names sheets by relations to their parts."""
        names = set(self._archive.namelist())
        if "[Content_Types].xml" not in names:
            raise NotATable
        main = next((path for kind, path in self._relations("").values() if kind == "officeDocument"), "")
        if main not in names:
            raise NotATable
        related = self._relations(main)
        self._parts = dict(related.values())
        self._epoch = CALENDAR_WINDOWS_1900
        self._sheets: dict[str, str] = {}

        def on_start(tag: str, attributes: Attributes) -> None:
            if tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self._epoch = CALENDAR_MAC_1904
            elif tag == "sheet" and attributes.get("state", "visible") == "visible":
                kind, path = related.get(_relation(attributes), ("", ""))
                if kind == "worksheet":
                    self._sheets[attributes.get("name", "")] = path

        self._parse(main, on_start)
        if not self._sheets:
            raise NotATable

    @property
    def sheets(self) -> tuple[str, ...]:
        """The visible sheets in their order."""
        return tuple(self._sheets)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The relations of a part: their ids, with the last word of their type and the path of the target."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}

        def on_start(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = (kind, target.lstrip("/"))

        self._parse(path, on_start)
        return found

    def _read_styles(self) -> dict[str, str]:
        """The number formats of the styles that show dates or times, by the number of the style as cells write it."""
        formats: dict[str, str] = {str(number): form for number, form in BUILTIN_FORMATS.items()}
        styles: list[str] = []
        inside = [""]

        def on_start(tag: str, attributes: Attributes) -> None:
            if tag == "numFmt":
                formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:255]
            elif tag == "xf" and inside[0] == "cellXfs" and len(styles) < MAX_STYLES:
                styles.append(attributes.get("numFmtId", "0"))
            elif tag in ("cellXfs", "cellStyleXfs", "dxfs"):
                inside[0] = tag

        if self._parts.get("styles") in self._archive.NameToInfo:
            self._parse(self._parts["styles"], on_start)
        shown = {str(n): formats.get(form, "yyyy-mm-dd" if form in _DATE_IDS else "") for n, form in enumerate(styles)}
        return {style: form for style, form in shown.items() if is_date_format(form)}

    def _parse(self, part: str, on_start: Callable[[str, Attributes], None]) -> None:
        parser = new_parser()
        parser.StartElementHandler = lambda tag, attributes: on_start(plain_name(tag), attributes)
        for _ in self._fed(part, parser):
            pass

    def _fed(self, part: str, parser: expat.XMLParserType) -> Iterator[None]:
        """Feed the part to the parser, stopping after each chunk."""
        with self._archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
                yield
            parser.Parse(b"", True)
            yield

    def _shared_texts(self) -> list[str]:
        reader = TextReader()
        if self._parts.get("sharedStrings") in self._archive.NameToInfo:
            for _ in self._fed(self._parts["sharedStrings"], reader.parser):
                if len(reader.texts) > MAX_TEXTS:
                    raise WorkbookTooBig
        return reader.texts

    def rows(self, sheet: str = "") -> Iterator[SheetRow]:
        """The rows of the sheet (the first when empty) that hold anything, with their numbers.

        Raises NoSuchSheet, DamagedWorkbook (also in the middle, when the file is cut off), WorkbookTooBig.
        """
        path = self._sheets.get(sheet or self.sheets[0])
        if path is None:
            raise NoSuchSheet(sheet=sheet, sheets=", ".join(self.sheets))
        try:
            reader = SheetReader(Book(self._shared_texts(), self._date_styles, self._epoch))
            for _ in self._fed(path, reader.parser):
                yield from reader.rows
                reader.rows.clear()
        except _DAMAGE as error:
            raise DamagedWorkbook from error


def _relation(attributes: Attributes) -> str:
    """The relation's id, whatever prefix its namespace has."""
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")
