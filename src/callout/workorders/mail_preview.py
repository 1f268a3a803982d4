"""The mails that a change of the plan would send, before it is made."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from callout.accounts.actor import Actor
from callout.core.errors import DomainError, NotFound
from callout.notices import queries as notices
from callout.notices import registry, rules, wording
from callout.notices.commands import valid_addresses
from callout.planning import queries as calendars
from callout.planning.models import Appointment
from callout.tickets.rules import addresses
from callout.workorders import mails, queries
from callout.workorders.models import WorkOrder, WorkStatus


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail as it would go out, in the language of those who get it."""

    to: list[str]
    language: str
    subject: str
    body: str


def previews(*, work_order_id: int, resource_id: int, starts: datetime, ends: datetime, actor: Actor) -> list[Preview]:
    """The mails that planning the work order there, or moving it there, would send now.

    None where the type of work does not say so or nobody has a valid address. Whether the plan is possible is not
    asked. Raises NotFound.
    """
    order = copy(queries.one(work_order_id, actor=actor))
    resource = calendars.resources_visible_to(actor).filter(pk=resource_id).first()
    if resource is None:
        raise NotFound("resource_id")
    order.resource = resource
    slot = Appointment(resource=resource, activity_type=order.activity_type, starts=starts, ends=ends)
    event = mails.MOVED if order.status == WorkStatus.PLANNED else mails.PLANNED
    return [_worded(event, order, slot, to, language) for to, language in _readers(event, order)]


def _readers(event: str, order: WorkOrder) -> list[tuple[list[str], str]]:
    """To whom the mail goes, as `mails.tell_customer` decides it, and in which language."""
    ticket, kind = order.ticket, order.activity_type
    by_type = mails.OCCASIONS[event] in kind.mail_customer_on
    readers: list[tuple[Sequence[str], str]] = []
    if by_type or (event == mails.PLANNED and mails.mails_customers()):
        readers.append((mails.recipients(ticket), mails.language_of(ticket)))
    if by_type and kind.mailing_list:
        readers.append((addresses(kind.mailing_list, field="mailing_list"), order.branch.language))
    valid = ((valid_addresses(to), language) for to, language in readers)
    return [(to, language) for to, language in valid if to]


def _worded(event: str, order: WorkOrder, slot: Appointment, to: list[str], language: str) -> Preview:
    known = registry.event(event)
    facts = mails.facts(order, slot, language=language)
    chosen = notices.wording(known, language)
    try:
        subject, body = (wording.render(text, facts, language=language) for text in (chosen.subject, chosen.body))
    except DomainError:  # a company's wording that cannot be used gives way to the built-in one, as when it is sent
        chosen = notices.built_in(known, language)
        subject, body = (wording.render(text, facts, language=language) for text in (chosen.subject, chosen.body))
    return Preview(to=to, language=language, subject=rules.header_line(subject), body=body)
