"""Giving documents their numbers."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from callout.accounts.models import Branch
from callout.audit.models import Entry, kind_of
from callout.core.numbering import parse_format
from callout.db.rows import as_json, as_values, insertion, rows_json
from callout.documents import queries
from callout.documents.errors import NoNumberBook
from callout.documents.models import Document, DocumentStatus, NumberBook
from callout.documents.queries import Terms
from callout.documents.rules import KINDS, MODULE_OF, check_open, choose_book
from callout.jobs.commands import INSERTION
from callout.live.rules import CHANNEL

# Who posts waits for the books, so that one statement moves them on and numbers the documents. Each document waits for
# the one before it, so that books are always locked in that order. The format is compared because the code is made
# from it.
_BOOK = """
    book_{place} AS (
        UPDATE documents_numberbook SET next_number = next_number + 1
        WHERE id = %(book_{place})s AND active AND format = %(format_{place})s{follows}
        RETURNING next_number - 1 AS number, concat(%(before_{place})s::text, lpad(
            (next_number - 1)::text, greatest(%(width_{place})s::int, length((next_number - 1)::text)), '0'
        ), %(after_{place})s::text) AS code
    )"""
_FOLLOWS = " AND EXISTS (SELECT FROM document_{})"
# Terms that were read before the periods were shared count only if the periods are still the same.
_AS_READ = """
        AND %(periods)s::jsonb = (
            SELECT coalesce(jsonb_agg(jsonb_build_array(module, starts, ends, locked) ORDER BY id), '[]')
            FROM documents_period
            WHERE (branch_id = %(branch)s OR branch_id IS NULL) AND starts <= %(until)s AND ends >= %(since)s
        )"""
_DRAFT = """
    document_{place} AS (
        UPDATE {table} SET doc_status = 'posted', series = %(series_{place})s, number = book_{place}.number,
            code = book_{place}.code
        FROM book_{place} WHERE {table}.id = %(id_{place})s AND {table}.doc_status = 'draft'
        RETURNING {table}.series, {table}.number, {table}.code
    )"""
_NEW = """
    document_{place} AS (
        INSERT INTO {table} SELECT made.* FROM book_{place}, jsonb_populate_record(NULL::{table},
            %(row_{place})s::jsonb || jsonb_build_object('number', book_{place}.number, 'code', book_{place}.code)
        ) AS made
        RETURNING series, number, code
    )"""
_ALONG = {
    "history": f"history AS ({insertion(Entry, '%(history)s')})",
    "jobs": f"jobs AS ({INSERTION.format(place='%(jobs)s')})",
}
# Nobody reads what it gives; the database evaluates it all the same, since it has an effect.
_TOLD = f", (SELECT pg_notify('{CHANNEL}', %(news)s)) AS told"
_POSTED = "SELECT {0} AS place, * FROM document_{0}"


def prepare(*documents: Document) -> Terms:
    """On what terms documents of one branch are posted; new ones get their keys. The caller shares the periods."""
    new = [document for document in documents if document.pk is None]
    days = [document.date for document in documents]
    tables = tuple(document._meta.db_table for document in new)
    terms = queries.terms_of(documents[0].branch, since=min(days), until=max(days), tables=tables)
    give_keys(terms, *new)
    return terms


def give_keys(terms: Terms, *documents: Document) -> None:
    """New documents get the keys that were read with the terms, in the order of their tables there."""
    for document, key in zip(documents, terms.keys, strict=True):
        document.pk = key


def post(
    *documents: Document,
    terms: Terms | None = None,
    history: Sequence[Entry] = (),
    jobs: Sequence[dict[str, Any]] = (),
    news: str = "",
) -> None:
    """Post documents of one branch in this order: drafts that have been written, or new ones, which are written now.

    Each gets its number and code. Its `series` names the book; without one the branch's default counts, else that of
    all branches. `terms` are those of `prepare`, for who needs the keys before; `history` (basic entries of the audit
    trail), `jobs` (of jobs.commands.job) and `news` (of live.commands.news) leave in the same statement. The caller
    shares the periods. Call it as the last write of a transaction: the books stay locked until that ends, and a
    rollback gives the numbers back, so that they have no gap. Raises OutsidePeriod, PeriodLocked, NoNumberBook.
    """
    along = {"history": rows_json(history)} if history else {}
    if jobs:
        along["jobs"] = as_json(jobs)
    if news:
        along["news"] = news
    posted = _post(documents, terms or prepare(*documents), along)
    if posted < len(documents):  # a book or a period was changed after it had been read
        left = documents[posted:]
        again = _post(left, prepare(*left), {})
        if again < len(left):
            raise _no_book(left[again])


def _post(documents: Sequence[Document], terms: Terms, along: dict[str, str]) -> int:
    """Number the documents and write what goes along; how many, from the first on, had unchanged terms."""
    values: dict[str, Any] = dict(along)
    if not terms.sure:
        read = as_json(terms.periods)
        values |= {"periods": read, "branch": terms.branch_id, "since": terms.since, "until": terms.until}
    for place, document in enumerate(documents):
        kind = kind_of(document)
        check_open(terms.spans(MODULE_OF[kind]), on=document.date, branch=document.branch.name)
        book = choose_book(terms.books, kind=kind, series=document.series)
        if book is None:
            raise _no_book(document)
        values |= {f"{name}_{place}": value for name, value in _values(document, book).items()}
    kinds = [(document._meta.db_table, document._state.adding) for document in documents]
    with connection.cursor() as cursor:
        cursor.execute(_statement(*kinds, along=tuple(along), sure=terms.sure), values)
        numbered = cursor.fetchall()
    for document, (_place, document.series, document.number, document.code) in zip(documents, numbered, strict=False):
        document.doc_status = DocumentStatus.POSTED
        document._state.adding, document._state.db = False, connection.alias
    return len(numbered)


@lru_cache
def _statement(*documents: tuple[str, bool], along: tuple[str, ...], sure: bool) -> str:
    """The statement for documents of these tables, each new or a draft, and what goes along."""
    parts = []
    for place, (table, new) in enumerate(documents):
        follows = _FOLLOWS.format(place - 1) if place else "" if sure else _AS_READ
        parts.append(_BOOK.format(place=place, follows=follows))
        parts.append((_NEW if new else _DRAFT).format(place=place, table=table))
    posted = " UNION ALL ".join(_POSTED.format(place) for place in range(len(documents)))
    rows = ",".join([*parts, *(_ALONG[name] for name in along if name in _ALONG)])
    told = _TOLD if "news" in along else ""
    return f"WITH {rows} SELECT posted.* FROM ({posted}) AS posted{told} ORDER BY place"  # noqa: S608 - our own parts


def _values(document: Document, book: NumberBook) -> dict[str, Any]:
    before, width, after = parse_format(book.format).around(series=book.series, on=document.date)
    values = {"book": book.pk, "format": book.format, "before": before, "width": width, "after": after}
    if document._state.adding:
        row = as_values(document) | {"doc_status": DocumentStatus.POSTED, "series": book.series}
        return values | {"row": as_json(row)}
    return values | {"id": document.pk, "series": book.series}


def next_code(*, kind: str, branch: Branch, series: str, on: date) -> tuple[str, int, str]:
    """The next number of a book for what is numbered and is no document: series, number and code.

    As `next_codes`, for one.
    """
    return next_codes(kind=kind, branch=branch, series=series, on=on, count=1)[0]


def next_codes(*, kind: str, branch: Branch, series: str, on: date, count: int) -> list[tuple[str, int, str]]:
    """The next `count` numbers of a book, in their order: series, number and code of each.

    `series` names the book; without one the branch's default counts, else that of all branches. `on` is the local day
    in the code. The caller shares the periods. Call it just before the last write of a transaction: the book stays
    locked until that ends, and a rollback gives the numbers back. Raises OutsidePeriod, PeriodLocked, NoNumberBook.
    """
    terms = queries.terms_of(branch, since=on, until=on)
    check_open(terms.spans(MODULE_OF[kind]), on=on, branch=branch.name)
    chosen = choose_book(terms.books, kind=kind, series=series)
    book = NumberBook.objects.select_for_update().filter(pk=chosen.pk, active=True).first() if chosen else None
    if book is None:
        raise NoNumberBook(kind=KINDS[kind], branch=branch.name)
    first = book.next_number
    book.next_number += count
    book.save(update_fields=["next_number"])
    written = parse_format(book.format)
    numbers = range(first, first + count)
    return [(book.series, number, written.render(series=book.series, on=on, number=number)) for number in numbers]


def _no_book(document: Document) -> NoNumberBook:
    return NoNumberBook(kind=KINDS[kind_of(document)], branch=document.branch.name)
