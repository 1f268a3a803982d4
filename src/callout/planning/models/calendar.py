"""What stands on the calendars, and what is left of them."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from callout.customers.models import Site, Zone
from callout.documents.models import no_overlap
from callout.planning.models.resources import Resource
from callout.planning.models.vocabulary import (
    BLOCKS_THE_SLOT,
    FREES_THE_SLOT,
    ActivityState,
    ActivityType,
    Category,
)
from callout.planning.rules import LONGEST


class Appointment(models.Model):
    """A block of time on one resource's calendar, [starts, ends). While `blocks`, no other may overlap it.

    `category` is the state's (a foreign key over both holds it to that), and decides whether the appointment `blocks`.
    """

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="appointments")
    activity_type = models.ForeignKey(ActivityType, models.PROTECT, verbose_name=_("type"))
    state = models.ForeignKey(ActivityState, models.PROTECT, verbose_name=_("state"))
    category = models.CharField(
        max_length=12, choices=Category.choices, default=Category.PLANNED, db_default=Category.PLANNED, editable=False
    )
    blocks = models.BooleanField(default=True)
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("to"))
    title = models.CharField(_("title"), max_length=200)
    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=150, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes = [
            models.Index(fields=["resource", "starts"], name="appointment_calendar"),
            models.Index(fields=["starts", "resource"], name="appointment_by_time"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="appointment_order"),
            models.CheckConstraint(condition=Q(ends__lte=F("starts") + LONGEST), name="appointment_length"),
            models.CheckConstraint(
                condition=Q(blocks=True, category__in=BLOCKS_THE_SLOT) | Q(blocks=False, category__in=FREES_THE_SLOT),
                name="appointment_blocks_by_category",
            ),
            no_overlap("appointment_no_overlap", "resource", "starts", "ends", condition=Q(blocks=True)),
        ]

    def __str__(self) -> str:
        return self.title


class FreeTime(models.Model):
    """A stretch in which a resource could still take work, [starts, ends): bookable time that no appointment takes.

    Kept up to date by every command that writes to a calendar, under the resource's lock, within the resource's
    `free_from` and `free_until`. `zone` is where a generated presence holds it; empty means anywhere.
    """

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="free_times", db_index=False)
    zone = models.ForeignKey(Zone, models.CASCADE, null=True, related_name="+")
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        indexes = [  # a key without an index of its own begins one of these
            models.Index(fields=["resource", "ends"], name="free_time_of_resource"),
            models.Index(fields=["starts"], include=["ends", "resource", "zone"], name="free_time_by_start"),
            GistIndex(Func(F("starts"), F("ends"), Value("[)"), function="tstzrange"), name="free_time_by_time"),
        ]
        constraints = [models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="free_time_order")]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.starts} - {self.ends}"
