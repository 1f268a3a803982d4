"""Reading numbers, periods and files."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Func, OuterRef, Q, Value
from django.db.models.functions import JSONArray

from callout.accounts.actor import Actor
from callout.accounts.models import Branch
from callout.audit.models import Entry, kind_of
from callout.audit.queries import history_of
from callout.core.errors import NotFound
from callout.db.compiled import Compiled
from callout.db.rows import partial
from callout.documents import registry
from callout.documents.models import Attachment, NumberBook, Period
from callout.documents.rules import Span, check_open

ADMINISTERS = "settings.admin"
PERIODS_LOCK = 5_072_001  # a key of advisory locks that nothing else uses


def share_periods() -> None:
    """Keep periods as they are until the transaction ends, together with everybody else who only reads them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [PERIODS_LOCK])


def periods_shared() -> Func:
    """What `share_periods` does, as a column of a query; periods that it reads as well may be out of date by then."""
    return Func(Value(PERIODS_LOCK), function="pg_advisory_xact_lock_shared", output_field=models.TextField())


def hold_periods() -> None:
    """Wait for transactions that rely on the periods, and keep new ones waiting until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PERIODS_LOCK])


def require_open(*, branch: Branch, on: date, module: str) -> None:
    """Refuse to write on a date outside every period, or in a locked one. Raises OutsidePeriod, PeriodLocked.

    Called in the transaction that writes: the answer holds until that ends. `module` is a key of `rules.MODULES`.
    """
    share_periods()
    periods = _periods_around.all(branch_id=branch.pk, module=module, on=on)
    check_open([Span(period.starts, period.ends, period.locked) for period in periods], on=on, branch=branch.name)


_periods_around = Compiled(
    lambda branch_id, module, on: Period.objects.filter(
        Q(branch=branch_id) | Q(branch=None), Q(module="") | Q(module=module), starts__lte=on, ends__gte=on
    ).order_by(),
    branch_id=-1,
    module="?",
    on=date.min,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms documents of a branch are posted: its number books, and its periods by module ("" for all).

    `keys` are for new ones. `since` and `until` are the days whose periods were read. Terms that were read in the very
    statement that began to share the periods are not `sure`: posting compares them once more.
    """

    branch_id: int
    since: date
    until: date
    books: list[NumberBook]
    periods: list[list[Any]]
    keys: list[int]
    sure: bool = True

    def spans(self, module: str) -> list[Span]:
        """The periods that count for a module."""
        return [
            Span(date.fromisoformat(starts), date.fromisoformat(ends), locked)
            for name, starts, ends, locked in self.periods
            if name in ("", module)
        ]


def terms_of(branch: Branch, *, since: date, until: date, tables: tuple[str, ...] = ()) -> Terms:
    """The active number books, and the periods from `since` to `until`, of the branch and of all branches; unlocked.

    With them come fresh keys for rows of these tables.
    """
    row: Any = _terms(tables).first(branch_id=branch.pk, since=since, until=until)
    return terms_in(row, branch_id=branch.pk, since=since, until=until)


def terms_in(row: Any, *, branch_id: int, since: date, until: date, sure: bool = True) -> Terms:
    """The terms that a row of a query with `terms_columns` brings."""
    books = [partial(NumberBook, _BOOK, book) for book in row.books]
    return Terms(branch_id, since, until, books, row.periods, row.keys, sure)


def terms_columns(branch: str, *, since: date, until: date, tables: tuple[str, ...]) -> dict[str, Any]:
    """What `terms_in` needs, as columns of a query whose rows have a branch at the path `branch`.

    Each row takes fresh keys, so that there should be one row.
    """
    ours = Q(branch=OuterRef(branch)) | Q(branch=None)
    books = NumberBook.objects.filter(ours, active=True)
    around = Period.objects.filter(ours, starts__lte=until, ends__gte=since).order_by("id")
    keys = [Func(Value(f"{table}_id_seq"), function="nextval", output_field=_KEY) for table in tables]
    return {
        "books": ArraySubquery(books.values(row=JSONArray(*_BOOK))),
        "periods": ArraySubquery(around.values(row=JSONArray("module", "starts", "ends", "locked"))),
        "keys": Func(*keys, template="ARRAY[%(expressions)s]::bigint[]", output_field=ArrayField(_KEY)),
    }


_BOOK = ("id", "kind", "branch_id", "series", "format", "is_default")
_KEY = models.BigIntegerField()


@cache
def _terms(tables: tuple[str, ...]) -> Compiled[Branch]:
    return Compiled(
        lambda branch_id, since, until: (
            Branch.objects.filter(pk=branch_id)
            .only("pk")
            .annotate(**terms_columns("pk", since=since, until=until, tables=tables))
        ),
        branch_id=-1,
        since=date.min,
        until=date.max,
    )


def attachments_of(subject: models.Model, purpose: str | None = None) -> models.QuerySet[Attachment]:
    """The files kept with `subject`, oldest first; only those of `purpose` when given."""
    found = Attachment.objects.filter(subject_kind=kind_of(subject), subject_id=subject.pk).order_by("id")
    return found if purpose is None else found.filter(purpose=purpose)


def readable_attachment(pk: int, *, actor: Actor) -> Attachment:
    """The file, when `actor` may read the record it belongs to. Raises NotFound."""
    found = Attachment.objects.filter(pk=pk).first()
    if found is None or not registry.may_read(actor, found.subject_kind, found.subject_id):
        raise NotFound
    return found


def number_books(actor: Actor) -> models.QuerySet[NumberBook]:
    """Every number book, for administrators of settings; none for others."""
    found = NumberBook.objects.select_related("branch")
    return found if actor.may(ADMINISTERS) else found.none()


def periods(actor: Actor) -> models.QuerySet[Period]:
    """Every period, for administrators of settings; none for others."""
    found = Period.objects.select_related("branch")
    return found if actor.may(ADMINISTERS) else found.none()


def branches(actor: Actor) -> models.QuerySet[Branch]:
    """Every branch, for administrators of settings; none for others."""
    return Branch.objects.all() if actor.may(ADMINISTERS) else Branch.objects.none()


Found = TypeVar("Found", bound=models.Model)


def one(rows: models.QuerySet[Found], pk: int) -> Found:
    """The row with this key. Raises NotFound."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def entries_of(kind: str, pk: int, *, actor: Actor) -> models.QuerySet[Entry]:
    """The history of a record, newest first, for who may read the record. Raises NotFound."""
    if not registry.may_read(actor, kind, pk):
        raise NotFound
    return history_of(kind, pk)
