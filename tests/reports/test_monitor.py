"""The monitor counts every work order where it stands, and each number leads to exactly these work orders."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from callout.accounts.queries import actor_for
from callout.billing import commands as billing
from callout.billing import queries as billing_queries
from callout.reports.monitor import OPEN, SETTLED, Monitor, monitor
from callout.tickets.models import Ticket
from callout.ui import clock
from callout.workorders import commands
from callout.workorders.models import WorkOrder
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import NINE, TEN, Company

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def company() -> Company:
    return Company()


def sent_to(client: Client, **fields) -> Client:
    client.force_login(builders.user("dispatcher", **fields))
    return client


def counted(shown: Monitor) -> dict[str, int]:
    """The numbers of the only branch."""
    (row,) = shown.rows
    return {cell.column.status: cell.count for cell in row.cells}


def listed(client: Client, url: str) -> set[str]:
    """The codes that the list behind a number shows."""
    page = client.get(url).content.decode()
    rows = page[page.index("<tbody") : page.index("</tbody")] if "<tbody" in page else ""
    return set(re.findall(r"WO\d+-\d+", rows))


def one_of_each(company: Company) -> dict[str, WorkOrder]:
    """A work order in every status, the settled ones settled now."""
    now = clock.now()
    made = {
        "foreseen": company.order(),
        "planned": company.planned(NINE + 24 * HOUR),
        "under_way": company.started(NINE),
    }
    commands.pause(work_order_id=made["under_way"].pk, actor=company.tech, now=NINE + HOUR / 2)
    made["done"] = company.done(TEN, TEN + HOUR)
    made["reported"] = company.reported(TEN + HOUR, TEN + 2 * HOUR)
    for place, status in ((3, "verified"), (4, "billed")):
        order = company.reported(TEN + place * HOUR, TEN + (place + 1) * HOUR)
        billing.verify(
            work_order_id=order.pk, decisions=billing_queries.decisions_of(order), version=None,
            actor=company.verifier, now=TEN + 24 * HOUR,
        )  # fmt: skip
        made[status] = order
    bill(company, made["billed"])
    for status, act, words in (
        ("not_needed", commands.resolve_by_phone, {"solution": "Switched on"}),
        ("cancelled", commands.cancel_ticket, {"reason": "Called twice"}),
    ):
        made[status] = company.order()
        act(ticket_id=made[status].ticket_id, version=None, actor=company.operator, now=now, **words)
    return made


def bill(company: Company, order: WorkOrder) -> None:
    """An invoice of today over one work order, confirmed."""
    now = clock.now()
    invoice = billing.draft_invoice(
        customer_id=company.customer.pk, work_order_ids=[order.pk], date=timezone.localdate(now),
        actor=company.verifier, now=now,
    )  # fmt: skip
    billing.confirm_invoice(invoice_id=invoice.pk, version=None, actor=company.verifier, now=now)


def test_every_status_is_counted_and_its_number_leads_to_exactly_these(client, company) -> None:
    made = one_of_each(company)
    more = company.order()
    builders.site(company.customer, builders.branch(name="Torino"), is_main=False)
    sent_to(client)
    shown = monitor(actor=company.dispatcher, now=clock.now())
    row = next(row for row in shown.rows if row.branch == company.branch)
    assert [cell.column.status for cell in row.cells] == [*OPEN, *SETTLED]
    for cells in (row.cells, shown.total.cells):
        for cell in cells:
            expected = {made[cell.column.status].code}
            if cell.column.status == "foreseen":
                expected.add(more.code)
            assert (cell.count, listed(client, cell.url)) == (len(expected), expected), cell.column.status
    empty = next(row for row in shown.rows if row.branch != company.branch)
    assert {cell.count for cell in empty.cells} == {0}


def test_work_settled_earlier_than_a_week_ago_is_not_counted(client, company) -> None:
    made = one_of_each(company)
    now = clock.now() + timedelta(days=8)
    shown = counted(monitor(actor=company.dispatcher, now=now))
    assert {shown[status] for status in SETTLED} == {0}
    assert shown["verified"] == 1
    Ticket.objects.filter(pk=made["cancelled"].ticket_id).update(cancelled_at=clock.now() - timedelta(days=8))
    assert counted(monitor(actor=company.dispatcher, now=clock.now()))["cancelled"] == 0


def test_what_needs_attention_is_counted_and_its_oldest_named(client, company) -> None:
    now = clock.now()
    late, later = company.planned(NINE), company.planned(NINE + HOUR)
    overdue = company.order(due_at=MONDAY + HOUR)
    Ticket.objects.filter(pk=overdue.ticket_id).update(due_at=now - 2 * HOUR)
    for order, starts in ((late, now - HOUR), (later, now - timedelta(minutes=10))):
        order.appointment.starts, order.appointment.ends = starts, starts + HOUR / 2
        type(order.appointment).objects.filter(pk=order.appointment_id).update(starts=starts, ends=starts + HOUR / 2)
    reported = company.reported(NINE + 5 * HOUR, NINE + 6 * HOUR)
    Ticket.objects.filter(pk=reported.ticket_id).update(due_at=now - HOUR)
    shown = {one.name: one for one in monitor(actor=company.dispatcher, now=now).attention}
    found = {name: (one.count, one.oldest.code if one.oldest else "") for name, one in shown.items()}
    assert found == {
        "overdue": (1, overdue.code), "late": (1, late.code), "foreseen": (1, overdue.code),
        "reported": (1, reported.code),
    }  # fmt: skip
    assert shown["overdue"].since == now - 2 * HOUR
    sent_to(client)
    for name, code in (("overdue", overdue.code), ("late", late.code), ("reported", reported.code)):
        assert listed(client, shown[name].url) == {code}, name
    page = client.get(reverse("monitor")).content.decode()
    assert reverse("work_order", args=[overdue.pk]) in page
    assert shown["late"].url in unescape(page)


def test_people_of_a_branch_see_their_branch_alone(client, company) -> None:
    company.order()
    other = Company(kind=company.kind)
    other.order()
    reader = builders.user("dispatcher")
    reader.branches.add(other.branch)
    shown = monitor(actor=actor_for(reader), now=clock.now())
    assert [row.branch for row in shown.rows] == [other.branch]
    assert (counted(shown)["foreseen"], shown.total) == (1, None)
    assert next(one for one in shown.attention if one.name == "foreseen").count == 1


def test_each_branch_has_the_time_of_its_own_clocks(client, company) -> None:
    company.order()
    builders.branch(name="Tokyo", time_zone="Asia/Tokyo")
    now = clock.now()
    shown = monitor(actor=company.dispatcher, now=now)
    offsets = {row.branch.time_zone: row.local_time.utcoffset() for row in shown.rows}
    assert offsets["Asia/Tokyo"] == timedelta(hours=9)
    page = sent_to(client).get(reverse("monitor")).content.decode()
    assert "+09:00" in page


def test_it_reads_with_four_statements_however_much_there_is(company) -> None:
    company.order()
    for more in (0, 4):
        for _ in range(more):
            Company(kind=company.kind).planned()
        with CaptureQueriesContext(connection) as statements:
            monitor(actor=company.dispatcher, now=clock.now())
        assert len(statements) == 4, [one["sql"] for one in statements]


def test_its_indexes_answer_for_open_work_and_for_due_tickets(company) -> None:
    company.order()
    with CaptureQueriesContext(connection) as statements:
        monitor(actor=company.dispatcher, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        plans = []
        for one in statements:
            cursor.execute(f"EXPLAIN {one['sql']}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    used = "\n".join(plans)
    assert "work_order_unsettled" in used
    assert "ticket_due" in used
    assert "Seq Scan on workorders_workorder" not in used
    assert "Seq Scan on tickets_ticket" not in used


def test_reading_again_gives_the_part_that_changes(client, company) -> None:
    company.order()
    sent_to(client)
    whole = client.get(reverse("monitor")).content.decode()
    part = client.get(reverse("monitor"), HTTP_HX_REQUEST="true").content.decode()
    assert "<html" in whole and "monitor.js" in whole
    assert "<html" not in part and 'id="monitor-foreseen"' in part
    assert "Read at" in part


def test_without_work_it_says_so(client, company) -> None:
    page = sent_to(client).get(reverse("monitor")).content.decode()
    assert "No work order is open." in page
    assert reverse("intake") in page
    client.force_login(builders.user("verifier"))
    assert f'class="btn" href="{reverse("intake")}"' not in client.get(reverse("monitor")).content.decode()


def test_it_stands_in_the_menu_of_who_reads_tickets(client, company) -> None:
    assert f'href="{reverse("monitor")}"' in sent_to(client).get(reverse("tickets")).content.decode()
    client.force_login(builders.user("technician"))
    assert f'href="{reverse("monitor")}"' not in client.get(reverse("today")).content.decode()
    assert client.get(reverse("monitor")).status_code == 403
