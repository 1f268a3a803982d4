"""The verifier approves line by line; what departs from the report needs a reason; nothing is left undecided."""

from dataclasses import replace
from decimal import Decimal

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from callout.audit.models import Entry
from callout.billing import commands, queries
from callout.billing.errors import LineOnInvoice, NotReported, ReasonMissing, UndecidedLines, UnknownLine
from callout.billing.models import BillableLine
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.tickets.errors import ReasonMissing as WhyMissing
from callout.workorders import commands as orders
from callout.workorders.errors import StepRefused
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


def send_back(order, of, *, reason="The part is missing.", version=None, actor=None):
    return commands.send_back(
        work_order_id=order.pk, reason=reason, version=version, actor=actor or of.verifier, now=work.DAY
    )


def test_a_report_goes_back_to_the_technician_who_reads_why_mends_it_and_hands_it_in_again() -> None:
    of = work.company()
    order = work.reported(of)
    commands.decide(
        work_order_id=order.pk, decisions=queries.decisions_of(order), version=None, actor=of.verifier, now=work.DAY
    )
    back = send_back(order, of)
    assert (back.status, back.reported_at, back.ticket.status) == (WorkStatus.DONE, None, "accepted")
    assert not BillableLine.objects.exists()
    said = back.ticket.messages.get()
    assert (said.text, said.author_name) == (f"{order.code}: The part is missing.", of.verifier.name)
    told = ProcrastinateJob.objects.filter(task_name="tickets.tell_people", args__change="sent_back").get()
    assert of.technician.user_id in told.args["people"]
    hours = back.hours.get()
    orders.remove_hours(line_id=hours.pk, work_order_id=order.pk, version=hours.version, actor=of.worker, now=work.DAY)
    orders.add_hours(work_order_id=order.pk, day=work.DAY.date(), worked=Decimal("0.5"), actor=of.worker, now=work.DAY)
    again = orders.report(work_order_id=order.pk, actor=of.worker, now=work.DAY)
    assert verify(again, queries.decisions_of(again), of).status == WorkStatus.VERIFIED
    assert BillableLine.objects.get(kind="hours").actual == Decimal("0.5")


def test_a_report_is_not_sent_back_without_a_reason_twice_stale_or_by_the_technician() -> None:
    of = work.company()
    order = work.reported(of)
    with pytest.raises(WhyMissing) as refused:
        send_back(order, of, reason="  ")
    assert refused.value.field == "reason"
    with pytest.raises(StaleVersion):
        send_back(order, of, version=order.version - 1)
    with pytest.raises(Forbidden):
        send_back(order, of, actor=of.worker)
    send_back(order, of)
    with pytest.raises(StepRefused):
        send_back(order, of)
    assert order.ticket.messages.count() == 1


def test_lines_of_a_cancelled_invoice_stay_but_are_not_billed_with_the_mended_report() -> None:
    of = work.company()
    order = work.reported(of)
    verify(order, queries.decisions_of(order), of)
    biller = b.actor("verifier")
    draft = commands.draft_invoice(
        customer_id=of.site.customer_id, work_order_ids=[order.pk], date=work.DAY.date(), actor=biller, now=work.DAY
    )
    with pytest.raises(LineOnInvoice):
        commands.take_back(work_order_id=order.pk, version=None, actor=of.verifier, now=work.DAY)
    commands.confirm_invoice(invoice_id=draft.pk, version=None, actor=biller, now=work.DAY)
    commands.cancel_invoice(invoice_id=draft.pk, reason="Wrong hours", version=None, actor=biller, now=work.DAY)
    taken = commands.take_back(work_order_id=order.pk, version=None, actor=of.verifier, now=work.DAY)
    assert (taken.status, taken.verified_at) == (WorkStatus.REPORTED, None)
    send_back(taken, of)
    assert BillableLine.objects.exists()
    assert not BillableLine.objects.filter(approved=True).exists()
    part = order.parts.get()
    orders.remove_part(work_order_id=order.pk, line_id=part.pk, version=part.version, actor=of.worker, now=work.DAY)
    again = orders.report(work_order_id=order.pk, actor=of.worker, now=work.DAY)
    verify(again, queries.decisions_of(again), of)
    assert not queries.billable(of.verifier).filter(source_kind="part", source_id=part.pk).exists()
    assert queries.billable(of.verifier).exists()


def test_the_verifier_sends_back_and_takes_back_on_the_page(client) -> None:
    of = work.company()
    order = work.reported(of)
    client.force_login(b.user("verifier", language="en"))
    url = f"/verification/{order.ticket_id}/"
    refused = client.post(url, {"send_back": order.pk, "version": order.version, "reason": ""})
    assert refused.status_code == 422
    assert "This field is required." in refused.content.decode()
    verify(order, queries.decisions_of(order), of)
    order.refresh_from_db()
    assert "Take the verification back" in client.get(url).content.decode()
    assert client.post(f"/verification/take-back/{order.pk}/", {"version": "x"}).status_code == 400
    client.post(f"/verification/take-back/{order.pk}/", {"version": order.version})
    order.refresh_from_db()
    assert order.status == WorkStatus.REPORTED
    done = client.post(url, {"send_back": order.pk, "version": order.version, "reason": "Photo missing"}, follow=True)
    assert f"Work order {order.code} is with the technician again." in done.content.decode()
    order.refresh_from_db()
    assert order.status == WorkStatus.DONE
