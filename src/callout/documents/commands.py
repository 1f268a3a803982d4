"""Writing numbers, periods and files."""

import hashlib
import re
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models, transaction

from callout.accounts.actor import Actor
from callout.accounts.models import Branch
from callout.audit.commands import record
from callout.audit.models import kind_of
from callout.core.errors import NotFound
from callout.core.numbering import check_series, parse_format
from callout.core.text import safe_filename
from callout.documents import content, queries
from callout.documents.errors import DefaultTaken, EmptyFile, FileTooLarge, NoNumberBook, SeriesTaken
from callout.documents.models import Attachment, Document, DocumentStatus, NumberBook, Period
from callout.documents.rules import KINDS, MAX_FILE_BYTES, Span, check_new_span, choose_book

RIGHT = "settings.admin"
ATTACHMENT_FOLDER = re.compile("[0-9a-f]{2}")
ORPHANS_STAY = timedelta(days=1)


# Who posts waits for the books, so that one statement moves them on and numbers the drafts. Each
# draft waits for the one before it, so that books are always locked in that order. The format is compared because the
# code is made from it.
_POST = """
    book_{place} AS (
        UPDATE documents_numberbook SET next_number = next_number + 1
        WHERE id = %(book_{place})s AND active AND format = %(format_{place})s{follows}
        RETURNING next_number - 1 AS number
    ),
    draft_{place} AS (
        UPDATE {table} SET doc_status = 'posted', series = %(series_{place})s, number = book_{place}.number,
            code = concat(%(before_{place})s::text, lpad(
                book_{place}.number::text, greatest(%(width_{place})s::int, length(book_{place}.number::text)), '0'
            ), %(after_{place})s::text)
        FROM book_{place} WHERE {table}.id = %(id_{place})s AND {table}.doc_status = 'draft'
        RETURNING {table}.series, {table}.number, {table}.code
    )"""
_FOLLOWS = " AND EXISTS (SELECT FROM draft_{})"
_POSTED = "SELECT {0} AS place, * FROM draft_{0}"


def post(*drafts: Document) -> None:
    """Post drafts of one branch that have been written, in this order: each gets its number and code.

    A draft's `series` names the book; without one the branch's default counts, else that of all branches. Call it as
    the last write of a transaction: the books stay locked until that ends, and a rollback gives the numbers back, so
    that they have no gap. Raises NoNumberBook.
    """
    posted = _post(drafts)
    if posted < len(drafts):  # a book was changed after it had been read
        left = drafts[posted:]
        again = _post(left)
        if again < len(left):
            raise _no_book(left[again])


def _post(drafts: Sequence[Document]) -> int:
    """Number the drafts in one statement; how many of them, from the first on, had an unchanged book."""
    books = queries.books_of(drafts[0].branch)
    parts, values = [], dict[str, Any]()
    for place, draft in enumerate(drafts):
        book = choose_book(books, kind=kind_of(draft), series=draft.series)
        if book is None:
            raise _no_book(draft)
        follows = _FOLLOWS.format(place - 1) if place else ""
        parts.append(_POST.format(place=place, table=draft._meta.db_table, follows=follows))
        values |= {f"{name}_{place}": value for name, value in _written(draft, book).items()}
    posted = " UNION ALL ".join(_POSTED.format(place) for place in range(len(drafts)))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {','.join(parts)} {posted} ORDER BY place", values)
        numbered = cursor.fetchall()
    for draft, (_place, draft.series, draft.number, draft.code) in zip(drafts, numbered, strict=False):
        draft.doc_status = DocumentStatus.POSTED
    return len(numbered)


def _written(draft: Document, book: NumberBook) -> dict[str, Any]:
    before, width, after = parse_format(book.format).around(series=book.series, on=draft.date)
    return {
        "id": draft.pk, "book": book.pk, "format": book.format, "series": book.series, "before": before,
        "width": width, "after": after,
    }  # fmt: skip


def _no_book(draft: Document) -> NoNumberBook:
    return NoNumberBook(kind=KINDS[kind_of(draft)], branch=draft.branch.name)


@transaction.atomic
def create_number_book(
    *,
    kind: str,
    branch: Branch | None,
    series: str,
    number_format: str,
    next_number: int,
    is_default: bool,
    actor: Actor,
    now: datetime,
) -> NumberBook:
    """Open a book. Raises BadSeries, BadFormat, SeriesTaken, DefaultTaken."""
    actor.require(RIGHT)
    check_series(series)
    parse_format(number_format)
    if NumberBook.objects.filter(kind=kind, series=series).exists():
        raise SeriesTaken("series", series=series)
    book = NumberBook(
        kind=kind, branch=branch, series=series, format=number_format, next_number=next_number, is_default=is_default
    )
    _check_default(book)
    book.save()
    record("number_book.created", subject=book, actor=actor, at=now, kind=kind, series=series, next_number=next_number)
    return book


@transaction.atomic
def change_number_book(
    *, book_id: int, number_format: str, active: bool, is_default: bool, actor: Actor, now: datetime
) -> NumberBook:
    """Change how a book writes its codes and whether it is used; series and next number stay, else gaps would be made.

    Raises NotFound, BadFormat, DefaultTaken.
    """
    actor.require(RIGHT)
    book = NumberBook.objects.select_for_update().filter(pk=book_id).first()
    if book is None:
        raise NotFound
    parse_format(number_format)
    book.format, book.active, book.is_default = number_format, active, is_default
    _check_default(book)
    book.save(update_fields=["format", "active", "is_default"])
    record(
        "number_book.changed", subject=book, actor=actor, at=now, format=number_format, active=active,
        is_default=is_default,
    )  # fmt: skip
    return book


def _check_default(book: NumberBook) -> None:
    """At most one active book per kind and branch is the default; the constraint stands behind this."""
    if not (book.active and book.is_default):
        return
    others = NumberBook.objects.filter(kind=book.kind, branch=book.branch, active=True, is_default=True)
    other = others.exclude(pk=book.pk).first()
    if other:
        raise DefaultTaken("is_default", series=other.series)


@transaction.atomic
def create_period(
    *, branch: Branch | None, module: str, starts: date, ends: date, actor: Actor, now: datetime
) -> Period:
    """Open a period, `starts` to `ends` inclusive. Raises EndsBeforeStart, PeriodsOverlap."""
    actor.require(RIGHT)
    queries.hold_periods()
    rows = Period.objects.filter(branch=branch, module=module).values_list("starts", "ends")
    check_new_span(Span(starts, ends), [Span(*row) for row in rows])
    period = Period.objects.create(branch=branch, module=module, starts=starts, ends=ends)
    record(
        "period.created", subject=period, actor=actor, at=now, branch=branch and branch.pk, module=module,
        starts=starts.isoformat(), ends=ends.isoformat(),
    )  # fmt: skip
    return period


@transaction.atomic
def lock_period(*, period_id: int, locked: bool, actor: Actor, now: datetime) -> Period:
    """Lock a period or open it again; waits for the work that is being written in it. Raises NotFound."""
    actor.require(RIGHT)
    queries.hold_periods()
    period = Period.objects.select_for_update().filter(pk=period_id).first()
    if period is None:
        raise NotFound
    if period.locked != locked:
        period.locked = locked
        period.save(update_fields=["locked"])
        record("period.locked" if locked else "period.unlocked", subject=period, actor=actor, at=now)
    return period


@transaction.atomic
def store_file(
    *,
    subject: models.Model,
    data: bytes,
    name: str,
    purpose: str,
    actor: Actor,
    now: datetime,
    images_only: bool = False,
) -> Attachment:
    """Keep a file with a record; whether the actor may add one is the caller's to check.

    The type comes from the content, the name is cleaned, the file lies under a random name outside the web root. When
    the transaction is rolled back the file stays without a row until the nightly clean-up.
    Raises EmptyFile, FileTooLarge, BrokenFile, ImageTooLarge, NotAnImage.
    """
    name = safe_filename(name)
    _check_size(data, name)
    kind = content.media_type(data, name=name, images_only=images_only)
    random = str(uuid.uuid4())
    path = default_storage.save(f"{random[:2]}/{random}", ContentFile(data))
    kept = Attachment.objects.create(
        subject_kind=kind_of(subject),
        subject_id=subject.pk,
        purpose=purpose,
        name=name,
        media_type=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        path=path,
        created_at=now,
        created_by_name=actor.name,
    )
    record(
        "file.stored", subject=subject, actor=actor, at=now, name=name, purpose=purpose, attachment=kept.pk,
        sha256=kept.sha256,
    )  # fmt: skip
    return kept


def _check_size(data: bytes, name: str) -> None:
    if not data:
        raise EmptyFile("file", name=name)
    if len(data) > MAX_FILE_BYTES:
        megabyte = 2**20
        raise FileTooLarge(
            "file", name=name, megabytes=round(len(data) / megabyte, 1), limit=MAX_FILE_BYTES // megabyte
        )


def forget_orphans(*, now: datetime) -> int:
    """Delete files that no row names and that lie there for longer than a day; how many.

    Such files are left behind by transactions that were rolled back after `store_file`.
    """
    gone = 0
    for folder in default_storage.listdir("")[0]:
        if not ATTACHMENT_FOLDER.fullmatch(folder):
            continue
        paths = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
        for path in paths - set(Attachment.objects.filter(path__in=paths).values_list("path", flat=True)):
            if now - default_storage.get_modified_time(path) > ORPHANS_STAY:
                default_storage.delete(path)
                gone += 1
    return gone
