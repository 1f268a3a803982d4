"""Proposals of automatic dispatch, and what became of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import User
from callout.jobs.models import Run
from callout.planning.models import Resource
from callout.workorders.models import WorkOrder


class Proposal(models.Model):
    """What automatic dispatch proposes to one dispatcher, who accepts all, some or none of it.

    `choice` is what was asked; `figures` the costs before and after; `notes` what the reader has to know. `branch_ids`
    are those of the people it was looked at for.
    """

    class Kind(models.TextChoices):
        """Where it comes from."""

        DAYS = "days", _("dispatch")
        URGENT = "urgent", _("urgent call")

    class Status(models.TextChoices):
        """Where it stands."""

        WORKING = "working", _("being worked out")
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("discarded")
        UNDONE = "undone", _("withdrawn")
        FAILED = "failed", _("without result")

    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.DAYS)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.WORKING)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    run = models.OneToOneField(Run, models.PROTECT, null=True, related_name="+")
    branch_ids = ArrayField(models.BigIntegerField(), default=list)
    choice = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        indexes = [models.Index(fields=["-created_at", "-id"], name="proposal_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind"], condition=Q(status__in=["working", "open"]), name="proposal_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["working", "open", "accepted", "dismissed", "undone", "failed"]),
                name="proposal_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Suggestion(models.Model):
    """What a proposal says of one work order: a place on a calendar, another than it has, or why there is none.

    `version` is the order's when the proposal was made; `travel` seconds and `metres` lead there from the stop before.
    """

    class Kind(models.TextChoices):
        """What is to be done."""

        PLAN = "plan", _("to be planned")
        MOVE = "move", _("to be moved")
        LEFT = "left", _("left out")

    class Outcome(models.TextChoices):
        """What has been done."""

        WAITING = "", _("not decided")
        ACCEPTED = "accepted", _("planned")
        REFUSED = "refused", _("not possible any more")
        UNDONE = "undone", _("taken back")
        KEPT = "kept", _("left alone")

    class Reason(models.TextChoices):
        """Why it is left out."""

        SKILL = "skill", _("Nobody who is there performs this type of work, in this zone and near enough.")
        WINDOW = "window", _("Whoever performs it is not there long enough before it is due.")
        FULL = "full", _("No time is left beside what is fixed or more important.")

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="suggestions")
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    version = models.PositiveIntegerField()
    resource = models.ForeignKey(Resource, models.PROTECT, null=True, related_name="+")
    starts = models.DateTimeField(null=True)
    ends = models.DateTimeField(null=True)
    from_resource = models.ForeignKey(Resource, models.PROTECT, null=True, related_name="+")
    from_starts = models.DateTimeField(null=True)
    from_ends = models.DateTimeField(null=True)
    travel = models.PositiveIntegerField(default=0)
    metres = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=6, choices=Reason.choices, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    told = models.TextField(blank=True)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "work_order"], name="suggestion_once"),
            models.CheckConstraint(
                condition=Q(kind="left", starts__isnull=True, resource__isnull=True)
                | Q(kind__in=["plan", "move"], resource__isnull=False, ends__gt=F("starts")),
                name="suggestion_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind="move") | Q(from_resource__isnull=False, from_ends__gt=F("from_starts")),
                name="suggestion_moves_from",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work_order_id} {self.kind}"
