"""Several tickets on one bill, numbered without gaps; a line is never billed twice; cancelling frees the lines."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from callout.audit.models import Entry
from callout.billing import commands, queries
from callout.billing.errors import CancelReasonMissing, InvoiceStep, LineOnInvoice, MixedInvoice, NothingToBill
from callout.billing.models import Invoice, InvoiceLine
from callout.core.errors import Forbidden, NotFound, StaleVersion
from callout.customers.models import Customer, Site
from callout.documents.errors import PeriodLocked
from callout.documents.models import DocumentStatus, Period
from callout.workorders.models import WorkStatus
from tests import builders as b
from tests.billing import work

pytestmark = pytest.mark.django_db
LATER = work.DAY + timedelta(days=2)
ON = date(2026, 11, 30)


def draft(of, *orders, customer=None, actor=None, on=ON) -> Invoice:
    return commands.draft_invoice(
        customer_id=(customer or of.site.customer).pk,
        work_order_ids=[order.pk for order in orders],
        date=on,
        actor=actor or of.verifier,
        now=LATER,
    )


def confirm(invoice, of, version=None) -> Invoice:
    return commands.confirm_invoice(invoice_id=invoice.pk, version=version, actor=of.verifier, now=LATER)


def cancel(invoice, of, reason="Wrong address") -> Invoice:
    return commands.cancel_invoice(invoice_id=invoice.pk, reason=reason, version=None, actor=of.verifier, now=LATER)


def test_several_tickets_are_billed_together_and_add_up() -> None:
    of = work.company()
    orders = [work.verified(of, hour=hour) for hour in range(3)]
    invoice = draft(of, *orders)
    assert invoice.code == "" and invoice.doc_status == DocumentStatus.DRAFT
    done = confirm(invoice, of)
    assert done.number and done.code and done.doc_status == DocumentStatus.POSTED
    assert {line.billable_line.work_order_id for line in done.lines.all()} == {order.pk for order in orders}
    assert done.net == sum(line.net for line in done.lines.all())
    assert done.total == done.net + done.tax
    for order in orders:
        order.refresh_from_db()
        assert order.status == WorkStatus.BILLED
    assert Entry.objects.filter(action="invoice.confirmed", subject_id=done.pk).count() == 1


@pytest.mark.parametrize(
    ("country", "language", "ends"), [("IT", "it", "Milano"), ("RO", "it", "Romania"), ("DE", "ro", "Germania")]
)
def test_the_country_stands_on_a_bill_that_goes_abroad_in_the_bills_language(country, language, ends) -> None:
    of = work.company()
    order = work.verified(of)
    Site.objects.update(address="Via Tortona 27", postal_code="20144", city="Milano", county="", country=country)
    Customer.objects.update(language=language)
    lines = draft(of, order).bill_to_address.splitlines()
    assert lines[:2] == ["Via Tortona 27", "20144 Milano"]
    assert lines[-1].endswith(ends)
    assert len(lines) == (2 if country == "IT" else 3)


def test_a_line_is_billed_once_also_for_the_database() -> None:
    of = work.company()
    order = work.verified(of)
    invoice = draft(of, order)
    with pytest.raises(LineOnInvoice):
        draft(of, order)
    line = invoice.lines.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceLine.objects.create(
            invoice=invoice, billable_line=line.billable_line, description="again", quantity=1, unit="h", price=1,
            vat_percent=22, net=1,
        )  # fmt: skip


def test_cancelling_keeps_the_number_and_frees_the_lines() -> None:
    of = work.company()
    order = work.verified(of)
    first = confirm(draft(of, order), of)
    with pytest.raises(CancelReasonMissing):
        cancel(first, of, reason=" ")
    gone = cancel(first, of)
    assert gone.doc_status == DocumentStatus.CANCELLED and gone.code == first.code
    order.refresh_from_db()
    assert order.status == WorkStatus.VERIFIED
    again = confirm(draft(of, order), of)
    assert again.number == first.number + 1
    with pytest.raises(InvoiceStep):
        cancel(gone, of)


def test_a_discarded_draft_leaves_no_gap() -> None:
    of = work.company()
    orders = [work.verified(of, hour=hour) for hour in range(2)]
    first = confirm(draft(of, orders[0]), of)
    thrown = draft(of, orders[1])
    commands.discard_draft(invoice_id=thrown.pk, actor=of.verifier, now=LATER)
    assert not Invoice.objects.filter(pk=thrown.pk).exists()
    assert confirm(draft(of, orders[1]), of).number == first.number + 1


def test_somebody_elses_work_does_not_go_on_the_bill() -> None:
    of = work.company()
    mine, theirs = work.verified(of), work.verified(of, hour=1, site=b.site(served_by=of.site.branch))
    with pytest.raises(MixedInvoice):
        draft(of, mine, theirs)
    with pytest.raises(MixedInvoice):
        draft(of, theirs)
    assert not Invoice.objects.exists()


def test_who_may_not_bill_is_refused_and_other_branches_do_not_exist() -> None:
    of = work.company()
    order = work.verified(of)
    with pytest.raises(Forbidden):
        draft(of, order, actor=of.worker)
    elsewhere = b.user("verifier")
    elsewhere.branches.add(b.branch())
    with pytest.raises(NotFound):
        draft(of, order, actor=b.actor_for(elsewhere))


def test_unverified_work_stale_pages_and_locked_periods_are_refused() -> None:
    of = work.company()
    with pytest.raises(NothingToBill):
        draft(of, work.reported(of))
    invoice = draft(of, work.verified(of, hour=1))
    with pytest.raises(StaleVersion):
        confirm(invoice, of, version=invoice.version + 1)
    Period.objects.filter(branch=of.site.branch).update(locked=True)
    with pytest.raises(PeriodLocked):
        confirm(invoice, of)
    invoice.refresh_from_db()
    assert invoice.number is None and not queries.invoice(invoice.pk, actor=of.verifier).code
