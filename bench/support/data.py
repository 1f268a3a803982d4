"""A company of any size, written by COPY: customers, people, tickets with work orders, calendars. Always the same."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import psycopg

from bench.support import base, rows
from bench.support.bulk import Loaded, load, next_ids

STATUSES = (("received", 4), ("finalised", 90), ("by_phone", 6))


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make; the week's appointments are those of the newest tickets, on a hundred calendars at most."""

    tickets: int
    customers: int
    technicians: int
    week_appointments: int = 5000


@dataclass(frozen=True, slots=True)
class Slot:
    """A place on a calendar for one appointment; `number` counts from 1, `resource` is a place among the known."""

    number: int
    resource: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Company:
    """What the rows are made of: who and what there is, and for each ticket its status, customer and slot."""

    size: Size
    known: base.Known
    statuses: list[str]
    customers: list[int]
    slots: list[Slot]

    @classmethod
    def of(cls, size: Size, known: base.Known) -> "Company":
        """The same company for the same size."""
        random_source = random.Random(7)
        statuses = [status for status, share in STATUSES for _ in range(share)]
        slots = list(_slots(size, known))
        drawn = [random_source.choice(statuses) for _ in range(size.tickets)]
        for slot in slots[: size.tickets]:
            drawn[-slot.number] = "assigned"
        whose = [random_source.randint(1, size.customers) for _ in range(size.tickets)]
        return cls(size, known, drawn, whose, slots)

    def slot(self, ticket: int) -> Slot | None:
        """Where the ticket is planned; its appointment has the slot's number."""
        place = self.size.tickets - ticket
        return self.slots[place] if place < len(self.slots) else None

    def branch(self, customer: int) -> int:
        """One customer in twenty is served by the small branch."""
        return self.known.branch_ids[1 if customer % 20 == 0 else 0]


def _slots(size: Size, known: base.Known) -> Iterator[Slot]:
    """One week, evenly over the first hundred technicians, never overlapping."""
    resources = range(min(100, len(known.resource_ids)))
    per_day = max(1, size.week_appointments // (len(resources) * 5))
    length = timedelta(minutes=540 // per_day)
    number = 0
    for day in range(5):
        opens = datetime.combine(base.MONDAY + timedelta(days=day), time(7), UTC)
        for resource in resources:
            for place in range(per_day):
                number += 1
                starts = opens + length * place
                yield Slot(number, resource, starts, starts + length * 3 // 4)


@dataclass(frozen=True, slots=True)
class Made:
    """What the benchmarks need to know of what was made; tokens and sessions are by role."""

    branch_ids: list[int]
    type_ids: list[int]
    resource_ids: list[int]
    customer_ids: range
    ticket_ids: range
    appointments: int
    monday: date
    tokens: dict[str, str]
    sessions: dict[str, str]
    loaded: list[Loaded] = field(default_factory=list)


def fill(url: str, size: Size) -> Made:
    """Write the company: what is small through Django, what is large by COPY."""
    known = base.found(size.technicians)
    company = Company.of(size, known)
    with psycopg.connect(url) as session:
        session.execute("set maintenance_work_mem = '256MB'")
        session.commit()
        loaded = [load(session, table, make(company)) for table, make in rows.TABLES.items()]
        next_ids(session, rows.WITH_IDS)
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("vacuum analyze")
    return Made(
        branch_ids=known.branch_ids, type_ids=known.type_ids, resource_ids=known.resource_ids,
        customer_ids=range(1, size.customers + 1), ticket_ids=range(1, size.tickets + 1),
        appointments=len(company.slots), monday=base.MONDAY, tokens=known.tokens, sessions=known.sessions,
        loaded=loaded,
    )  # fmt: skip


def counts(url: str) -> dict[str, int]:
    """How many rows stand in each table that `fill` writes."""
    with psycopg.connect(url) as session:
        return {table: session.execute(f"select count(*) from {table}").fetchone()[0] for table in rows.TABLES}


def problems(url: str, size: Size) -> list[str]:
    """What is not as many as it should be, or does not belong together."""
    expected = rows.expected(size)
    found = counts(url)
    wrong = [
        f"{table}: {found[table]} rows instead of {count}" for table, count in expected.items() if found[table] != count
    ]
    with psycopg.connect(url) as session:
        (loose,) = session.execute(
            "select count(*) from tickets_ticket t where not exists "
            "(select from workorders_workorder w where w.ticket_id = t.id and w.site_id = t.site_id)"
        ).fetchone()  # type: ignore[misc]  # a count always is there
    return wrong + ([f"{loose} tickets without work order"] if loose else [])
