"""What must be true of every company's data, asked of the database itself."""

from collections.abc import Iterator

from bench.support.measure import row, value

# Each finds what must not be there; the sentence is what is wrong when it finds something.
NEVER = {
    "work orders without ticket or of another site's customer": (
        "select count(*) from workorders_workorder w left join tickets_ticket t on t.id = w.ticket_id "
        "left join customers_site s on s.id = w.site_id where t.id is null or s.customer_id <> t.customer_id"
    ),
    "tickets without just one work order": (
        "select count(*) from tickets_ticket t "
        "where (select count(*) from workorders_workorder w where w.ticket_id = t.id) <> 1"
    ),
    "tickets that came in twice": (
        "select count(*) - count(distinct external_id) from tickets_ticket where external_id is not null"
    ),
    "pairs of appointments that overlap": (
        "select count(*) from planning_appointment a join planning_appointment b on a.resource_id = b.resource_id "
        "and a.id < b.id and a.blocks and b.blocks and a.starts < b.ends and b.starts < a.ends"
    ),
    "appointments of work orders that more than one work order or none holds": (
        "select count(*) from planning_appointment a where a.blocks and (select count(*) from workorders_workorder w "
        "where w.appointment_id = a.id and w.resource_id = a.resource_id) <> 1"
    ),
    "people whose clock ran twice at a time": (
        "select count(*) from workorders_worksession a join workorders_worksession b on a.resource_id = b.resource_id "
        "and a.id < b.id and a.started_at < b.ended_at and b.started_at < a.ended_at"
    ),
    "reported work orders without hours": (
        "select count(*) from workorders_workorder w where w.status in ('reported', 'verified', 'billed') "
        "and not exists (select from workorders_hoursline h where h.work_order_id = w.id)"
    ),
    "approved lines of billed work orders that are not on just one invoice in force": (
        "select count(*) from billing_billableline l join workorders_workorder w on w.id = l.work_order_id "
        "where w.status = 'billed' and l.approved and l.quantity > 0 and (select count(*) from billing_invoiceline i "
        "join billing_invoice v on v.id = i.invoice_id where i.billable_line_id = l.id and i.active "
        "and v.doc_status = 'posted' and v.customer_id = l.customer_id) <> 1"
    ),
    "hours, expenses and parts of verified work orders without a decision": (
        "select count(*) from (select work_order_id, 'hours' as kind, id from workorders_hoursline union all "
        "select work_order_id, 'expense', id from workorders_expenseline union all "
        "select work_order_id, 'part', id from workorders_partline) line join workorders_workorder w "
        "on w.id = line.work_order_id and w.status in ('verified', 'billed') where not exists (select from "
        "billing_billableline b where b.work_order_id = w.id and b.source_kind = line.kind and b.source_id = line.id)"
    ),
    "invoice lines that are not quantity times price": (
        "select count(*) from billing_invoiceline where net <> round(quantity * price, 2)"
    ),
    "invoices whose total is not the sum of their lines and the tax on them": (
        "with rates as (select invoice_id, vat_percent, sum(net) as net from billing_invoiceline group by 1, 2), "
        "sums as (select invoice_id, sum(net) as net, sum(round(net * vat_percent / 100, 2)) as tax from rates "
        "group by invoice_id) "
        "select count(*) from billing_invoice v left join sums s on s.invoice_id = v.id "
        "where (v.net, v.tax) is distinct from (s.net, s.tax) or v.total <> v.net + v.tax"
    ),
    "work orders whose making no entry of the history tells": (
        "select count(*) from workorders_workorder w where not exists (select from audit_entry e "
        "where e.subject_kind = 'workorder' and e.subject_id = w.id and e.action = 'workorder.created')"
    ),
    "jobs that failed": "select count(*) from procrastinate_jobs where status in ('failed', 'aborted')",
}
NUMBERED = {"tickets": "tickets_ticket", "work orders": "workorders_workorder", "invoices": "billing_invoice"}


def broken() -> Iterator[str]:
    """Every rule that the data breaks, in words."""
    for what, statement in NEVER.items():
        count = value(statement)
        if count:
            yield f"{count} {what}"
    for what, table in NUMBERED.items():
        count, numbers, last = row(
            f"select count(number), count(distinct number), coalesce(max(number), 0) from {table} where number > 0"
        )
        if not count == numbers == last:
            yield f"the numbers of {what} are not 1 to {count} without a gap: {numbers} different ones up to {last}"


def counts(statement: str) -> dict[str, int]:
    """What a statement counts by name, as `select name, count(*) … group by 1`."""
    return dict(
        row(f"select coalesce(jsonb_object_agg(name, count), '{{}}') from ({statement}) found (name, count)")[0]
    )
