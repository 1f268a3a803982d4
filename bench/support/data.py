"""A company of any size, written by COPY: customers, people, tickets with work orders, calendars. Always the same."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import psycopg

FIRST = "Anna Marco Elena Ion Maria Andrei Lucia Paolo Ioana Giulia Radu Silvia Mihai Chiara Dan Sara".split()
LAST = "Rossi Bianchi Popescu Ionescu Ferrari Russo Marin Conti Dumitru Greco Stan Bruno Munteanu Gallo".split()
TRADE = "Impianti Termica Costruzioni Immobiliare Hotel Panificio Clinica Logistica Grafica Tessile".split()
CITIES = "Milano Torino Bologna Verona Genova Padova Brescia Parma Cluj București Iași Timișoara".split()
SUBJECTS = (
    "No hot water", "Boiler does not start", "Leak under the sink", "Radiator stays cold", "Yearly maintenance",
    "Strange noise", "Error on the display", "Door does not close", "Light flickers", "Pressure too low",
)  # fmt: skip
START = datetime(2024, 1, 1, tzinfo=UTC)
SPAN_SECONDS = 2 * 365 * 86400
STATUSES = (("received", 4), ("finalised", 90), ("by_phone", 6))
ORDER_STATUS = {"received": "foreseen", "finalised": "verified", "by_phone": "not_needed"}


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make."""

    tickets: int
    customers: int
    technicians: int
    week_appointments: int = 5000


@dataclass(frozen=True, slots=True)
class Made:
    """What the benchmarks need to know of what was made; `tokens` are API tokens by role."""

    branch_id: int
    type_ids: list[int]
    resource_ids: list[int]
    customer_ids: range
    ticket_ids: range
    monday: date
    tokens: dict[str, str]
    sessions: dict[str, str]


def fill(dsn: str, size: Size) -> Made:
    """Write the company through the commands for what is small, and by COPY for what is large."""
    from bench.support import base

    known = base.people_and_vocabulary(size.technicians)
    random_source = random.Random(7)
    with psycopg.connect(dsn) as session:
        customers = _customers(session, size.customers, known, random_source)
        tickets = _tickets(session, size.tickets, customers, known, random_source)
        _calendar(session, size, known)
        for table in ("customers_customer", "customers_site", "tickets_ticket", "workorders_workorder"):
            session.execute(
                f"select setval(pg_get_serial_sequence('{table}', 'id'), (select coalesce(max(id), 1) from {table}))"
            )
    with psycopg.connect(dsn, autocommit=True) as session:
        session.execute("vacuum analyze")
    return Made(
        branch_id=known.branch_id, type_ids=known.type_ids, resource_ids=known.resource_ids,
        customer_ids=customers, ticket_ids=tickets, monday=base.MONDAY, tokens=known.tokens, sessions=known.sessions,
    )  # fmt: skip


def copy(session: psycopg.Connection, table: str, rows: Iterable[dict]) -> int:
    """COPY dictionaries with the same keys into a table; returns how many."""
    source: Iterator[dict] = iter(rows)
    first = next(source, None)
    if first is None:
        return 0
    columns = ", ".join(f'"{name}"' for name in first)
    count = 1
    with session.cursor().copy(f"copy {table} ({columns}) from stdin") as stream:
        stream.write_row(tuple(first.values()))
        for row in source:
            stream.write_row(tuple(row.values()))
            count += 1
    return count


def _customers(session: psycopg.Connection, count: int, known, rnd: random.Random) -> range:
    from callout.core.text import fold, grams

    names = [f"{rnd.choice(LAST)} {rnd.choice(TRADE)} {number}" for number in range(1, count + 1)]

    def customers() -> Iterator[dict]:
        for number, name in enumerate(names, 1):
            yield {
                "id": number, "code": f"K{number:07}", "name": name, "folded": fold(name), "priority": 1 + number % 3,
                "tax_code": f"{number:011}", "vat_number": "", "phone": f"+3902{number:07}",
                "email": f"c{number}@example.com", "language": ("it", "ro", "en")[number % 3], "currency": "EUR",
                "notes": "", "active": True, "created_at": START, "version": 1,
            }  # fmt: skip

    def sites() -> Iterator[dict]:
        for number in range(1, count + 1):
            yield {
                "id": number, "customer_id": number, "name": "Sede", "address": f"Via Roma {number % 200}",
                "postal_code": f"{number % 99999:05}", "city": CITIES[number % len(CITIES)], "county": "",
                "country": "IT", "time_zone": "Europe/Rome", "branch_id": known.branch_id, "is_main": True,
                "is_billing": False, "notes": "", "version": 1,
            }  # fmt: skip

    def keys() -> Iterator[dict]:
        for number, name in enumerate(names, 1):
            for kind, shown in (
                ("name", name), ("code", f"K{number:07}"), ("phone", f"+3902{number:07}"),
                ("tax", f"{number:011}"), ("email", f"c{number}@example.com"),
            ):  # fmt: skip
                folded = fold(shown).replace("+", "") if kind == "phone" else fold(shown)
                yield {
                    "customer_id": number, "source": "customer", "source_id": number, "kind": kind, "shown": shown,
                    "folded": folded, "grams": grams(folded),
                }  # fmt: skip

    copy(session, "customers_customer", customers())
    copy(session, "customers_site", sites())
    copy(session, "customers_searchkey", keys())
    return range(1, count + 1)


def _tickets(session: psycopg.Connection, count: int, customers: range, known, rnd: random.Random) -> range:
    from callout.core.text import grams

    step = SPAN_SECONDS / max(count, 1)
    subject_grams = {subject: grams(subject) for subject in SUBJECTS}
    statuses = [status for status, share in STATUSES for _ in range(share)]
    chosen = [rnd.choice(statuses) for _ in range(count)]
    whose = [rnd.choice(customers) for _ in range(count)]

    def tickets() -> Iterator[dict]:
        for number in range(1, count + 1):
            at = START + timedelta(seconds=int(step * number))
            status, subject = chosen[number - 1], SUBJECTS[number % len(SUBJECTS)]
            person = known.user_ids[number % len(known.user_ids)]
            yield {
                "id": number, "doc_status": "posted", "series": "TK", "number": number, "code": f"TK-{number:07}",
                "date": at.date(), "branch_id": known.branch_id, "created_at": at, "created_by_name": "Anna Rossi",
                "version": 1, "customer_id": whose[number - 1], "site_id": whose[number - 1],
                "activity_type_id": known.type_ids[number % len(known.type_ids)], "priority": 1 + number % 3,
                "channel": "phone", "subject": subject, "description": "", "status": status, "received_at": at,
                "confirmed_real": False, "taken_by_id": known.operator_id, "assignee_id": person, "verifier_id": None,
                "finalised_at": at if status == "finalised" else None, "cancel_reason": "", "solution": "",
                "vehicle": "", "notes": "", "emails": "", "search_grams": subject_grams[subject],
            }  # fmt: skip

    def orders() -> Iterator[dict]:
        for number in range(1, count + 1):
            at = START + timedelta(seconds=int(step * number))
            yield {
                "id": number, "doc_status": "posted", "series": "WO", "number": number, "code": f"WO-{number:07}",
                "date": at.date(), "branch_id": known.branch_id, "created_at": at, "created_by_name": "Anna Rossi",
                "version": 1, "ticket_id": number, "site_id": whose[number - 1],
                "activity_type_id": known.type_ids[number % len(known.type_ids)],
                "status": ORDER_STATUS[chosen[number - 1]], "description": "", "minutes": 60,
                "resource_id": known.resource_ids[number % len(known.resource_ids)], "currency": "EUR",
                "report_notes": "", "signer_name": "",
            }  # fmt: skip

    copy(session, "tickets_ticket", tickets())
    copy(session, "workorders_workorder", orders())
    return range(1, count + 1)


def _calendar(session: psycopg.Connection, size: Size, known) -> None:
    """Appointments of one week, evenly over the first hundred technicians, ten a day at most, never overlapping."""
    from bench.support.base import MONDAY

    resources = known.resource_ids[:100]
    per_day = max(1, size.week_appointments // (len(resources) * 5))
    slot = timedelta(minutes=540 // per_day)

    def rows() -> Iterator[dict]:
        number = 0
        for day in range(5):
            opens = datetime.combine(MONDAY + timedelta(days=day), time(7), UTC)
            for resource in resources:
                for place in range(per_day):
                    number += 1
                    yield {
                        "resource_id": resource, "activity_type_id": known.type_ids[number % len(known.type_ids)],
                        "state_id": known.planned_state_id, "category": "planned", "blocks": True,
                        "starts": opens + slot * place, "ends": opens + slot * place + slot * 3 // 4,
                        "title": SUBJECTS[number % len(SUBJECTS)], "site_id": 1 + number % size.customers,
                        "notes": "", "created_at": START, "created_by_name": "", "version": 1,
                    }  # fmt: skip

    copy(session, "planning_appointment", rows())
