"""Messages that leave the house, and the templates they are made from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import LANGUAGES


class MailTemplate(models.Model):
    """A company's own wording for one event in one language; without one the built-in wording is used."""

    event = models.CharField(_("event"), max_length=40)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("mail template")
        verbose_name_plural = _("mail templates")
        ordering = ["event", "language"]
        constraints = [models.UniqueConstraint(fields=["event", "language"], name="mail_template_unique")]

    def __str__(self) -> str:
        return f"{self.event} ({self.language})"


class MailStatus(models.TextChoices):
    """Where an outgoing message stands."""

    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class OutgoingMail(models.Model):
    """A message to send; written with the change that causes it, sent after its commit."""

    event = models.CharField(max_length=40)
    recipients = models.JSONField()
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("text"))
    attachment_ids = models.JSONField(default=list)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    status = models.CharField(_("status"), max_length=6, choices=MailStatus.choices, default=MailStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["about_kind", "about_id"], name="mail_about"),
            models.Index(fields=["customer_id", "-id"], name="mail_customer"),
        ]

    def __str__(self) -> str:
        return self.subject
