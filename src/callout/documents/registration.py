"""What this app and those below it offer: settings, who may read their history, how lists become PDFs."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.rules import ROLE_NAMES
from callout.core.errors import N_
from callout.documents.pdf import render_pdf
from callout.documents.registry import (
    SettingsPage,
    register_actions,
    register_settings,
    register_subject,
    register_values,
)
from callout.ui import shapes
from callout.ui.exports import register_renderer

RIGHT = "settings.admin"


def may_read_settings(actor: Actor, pk: int) -> bool:
    """The history of settings is for who changes them."""
    return actor.may(RIGHT)


def register() -> None:
    """Fill the registries; called once when the application starts."""
    register_renderer("pdf", render_pdf)
    for kind in ("numberbook", "period", "branch"):
        register_subject(kind, may_read=may_read_settings)
    for page in (
        SettingsPage("branches", _("Branches"), _("Letterhead, country, currency, time zone"), "building", RIGHT),
        SettingsPage("number_books", _("Number books"), _("Series and next numbers of documents"), "barcode", RIGHT),
        SettingsPage("periods", _("Periods"), _("Open and locked accounting periods"), "calendar", RIGHT),
    ):
        register_settings(page)
    register_actions(ACTIONS, FACTS)
    register_values(("roles", "roles_before"), role_name)
    register_values(("percent", "quantity"), shapes.quantity)
    register_values(("price", "cost", "total"), shapes.money)


def role_name(code: str) -> str:
    """What a role is called in the reader's language; one that is gone by its code."""
    return gettext(ROLE_NAMES[code]) if code in ROLE_NAMES else code


ACTIONS = {
    "branch.created": N_("Branch created"),
    "branch.changed": N_("Branch changed"),
    "file.stored": N_("File added"),
    "first_access.issued": N_("First-access code given"),
    "first_access.used": N_("First-access code used"),
    "mail.failed": N_("Mail could not be sent"),
    "mail.queued": N_("Mail written"),
    "mail.sent": N_("Mail sent"),
    "mail.sent_again": N_("Mail sent again"),
    "number_book.changed": N_("Number book changed"),
    "number_book.created": N_("Number book created"),
    "password.changed": N_("Password changed"),
    "period.created": N_("Period created"),
    "period.locked": N_("Period locked"),
    "period.unlocked": N_("Period opened again"),
    "person.changed": N_("Person changed"),
    "person.created": N_("Person created"),
    "person.disabled": N_("Person disabled"),
    "person.enabled": N_("Person enabled"),
    "person.own_data": N_("Own data changed"),
    "person.set_up": N_("First access finished"),
    "recovery.released": N_("Recovery of the password released"),
    "recovery.requested": N_("Recovery of the password asked for"),
    "recovery.used": N_("Password recovered"),
    "recovery.wrong_answer": N_("Wrong secret answer"),
    "secret_question.changed": N_("Secret question changed"),
    "team.changed": N_("Team changed"),
    "team.created": N_("Team created"),
    "user.language": N_("Language chosen"),
    "user.single_keys": N_("Keys without Ctrl switched"),
    "wording.saved": N_("Wording saved"),
}

FACTS = {
    "active": N_("active"),
    "attachment": N_("file"),
    "attempts": N_("attempts"),
    "branch": N_("branch"),
    "branches": N_("branches"),
    "changed": N_("changed"),
    "chosen": N_("chosen"),
    "code": N_("code"),
    "email": N_("e-mail"),
    "ends": N_("to"),
    "error": N_("error"),
    "event": N_("event"),
    "format": N_("format"),
    "grants": N_("rights beside the roles"),
    "is_default": N_("used unless another is chosen"),
    "kind": N_("document"),
    "language": N_("language"),
    "mail": N_("mail"),
    "members": N_("members"),
    "module": N_("module"),
    "name": N_("name"),
    "new": N_("new"),
    "next_number": N_("next number"),
    "old": N_("old"),
    "on": N_("on"),
    "purpose": N_("purpose"),
    "reason": N_("reason"),
    "roles": N_("roles"),
    "roles_before": N_("roles before"),
    "series": N_("series"),
    "starts": N_("from"),
    "without_mail": N_("without mail"),
    "teams": N_("teams"),
    "to": N_("recipients"),
    "username": N_("user name"),
}
