"""Writing tickets. Taking a call and everything that moves work orders with it stands in the work orders' commands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext

from callout.accounts.actor import Actor
from callout.accounts.queries import colleagues
from callout.audit.commands import record
from callout.catalog.models import Product
from callout.core.errors import Invalid, NotFound, check_version
from callout.core.text import grams
from callout.core.worktime import zone_of
from callout.customers import queries as customers
from callout.customers.models import Asset, Contract, Customer, Priority, Site
from callout.documents.commands import store_file, take_number
from callout.documents.models import DocumentStatus
from callout.documents.queries import require_open
from callout.jobs.commands import defer
from callout.notices.commands import send_mail
from callout.planning.models import ActivityType
from callout.tickets import mails, queries, rules
from callout.tickets.errors import (
    ContractNotInForce,
    NotCancelled,
    NotThisCustomers,
    ReasonMissing,
    SameExternalId,
    SubjectMissing,
    TextMissing,
    TicketCancelled,
)
from callout.tickets.models import Channel, Message, Ticket, TicketObject, TicketStatus

MODULE = "tickets"
WRITE = "ticket.write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What somebody wants, as it was taken down. Texts may be empty but for the subject.

    `customer_id`, when given, has to be the site's customer. `date` is the document's (None: today at the branch),
    `received_at` when the customer called (None: now); `priority` None is the customer's, `minutes` None the type's.
    """

    site_id: int
    activity_type_id: int
    subject: str
    customer_id: int | None = None
    description: str = ""
    contact_id: int | None = None
    priority: int | None = None
    channel: str = Channel.PHONE
    date: date | None = None
    received_at: datetime | None = None
    due_at: datetime | None = None
    asset_ids: Collection[int] = ()
    product_ids: Collection[int] = ()
    contract_id: int | None = None
    verifier_id: int | None = None
    confirmed_real: bool = False
    vehicle: str = ""
    notes: str = ""
    emails: str = ""
    series: str = ""
    minutes: int | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sends."""

    name: str
    data: bytes


def today_at(branch_zone: str, now: datetime) -> date:
    """The local day."""
    return now.astimezone(zone_of(branch_zone)).date()


def post(*, call: Call, actor: Actor, now: datetime) -> Ticket:
    """Write the ticket of a call, posted and numbered, in the caller's transaction, whose first work order follows.

    Raises NotFound for a site, type or person out of scope, OutsidePeriod, PeriodLocked, NoNumberBook and the refusals
    of tickets.errors.
    """
    actor.require(WRITE)
    site = _site(call, actor)
    kind = _activity_type(call.activity_type_id)
    ticket = _draft(call, site, kind, actor, now)
    ticket.verifier_id = colleague(call.verifier_id, "verifier")
    _belongs(ticket, call)
    concerned = _objects(ticket, call)
    require_open(branch=site.branch, on=ticket.date, module=MODULE)
    number = take_number(kind="ticket", branch=site.branch, on=ticket.date, series=call.series)
    ticket.series, ticket.number, ticket.code = number.series, number.number, number.code
    ticket.doc_status = DocumentStatus.POSTED
    ticket.save(force_insert=True)
    for item in concerned:
        item.ticket = ticket
    if concerned:
        TicketObject.objects.bulk_create(concerned)
    record("ticket.taken", subject=ticket, actor=actor, at=now, code=ticket.code, channel=ticket.channel)
    return ticket


def _site(call: Call, actor: Actor) -> Site:
    found = customers.sites_visible_to(actor).select_related("customer", "branch").filter(pk=call.site_id).first()
    if found is None or call.customer_id not in (None, found.customer_id):
        raise NotFound("site")
    return found


def _activity_type(type_id: int) -> ActivityType:
    found = ActivityType.objects.filter(pk=type_id, active=True).first()
    if found is None:
        raise NotFound("activity_type")
    return found


def _draft(call: Call, site: Site, kind: ActivityType, actor: Actor, now: datetime) -> Ticket:
    """The ticket with its own fields checked, not yet written."""
    customer = site.customer
    received_at = call.received_at or now
    rules.check_received(received_at, now=now)
    rules.check_due(call.due_at, received_at=received_at)
    if call.external_id and (earlier := queries.by_external_id(call.external_id)):
        raise SameExternalId("external_id", external_id=call.external_id, code=earlier.code)
    ticket = Ticket(
        customer=customer,
        site=site,
        activity_type=kind,
        branch=site.branch,
        contact_id=call.contact_id,
        contract_id=call.contract_id,
        priority=_choice(call.priority or customer.priority, Priority.values, "priority"),
        channel=_choice(call.channel, Channel.values, "channel"),
        date=call.date or today_at(site.branch.time_zone, now),
        received_at=received_at,
        due_at=call.due_at,
        confirmed_real=call.confirmed_real,
        taken_by_id=actor.user_id,
        created_at=now,
        created_by_name=actor.name,
        external_id=call.external_id or None,
    )
    for name in _TEXTS:
        setattr(ticket, name, _text(name, getattr(call, name)))
    _index(ticket)
    return ticket


_TEXTS = {"subject": 200, "description": rules.MAX_TEXT, "vehicle": 60, "notes": rules.MAX_TEXT, "emails": 400}
_CHANGES = frozenset(
    {*_TEXTS, "solution", "contact_id", "contract_id", "priority", "due_at", "confirmed_real", "verifier_id"}
)


def _text(name: str, value: str) -> str:
    text = rules.check_text(
        value, field=name, most=_TEXTS.get(name, rules.MAX_TEXT), one_line=name in ("subject", "vehicle")
    )
    if name == "subject" and not text:
        raise SubjectMissing("subject")
    return ", ".join(rules.addresses(text)) if name == "emails" else text


def _choice(value: Any, known: Collection[Any], field: str) -> Any:
    if value not in known:
        raise Invalid(field)
    return value


def _index(ticket: Ticket) -> None:
    """What the search finds: the words of the subject and of the beginning of the description."""
    ticket.search_grams = grams(f"{ticket.subject} {ticket.description[: rules.SEARCHED]}")


def colleague(user_id: int | None, field: str) -> int | None:
    """The id of an active person. Raises NotFound with `field`."""
    if user_id is not None and not colleagues().filter(pk=user_id).exists():
        raise NotFound(field)
    return user_id


def _belongs(ticket: Ticket, call: Call | None = None) -> None:
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


def _objects(ticket: Ticket, call: Call) -> list[TicketObject]:
    """The assets and products that the call is about. Raises NotThisCustomers, NotFound."""
    wanted = dict.fromkeys(call.asset_ids)
    assets = {asset.pk: asset for asset in _assets_of(ticket.customer, wanted)} if wanted else {}
    for asset_id in wanted:
        if asset_id not in assets:
            raise NotThisCustomers("assets", name=str(asset_id), customer=ticket.customer.name)
    found = [
        TicketObject(product_id=asset.product_id, asset=asset, serial=asset.serial, lot=asset.lot)
        for asset in (assets[asset_id] for asset_id in wanted)
    ]
    products = dict.fromkeys(call.product_ids)
    known = set(Product.objects.filter(pk__in=products).values_list("pk", flat=True)) if products else set()
    if set(products) - known:
        raise NotFound("products")
    return found + [TicketObject(product_id=product_id) for product_id in products]


def _assets_of(customer: Customer, ids: Collection[int]) -> models.QuerySet[Asset]:
    return Asset.objects.filter(customer=customer, pk__in=ids)


@transaction.atomic
def change_ticket(
    *, ticket_id: int, values: Mapping[str, Any], version: int | None, actor: Actor, now: datetime
) -> Ticket:
    """Change fields of a ticket; `values` names them as Call does. Status, plan and customer are not among them.

    Raises NotFound, StaleVersion, TicketCancelled, PeriodLocked and what taking a call refuses.
    """
    actor.require(WRITE)
    ticket = queries.lock(ticket_id, actor=actor)
    check_version(ticket.version, version)
    check_open_ticket(ticket)
    require_open(branch=ticket.branch, on=ticket.date, module=MODULE)
    changed = _apply(ticket, values)
    if not changed:
        return ticket
    rules.check_due(ticket.due_at, received_at=ticket.received_at)
    _belongs(ticket)
    colleague(ticket.verifier_id, "verifier")
    _index(ticket)
    if ticket.status in queries.OPEN:
        whole = None not in (ticket.planned_start, ticket.planned_end, ticket.assignee_id, ticket.verifier_id)
        ticket.status = rules.promised(whole=whole, accepted=ticket.accepted_at is not None)
    save(ticket)
    record("ticket.changed", subject=ticket, actor=actor, at=now, fields=sorted(changed), **_plain(changed))
    tell_people(ticket, "changed", actor=actor)
    return ticket


def _apply(ticket: Ticket, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set what differs; returns the old and the new value by field."""
    changed = {}
    for name, value in values.items():
        if name not in _CHANGES:
            raise Invalid(name)
        if name == "solution" or name in _TEXTS:
            value = _text(name, value)
        elif name == "priority":
            value = _choice(value, Priority.values, "priority")
        before = getattr(ticket, name)
        if before != value:
            changed[name] = (before, value)
            setattr(ticket, name, value)
    return changed


def _plain(changed: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """Before and after as JSON; of long texts only that they changed."""
    short = {name: pair for name, pair in changed.items() if name not in ("description", "notes", "solution")}
    return {
        "before": {name: _json(before) for name, (before, _) in short.items()},
        "after": {name: _json(after) for name, (_, after) in short.items()},
    }


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


@transaction.atomic
def add_message(
    *,
    ticket_id: int,
    text: str,
    actor: Actor,
    now: datetime,
    upload: Upload | None = None,
    register_entry: str = "",
) -> Message:
    """Add a remark, with a file if there is one; technicians to the tickets of their own orders.

    Raises NotFound, TextMissing, BadText, TextTooLong and what keeping a file refuses.
    """
    actor.require(WRITE, "report.write")
    ticket = queries.lock(ticket_id, actor=actor)
    text = rules.check_text(text, field="text")
    if not text and upload is None:
        raise TextMissing("text")
    require_open(branch=ticket.branch, on=today_at(ticket.branch.time_zone, now), module=MODULE)
    kept = None
    if upload is not None:
        kept = store_file(subject=ticket, data=upload.data, name=upload.name, purpose="message", actor=actor, now=now)
    message = Message.objects.create(
        ticket=ticket,
        at=now,
        author_id=actor.user_id,
        author_name=actor.name,
        text=text,
        attachment=kept,
        register_entry=rules.check_text(register_entry, field="register_entry", most=60, one_line=True),
    )
    record("ticket.message", subject=ticket, actor=actor, at=now, message=message.pk)
    tell_people(ticket, "message", actor=actor)
    return message


@transaction.atomic
def confirm_real(*, ticket_id: int, confirmed: bool, actor: Actor, now: datetime) -> Ticket:
    """The team on site says whether the request is real. Raises NotFound, TicketCancelled."""
    actor.require(WRITE, "own.work")
    ticket = queries.lock(ticket_id, actor=actor)
    check_open_ticket(ticket)
    if ticket.confirmed_real != confirmed:
        ticket.confirmed_real = confirmed
        save(ticket)
        record("ticket.confirmed", subject=ticket, actor=actor, at=now, confirmed=confirmed)
    return ticket


def check_open_ticket(ticket: Ticket) -> None:
    """Refuse to touch a cancelled ticket. Raises TicketCancelled."""
    if ticket.doc_status == DocumentStatus.CANCELLED:
        raise TicketCancelled(code=ticket.code)


def save(ticket: Ticket) -> None:
    """Write a locked ticket back as its next version."""
    ticket.version += 1
    ticket.save()


def follow(ticket: Ticket, trips: Collection[rules.Trip], *, actor: Actor, now: datetime) -> None:
    """Bring a locked ticket's status and plan in line with its work orders, after one of them changed."""
    derived = rules.standing(trips, verifier=ticket.verifier_id is not None, accepted=ticket.accepted_at is not None)
    before = ticket.status
    ticket.status = derived.status
    ticket.planned_start, ticket.planned_end = derived.planned_start, derived.planned_end
    ticket.assignee_id = derived.assignee_id
    ended = derived.status in (TicketStatus.FINALISED, TicketStatus.BY_PHONE)
    ticket.finalised_at = (ticket.finalised_at or now) if ended else None
    save(ticket)
    if ticket.status != before:
        record("ticket.status", subject=ticket, actor=actor, at=now, before=before, after=ticket.status)
        tell_people(ticket, "status", actor=actor)


def set_cancelled(ticket: Ticket, *, reason: str, actor: Actor, now: datetime) -> None:
    """Cancel a locked ticket; its work orders are the caller's. Raises TicketCancelled, ReasonMissing, PeriodLocked."""
    check_open_ticket(ticket)
    reason = rules.check_text(reason, field="reason", most=200, one_line=True)
    if not reason:
        raise ReasonMissing("reason")
    require_open(branch=ticket.branch, on=ticket.date, module=MODULE)
    ticket.doc_status = DocumentStatus.CANCELLED
    ticket.cancelled_at, ticket.cancel_reason = now, reason
    record("ticket.cancelled", subject=ticket, actor=actor, at=now, reason=reason)
    tell_people(ticket, "cancelled", actor=actor)


def set_reopened(ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """Take back that a locked ticket was cancelled, finalised or resolved by phone. Raises NotCancelled."""
    if ticket.doc_status != DocumentStatus.CANCELLED and ticket.status in queries.OPEN:
        raise NotCancelled(code=ticket.code)
    require_open(branch=ticket.branch, on=today_at(ticket.branch.time_zone, now), module=MODULE)
    ticket.doc_status = DocumentStatus.POSTED
    ticket.cancelled_at, ticket.cancel_reason, ticket.accepted_at = None, "", None
    record("ticket.reopened", subject=ticket, actor=actor, at=now)
    tell_people(ticket, "reopened", actor=actor)


def handlers(ticket: Ticket, *, besides: int | None) -> set[int]:
    """The people who handle the ticket: who took it, who does it, who verifies it; without the one who knows."""
    return {ticket.taken_by_id, ticket.assignee_id, ticket.verifier_id} - {None, besides}


def tell_people(ticket: Ticket, change: str, *, actor: Actor) -> None:
    """Queue a mail about the change to the other people who handle the ticket."""
    people = handlers(ticket, besides=actor.user_id)
    if people:
        defer("tickets.tell_people", ticket_id=ticket.pk, change=change, by=actor.name, people=sorted(people))


@transaction.atomic
def mail_people(*, ticket_id: int, change: str, by: str, people: Collection[int], now: datetime) -> int:
    """Write to these people, each in the own language, what happened to a ticket; returns to how many."""
    ticket = Ticket.objects.select_related("customer").filter(pk=ticket_id).first()
    if ticket is None:
        return 0
    told = 0
    for person in colleagues().filter(pk__in=people).exclude(email=""):
        with translation.override(person.language):
            facts = {
                "change": gettext(mails.CHANGES[change]),
                "ticket": {
                    "code": ticket.code,
                    "subject": ticket.subject,
                    "status": str(ticket.get_status_display()),
                    "url": f"{settings.PUBLIC_URL}/tickets/{ticket.pk}/",
                },
                "customer": {"name": ticket.customer.name},
                "person": {"name": by},
            }
        send_mail(
            event=mails.CHANGED,
            to=[person.email],
            language=person.language,
            facts=facts,
            about=ticket,
            customer_id=None,
            now=now,
        )
        told += 1
    return told
