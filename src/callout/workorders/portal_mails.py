"""The mail that brings customers the link by which they choose a time."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation

from callout.core.errors import N_
from callout.core.worktime import zone_of
from callout.notices.commands import send_mail
from callout.notices.registry import register_event
from callout.workorders import mails
from callout.workorders.models import WorkOrder

INVITED = "workorder.invited"
_LEFT_OUT = ("appointment", "technician")
FIELDS = {
    **{name: text for name, text in mails.FIELDS.items() if not name.startswith(_LEFT_OUT)},
    "link.address": N_("address at which the customer chooses a time"),
    "link.until": N_("day until which the address is valid"),
}


def register() -> None:
    """Make the event known; called once when the application starts."""
    register_event(
        INVITED,
        label=N_("Link to choose a time, to the customer"),
        subject=N_("{{ ticket.code }}: choose a time for our visit"),
        body=N_(
            "Good day,\n\nfor your request {{ ticket.code }} ({{ ticket.subject }}) please choose the time that suits "
            "you best:\n\n{{ link.address }}\n\nThe address is meant for you alone and is valid until "
            "{{ link.until }}.\n\nYou can also reach us at {{ branch.phone }}.\n\nKind regards\n{{ branch.name }}"
        ),
        fields=FIELDS,
    )


def address_of(secret: str) -> str:
    """Where the customer chooses. The secret stands in a parameter: paths are written into logs."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('choose_time')}?{urlencode({'key': secret})}"


def send(order: WorkOrder, secret: str, until: datetime, *, now: datetime) -> list[str]:
    """Write to the customer; to which addresses."""
    language = mails.language_of(order.ticket)
    mail = send_mail(
        event=INVITED, to=mails.recipients(order.ticket), language=language,
        facts=_facts(order, secret, until, language), about=order.ticket, customer_id=order.ticket.customer_id, now=now,
    )  # fmt: skip
    return list(mail.recipients) if mail is not None else []


def _facts(order: WorkOrder, secret: str, until: datetime, language: str) -> dict[str, Any]:
    found = mails.facts(order, None, language=language)
    with translation.override(language):
        day = formats.date_format(until.astimezone(zone_of(order.branch.time_zone)).date(), "DATE_FORMAT")
    named = {name: found[name] for name in found if name not in _LEFT_OUT}
    return {**named, "link": {"address": address_of(secret), "until": day}}
