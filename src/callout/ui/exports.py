"""Lists as files: exactly the rows and columns that the page shows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override

from callout.core import tabular
from callout.core.errors import N_, DomainError, Invalid
from callout.core.text import safe_filename
from callout.ui.columns import Column, Getter, cell_values, printed_values
from callout.ui.keyset import bounded_count

CHUNK = 1_000
LIMITS = {"csv": 200_000, "xlsx": 50_000, "pdf": 2_000}
"""Rows that each kind of file holds at most."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
Renderer = Callable[..., bytes]


class TooManyRows(Invalid):
    """The list is longer than the kind of file holds."""

    code = "too_many_rows"
    what = N_("This list has more than {limit} rows, which is all that such a file holds.")
    remedy = N_("Narrow it with filters, or take CSV, which holds {most} rows.")


class NoRenderer(DomainError):
    """Nothing here makes PDF files."""

    code = "no_renderer"
    status = 503
    what = N_("This installation cannot make PDF files.")
    remedy = N_("Take CSV or XLSX.")


_renderers: dict[str, Renderer] = {}


def register_renderer(kind: str, render: Renderer) -> None:
    """Say who makes files of a kind: `render(template, context, *, language) -> bytes`. Called in `ready()`."""
    _renderers[kind] = render


def export(
    kind: str, queryset: QuerySet, columns: Sequence[Column], *, title: str, facts: Mapping[str, str], now: datetime
) -> HttpResponse | StreamingHttpResponse:
    """The list as a download. `facts` says how it was filtered. Raises TooManyRows or NoRenderer."""
    limit = LIMITS[kind]
    if bounded_count(queryset, limit) > limit:
        raise TooManyRows(limit=limit, most=LIMITS["csv"])
    rows = queryset[:limit]
    response: HttpResponse | StreamingHttpResponse
    if kind == "pdf":
        response = HttpResponse(_pdf(rows, columns, title, facts, now), content_type=TYPES[kind])
    else:
        write = tabular.write_csv if kind == "csv" else tabular.write_xlsx
        headers = [str(column.label) for column in columns]
        response = StreamingHttpResponse(write(headers, _values(rows, columns)), content_type=TYPES[kind])
    stamp = timezone.localtime(now).strftime("%Y-%m-%d %H.%M")
    name = safe_filename(f"{title} {stamp}.{kind}")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _values(rows: QuerySet, columns: Sequence[Column]) -> Iterator[list[Any]]:
    """The cells, read a thousand rows at a time, in the language and time zone that are active now.

    Both end with the view, while the file is still being sent: so they are noted here, outside the generator.
    """
    readers = [cell_values(column) for column in columns]
    return _chunks(rows, readers, get_language() or "en", timezone.get_current_timezone())


def _chunks(rows: QuerySet, readers: Sequence[Getter], language: str, zone: tzinfo) -> Iterator[list[Any]]:
    found = rows.iterator(chunk_size=CHUNK)
    while True:
        with override(language), timezone.override(zone):
            cells = [[read(row) for read in readers] for row in islice(found, CHUNK)]
        if not cells:
            return
        yield from cells


def _pdf(rows: QuerySet, columns: Sequence[Column], title: str, facts: Mapping[str, str], now: datetime) -> bytes:
    if "pdf" not in _renderers:
        raise NoRenderer()
    readers = [printed_values(column) for column in columns]
    context = {
        "title": title,
        "facts": dict(facts),
        "heads": [{"label": str(column.label), "numeric": column.numeric} for column in columns],
        "rows": [
            [{"text": read(row), "numeric": column.numeric} for read, column in zip(readers, columns, strict=True)]
            for row in rows.iterator(chunk_size=CHUNK)
        ],
        "made_at": now,
    }
    return _renderers["pdf"]("ui/list_pdf.html", context, language=get_language() or "en")
