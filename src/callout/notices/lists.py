"""The list of outgoing mail."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.notices import queries, registry
from callout.notices.models import MailStatus, OutgoingMail
from callout.ui.filters import ChoiceFilter, DateFilter
from callout.ui.lists import Column, ListPage

COLOURS = {MailStatus.QUEUED: "blue", MailStatus.SENT: "green", MailStatus.FAILED: "red"}


def state(mail: OutgoingMail) -> tuple[Any, str]:
    """Where the mail stands."""
    return mail.get_status_display(), COLOURS[MailStatus(mail.status)]


def event_name(mail: OutgoingMail) -> str:
    """What the mail was about, in words."""
    return gettext(registry.label_of(mail.event))


def event_choices() -> list[tuple[str, str]]:
    """All events for a filter."""
    return [(event.code, gettext(event.label)) for event in registry.events()]


def found(rows: QuerySet, text: str) -> QuerySet:
    """Mail by part of the subject, or by an address."""
    return rows.filter(subject__icontains=text) | rows.filter(recipients__contains=[text])


class OutgoingMails(ListPage):
    """Mail that was sent, waits, or could not be sent."""

    name = "outgoing_mails"
    title = _("Outgoing mail")
    right = "settings.admin"
    order = ("-id",)
    row_url = "outgoing_mail"
    search = found
    search_hint = _("Subject, or a whole address")
    columns = (
        Column("created_at", _("Written"), kind="datetime"),
        Column("subject", _("Subject")),
        Column("recipients", pgettext_lazy("recipient", "To"), value=lambda mail: ", ".join(mail.recipients)),
        Column("event", _("Event"), value=event_name, sort="event"),
        Column("status", _("State"), value=state, kind="status", sort="status"),
        Column("sent_at", _("Sent"), kind="datetime"),
        Column("attempts", _("Attempts"), kind="number", default=False),
        Column("error", _("Error"), default=False),
    )
    filters = (
        ChoiceFilter("status", _("State"), MailStatus.choices),
        ChoiceFilter("event", _("Event"), event_choices),
        DateFilter("created", _("Written"), "created_at"),
    )

    def rows(self, actor: Actor) -> QuerySet[OutgoingMail]:
        """Everything that administrators may see."""
        return queries.outgoing(actor)
