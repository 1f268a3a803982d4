"""Reading outgoing mail and its wording."""

from dataclasses import dataclass

from django.db import models
from django.utils import translation
from django.utils.translation import gettext

from callout.accounts.actor import Actor
from callout.core.errors import NotFound
from callout.notices import registry
from callout.notices.models import MailTemplate, OutgoingMail


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and body of an event in one language; `own` is the company's, None when the built-in one is used."""

    event: registry.Event
    language: str
    subject: str
    body: str
    own: MailTemplate | None = None


def built_in(event: registry.Event, language: str) -> Wording:
    """The wording that comes with the program."""
    with translation.override(language):
        return Wording(event, language, gettext(event.subject), gettext(event.body))


def wording(event: registry.Event, language: str) -> Wording:
    """The company's active wording of the event in this language, else the built-in one."""
    own = own_wording(event.code, language)
    if own is None or not own.active:
        return built_in(event, language)
    return Wording(event, language, own.subject, own.body, own)


def own_wording(event: str, language: str) -> MailTemplate | None:
    """The company's wording, in use or not."""
    return MailTemplate.objects.filter(event=event, language=language).first()


def own_wordings() -> dict[tuple[str, str], MailTemplate]:
    """The company's wordings by event and language."""
    return {(row.event, row.language): row for row in MailTemplate.objects.all()}


def outgoing(actor: Actor) -> models.QuerySet[OutgoingMail]:
    """All outgoing mail, newest first, for administrators; nothing for others."""
    found = OutgoingMail.objects.order_by("-id")
    return found if actor.may("settings.admin") else found.none()


def mail_about(subject: models.Model) -> models.QuerySet[OutgoingMail]:
    """The mail that was sent about a record, newest first."""
    kind = str(subject._meta.model_name)
    return OutgoingMail.objects.filter(about_kind=kind, about_id=subject.pk).order_by("-id")


def one_mail(pk: int, *, actor: Actor) -> OutgoingMail:
    """The mail. Raises NotFound."""
    found = outgoing(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
