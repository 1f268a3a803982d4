"""The verifier approves line by line; what departs from the report needs a reason; nothing is left undecided."""

from dataclasses import replace
from decimal import Decimal

import pytest

from callout.audit.models import Entry
from callout.billing import commands, queries
from callout.billing.errors import NotReported, ReasonMissing, UndecidedLines, UnknownLine
from callout.billing.models import BillableLine
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.workorders.models import WorkStatus
from tests import builders as b
from tests.billing import work

pytestmark = pytest.mark.django_db


def verify(order, decisions, of, *, version=None, actor=None):
    return commands.verify(
        work_order_id=order.pk, decisions=decisions, version=version, actor=actor or of.verifier, now=work.DAY
    )


def test_approving_as_reported_makes_the_order_billable() -> None:
    of = work.company()
    order = work.reported(of)
    done = verify(order, queries.decisions_of(order), of)
    assert done.status == WorkStatus.VERIFIED
    lines = BillableLine.objects.filter(work_order=order)
    assert lines.count() == len(queries.proposals(order)) > 1
    assert all(line.approved_by_name == of.verifier.name for line in lines)
    assert Entry.objects.filter(action="workorder.verify", subject_id=order.pk).count() == 1
    hours = lines.get(kind="hours")
    assert (hours.estimated, hours.actual, hours.quantity) == (Decimal(2), Decimal("1.5"), Decimal(2))


def test_a_changed_quantity_needs_a_reason() -> None:
    of = work.company()
    order = work.reported(of)
    first, *rest = queries.decisions_of(order)
    changed = replace(first, quantity=first.quantity + 1)
    with pytest.raises(ReasonMissing) as refused:
        verify(order, [changed, *rest], of)
    assert refused.value.field == f"reason-{first.source_kind}-{first.source_id}"
    assert not BillableLine.objects.exists()
    verify(order, [replace(changed, reason="Agreed by phone"), *rest], of)
    assert (
        BillableLine.objects.get(source_kind=first.source_kind, source_id=first.source_id).reason == "Agreed by phone"
    )


def test_a_declined_line_is_kept_with_its_reason_and_not_billed() -> None:
    of = work.company()
    order = work.reported(of)
    first, *rest = queries.decisions_of(order)
    verify(order, [replace(first, approved=False, reason="Goodwill"), *rest], of)
    assert not queries.billable(of.verifier).filter(source_id=first.source_id, source_kind=first.source_kind).exists()
    assert queries.billable(of.verifier).count() == len(rest)


def test_an_undecided_line_keeps_the_order_open_and_nothing_is_half_written() -> None:
    of = work.company()
    order = work.reported(of)
    with pytest.raises(UndecidedLines):
        verify(order, queries.decisions_of(order)[1:], of)
    order.refresh_from_db()
    assert order.status == WorkStatus.REPORTED
    assert not BillableLine.objects.exists()


def test_a_line_of_another_order_is_refused() -> None:
    of = work.company()
    order = work.reported(of)
    stray = replace(queries.decisions_of(order)[0], source_id=999_999)
    with pytest.raises(UnknownLine):
        verify(order, [stray], of)


def test_twice_stale_or_by_somebody_else_is_refused() -> None:
    of = work.company()
    order = work.reported(of)
    decisions = queries.decisions_of(order)
    with pytest.raises(StaleVersion):
        verify(order, decisions, of, version=order.version - 1)
    with pytest.raises(Forbidden):
        verify(order, decisions, of, actor=of.worker)
    elsewhere = b.user("verifier")
    elsewhere.branches.add(b.branch())
    with pytest.raises(NotFound):
        verify(order, decisions, of, actor=b.actor_for(elsewhere))
    verify(order, decisions, of)
    with pytest.raises(NotReported):
        verify(order, decisions, of)
