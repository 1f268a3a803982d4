"""Tables written as CSV, piece by piece while the rows come in."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from callout.core.tabular.types import OutCell
from callout.core.text import neutralise_cell

_PIECE = 64 * 1024


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[OutCell]], *, delimiter: str = ",") -> Iterator[bytes]:
    """The pieces of a CSV file: UTF-8 with a byte order mark (for spreadsheets), RFC 4180 line ends and quotes.

    Numbers have a decimal point and no groups, dates are ISO 8601, moments with a zone have their offset; NaN and
    infinity are left empty.
    """
    piece = io.StringIO()
    piece.write("\ufeff")
    writer = csv.writer(piece, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([_plain(header) for header in headers])
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
        if piece.tell() >= _PIECE:
            yield piece.getvalue().encode(errors="replace")
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue().encode(errors="replace")


def _plain(cell: OutCell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return neutralise_cell(cell.replace("\0", ""))
        case bool():
            return "true" if cell else "false"
        case Decimal() | float():
            return f"{Decimal(repr(cell)) if isinstance(cell, float) else cell:f}" if math.isfinite(cell) else ""
        case datetime():
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
    return str(cell)
