"""Writing outgoing mail and its wording, and handing mail over to the server."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction

from callout.accounts.actor import SYSTEM, Actor
from callout.audit.commands import record
from callout.audit.models import Level, kind_of
from callout.core.errors import DomainError, NotFound, check_version
from callout.documents.models import Attachment
from callout.jobs.commands import defer
from callout.notices import delivery, queries, registry, rules, wording
from callout.notices.errors import NotFailed
from callout.notices.models import MailStatus, MailTemplate, OutgoingMail

log = structlog.get_logger("callout.notices")
FATE = ("status", "attempts", "error", "sent_at")


@transaction.atomic
def send_mail(
    *,
    event: str,
    to: Sequence[str],
    language: str,
    facts: dict[str, Any],
    about: models.Model,
    customer_id: int | None,
    attachments: Sequence[Attachment] = (),
    now: datetime,
) -> OutgoingMail | None:
    """Write a mail about an event and send it once this transaction is committed.

    None when no valid address is among `to`. `facts` are nested dictionaries of text, numbers, dates and lists;
    dates and numbers are written in the notation of `language`. Raises UnknownEvent.
    """
    recipients = valid_addresses(to)
    known = registry.event(event)
    if not recipients:
        return None
    subject, body = _worded(known, facts, language)
    mail = OutgoingMail.objects.create(
        event=event,
        recipients=recipients,
        subject=subject,
        body=body,
        attachment_ids=[one.pk for one in attachments],
        about_kind=kind_of(about),
        about_id=about.pk,
        customer_id=customer_id,
        message_id=f"<{uuid.uuid4()}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}>",
        created_at=now,
    )
    record("mail.queued", subject=about, actor=SYSTEM, at=now, mail=mail.pk, event=event, to=recipients)
    defer("notices.send", mail_id=mail.pk)
    return mail


def valid_addresses(addresses: Iterable[str]) -> list[str]:
    """The addresses that a mail can go to, each once, in their order; others are left out and logged."""
    found: dict[str, str] = {}
    for address in addresses:
        address = (address or "").strip()
        try:
            validate_email(address)
        except ValidationError:
            if address:
                log.warning("mail.bad_address", address=address[:200])
            continue
        found.setdefault(address.casefold(), address)
    return list(found.values())


def _worded(event: registry.Event, facts: dict[str, Any], language: str) -> tuple[str, str]:
    """Subject and text; a company's wording that cannot be used gives way to the built-in one, so the mail goes out."""
    chosen = queries.wording(event, language)
    try:
        subject, body = (wording.render(text, facts, language=language) for text in (chosen.subject, chosen.body))
    except DomainError as error:
        if chosen.own is None:
            raise
        log.warning("mail.own_wording_failed", about=event.code, language=language, error=str(error))
        chosen = queries.built_in(event, language)
        subject, body = (wording.render(text, facts, language=language) for text in (chosen.subject, chosen.body))
    return rules.header_line(subject), body


@transaction.atomic
def deliver(*, mail_id: int, now: datetime) -> OutgoingMail | None:
    """Hand a waiting mail over to the mail server; None when it was sent before or does not exist.

    The row is locked, so two workers never send it both, and the hand-over is the last thing before the commit. A
    worker killed between these two leaves the mail waiting, and it goes out again with the same Message-ID, by which
    receivers know it: a mail may come twice, but none is lost. A failure is kept with the mail and tried again later,
    until `rules.WAITS` is used up.
    """
    mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id, status=MailStatus.QUEUED).first()
    if mail is None:
        return None
    files = Attachment.objects.in_bulk(mail.attachment_ids)
    mail.attempts += 1
    try:
        with transaction.atomic():
            mail.status, mail.sent_at, mail.error = MailStatus.SENT, now, ""
            mail.save(update_fields=FATE)
            record("mail.sent", subject=mail, actor=SYSTEM, at=now, level=Level.ADVANCED, attempts=mail.attempts)
            delivery.hand_over(mail, [files[pk] for pk in mail.attachment_ids if pk in files])
    except (SMTPException, OSError) as error:
        mail.status, mail.sent_at = MailStatus.QUEUED, None
        _note_failure(mail, error, now)
        mail.save(update_fields=FATE)
    return mail


def _note_failure(mail: OutgoingMail, error: Exception, now: datetime) -> None:
    wait = None if _is_final(error) else rules.next_try(mail.attempts)
    mail.error = str(error)[:1000]
    log.warning("mail.failed", mail=mail.pk, attempts=mail.attempts, error=mail.error, again=wait and str(wait))
    if wait is None:
        mail.status = MailStatus.FAILED
        record("mail.failed", subject=mail, actor=SYSTEM, at=now, error=mail.error, attempts=mail.attempts)
    else:
        defer("notices.send", after=wait, mail_id=mail.pk)


def _is_final(error: Exception) -> bool:
    """Whether the server said no for good (5xx)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code >= 500


@transaction.atomic
def send_again(*, mail_id: int, actor: Actor, now: datetime) -> OutgoingMail:
    """Send a failed mail again. Raises NotFound, NotFailed."""
    actor.require("settings.admin")
    mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id).first()
    if mail is None:
        raise NotFound
    if mail.status != MailStatus.FAILED:
        raise NotFailed(status=mail.get_status_display())
    mail.status, mail.attempts, mail.error = MailStatus.QUEUED, 0, ""
    mail.save(update_fields=["status", "attempts", "error"])
    record("mail.sent_again", subject=mail, actor=actor, at=now)
    defer("notices.send", mail_id=mail.pk)
    return mail


@transaction.atomic
def save_wording(
    *,
    event: str,
    language: str,
    subject: str,
    body: str,
    active: bool,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> MailTemplate:
    """Keep the company's own wording of an event in one language.

    Raises UnknownEvent, StaleVersion and the refusals of `wording.check`.
    """
    actor.require("settings.admin")
    known = registry.event(event)
    wording.check(subject, fields=known.fields, field="subject")
    wording.check(body, fields=known.fields, field="body")
    own, created = MailTemplate.objects.select_for_update().get_or_create(
        event=event, language=language, defaults={"subject": subject, "body": body, "active": active}
    )
    if not created:
        check_version(own.version, version)
        own.subject, own.body, own.active = subject, body, active
        own.version += 1
        own.save(update_fields=["subject", "body", "active", "version"])
    record("wording.saved", subject=own, actor=actor, at=now, event=event, language=language, active=active)
    return own
