"""What happened, when and by whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _


def kind_of(subject: models.Model | type[models.Model]) -> str:
    """The name under which a model's rows stand in the audit trail, for example "ticket"."""
    return str(subject._meta.model_name)


class Level(models.IntegerChoices):
    """How much detail a company wants to read; everything at or below the chosen level is written."""

    BASIC = 1, _("basic")
    ADVANCED = 2, _("advanced")
    DETAILED = 3, _("detailed")


class Entry(models.Model):
    """One thing that happened to one subject. Append-only: the database refuses updates and deletes.

    The actor is kept by id and name without a foreign key, so that the record outlives the person's account.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    level = models.SmallIntegerField(choices=Level.choices, default=Level.BASIC)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "-id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind}/{self.subject_id}"


class Setting(models.Model):
    """How much of what happens the installation writes down: one row at most; without it, everything basic."""

    level = models.SmallIntegerField(choices=Level.choices, default=Level.BASIC)

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), name="audit_one_setting"),
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="audit_level_known"),
        ]

    def __str__(self) -> str:
        return self.get_level_display()
