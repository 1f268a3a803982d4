"""The fields of a ticket: how each is checked before it is kept."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from callout.accounts.queries import colleagues
from callout.core.errors import Invalid, NotFound
from callout.core.text import grams
from callout.core.worktime import zone_of
from callout.customers.models import Contract
from callout.tickets import rules
from callout.tickets.errors import ContractNotInForce, NotThisCustomers, SubjectMissing
from callout.tickets.models import Ticket

MODULE = "tickets"
WRITE = "ticket.write"
TEXTS = {"subject": 200, "description": rules.MAX_TEXT, "vehicle": 60, "notes": rules.MAX_TEXT, "emails": 400}


def today_at(branch_zone: str, now: datetime) -> date:
    """The local day."""
    return now.astimezone(zone_of(branch_zone)).date()


def text_of(name: str, value: str) -> str:
    """The text as it is kept. Raises SubjectMissing, BadAddress, BadText, TextTooLong."""
    text = rules.check_text(
        value, field=name, most=TEXTS.get(name, rules.MAX_TEXT), one_line=name in ("subject", "vehicle")
    )
    if name == "subject" and not text:
        raise SubjectMissing("subject")
    return ", ".join(rules.addresses(text)) if name == "emails" else text


def choice(value: Any, known: Collection[Any], field: str) -> Any:
    """The value, when it is one of these. Raises Invalid."""
    if value not in known:
        raise Invalid(field)
    return value


def index(ticket: Ticket) -> None:
    """What the search finds: the words of the subject and of the beginning of the description."""
    ticket.search_grams = grams(f"{ticket.subject} {ticket.description[: rules.SEARCHED]}")


def colleague(user_id: int | None, field: str) -> int | None:
    """The id of an active person. Raises NotFound with `field`."""
    if user_id is not None and not colleagues().filter(pk=user_id).exists():
        raise NotFound(field)
    return user_id


def check_belongs(ticket: Ticket) -> None:
    """Contact and contract are the customer's, and the contract is in force on the ticket's date."""
    customer = ticket.customer
    if ticket.contact_id is not None:
        contact = customer.contacts.filter(pk=ticket.contact_id).first()
        if contact is None:
            raise NotThisCustomers("contact", name=str(ticket.contact_id), customer=customer.name)
        ticket.contact = contact
    if ticket.contract_id is not None:
        contract = customer.contracts.filter(pk=ticket.contract_id).first()
        if contract is None:
            raise NotThisCustomers("contract", name=str(ticket.contract_id), customer=customer.name)
        _in_force(contract, ticket.date)


def _in_force(contract: Contract, on: date) -> None:
    if contract.starts > on or (contract.ends and contract.ends < on):
        raise ContractNotInForce("contract", contract=contract.code, on=on)
