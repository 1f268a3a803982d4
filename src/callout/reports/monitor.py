"""Where all work stands: work orders by branch and status, and what needs somebody's attention."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Count, F, Q, Value, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.models import Branch
from callout.accounts.queries import branches_for
from callout.ui.filters import DateRange
from callout.workorders import lists, queries
from callout.workorders.models import WorkOrder, WorkStatus
from callout.workorders.words import ORDER_COLOURS

OPEN = (
    WorkStatus.FORESEEN, WorkStatus.PLANNED, WorkStatus.UNDER_WAY, WorkStatus.DONE, WorkStatus.REPORTED,
    WorkStatus.VERIFIED,
)  # fmt: skip
SETTLED = (WorkStatus.BILLED, WorkStatus.NOT_NEEDED, WorkStatus.CANCELLED)
SETTLED_DAYS = 7
"""Settled work is counted from today back over so many days of the reader's."""

Counts = dict[tuple[int, str], int]


@dataclass(frozen=True, slots=True)
class Column:
    """A status as a column: its word and its colour."""

    status: str
    label: Any
    colour: str
    settled: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """How many work orders of a branch have a status, and the list of exactly these."""

    column: Column
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A branch, the time on its clocks, and a cell for each column; the row of all branches has neither."""

    branch: Branch | None
    local_time: datetime | None
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reason why work orders need attention: how many, since when the first of them, and the list of them."""

    name: str
    label: Any
    hint: Any
    icon: str
    count: int
    oldest: WorkOrder | None
    since: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class Monitor:
    """What was read at a moment."""

    read_at: datetime
    columns: Sequence[Column]
    rows: Sequence[Row]
    total: Row | None
    attention: Sequence[Waiting]
    is_empty: bool


@dataclass(frozen=True, slots=True)
class _Reason:
    name: str
    label: Any
    hint: Any
    icon: str
    since: str
    params: dict[str, str]


_REASONS = (
    _Reason(
        "overdue", _("Overdue"), _("promised for a moment that is past, and not reported"), "alert-triangle",
        "ticket__due_at", {"attention": "overdue"},
    ),
    _Reason(
        "late", _("Started late"), _("planned to begin 15 minutes ago or earlier, and not under way"), "clock",
        "appointment__starts", {"attention": "late"},
    ),
    _Reason(
        "foreseen", _("To plan"), _("foreseen; the longest waiting first"), "calendar-plus",
        "created_at", {"state": WorkStatus.FORESEEN.value, "sort": "status"},
    ),
    _Reason(
        "reported", _("To verify"), _("reported; the longest waiting first"), "clipboard-check",
        "reported_at", {"state": WorkStatus.REPORTED.value, "sort": "reported_at"},
    ),
)  # fmt: skip


def monitor(*, actor: Actor, now: datetime) -> Monitor:
    """The state of all work in the actor's scope: four statements, however many branches and work orders there are.

    Days are those of the active time zone.
    """
    since = timezone.localdate(now) - timedelta(days=SETTLED_DAYS - 1)
    branches = list(branches_for(actor))
    counts = _counted(queries.visible_to(actor).filter(status__in=OPEN))
    counts |= _counted(lists.settled(queries.visible_to(actor), DateRange(since, None)))
    columns = [
        Column(status.value, status.label, ORDER_COLOURS[status], status in SETTLED) for status in (*OPEN, *SETTLED)
    ]
    rows = [_row(branch, columns, counts, since, now) for branch in branches]
    return Monitor(
        read_at=now,
        columns=columns,
        rows=rows,
        total=_row(None, columns, counts, since, now) if len(rows) > 1 else None,
        attention=list(_attention(actor, now)),
        is_empty=not counts,
    )


def _counted(orders: models.QuerySet[WorkOrder]) -> Counts:
    found = orders.order_by().values("branch_id", "status").annotate(count=Count("*"))
    return {(one["branch_id"], one["status"]): one["count"] for one in found}


def _row(branch: Branch | None, columns: Iterable[Column], counts: Counts, since: date, now: datetime) -> Row:
    """The cells of a branch; without one, of all of them together."""
    cells = []
    for column in columns:
        wanted = {"state": column.status}
        if column.settled:
            wanted["settled_from"] = since.isoformat()
        if branch is not None:
            wanted["branch"] = str(branch.pk)
            count = counts.get((branch.pk, column.status), 0)
        else:
            count = sum(found for (_branch, status), found in counts.items() if status == column.status)
        cells.append(Cell(column, count, _list(wanted)))
    return Row(branch, now.astimezone(ZoneInfo(branch.time_zone)) if branch else None, cells)


def _list(params: dict[str, str]) -> str:
    return f"{reverse('work_orders')}?{urlencode(params)}"


def _attention(actor: Actor, now: datetime) -> Iterable[Waiting]:
    """Each reason with its oldest work order: one statement."""
    which = {
        "overdue": lists.overdue(now),
        "late": lists.started_late(now),
        "foreseen": Q(status=WorkStatus.FORESEEN),
        "reported": Q(status=WorkStatus.REPORTED),
    }
    parts = [_oldest(actor, reason, which[reason.name]) for reason in _REASONS]
    found = {one["reason"]: one for one in parts[0].union(*parts[1:], all=True)}
    for reason in _REASONS:
        row = found.get(reason.name)
        yield Waiting(
            reason.name, reason.label, reason.hint, reason.icon,
            count=row["count"] if row else 0,
            oldest=WorkOrder(pk=row["pk"], code=row["code"]) if row else None,
            since=row["since"] if row else None,
            url=_list(reason.params),
        )  # fmt: skip


def _oldest(actor: Actor, reason: _Reason, which: Q) -> models.QuerySet[WorkOrder, Any]:
    """The one that waits longest, with the number of all."""
    found = queries.visible_to(actor).filter(which).order_by(F(reason.since).asc(nulls_last=True), "pk")
    named = found.annotate(reason=Value(reason.name), since=F(reason.since), count=Window(Count("*")))
    return named.values("reason", "pk", "code", "since", "count")[:1]
