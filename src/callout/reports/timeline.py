"""A customer's story: everything that happened, newest first, from every capability the reader may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from callout.accounts.actor import Actor
from callout.billing.queries import invoices_visible_to
from callout.core.ids import decode_cursor, encode_cursor
from callout.customers.models import Customer
from callout.notices.models import OutgoingMail
from callout.tickets.models import Message
from callout.tickets.queries import visible_to as tickets_visible_to
from callout.workorders.models import WorkOrder
from callout.workorders.queries import HELPERS, named
from callout.workorders.queries import visible_to as work_orders_visible_to

PAGE = 30


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: when, what it was about, in words, by whom, and where to look."""

    at: datetime
    kind: str
    key: int
    icon: str
    title: str
    detail: str
    url: str
    who: str = ""

    @property
    def order(self) -> tuple[datetime, str, int]:
        """The place in the story; unique, so that a page can go on where another ended."""
        return self.at, self.kind, self.key


Source = Callable[[Customer, Actor, datetime | None], Iterable[Event]]


def timeline(customer: Customer, *, actor: Actor, cursor: str = "") -> tuple[list[Event], str]:
    """The next PAGE events, newest first, and the cursor of what follows ("" at the end).

    One bounded statement per source. Raises Invalid for a cursor that was not given out.
    """
    last = decode_cursor(cursor, kinds=(datetime, str, int)) if cursor else None
    before = last[0] if last else None
    events = [event for source in SOURCES for event in source(customer, actor, before)]
    events.sort(key=lambda event: event.order, reverse=True)
    if last:
        events = [event for event in events if event.order < last]
    page = events[:PAGE]
    return page, encode_cursor(list(page[-1].order)) if len(events) > PAGE else ""


def _page(found: models.QuerySet[Any], field: str, before: datetime | None) -> models.QuerySet[Any]:
    """The newest rows of one source up to and including `before`, one more than a page."""
    found = found.filter(**{f"{field}__isnull": False})
    if before:
        found = found.filter(**{f"{field}__lte": before})
    return found.order_by(f"-{field}", "-pk")[: PAGE + 1]


def _tickets(customer: Customer, actor: Actor, before: datetime | None) -> Iterable[Event]:
    found = tickets_visible_to(actor).filter(customer=customer)
    for ticket in _page(found.select_related("taken_by", "activity_type"), "received_at", before):
        yield Event(
            ticket.received_at, "ticket", ticket.pk, "phone-incoming",
            _("Ticket %(code)s: %(subject)s") % {"code": ticket.code, "subject": ticket.subject},
            f"{ticket.activity_type} · {ticket.get_status_display()}",
            reverse("ticket", args=[ticket.pk]), str(ticket.taken_by or ""),
        )  # fmt: skip


def _messages(customer: Customer, actor: Actor, before: datetime | None) -> Iterable[Event]:
    tickets = tickets_visible_to(actor).filter(customer=customer)
    for message in _page(Message.objects.filter(ticket__in=tickets).select_related("ticket"), "at", before):
        yield Event(
            message.at, "message", message.pk, "message",
            _("Message on ticket %(code)s") % {"code": message.ticket.code},
            message.text, reverse("ticket", args=[message.ticket_id]) + "#thread", message.author_name,
        )  # fmt: skip


STEPS = (
    ("started_at", "visit", "player-play", lambda code: _("Work order %(code)s: work began") % {"code": code}),
    ("reported_at", "report", "clipboard-check", lambda code: _("Work order %(code)s was reported") % {"code": code}),
    ("verified_at", "verified", "checklist", lambda code: _("Work order %(code)s was verified") % {"code": code}),
)


def _work_orders(customer: Customer, actor: Actor, before: datetime | None) -> Iterable[Event]:
    found = work_orders_visible_to(actor).filter(ticket__customer=customer)
    found = found.select_related("resource__user", "activity_type", "site").prefetch_related(HELPERS)
    for field, kind, icon, title in STEPS:
        for order in _page(found, field, before):
            yield Event(
                getattr(order, field), kind, order.pk, icon, title(order.code),
                f"{order.activity_type} · {order.site}", reverse("work_order", args=[order.pk]),
                named(order),
            )  # fmt: skip


def _visits(customer: Customer, actor: Actor, before: datetime | None) -> Iterable[Event]:
    found: models.QuerySet[WorkOrder] = work_orders_visible_to(actor).filter(ticket__customer=customer)
    found = found.filter(started_at__isnull=True).select_related("appointment", "resource__user", "activity_type")
    found = found.prefetch_related(HELPERS)
    for order in _page(found, "appointment__starts", before):
        yield Event(
            order.appointment.starts, "planned", order.pk, "calendar-time",
            _("Work order %(code)s: planned visit") % {"code": order.code},
            str(order.activity_type), reverse("work_order", args=[order.pk]), named(order),
        )  # fmt: skip


def _invoices(customer: Customer, actor: Actor, before: datetime | None) -> Iterable[Event]:
    found = invoices_visible_to(actor).filter(customer=customer)
    for invoice in _page(found, "created_at", before):
        title = _("Invoice %(code)s") % {"code": invoice.code} if invoice.code else _("Draft invoice")
        yield Event(
            invoice.created_at, "invoice", invoice.pk, "file-invoice", title,
            f"{invoice.total} {invoice.currency} · {invoice.get_doc_status_display()}",
            reverse("invoice", args=[invoice.pk]), invoice.created_by_name,
        )  # fmt: skip


def _mails(customer: Customer, actor: Actor, before: datetime | None) -> Iterable[Event]:
    if not actor.may("ticket.read"):
        return
    for mail in _page(OutgoingMail.objects.filter(customer_id=customer.pk), "created_at", before):
        yield Event(
            mail.created_at, "mail", mail.pk, "mail", _("E-mail: %(subject)s") % {"subject": mail.subject},
            ", ".join(mail.recipients), "", mail.get_status_display(),
        )  # fmt: skip


SOURCES: tuple[Source, ...] = (_tickets, _messages, _work_orders, _visits, _invoices, _mails)
