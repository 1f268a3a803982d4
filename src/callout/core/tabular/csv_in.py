"""Text with separators, record by record: what is wrong with one never loses the next."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator

from callout.core.errors import Invalid
from callout.core.tabular.types import MAX_CELL, BadCharacter, CellTooLong, UnclosedQuote

_DELIMITERS = ",;\t|"
_BOMS = {
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
}
_SAMPLE_RECORDS = 100
_MAX_LINES = 500
"""Lines that one quoted text may run over before it counts as never closed."""
_UNREADABLE = re.compile("[\0\ud800-\udfff]")
_SEPARATOR_LINE = re.compile(r"sep=(.)[\r\n]*", re.IGNORECASE)

Record = tuple[int, list[str], Invalid | None]
"""The line at which it begins, its cells, and why it cannot be used."""


def lines_of(data: bytes, encoding: str) -> Iterator[str]:
    """The physical lines with their ends; bytes that are no character become what `records` reports."""
    codec = codecs.lookup(encoding).name
    if codec in _BOMS and not data.startswith(_BOMS[codec]):
        codec += "-le"
    multibyte = codec.startswith(("utf-16", "utf-32"))
    text = io.TextIOWrapper(io.BytesIO(data), codec, errors="replace" if multibyte else "surrogateescape", newline="")
    for number, line in enumerate(text):
        plain = line.removeprefix("\ufeff") if number == 0 else line
        yield plain.replace("\ufffd", "\0") if multibyte else plain


def delimiter_of(lines: Iterable[str], *, default: str = ",") -> str:
    """The separator that splits most lines of the sample like the first one, into most columns."""
    sample = list(lines)
    told = _SEPARATOR_LINE.fullmatch(sample[0]) if sample else None
    if told is not None:
        return told[1]
    scores = []
    for delimiter in _DELIMITERS:
        widths = [len(cells) for _, cells, _ in records(sample, delimiter, most=_SAMPLE_RECORDS)]
        alike = widths.count(widths[0]) / len(widths) if widths else 0.0
        if widths and widths[0] > 1:
            scores.append((round(alike, 1), widths[0], delimiter == default, delimiter))
    return max(scores)[-1] if scores else default


class _Lines:
    """The lines of one record at a time for csv.reader, with those of a failed record to be had back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._source = enumerate(lines, 1)
        self._returned: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MAX_LINES:
            raise StopIteration
        numbered = self._returned.popleft() if self._returned else next(self._source)
        self.taken.append(numbered)
        return numbered[1]

    def begin(self) -> None:
        """Forget the last record's lines: it was good."""
        self.taken = []

    def give_back(self) -> None:
        """Keep the first line of the failed record and offer the others again."""
        self._returned.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def records(lines: Iterable[str], delimiter: str, *, most: int | None = None) -> Iterator[Record]:
    """The records that are not empty; a quoted text may run over lines.

    A text whose quotation mark is not closed spoils only the line in which it begins: reading goes on after it.
    """
    source = _Lines(lines)
    strict = csv.reader(source, delimiter=delimiter, strict=True)
    found = 0
    while most is None or found < most:
        source.begin()
        error: Invalid | None = None
        try:
            cells = next(strict)
        except StopIteration:
            return
        except csv.Error:
            cells, error = _failed(source, delimiter)
        number = source.taken[0][0]
        if number == 1 and _SEPARATOR_LINE.fullmatch(source.taken[0][1]):
            continue
        if any(map(str.strip, cells)):
            found += 1
            yield number, cells, error or _unreadable(number, cells)


def _failed(source: _Lines, delimiter: str) -> tuple[list[str], Invalid | None]:
    """The cells of the first line of a record that breaks the rules of quoting, and the error unless it is harmless.

    Harmless is a single line whose quoted text is followed by something else, as in `"A" ,B`: it is read as it stands.
    """
    alone = len(source.taken) == 1
    source.give_back()
    number, line = source.taken[0]
    if len(line) > MAX_CELL:
        return [line[:80]], CellTooLong(line=number, most=MAX_CELL)
    lenient = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    if alone and line.count('"') % 2 == 0:
        return lenient, None
    return lenient, UnclosedQuote(line=number)


def _unreadable(number: int, cells: list[str]) -> Invalid | None:
    return BadCharacter(line=number) if _UNREADABLE.search("\n".join(cells)) else None
