"""What customers are told about their work orders, and the wording of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext

from callout.accounts.actor import Actor
from callout.accounts.models import User
from callout.core.errors import N_
from callout.core.worktime import zone_of
from callout.documents.models import Attachment
from callout.notices.commands import send_mail
from callout.notices.registry import register_event
from callout.planning.models import Appointment
from callout.tickets.models import Ticket
from callout.tickets.rules import addresses
from callout.workorders.models import WorkOrder
from callout.workorders.queries import named

FIELDS = {
    "ticket.code": N_("number of the ticket"),
    "ticket.subject": N_("subject of the ticket"),
    "work_order.code": N_("number of the work order"),
    "work_order.type": N_("type of work"),
    "customer.name": N_("name of the customer"),
    "contact.name": N_("name of the contact person"),
    "site.name": N_("name of the site"),
    "site.address": N_("address of the site"),
    "appointment.date": N_("day of the appointment"),
    "appointment.start": N_("time at which it begins"),
    "appointment.end": N_("time at which it ends"),
    "technician.name": N_("name of the technician, and of those who come along"),
    "branch.name": N_("name of the branch"),
    "branch.phone": N_("telephone number of the branch"),
}
PLANNED, MOVED, CANCELLED, REPORTED, TO_PLAN = (
    "workorder.planned", "workorder.moved", "workorder.cancelled", "workorder.reported", "workorder.to_plan",
)  # fmt: skip
OCCASIONS = {PLANNED: "created", MOVED: "moved", CANCELLED: "cancelled"}
"""The occasion of an activity type's settings under which each mail goes out."""


def register() -> None:
    """Make the events known; called once when the application starts."""
    register_event(
        PLANNED,
        label=N_("Appointment made, to the customer"),
        subject=N_("{{ ticket.code }}: appointment on {{ appointment.date }}"),
        body=N_(
            "Good day,\n\nfor your request {{ ticket.code }} ({{ ticket.subject }}) our technician "
            "{{ technician.name }} will come to {{ site.address }} on {{ appointment.date }} between "
            "{{ appointment.start }} and {{ appointment.end }}.\n\nIf this does not suit you, please call us: "
            "{{ branch.phone }}.\n\nKind regards\n{{ branch.name }}"
        ),
        fields=FIELDS,
    )
    register_event(
        MOVED,
        label=N_("Appointment moved, to the customer"),
        subject=N_("{{ ticket.code }}: new appointment on {{ appointment.date }}"),
        body=N_(
            "Good day,\n\nthe appointment for your request {{ ticket.code }} ({{ ticket.subject }}) has been moved. "
            "Our technician {{ technician.name }} will come to {{ site.address }} on {{ appointment.date }} between "
            "{{ appointment.start }} and {{ appointment.end }}.\n\nIf this does not suit you, please call us: "
            "{{ branch.phone }}.\n\nKind regards\n{{ branch.name }}"
        ),
        fields=FIELDS,
    )
    register_event(
        CANCELLED,
        label=N_("Appointment cancelled, to the customer"),
        subject=N_("{{ ticket.code }}: appointment on {{ appointment.date }} cancelled"),
        body=N_(
            "Good day,\n\nthe appointment for your request {{ ticket.code }} ({{ ticket.subject }}) on "
            "{{ appointment.date }} at {{ appointment.start }} will not take place.\n\nYou can reach us at "
            "{{ branch.phone }}.\n\nKind regards\n{{ branch.name }}"
        ),
        fields=FIELDS,
    )
    register_event(
        REPORTED,
        label=N_("Work done, to the customer, with the service report"),
        subject=N_("{{ ticket.code }}: service report {{ work_order.code }}"),
        body=N_(
            "Good day,\n\nthe work for your request {{ ticket.code }} ({{ ticket.subject }}) is done. Attached is the "
            "service report {{ work_order.code }}.\n\nKind regards\n{{ branch.name }}"
        ),
        fields=FIELDS,
    )
    register_event(
        TO_PLAN,
        label=N_("Work to plan, to the people who plan it"),
        subject=N_("{{ work_order.code }}: {{ work_order.type }} at {{ customer.name }}"),
        body=N_(
            "There is work to plan.\n\nWork order: {{ work_order.code }}, {{ work_order.type }}\n"
            "Ticket: {{ ticket.code }}, {{ ticket.subject }}\nCustomer: {{ customer.name }}, {{ site.address }}"
        ),
        fields={name: text for name, text in FIELDS.items() if not name.startswith(("appointment", "technician"))},
    )


def mails_customers() -> bool:
    """Whether customers are told of the assignment and the completion of their requests."""
    return getattr(settings, "MAIL_CUSTOMERS", True)


def recipients(ticket: Ticket) -> list[str]:
    """Where messages about the ticket go: its own addresses, else the contact's, else the customer's."""
    if ticket.emails:
        return addresses(ticket.emails)
    if ticket.contact is not None and ticket.contact.email:
        return [ticket.contact.email]
    return [ticket.customer.email] if ticket.customer.email else []


def language_of(ticket: Ticket) -> str:
    """The language in which the customer is written to."""
    own = ticket.contact.language if ticket.contact is not None else ""
    return own or ticket.customer.language


def tell_customer(event: str, order: WorkOrder, appointment: Appointment, *, actor: Actor, now: datetime) -> None:
    """Write to the customer, and to the type's mailing list, where the activity type or the option says so."""
    ticket, kind = order.ticket, order.activity_type
    by_type = OCCASIONS[event] in kind.mail_customer_on
    if by_type or (event == PLANNED and mails_customers()):
        _send(event, order, appointment, to=recipients(ticket), language=language_of(ticket), now=now)
    if by_type and kind.mailing_list:
        listed = addresses(kind.mailing_list, field="mailing_list")
        _send(event, order, appointment, to=listed, language=order.branch.language, now=now)


def send_report(order: WorkOrder, report: Attachment, *, now: datetime) -> None:
    """Write to the customer that the work is done, with the service report."""
    _send(
        REPORTED, order, order.appointment, to=recipients(order.ticket), language=language_of(order.ticket), now=now,
        attachments=[report],
    )  # fmt: skip


def tell_planner(order: WorkOrder, person: User, *, now: datetime) -> None:
    """Write to somebody who plans that there is work to plan."""
    send_mail(
        event=TO_PLAN,
        to=[person.email],
        language=person.language,
        facts=facts(order, None, language=person.language),
        about=order,
        customer_id=None,
        now=now,
    )


def _send(
    event: str,
    order: WorkOrder,
    appointment: Appointment | None,
    *,
    to: Sequence[str],
    language: str,
    now: datetime,
    attachments: Sequence[Attachment] = (),
) -> None:
    send_mail(
        event=event,
        to=to,
        language=language,
        facts=facts(order, appointment, language=language),
        about=order.ticket,
        customer_id=order.ticket.customer_id,
        attachments=attachments,
        now=now,
    )


def facts(order: WorkOrder, appointment: Appointment | None, *, language: str) -> dict[str, Any]:
    """What a wording may name, in the reader's language and the site's time zone."""
    ticket, site = order.ticket, order.site
    with translation.override(language):
        when = {"date": "", "start": "", "end": ""}
        if appointment is not None:
            zone = zone_of(site.time_zone)
            starts, ends = appointment.starts.astimezone(zone), appointment.ends.astimezone(zone)
            when = {
                "date": formats.date_format(starts.date(), "DATE_FORMAT"),
                "start": f"{starts:%H:%M}",
                "end": f"{ends:%H:%M}",
            }
        kind, people = str(order.activity_type), named(order)
        place = ", ".join(filter(None, (site.address, site.city))) or site.name or gettext("the agreed place")
    return {
        "ticket": {"code": ticket.code, "subject": ticket.subject},
        "work_order": {"code": order.code, "type": kind},
        "customer": {"name": ticket.customer.name},
        "contact": {"name": ticket.contact.name if ticket.contact else ""},
        "site": {"name": site.name, "address": place},
        "appointment": when,
        "technician": {"name": people},
        "branch": {"name": order.branch.name, "phone": order.branch.phone},
    }
