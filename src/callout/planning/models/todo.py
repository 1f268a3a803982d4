"""Tasks and reminders, what makes further ones by itself, and calendars that other programs read."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import Branch, Team
from callout.customers.models import Customer, Site
from callout.planning.models.vocabulary import ActivityState, ActivityType, Category


class Task(models.Model):
    """Something in somebody's to-do list: a task due on a day, or a reminder at a time; which, its type says.

    `category` is the state's. A task whose type has a number book carries `code`. `chain` made it, after the task
    `follows`; `subject_kind` and `subject_id` name the record that it belongs to, as in the audit trail.
    """

    activity_type = models.ForeignKey(ActivityType, models.PROTECT, verbose_name=_("type"))
    state = models.ForeignKey(ActivityState, models.PROTECT, verbose_name=_("state"))
    category = models.CharField(max_length=12, choices=Category.choices, default=Category.OPEN, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), null=True, blank=True, related_name="tasks"
    )
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="tasks")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    title = models.CharField(_("title"), max_length=200)
    notes = models.TextField(_("notes"), blank=True)
    due_on = models.DateField(_("due"))
    remind_at = models.DateTimeField(_("remind at"), null=True, blank=True)
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), null=True, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"), null=True, blank=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    series = models.CharField(_("series"), max_length=12, blank=True)
    number = models.PositiveBigIntegerField(_("number"), null=True, blank=True)
    code = models.CharField(_("code"), max_length=40, blank=True)
    chain = models.ForeignKey("planning.Chain", models.SET_NULL, null=True, blank=True, related_name="tasks")
    follows = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="followers")
    created_at = models.DateTimeField(_("created"))
    created_by_name = models.CharField(_("created by"), max_length=150, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(fields=["owner", "due_on", "id"], condition=Q(closed_at__isnull=True), name="task_to_do"),
            models.Index(fields=["team", "due_on", "id"], condition=Q(closed_at__isnull=True), name="task_of_team"),
            models.Index(fields=["subject_kind", "subject_id"], name="task_subject"),
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False, reminded_at__isnull=True, closed_at__isnull=True),
                name="task_to_remind",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(category__in=Category.values), name="task_category_known"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("created_at")), name="task_times"
            ),
            models.CheckConstraint(condition=Q(owner__isnull=False) | Q(team__isnull=False), name="task_is_somebodys"),
            models.UniqueConstraint(fields=["series", "number"], name="task_number_unique"),
            models.UniqueConstraint(fields=["chain", "follows", "due_on"], name="task_once_per_chain"),
            models.UniqueConstraint(
                fields=["chain", "subject_kind", "subject_id", "due_on"],
                condition=Q(follows__isnull=True),
                name="task_once_for_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Chain(models.Model):
    """When an activity of a type opens or closes, a task or reminder of another type (or the same) is made by itself.

    Its due date is `every` `unit`s after the old due date or the closing date, moved off days on which nobody works as
    `free_days` says. `unit` empty means on that date itself.
    """

    class Trigger(models.TextChoices):
        """What sets the chain going."""

        OPENED = "opened", _("the activity opens")
        CLOSED = "closed", _("the activity closes")
        TASK_CLOSED = "task_closed", _("the task closes")

    class Base(models.TextChoices):
        """From which date the new due date is counted."""

        DUE = "due", _("old due date")
        CLOSING = "closing", _("closing date")

    class Unit(models.TextChoices):
        """What the recurrence counts."""

        DAY = "day", _("days")
        WEEK = "week", _("weeks")
        MONTH = "month", _("months")

    class FreeDays(models.TextChoices):
        """What becomes of a date on which nobody works."""

        KEEP = "keep", _("stays")
        BEFORE = "before", _("the working day before")
        AFTER = "after", _("the working day after")
        SKIP = "skip", _("is left out")

    activity_type = models.ForeignKey(ActivityType, models.CASCADE, related_name="chains")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    trigger = models.CharField(_("when"), max_length=11, choices=Trigger.choices)
    creates = models.ForeignKey(ActivityType, models.PROTECT, verbose_name=_("creates"), related_name="+")
    unit = models.CharField(_("recurrence"), max_length=5, choices=Unit.choices, blank=True)
    every = models.PositiveSmallIntegerField(_("every"), default=1)
    free_days = models.CharField(_("free days"), max_length=6, choices=FreeDays.choices, default=FreeDays.AFTER)
    base = models.CharField(_("counted from"), max_length=7, choices=Base.choices, default=Base.DUE)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("chain")
        verbose_name_plural = _("chains")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(trigger__in=["opened", "closed", "task_closed"]), name="chain_trigger_known"
            ),
            models.CheckConstraint(condition=Q(every__gte=1, every__lte=1000), name="chain_every"),
        ]

    def __str__(self) -> str:
        return f"{self.activity_type} > {self.creates}"


class Feed(models.Model):
    """A calendar that other programs read by a secret address: one person's or one team's, until it is revoked."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds")
    team = models.ForeignKey(Team, models.CASCADE, verbose_name=_("team"), null=True, blank=True, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("last read"), null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.team or self.owner)
