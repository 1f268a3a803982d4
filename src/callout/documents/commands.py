"""Writing numbers, periods and files."""

import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models, transaction

from callout.accounts.actor import Actor
from callout.accounts.models import Branch
from callout.audit.commands import record
from callout.audit.models import kind_of
from callout.core.errors import NotFound
from callout.core.numbering import check_series, parse_format, render
from callout.core.text import safe_filename
from callout.documents import content, queries
from callout.documents.errors import DefaultTaken, EmptyFile, FileTooLarge, NoNumberBook, SeriesTaken
from callout.documents.models import Attachment, NumberBook, Period
from callout.documents.rules import KINDS, MAX_FILE_BYTES, Span, check_new_span

RIGHT = "settings.admin"
ATTACHMENT_FOLDER = re.compile("[0-9a-f]{2}")
ORPHANS_STAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Number:
    """A number taken from a book: `code` is what people see."""

    series: str
    number: int
    code: str


# The book is the named series, else the default of the branch, else that of all branches. One statement finds, locks
# and moves it on, because everybody who posts waits while it is locked.
_TAKE = """
    UPDATE documents_numberbook SET next_number = next_number + 1
    WHERE active AND id = (
        SELECT id FROM documents_numberbook
        WHERE active AND kind = %(kind)s AND (branch_id = %(branch)s OR branch_id IS NULL)
            AND CASE WHEN %(series)s = '' THEN is_default ELSE series = %(series)s END
        ORDER BY branch_id NULLS LAST, id LIMIT 1
    )
    RETURNING series, next_number - 1, format
"""


def take_number(*, kind: str, branch: Branch, on: date, series: str = "") -> Number:
    """Take the next number for a document of `kind`, dated `on`, in the caller's transaction.

    Call it when everything else is known: the book stays locked until the transaction ends, and a rollback gives the
    number back, so that numbers have no gap. Raises NoNumberBook.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"kind": kind, "branch": branch.pk, "series": series})
        book = cursor.fetchone()
    if book is None:
        raise NoNumberBook(kind=KINDS.get(kind, kind), branch=branch.name)
    used, number, pattern = book
    return Number(used, number, render(pattern, series=used, number=number, on=on))


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
