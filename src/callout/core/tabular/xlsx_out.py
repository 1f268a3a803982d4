"""Tables written as XLSX, piece by piece while the rows come in; nothing but the current piece is kept."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from xml.sax.saxutils import escape

from callout.core.tabular.types import OutCell
from callout.core.text import neutralise_cell

SHEET_ROWS = 1_048_575
"""Rows below the headers that one sheet can hold; a workbook with more gets further sheets."""
_PIECE = 64 * 1024
_LONGEST = 32_767
_EXACT = 15
"""Digits of a number that a spreadsheet keeps exactly."""
_FIRST_DAY = date(1899, 12, 30)
_FIRST_SAFE = date(1900, 3, 1)
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")

_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/styles.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="xl/workbook.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    ),
    "xl/styles.xml": (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/><numFmt numFmtId="166" formatCode="hh:mm:ss"/>'
        '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
_DATE, _MOMENT, _TIME, _MONEY, _BOLD = 1, 2, 3, 4, 5
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET_BEGIN = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>'
    '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
_SHEET_END = "</sheetData></worksheet>"


class _Sink(io.RawIOBase):
    """What the archive is written to: keeps the bytes until they are taken."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: object) -> int:
        """Keep the bytes."""
        self._pieces.append(bytes(data))  # type: ignore[call-overload]  # whatever buffer the archive hands over
        return len(self._pieces[-1])

    def take(self) -> bytes:
        """What has been written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def write_xlsx(
    headers: Sequence[str], rows: Iterable[Sequence[OutCell]], *, title: str = "Sheet", sheet_rows: int = SHEET_ROWS
) -> Iterator[bytes]:
    """The pieces of an XLSX workbook with a bold, frozen line of headers; further sheets after `sheet_rows` rows.

    Text that a spreadsheet might run as a formula is neutralised; numbers and dates keep their types. Decimals with two
    places are shown as amounts. Numbers of more than 15 digits and dates before March 1900, which spreadsheets cannot
    hold, are written as text; text is cut at 32,767 characters, and characters that XML does not allow are left out.
    """
    sink = _Sink()
    sheets = 0
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, _DECLARATION + content)
        for number, group in groupby(enumerate(rows), key=lambda numbered: numbered[0] // sheet_rows):
            sheets = number + 1
            yield from _sheet(archive, sink, sheets, headers, (row for _, row in group))
        if not sheets:
            sheets = 1
            yield from _sheet(archive, sink, sheets, headers, ())
        for name, content in _outline(title, sheets).items():
            archive.writestr(name, _DECLARATION + content)
    yield sink.take()


def _sheet(
    archive: zipfile.ZipFile, sink: _Sink, number: int, headers: Sequence[str], rows: Iterable[Sequence[OutCell]]
) -> Iterator[bytes]:
    """Write one sheet; yields what has reached the sink."""
    letters: list[str] = []
    with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
        ready = [_DECLARATION + _SHEET_BEGIN, _row(1, [_text(header, _BOLD) for header in headers], letters)]
        size = 0
        for line, row in enumerate(rows, 2):
            ready.append(_row(line, [_cell(cell) for cell in row], letters))
            size += len(ready[-1])
            if size >= _PIECE:
                part.write("".join(ready).encode())
                ready, size = [], 0
                yield sink.take()
        part.write("".join([*ready, _SHEET_END]).encode())
    yield sink.take()


def _row(line: int, cells: Sequence[str], letters: list[str]) -> str:
    """The row's XML; each cell has a gap for its place, and empty cells are left out."""
    while len(letters) < len(cells):
        letters.append(_column(len(letters) + 1))
    placed = (cell.replace("<c", f'<c r="{letters[at]}{line}"', 1) for at, cell in enumerate(cells) if cell)
    return f'<row r="{line}">{"".join(placed)}</row>'


def _column(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _cell(value: OutCell) -> str:
    """The cell's XML without its place; empty text for an empty cell."""
    match value:
        case None | "":
            return ""
        case str():
            return _text(value)
        case bool():
            return f'<c t="b"><v>{int(value)}</v></c>'
        case int() | Decimal() | float():
            return _number(value)
        case time():
            return _serial(timedelta(hours=value.hour, minutes=value.minute, seconds=value.second), _TIME)
    return _day(value)


def _text(text: str, style: int = 0) -> str:
    safe = _ILLEGAL.sub("", neutralise_cell(text)[:_LONGEST])
    escaped = escape(_ESCAPE_LIKE.sub("_x005F_", safe), {"\r": "_x000D_"})
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'


def _number(value: int | Decimal | float) -> str:
    if not math.isfinite(value):
        return ""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    digits = len(number.normalize().as_tuple().digits)
    if digits > _EXACT and not isinstance(value, float):
        return _text(f"{number:f}")
    style = _MONEY if isinstance(value, Decimal) and number.as_tuple().exponent == -2 else 0
    return f'<c s="{style}"><v>{value if isinstance(value, float) else f"{number:f}"}</v></c>'


def _day(value: date) -> str:
    """A date or a moment, as its own zone's clock shows it."""
    if (value.date() if isinstance(value, datetime) else value) < _FIRST_SAFE:
        return _text(value.isoformat())
    if not isinstance(value, datetime):
        return _serial(value - _FIRST_DAY, _DATE)
    shown = value.replace(tzinfo=None, microsecond=0)
    return _serial(shown - datetime.combine(_FIRST_DAY, time(0)), _MOMENT)


def _serial(since: timedelta, style: int) -> str:
    return f'<c s="{style}"><v>{since.days + since.seconds / 86_400!r}</v></c>'


def _outline(title: str, sheets: int) -> dict[str, str]:
    """The parts that list the sheets."""
    title = (_SHEET_NAME.sub(" ", _ILLEGAL.sub("", title)).strip("' ") or "Sheet")[:31]
    names = [title] + [f"{title[:24]} {number}" for number in range(2, sheets + 1)]
    listed = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, sheets + 1)
    )
    return {
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        f'xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships">{related}<Relationship Id="rId{sheets + 1}" Type="{office}/styles" Target="styles.xml"/>'
        "</Relationships>",
    }
