"""Work orders: from the estimate to what the technician reported."""

from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callout.catalog.models import LineKind, Product, RateCard, VatRate
from callout.customers.models import Site
from callout.documents.models import Attachment, Document
from callout.planning.models import ActivityType, Appointment, Resource
from callout.tickets.models import Ticket


class WorkStatus(models.TextChoices):
    """The way of a work order from call to bill."""

    FORESEEN = "foreseen", _("foreseen")
    PLANNED = "planned", _("planned")
    UNDER_WAY = "under_way", _("under way")
    DONE = "done", _("done")
    REPORTED = "reported", _("reported")
    VERIFIED = "verified", _("verified")
    BILLED = "billed", _("billed")
    NOT_NEEDED = "not_needed", _("not needed")
    CANCELLED = "cancelled", _("cancelled")


UNSETTLED = (
    WorkStatus.FORESEEN, WorkStatus.PLANNED, WorkStatus.UNDER_WAY, WorkStatus.DONE, WorkStatus.REPORTED,
    WorkStatus.VERIFIED,
)  # fmt: skip


class WorkOrder(Document):
    """One piece of work done for a ticket, normally a technician's trip.

    `resource` is set while the order is planned and stays as who did it. `currency` is the site's branch's.
    """

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, verbose_name=_("ticket"), related_name="work_orders", db_index=False
    )
    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"))
    activity_type = models.ForeignKey(ActivityType, models.PROTECT, verbose_name=_("type"))
    status = models.CharField(_("status"), max_length=10, choices=WorkStatus.choices, default=WorkStatus.FORESEEN)
    description = models.TextField(_("work to do"), blank=True)
    minutes = models.PositiveSmallIntegerField(_("expected duration in minutes"), default=60)
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, verbose_name=_("appointment"), null=True, blank=True, related_name="work_order"
    )
    resource = models.ForeignKey(
        Resource, models.PROTECT, verbose_name=_("technician"), null=True, blank=True, related_name="work_orders",
        db_index=False,
    )  # fmt: skip
    rate_card = models.ForeignKey(
        RateCard, models.PROTECT, verbose_name=_("rate card"), null=True, blank=True, db_index=False
    )
    currency = models.CharField(_("currency"), max_length=3)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    report_notes = models.TextField(_("notes of the technician"), blank=True)
    signer_name = models.CharField(_("signed by"), max_length=120, blank=True)
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    signature = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    @property
    def slot(self) -> Appointment:
        """The appointment of a planned order; a planned one always has it, by constraint."""
        if self.appointment is None:
            raise ValueError(f"{self.code} is not planned")
        return self.appointment

    @property
    def worker(self) -> Resource:
        """The technician of a planned order; a planned one always has one, by constraint."""
        if self.resource is None:
            raise ValueError(f"{self.code} is not planned")
        return self.resource

    @property
    def begun_at(self) -> datetime:
        """When the work began; known from the start of the work on."""
        if self.started_at is None:
            raise ValueError(f"{self.code} has not begun")
        return self.started_at

    class Meta(Document.Meta):
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")
        # Keys without an index of their own begin one of these, or name what is hardly ever deleted.
        indexes = [
            models.Index(fields=["ticket", "id"], name="work_order_of_ticket"),
            models.Index(fields=["status", "created_at", "id"], name="work_order_status"),
            models.Index(fields=["resource", "status", "id"], name="work_order_resource"),
            models.Index(fields=["code"], name="work_order_code", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["number"], name="work_order_number"),
            models.Index(fields=["status", "branch"], name="work_order_unsettled", condition=Q(status__in=UNSETTLED)),
        ]
        constraints = [
            *Document.Meta.constraints,
            models.CheckConstraint(condition=Q(status__in=WorkStatus.values), name="work_order_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["planned", "under_way"])
                | Q(appointment__isnull=False, resource__isnull=False),
                name="work_order_planned_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status="foreseen") | Q(appointment__isnull=True), name="work_order_foreseen_is_free"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")), name="work_order_times"
            ),
        ]


class Helper(models.Model):
    """A technician who goes along on a work order that somebody else leads, in an appointment on the own calendar.

    The rows stand from planning until unplanning, and then as who was there. `ended_at` says when the own part was
    over. That the calendar is the appointment's is held by triggers of the database.
    """

    work_order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="helpers", db_index=False)
    resource = models.ForeignKey(Resource, models.PROTECT, verbose_name=_("technician"), related_name="helps")
    appointment = models.OneToOneField(Appointment, models.PROTECT, verbose_name=_("appointment"), related_name="helps")
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["work_order", "resource"], name="helper_once")]

    def __str__(self) -> str:
        return str(self.resource)


class WorkSession(models.Model):
    """A stretch of work of one person between start or resume and pause or end; each person has one open at most."""

    work_order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="sessions")
    resource = models.ForeignKey(Resource, models.PROTECT)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="work_session_order"
            ),
            models.UniqueConstraint(
                fields=["resource"], condition=Q(ended_at__isnull=True), name="work_session_one_per_resource"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at} - {self.ended_at or ''}"


class Line(models.Model):
    """Abstract: an amount of something at a price, with its tax. Prices are net, in the work order's currency."""

    position = models.PositiveSmallIntegerField(default=0)
    description = models.CharField(_("description"), max_length=200)
    unit = models.CharField(_("unit"), max_length=20)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    vat_rate = models.ForeignKey(VatRate, models.PROTECT, verbose_name=_("VAT rate"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=Q(price__gte=0), name="%(class)s_price")]

    def __str__(self) -> str:
        return self.description


class EstimateLine(Line):
    """What is foreseen: copied from the rate card, quantities editable."""

    work_order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="estimate")
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind.choices)
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), null=True, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=2)

    class Meta(Line.Meta):
        constraints = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(quantity__gte=0), name="estimate_quantity"),
            models.CheckConstraint(condition=Q(kind__in=LineKind.values), name="estimate_kind"),
        ]


class HoursLine(Line):
    """Hours of one person on one day: worked, and to bill (from the estimate until somebody changes it)."""

    work_order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="hours")
    estimate_line = models.ForeignKey(EstimateLine, models.SET_NULL, null=True, blank=True, related_name="actuals")
    resource = models.ForeignKey(Resource, models.PROTECT, verbose_name=_("technician"))
    day = models.DateField(_("day"))
    worked = models.DecimalField(_("hours worked"), max_digits=5, decimal_places=2)
    to_bill = models.DecimalField(_("hours to bill"), max_digits=5, decimal_places=2)

    class Meta(Line.Meta):
        constraints = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(worked__gte=0, worked__lte=24, to_bill__gte=0), name="hours_in_a_day"),
        ]
        indexes = [models.Index(fields=["resource", "day"], name="hours_of_resource")]


class ExpenseLine(Line):
    """What the trip cost besides hours; with a receipt if there is one."""

    work_order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="expenses")
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind.choices, default=LineKind.EXPENSE)
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=2, default=Decimal(1))
    billable = models.BooleanField(_("charged to the customer"), default=True)
    receipt = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Line.Meta):
        constraints = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(quantity__gt=0), name="expense_quantity"),
        ]


class PartLine(Line):
    """A part used."""

    work_order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="parts")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"))
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=2, default=Decimal(1))
    serial = models.CharField(_("serial number"), max_length=60, blank=True)
    billable = models.BooleanField(_("charged to the customer"), default=True)

    class Meta(Line.Meta):
        constraints = [
            *Line.Meta.constraints,
            models.CheckConstraint(condition=Q(quantity__gt=0), name="part_quantity"),
        ]


class Invitation(models.Model):
    """A secret address at which the customer chooses the time of one work order; only the secret's hash is kept.

    It is open until `expires_at` unless it was revoked; a later one for the same order revokes it.
    """

    work_order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="invitations")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=150, blank=True)
    sent_to = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["work_order"], condition=Q(revoked_at__isnull=True), name="invitation_one_open"
            ),
        ]

    def __str__(self) -> str:
        return str(self.work_order)
