"""Reading numbers, periods and files."""

from datetime import date
from typing import TypeVar

from django.db import connection, models
from django.db.models import Q

from callout.accounts.actor import Actor
from callout.db.compiled import Compiled
from callout.accounts.models import Branch
from callout.audit.models import Entry, kind_of
from callout.audit.queries import history_of
from callout.core.errors import NotFound
from callout.documents import registry
from callout.documents.models import Attachment, NumberBook, Period
from callout.documents.rules import Span, check_open

ADMINISTERS = "settings.admin"
PERIODS_LOCK = 5_072_001  # a key of advisory locks that nothing else uses


def share_periods() -> None:
    """Keep periods as they are until the transaction ends, together with everybody else who only reads them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [PERIODS_LOCK])


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


def books_of(branch: Branch) -> list[NumberBook]:
    """The active number books of the branch and of all branches; not locked."""
    return _books.all(branch_id=branch.pk)


_books = Compiled(
    lambda branch_id: NumberBook.objects.filter(Q(branch=branch_id) | Q(branch=None), active=True), branch_id=-1
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
