"""Reading the audit trail."""

from django.db import models

from callout.audit.models import Entry, kind_of


def history(subject: models.Model) -> models.QuerySet[Entry]:
    """What happened to `subject`, newest first."""
    return Entry.objects.filter(subject_kind=kind_of(subject), subject_id=subject.pk).order_by("-id")
