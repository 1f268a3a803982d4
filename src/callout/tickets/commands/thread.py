"""The conversation about a ticket, and telling the people who handle it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from callout.accounts.actor import Actor
from callout.accounts.queries import colleagues
from callout.audit.commands import record
from callout.documents.commands import store_file
from callout.documents.queries import require_open
from callout.jobs.commands import defer
from callout.notices.commands import send_mail
from callout.planning.models import Resource
from callout.tickets import mails, queries, rules
from callout.tickets.commands.fields import MODULE, WRITE, today_at
from callout.tickets.errors import TextMissing
from callout.tickets.models import Message, Ticket


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sends."""

    name: str
    data: bytes


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
    entry = rules.check_text(register_entry, field="register_entry", most=60, one_line=True)
    return say(ticket, text, "message", actor=actor, now=now, attachment=kept, register_entry=entry)


def say(ticket: Ticket, text: str, change: str, *, actor: Actor, now: datetime, **more: Any) -> Message:
    """Write a checked text into the conversation of a locked ticket; its people are told of `change`."""
    message = Message.objects.create(
        ticket=ticket, at=now, author_id=actor.user_id, author_name=actor.name, text=text, **more
    )
    record("ticket.message", subject=ticket, actor=actor, at=now, message=message.pk)
    tell_people(ticket, change, actor=actor)
    return message


def handlers(ticket: Ticket, *, besides: int | None) -> set[int]:
    """The people who handle the ticket: who took it, who does it and who helps, who verifies it; without who knows."""
    people = {ticket.taken_by_id, ticket.assignee_id, ticket.verifier_id}
    if ticket.assignee_id is not None:
        # Helpers belong to a higher app, whose rows point here: only the name of the relation is used.
        people |= set(Resource.objects.filter(helps__work_order__ticket=ticket).values_list("user_id", flat=True))
    return {person for person in people if person is not None and person != besides}


def tell_people(ticket: Ticket, change: str, *, actor: Actor) -> None:
    """Queue a mail about the change to the other people who handle the ticket."""
    tell(ticket, change, handlers(ticket, besides=actor.user_id), actor=actor)


def tell(ticket: Ticket, change: str, people: Collection[int], *, actor: Actor) -> None:
    """Queue a mail about the change to these people; whoever made it knows."""
    others = sorted(set(people) - {actor.user_id})
    if others:
        defer("tickets.tell_people", ticket_id=ticket.pk, change=change, by=actor.name, people=others)


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
