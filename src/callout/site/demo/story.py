"""Three weeks of work of the demo company: calls, visits, reports, bills, and what still waits."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from callout.billing import commands as billing
from callout.billing import queries as billing_queries
from callout.core.errors import DomainError
from callout.core.intervals import Interval
from callout.customers.models import Customer
from callout.planning import commands as planning
from callout.planning import queries as calendars
from callout.planning.models import Resource
from callout.site.demo import to_do
from callout.site.demo.calls import REPORTS, SUBJECTS
from callout.site.demo.company import Company
from callout.tickets import commands as tickets
from callout.workorders import commands as work
from callout.workorders.models import WorkOrder, WorkStatus

PAST_DAYS, COMING_DAYS = 10, 6
BILLED_AFTER, VERIFIED_AFTER = 7, 3  # days
FOR_TWO = 2
STARTS = (time(8), time(10), time(13), time(15))
CREWS = {
    "MI": {
        "heating": ("luca", "davide", "stefano", "andrea"),
        "cooling": ("andrea", "nicola", "sara"),
    },
    "CJ": {"heating": ("mihai", "ioana", "radu"), "cooling": ("mihai", "ioana", "radu")},
}


@dataclass(frozen=True, slots=True)
class Job:
    """One visit to be: who goes where, when, for what."""

    branch: str
    technician: str
    starts: datetime
    kind: str
    subject: str
    customer: Customer


def tell(company: Company) -> None:
    """Let the company work until now, and fill the days to come."""
    source = random.Random(20)
    _absences(company)
    done: list[WorkOrder] = []
    for job in _jobs(company, source):
        order = _planned(company, job, source)
        if order and job.starts + timedelta(hours=2) < company.now:
            done.append(_carried_out(company, job, order, source))
    _together(company)
    _bill(company, done)
    _waiting(company, source)
    to_do.remember(company)


def _days(company: Company) -> Iterator[date]:
    first = company.now.date() - timedelta(days=PAST_DAYS)
    for number in range(PAST_DAYS + COMING_DAYS + 1):
        day = first + timedelta(days=number)
        if day.weekday() < 5:
            yield day


def _jobs(company: Company, source: random.Random) -> Iterator[Job]:
    """Two visits a day in the past, three from today on; the further ahead, the emptier the calendars."""
    for day in _days(company):
        ahead = (day - company.now.date()).days
        for username, resource in company.resources.items():
            code = next(code for code, branch in company.branches.items() if branch.pk == resource.branch_id)
            filled = 2 if ahead < 0 else max(1, 3 - ahead // 2)
            for starts in sorted(source.sample(STARTS, filled)):
                yield _job(company, code, username, resource, datetime.combine(day, starts), source)


def _job(company: Company, code: str, username: str, resource: Resource, local: datetime, source: random.Random) -> Job:
    cooling = username in CREWS[code]["cooling"] and (username not in CREWS[code]["heating"] or source.random() < 0.3)
    fitting = [row for row in SUBJECTS if (row[0] == "cooling") == cooling and row[0] != "installation"]
    kind, italian, romanian = source.choice(fitting)
    return Job(
        branch=code,
        technician=username,
        starts=local.replace(tzinfo=ZoneInfo(resource.time_zone)),
        kind=kind,
        subject=italian if code == "MI" else romanian,
        customer=source.choice(company.customers[code]),
    )


def _take(company: Company, branch: str, customer: Customer, kind: str, subject: str, at: datetime) -> WorkOrder:
    site = customer.sites.get(is_main=True)
    asset = customer.assets.order_by("pk").first()
    call = work.Call(
        site_id=site.pk,
        activity_type_id=company.types[kind].pk,
        subject=subject,
        contact_id=customer.contacts.values_list("pk", flat=True).first(),
        asset_ids=[asset.pk] if asset else [],
        received_at=at,
    )
    ticket = work.take_call(call=call, actor=company.actor("giulia"), now=at)
    return ticket.work_orders.get()


def _planned(company: Company, job: Job, source: random.Random) -> WorkOrder | None:
    """The visit on the calendar; where it does not fit, the call waits like any other."""
    called = job.starts - timedelta(minutes=source.randrange(26 * 60, 50 * 60))
    while called > company.now - timedelta(hours=3):
        called -= timedelta(hours=23)
    order = _take(company, job.branch, job.customer, job.kind, job.subject, called)
    dispatcher = company.actor("marta" if job.branch == "MI" else "vlad")
    work.choose_rate_card(
        work_order_id=order.pk, rate_card_id=company.cards[job.branch].pk, version=None, actor=dispatcher, now=called
    )
    window = Interval(job.starts, job.starts + timedelta(minutes=order.minutes))
    try:
        return work.plan(
            work_order_id=order.pk, resource_id=company.resources[job.technician].pk, window=window, version=None,
            actor=dispatcher, now=called + timedelta(minutes=20),
        )  # fmt: skip
    except DomainError:
        return None


def _carried_out(company: Company, job: Job, order: WorkOrder, source: random.Random) -> WorkOrder:
    """Start, end, hours, parts, signature, report; the last ones of today are still without a report."""
    technician = company.actor(job.technician)
    begun = job.starts + timedelta(minutes=source.randrange(0, 12))
    ended = begun + timedelta(minutes=order.minutes - source.randrange(0, 25))
    at = {"work_order_id": order.pk, "actor": technician}
    work.start(at=begun, now=begun, **at)
    work.end(at=ended, now=ended, **at)
    if company.now - ended < timedelta(hours=2):
        return order
    notes, romanian, parts = REPORTS[job.kind]
    work.take_proposed_hours(now=ended, **at)
    for part in parts:
        if source.random() < 0.6:
            work.add_part(product_id=company.products[part].pk, quantity=Decimal(1), now=ended, **at)
    if source.random() < 0.3:
        text = "Parcheggio" if job.branch == "MI" else "Parcare"
        work.add_expense(description=text, quantity=Decimal(1), price=Decimal("4.50"), now=ended, **at)
    work.sign(signer_name=str(job.customer.contacts.first() or job.customer), signature=None, now=ended, **at)
    return work.report(notes=notes if job.branch == "MI" else romanian, now=ended, **at)


def _together(company: Company) -> None:
    """Two of the visits to come are work for two: whoever is free then goes along."""
    ahead = WorkOrder.objects.filter(
        status=WorkStatus.PLANNED, branch__code="MI", appointment__starts__gt=company.now
    ).select_related("appointment", "activity_type")
    left, dispatcher = FOR_TWO, company.actor("marta")
    for order in ahead.order_by("appointment__starts", "pk"):
        window = Interval(order.slot.starts, order.slot.ends)
        free = calendars.free_then(order.activity_type, window, actor=dispatcher, besides=[order.worker.pk], limit=1)
        if free and left:
            work.add_helper(
                work_order_id=order.pk, resource_id=free[0].pk, version=None, actor=dispatcher, now=company.now
            )
            left -= 1


def _bill(company: Company, orders: list[WorkOrder]) -> None:
    """What was reported some days ago is verified; what is older is billed, one invoice per customer."""
    verifier, ready = company.actor("laura"), {}
    for order in orders:
        if order.status != "reported" or company.now - order.reported_at < timedelta(days=VERIFIED_AFTER):
            continue
        at = order.reported_at + timedelta(days=1)
        done = billing.verify(
            work_order_id=order.pk, decisions=billing_queries.decisions_of(order), version=None, actor=verifier, now=at
        )
        chargeable = billing_queries.billable(verifier).filter(work_order=done).exists()
        if chargeable and company.now - order.reported_at > timedelta(days=BILLED_AFTER):
            ready.setdefault(order.ticket.customer_id, []).append(order.pk)
    at = company.now - timedelta(days=2)
    for customer_id, ids in ready.items():
        draft = billing.draft_invoice(
            customer_id=customer_id, work_order_ids=ids, date=at.date(), actor=verifier, now=at
        )
        billing.confirm_invoice(invoice_id=draft.pk, version=None, actor=verifier, now=at)


def _absences(company: Company) -> None:
    """Somebody is on leave and somebody at the doctor's in the days to come."""
    coming = [day for day in _days(company) if day > company.now.date()]
    for username, day, starts, ends, reason in (
        ("nicola", coming[1], time(0), time(23, 59), "Ferie"),
        ("davide", coming[0], time(13), time(17), "Visita medica"),
        ("ioana", coming[2], time(0), time(23, 59), "Concediu"),
    ):
        resource = company.resources[username]
        zone = ZoneInfo(resource.time_zone)
        window = Interval(datetime.combine(day, starts, zone), datetime.combine(day, ends, zone))
        planning.add_absence(
            resource_id=resource.pk, window=window, reason=reason, actor=company.actor("admin"), now=company.now
        )


def _waiting(company: Company, source: random.Random) -> None:
    """Calls of today and yesterday that nobody has planned yet; one was settled on the phone, one called off."""
    for number in range(16):
        code = "CJ" if number % 3 == 2 else "MI"
        kind, italian, romanian = SUBJECTS[(number * 5) % len(SUBJECTS)]
        customer = company.customers[code][(number * 7) % len(company.customers[code])]
        at = company.now - timedelta(minutes=25 + 97 * number)
        order = _take(company, code, customer, kind, italian if code == "MI" else romanian, at)
        operator = company.actor("giulia")
        if number == 3:
            work.resolve_by_phone(
                ticket_id=order.ticket_id, solution="Riavviata con il cliente al telefono.", version=None,
                actor=operator, now=at + timedelta(minutes=8),
            )  # fmt: skip
        elif number == 7:
            work.cancel_ticket(
                ticket_id=order.ticket_id, reason="Il cliente ha richiamato: tutto a posto.", version=None,
                actor=operator, now=at + timedelta(minutes=30),
            )  # fmt: skip
        elif number % 4 == 0:
            tickets.add_message(
                ticket_id=order.ticket_id, text="Il cliente preferisce la mattina.", actor=operator,
                now=at + timedelta(minutes=2),
            )  # fmt: skip
