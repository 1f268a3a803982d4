"""Document codes: the small language of a number book's format, and reading a code that somebody typed.

A format is text with placeholders, `{series}{year}-{number:05}` for TK2026-00012:

- `{series}` the book's series, letters and digits
- `{year}` four digits, `{yy}` two, `{month}` two
- `{number}` or `{number:05}`, the number, filled with zeros to that width (1 to 12); longer numbers are not cut

Anything else is letters, digits, spaces and `- / . _`. The number stands in it exactly once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from callout.core.errors import N_, Invalid

MAX_FORMAT = 60
"""Characters of the longest format."""
_NAMES = ("series", "year", "yy", "month", "number")
_PIECE = re.compile(r"\{(?P<inside>[^{}]*)\}|(?P<text>[^{}]+)|(?P<brace>[{}])")
_WIDTH = re.compile(r"0?([1-9]|1[0-2])")
_SERIES = re.compile(r"[A-Z0-9]{1,12}")
_TEXT = re.compile(r"[A-Za-z0-9/._ -]+")


class BadFormat(Invalid):
    """The format of a number book cannot be used; subclasses say why."""

    code = "bad_number_format"
    what = N_("This format for numbers cannot be used.")
    remedy = N_("Write for example {example}.")

    def __init__(self, field: str | None = "format", **facts: object) -> None:
        super().__init__(field, example="{series}{year}-{number:05}", **facts)


class FormatTooLong(BadFormat):
    """Longer than MAX_FORMAT characters."""

    code = "number_format_too_long"
    what = N_("The format is longer than {most} characters.")


class UnknownPlaceholder(BadFormat):
    """A name in braces that means nothing."""

    code = "unknown_placeholder"
    what = N_("The format has no place for “{name}”; it knows {known}.")


class BraceNotClosed(BadFormat):
    """A brace without its partner."""

    code = "brace_not_closed"
    what = N_("The brace at position {position} of the format has no partner.")


class BadWidth(BadFormat):
    """A width that is none, or on a placeholder that has none."""

    code = "bad_number_width"
    what = N_("“{width}” is no width for “{name}”; only the number has one, from 1 to 12.")


class NumberMissing(BadFormat):
    """No number, or more than one: codes would not differ, or not be readable."""

    code = "number_missing"
    what = N_("The format has to contain the number exactly once; it stands there {times} times.")


class PlaceholderRepeated(BadFormat):
    """A part that stands there twice."""

    code = "placeholder_repeated"
    what = N_("The format contains “{name}” more than once.")


class BadFormatText(BadFormat):
    """A character outside braces that codes may not have."""

    code = "bad_number_format_text"
    what = N_("The format may not contain “{text}”; use letters, digits, spaces and - / . _ only.")


class BadSeries(Invalid):
    """A series that is no series."""

    code = "bad_series"
    what = N_("“{series}” is no series: it has 1 to 12 letters A to Z and digits.")
    remedy = N_("Choose a short name such as TK.")


@dataclass(frozen=True, slots=True)
class _Piece:
    name: str
    """A placeholder's name, or `text`."""
    text: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format that has been checked; made by `parse_format`."""

    pieces: tuple[_Piece, ...]

    @property
    def has_year(self) -> bool:
        """Whether codes of different years differ; without it the numbers may never start again."""
        return any(piece.name in ("year", "yy") for piece in self.pieces)

    @property
    def has_month(self) -> bool:
        """Whether codes of different months of a year differ."""
        return any(piece.name == "month" for piece in self.pieces)

    def around(self, *, series: str, on: date) -> tuple[str, int, str]:
        """What stands before the number, the width it is filled to with zeros, and what stands behind it.

        `on` is the document's date. Raises BadSeries.
        """
        check_series(series)
        place = next(index for index, piece in enumerate(self.pieces) if piece.name == "number")
        texts = [
            "".join(_written(piece, series, on) for piece in part)
            for part in (self.pieces[:place], self.pieces[place + 1 :])
        ]
        return texts[0], self.pieces[place].width, texts[1]

    def render(self, *, series: str, number: int, on: date) -> str:
        """The code of that number; `on` is the document's date. Raises BadSeries.

        Different numbers of one series, year and month give different codes. A number below 1 is a mistake of the
        caller: ValueError.
        """
        if number < 1:
            raise ValueError("numbers begin with 1")
        before, width, after = self.around(series=series, on=on)
        return f"{before}{str(number).zfill(width)}{after}"


def _written(piece: _Piece, series: str, on: date) -> str:
    match piece.name:
        case "series":
            return series
        case "year":
            return f"{on.year:04}"
        case "yy":
            return f"{on.year % 100:02}"
        case "month":
            return f"{on.month:02}"
    return piece.text


def check_series(series: str, *, field: str | None = "series") -> str:
    """The series, when it is one: 1 to 12 capital letters and digits. Raises BadSeries."""
    if not _SERIES.fullmatch(series):
        raise BadSeries(field, series=series[:40])
    return series


def parse_format(text: str) -> NumberFormat:
    """The checked format. Raises the subclass of BadFormat that says what is wrong with it, with field `format`."""
    if len(text) > MAX_FORMAT:
        raise FormatTooLong(most=MAX_FORMAT)
    pieces = tuple(_piece(match) for match in _PIECE.finditer(text))
    names = [piece.name for piece in pieces if piece.name != "text"]
    if names.count("number") != 1:
        raise NumberMissing(times=names.count("number"))
    for name in _NAMES:
        if names.count(name) > 1:
            raise PlaceholderRepeated(name=name)
    return NumberFormat(pieces)


def _piece(match: re.Match[str]) -> _Piece:
    if match["brace"]:
        raise BraceNotClosed(position=match.start() + 1)
    if match["text"]:
        if not _TEXT.fullmatch(match["text"]):
            raise BadFormatText(text=match["text"])
        return _Piece("text", match["text"])
    name, colon, width = match["inside"].partition(":")
    if name not in _NAMES:
        raise UnknownPlaceholder(name=name, known=", ".join(_NAMES))
    if colon and (name != "number" or not _WIDTH.fullmatch(width)):
        raise BadWidth(name=name, width=width)
    return _Piece(name, width=int(width) if colon else 0)


def render(pattern: str, *, series: str, number: int, on: date) -> str:
    """The code of that number by the format `pattern`. Raises BadFormat, BadSeries."""
    return parse_format(pattern).render(series=series, number=number, on=on)


_SPLIT = re.compile(r"([A-Z0-9]*[A-Z])?([0-9]*)")


@dataclass(frozen=True, slots=True)
class CodeReading:
    """What somebody may have meant by a typed code; None stands for any."""

    number: int
    series: str | None = None
    year: int | None = None
    month: int | None = None


def parse_code(text: str) -> tuple[CodeReading, ...]:
    """The ways to read a typed code, the likeliest first; empty when it is none.

    `TK2026-00012`, `tk 26 12` and `tk 12` are series, year and number in whatever case and separators; years have two
    or four digits (two mean 20xx) and stand before or after the number.
    """
    chunks = re.split(r"[-/._\s#]+", text.strip().upper().strip("#"))
    if not 1 <= len(chunks) <= 4 or len(text) > MAX_FORMAT or not text.isascii():
        return ()
    first, rest = chunks[0], chunks[1:]
    split = _SPLIT.fullmatch(first)
    if split is None:
        return ()
    series, digits = split.groups()
    readings = _read_digits(series, [digits, *rest] if digits else rest)
    if series and digits:
        whole = _read_digits(first, rest)
        readings = readings + whole if _year(digits) else whole + readings
    return tuple(dict.fromkeys(readings))


def _read_digits(series: str | None, groups: list[str]) -> list[CodeReading]:
    if not all(group.isdigit() and len(group) <= 15 for group in groups):
        return []
    found: list[CodeReading] = []
    match groups:
        case [number]:
            found.append(CodeReading(int(number), series))
            if len(number) > 4 and _year(number[:4]):
                found.append(CodeReading(int(number[4:]), series, _year(number[:4])))
        case [one, two]:
            found += [CodeReading(int(n), series, _year(y)) for y, n in ((one, two), (two, one)) if _year(y)]
        case [one, two, three]:
            dated = ((one, two, three), (two, one, three), (three, two, one))
            found += [
                CodeReading(int(n), series, _year(y), int(m)) for y, m, n in dated if _year(y) and 1 <= int(m) <= 12
            ]
    return [reading for reading in found if reading.number > 0]


def _year(digits: str) -> int | None:
    if len(digits) == 2:
        return 2000 + int(digits)
    return int(digits) if len(digits) == 4 and "1900" <= digits <= "2199" else None
