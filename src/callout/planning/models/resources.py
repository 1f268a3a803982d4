"""Whose time is planned: when they are there, and when they are away."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import Branch, User
from callout.customers.models import Zone
from callout.documents.models import no_overlap


class Resource(models.Model):
    """Somebody whose time is planned. Whoever writes to the calendar locks this row first.

    With `presence` "hours" the working hours are the presence; with "patterns" only generated presences count. Free
    time is kept from `free_from` to `free_until`; empty: not at all.
    """

    class PresenceMode(models.TextChoices):
        """Where presence comes from."""

        HOURS = "hours", _("working hours")
        PATTERNS = "patterns", _("presence patterns")

    user = models.OneToOneField(User, models.PROTECT, verbose_name=_("person"), related_name="resource")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"))
    colour = models.CharField(_("colour"), max_length=7, default="#206bc4")
    time_zone = models.CharField(_("time zone"), max_length=64)
    presence = models.CharField(_("presence"), max_length=10, choices=PresenceMode.choices, default=PresenceMode.HOURS)
    home_latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    home_longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)
    free_from = models.DateTimeField(null=True, editable=False)
    free_until = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["position", "user__display_name", "id"]

    def __str__(self) -> str:
        return self.user.display_name


class WorkingHours(models.Model):
    """A stretch of a resource's week in its own time zone; `ends` 00:00 means midnight at the end of that day."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="working_hours_weekday"),
            models.UniqueConstraint(fields=["resource", "weekday", "starts"], name="working_hours_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}-{self.ends:%H:%M}"


class Presence(models.Model):
    """A generated presence of a resource in a zone, [starts, ends); `day` of `pattern` is written once."""

    pattern = models.ForeignKey(
        "planning.PresencePattern", models.SET_NULL, null=True, blank=True, related_name="presences"
    )
    day = models.DateField(null=True, blank=True)
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="presences")
    zone = models.ForeignKey(Zone, models.PROTECT, verbose_name=_("zone"), null=True, blank=True)
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("to"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="presence_order"),
            no_overlap("presence_no_overlap", "resource", "starts", "ends"),
            models.UniqueConstraint(fields=["pattern", "day"], name="presence_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.starts} - {self.ends}"


class Absence(models.Model):
    """Time in which a resource is away, [starts, ends)."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="absences")
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("to"))
    reason = models.CharField(_("reason"), max_length=80)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts"]
        indexes = [models.Index(fields=["resource", "ends"], name="absence_of_resource")]
        constraints = [models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="absence_order")]

    def __str__(self) -> str:
        return self.reason


class PresencePattern(models.Model):
    """A criterion from which presences are generated: these hours, on these days, in this zone.

    Hours are wall-clock times in the resource's zone; `ends` 00:00 or before `starts` means the next day. Days come
    every `every` `unit`s from `starts_on` (by week: on `weekdays`, 0 being Monday) up to `ends_on` inclusive, if any.
    """

    class Unit(models.TextChoices):
        """What the recurrence counts."""

        DAY = "day", _("days")
        WEEK = "week", _("weeks")
        MONTH = "month", _("months")

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="patterns")
    zone = models.ForeignKey(Zone, models.PROTECT, verbose_name=_("zone"), null=True, blank=True)
    unit = models.CharField(_("recurrence"), max_length=5, choices=Unit.choices, default=Unit.WEEK)
    every = models.PositiveSmallIntegerField(_("every"), default=1)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("weekdays"), default=list, blank=True)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    generated_until = models.DateField(_("generated until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("presence pattern")
        verbose_name_plural = _("presence patterns")
        ordering = ["resource", "starts_on", "starts", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(unit__in=["day", "week", "month"]), name="pattern_unit_known"),
            models.CheckConstraint(condition=Q(every__gte=1, every__lte=1000), name="pattern_every"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="pattern_days_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}-{self.ends:%H:%M}"


class AbsenceRequest(models.Model):
    """Somebody asks to be away, [starts, ends). Approved, it has become an absence; until then it closes nothing."""

    class Status(models.TextChoices):
        """What became of the request."""

        ASKED = "asked", _("asked for")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="absence_requests")
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("to"))
    reason = models.CharField(_("reason"), max_length=80)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.ASKED)
    absence = models.OneToOneField(Absence, models.SET_NULL, null=True, related_name="request")
    asked_at = models.DateTimeField(_("asked"))
    asked_by_name = models.CharField(_("asked by"), max_length=150)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by_name = models.CharField(_("decided by"), max_length=150, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("absence request")
        verbose_name_plural = _("absence requests")
        ordering = ["-starts", "-id"]
        indexes = [
            models.Index(fields=["starts", "id"], condition=Q(status="asked"), name="absence_request_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["asked", "approved", "refused", "withdrawn"]), name="absence_request_status"
            ),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="absence_request_order"),
            models.CheckConstraint(
                condition=Q(status="asked", decided_at__isnull=True)
                | (~Q(status="asked") & Q(decided_at__isnull=False)),
                name="absence_request_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
