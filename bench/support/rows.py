"""The rows of a generated company, table by table, in the order in which they can be written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bench.support.bulk import array

if TYPE_CHECKING:
    from bench.support.data import Company, Size

FIRST = "Anna Marco Elena Ion Maria Andrei Lucia Paolo Ioana Giulia Radu Silvia Mihai Chiara Dan Sara".split()
LAST = "Rossi Bianchi Popescu Ionescu Ferrari Russo Marin Conti Dumitru Greco Stan Bruno Munteanu Gallo".split()
TRADE = "Impianti Termica Costruzioni Immobiliare Hotel Panificio Clinica Logistica Grafica Tessile".split()
CITIES = "Milano Torino Bologna Verona Genova Padova Brescia Parma Cluj București Iași Timișoara".split()
STREETS = "Roma Garibaldi Mazzini Dante Verdi Cavour Marconi Unirii Victoriei".split()
SUBJECTS = (
    "No hot water", "Boiler does not start", "Leak under the sink", "Radiator stays cold", "Yearly maintenance",
    "Strange noise", "Error on the display", "Door does not close", "Light flickers", "Pressure too low",
)  # fmt: skip
START = datetime(2024, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=730)
ORDER_STATUS = {"received": "foreseen", "assigned": "planned", "finalised": "verified", "by_phone": "not_needed"}
KEYS_PER_CUSTOMER = 9
Row = dict[str, object]


def name_of(customer: int) -> str:
    """The customer's name; in a large company some customers share one."""
    last, trade = LAST[customer % len(LAST)], TRADE[customer // len(LAST) % len(TRADE)]
    return f"{last} {trade} {1 + customer // 140 % 500}"


def _person(customer: int) -> str:
    return f"{FIRST[customer % len(FIRST)]} {LAST[customer // len(FIRST) % len(LAST)]}"


def _phone(customer: int) -> str:
    return f"+3902{customer:07}"


def _mobile(customer: int) -> str:
    return f"+39333{customer:07}"


def _address(customer: int) -> str:
    return f"Via {STREETS[customer % len(STREETS)]} {1 + customer // 9 % 200}"


def _postal_code(customer: int) -> str:
    return f"{10000 + customer % 89999}"


def _city(customer: int) -> str:
    return CITIES[customer % len(CITIES)]


def _customers(company: Company) -> Iterator[Row]:
    from callout.core.text import fold

    for number in range(1, company.size.customers + 1):
        name = name_of(number)
        yield {
            "id": number, "code": f"K{number:07}", "name": name, "folded": fold(name), "priority": 1 + number % 3,
            "tax_code": f"{number:011}", "vat_number": "", "phone": _phone(number), "email": f"c{number}@example.com",
            "language": ("it", "ro", "en")[number % 3], "currency": "EUR", "notes": "", "active": True,
            "created_at": START, "version": 1,
        }  # fmt: skip


def _sites(company: Company) -> Iterator[Row]:
    for number in range(1, company.size.customers + 1):
        yield {
            "id": number, "customer_id": number, "name": "Sede", "address": _address(number),
            "postal_code": _postal_code(number), "city": _city(number), "county": "", "country": "IT",
            "time_zone": "Europe/Rome", "branch_id": company.branch(number), "is_main": True, "is_billing": False,
            "notes": "", "version": 1,
        }  # fmt: skip


def _contacts(company: Company) -> Iterator[Row]:
    for number in range(1, company.size.customers + 1):
        yield {
            "id": number, "customer_id": number, "site_id": number, "name": _person(number), "job_title": "",
            "phone": "", "mobile": _mobile(number), "email": "", "language": "", "version": 1,
        }  # fmt: skip


def _assets(company: Company) -> Iterator[Row]:
    for number in range(1, company.size.customers + 1):
        yield {
            "id": number, "customer_id": number, "site_id": number, "product_id": company.known.product_id,
            "serial": f"SN{number:08}", "lot": "", "notes": "", "active": True, "version": 1,
        }  # fmt: skip


def _search_keys(company: Company) -> Iterator[Row]:
    """Made by the functions that the commands use."""
    from callout.customers import keys

    for number in range(1, company.size.customers + 1):
        own = keys.customer_keys(
            code=f"K{number:07}", name=name_of(number), phone=_phone(number), email=f"c{number}@example.com",
            tax_code=f"{number:011}",
        )  # fmt: skip
        site = keys.site_keys(
            name="Sede", address=_address(number), postal_code=_postal_code(number), city=_city(number)
        )
        person = keys.contact_keys(name=_person(number), mobile=_mobile(number))
        asset = keys.asset_keys(serial=f"SN{number:08}")
        for source, found in (("customer", own), ("site", site), ("contact", person), ("asset", asset)):
            for key in found:
                yield {
                    "customer_id": number, "source": source, "source_id": number, "kind": key.kind, "shown": key.shown,
                    "folded": key.folded, "grams": array(key.grams),
                }  # fmt: skip


def _appointments(company: Company) -> Iterator[Row]:
    for slot in company.slots:
        ticket = company.size.tickets + 1 - slot.number
        customer = company.customers[ticket - 1] if ticket > 0 else 1
        yield {
            "id": slot.number, "resource_id": company.known.resource_ids[slot.resource],
            "activity_type_id": company.known.type_ids[ticket % len(company.known.type_ids)],
            "state_id": company.known.planned_state_id, "category": "planned", "blocks": True,
            "starts": slot.starts, "ends": slot.ends,
            "title": f"{name_of(customer)}: {SUBJECTS[ticket % len(SUBJECTS)]}", "site_id": customer,
            "notes": "", "created_at": START, "created_by_name": "", "version": 1,
        }  # fmt: skip


def _document(company: Company, number: int, series: str) -> Row:
    at = START + SPAN * number / company.size.tickets
    return {
        "id": number, "doc_status": "posted", "series": series, "number": number, "code": f"{series}-{number:07}",
        "date": at.date(), "branch_id": company.branch(company.customers[number - 1]), "created_at": at,
        "created_by_name": "Anna Rossi", "version": 1,
    }  # fmt: skip


def _tickets(company: Company) -> Iterator[Row]:
    from callout.core.text import grams

    subject_grams = {subject: array(grams(subject)) for subject in SUBJECTS}
    for number in range(1, company.size.tickets + 1):
        document, status = _document(company, number, "TK"), company.statuses[number - 1]
        slot, subject = company.slot(number), SUBJECTS[number % len(SUBJECTS)]
        customer, people = company.customers[number - 1], company.known.user_ids
        yield document | {
            "customer_id": customer, "site_id": customer, "contact_id": customer,
            "activity_type_id": company.known.type_ids[number % len(company.known.type_ids)],
            "priority": 1 + number % 3, "channel": "phone", "subject": subject, "description": "", "status": status,
            "received_at": document["created_at"], "confirmed_real": False, "taken_by_id": company.known.operator_id,
            "assignee_id": people[slot.resource if slot else number % len(people)],
            "verifier_id": company.known.verifier_id, "planned_start": slot and slot.starts,
            "planned_end": slot and slot.ends,
            "finalised_at": document["created_at"] if status == "finalised" else None, "cancel_reason": "",
            "solution": "", "vehicle": "", "notes": "", "emails": "", "search_grams": subject_grams[subject],
        }  # fmt: skip


def _work_orders(company: Company) -> Iterator[Row]:
    resources = company.known.resource_ids
    for number in range(1, company.size.tickets + 1):
        slot = company.slot(number)
        status = ORDER_STATUS[company.statuses[number - 1]]
        resource = resources[slot.resource if slot else number % len(resources)]
        yield _document(company, number, "WO") | {
            "ticket_id": number, "site_id": company.customers[number - 1],
            "activity_type_id": company.known.type_ids[number % len(company.known.type_ids)], "status": status,
            "description": "", "minutes": 60, "appointment_id": slot and slot.number,
            "resource_id": resource if status in ("planned", "verified") else None, "currency": "EUR",
            "report_notes": "", "signer_name": "",
        }  # fmt: skip


def _hours(company: Company) -> Iterator[Row]:
    resources = company.known.resource_ids
    for number in range(1, company.size.tickets + 1):
        if company.statuses[number - 1] == "finalised":
            yield {
                "work_order_id": number, "resource_id": resources[number % len(resources)], "position": 1,
                "description": "Working hour", "unit": "h", "price": "48.00", "vat_rate_id": company.known.vat_rate_id,
                "version": 1, "day": (START + SPAN * number / company.size.tickets).date(), "worked": "1.00",
                "to_bill": "1.00",
            }  # fmt: skip


def _audit(company: Company) -> Iterator[Row]:
    for number in range(1, company.size.tickets + 1):
        for action, kind, code in (
            ("ticket.taken", "ticket", f"TK-{number:07}"), ("workorder.created", "workorder", f"WO-{number:07}"),
        ):  # fmt: skip
            yield {
                "at": START + SPAN * number / company.size.tickets, "actor_id": company.known.operator_id,
                "actor_name": "Anna Rossi", "action": action, "level": 1, "subject_kind": kind, "subject_id": number,
                "facts": f'{{"code": "{code}"}}', "request_id": "",
            }  # fmt: skip


TABLES: dict[str, Callable[[Company], Iterator[Row]]] = {
    "customers_customer": _customers,
    "customers_site": _sites,
    "customers_contact": _contacts,
    "customers_asset": _assets,
    "customers_searchkey": _search_keys,
    "planning_appointment": _appointments,
    "tickets_ticket": _tickets,
    "workorders_workorder": _work_orders,
    "workorders_hoursline": _hours,
    "audit_entry": _audit,
}
WITH_IDS = (
    "customers_customer", "customers_site", "customers_contact", "customers_asset", "planning_appointment",
    "tickets_ticket", "workorders_workorder",
)  # fmt: skip


def expected(size: Size) -> dict[str, int]:
    """How many rows there must be where the size says it; hours follow the tickets' statuses."""
    each = ("customers_customer", "customers_site", "customers_contact", "customers_asset")
    return {
        **dict.fromkeys(each, size.customers),
        "customers_searchkey": size.customers * KEYS_PER_CUSTOMER,
        **dict.fromkeys(("tickets_ticket", "workorders_workorder"), size.tickets),
    }
