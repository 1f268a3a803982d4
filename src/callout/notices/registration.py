"""What mail adds to the registries of lower apps."""

from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.documents.registry import SettingsPage, register_settings, register_subject

RIGHT = "settings.admin"


def may_read_mail(actor: Actor, pk: int) -> bool:
    """Mail and its wording are for who administers them."""
    return actor.may(RIGHT)


def register() -> None:
    """Fill the registries; called once when the application starts."""
    register_settings(
        SettingsPage("wordings", _("Wording of mails"), _("What mails say, in each language"), "message", RIGHT)
    )
    register_settings(
        SettingsPage("outgoing_mails", _("Outgoing mail"), _("What was sent, waits, or failed"), "mail", RIGHT)
    )
    for kind in ("outgoingmail", "mailtemplate"):
        register_subject(kind, may_read=may_read_mail)
