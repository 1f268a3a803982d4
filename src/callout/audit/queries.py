"""Reading the audit trail."""

from django.db import models

from callout.audit.models import Entry, Level, Setting, kind_of


def history(subject: models.Model) -> models.QuerySet[Entry]:
    """What happened to `subject`, newest first."""
    return history_of(kind_of(subject), subject.pk)


def history_of(kind: str, subject_id: int) -> models.QuerySet[Entry]:
    """What happened to the record of this kind and key, newest first."""
    return Entry.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("-id")


def level() -> int:
    """How much the installation writes down."""
    return Setting.objects.values_list("level", flat=True).first() or Level.BASIC
