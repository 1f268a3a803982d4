"""Writing number books and periods."""

from datetime import date, datetime

from django.db import transaction

from callout.accounts.actor import Actor
from callout.accounts.models import Branch
from callout.audit.commands import record
from callout.core.errors import NotFound
from callout.core.numbering import check_series, parse_format
from callout.documents import queries
from callout.documents.errors import DefaultTaken, SeriesTaken
from callout.documents.models import NumberBook, Period
from callout.documents.rules import Span, check_new_span

RIGHT = "settings.admin"


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
