"""Activity types and states, resources and their time."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import Branch, Team, User
from callout.catalog.models import Product
from callout.customers.models import Site, Zone
from callout.documents.models import no_overlap
from callout.planning.rules import LONGEST
from callout.ui.vocabulary import Word


class Sector(Word):
    """A grouping of activity types by which people filter; it restricts nothing."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)
    external_id = models.CharField(_("external id"), max_length=80, null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["position", "name"]


class Category(models.TextChoices):
    """What the rules understand of a user-defined activity state."""

    OPEN = "open", _("open")
    PLANNED = "planned", _("planned")
    CONFIRMED = "confirmed", _("confirmed")
    UNDER_WAY = "under_way", _("under way")
    DONE = "done", _("done")
    MISSED = "missed", _("missed")
    SUPERSEDED = "superseded", _("superseded")
    CANCELLED = "cancelled", _("cancelled")


FREES_THE_SLOT = (Category.MISSED, Category.SUPERSEDED, Category.CANCELLED)
BLOCKS_THE_SLOT = tuple(category for category in Category if category not in FREES_THE_SLOT)


class ActivityState(Word):
    """A state in the users' own words, with the colour that the planner shows and a category the rules understand.

    The database refuses another category while appointments are in the state: they carry a copy of it.
    """

    colour = models.CharField(_("colour"), max_length=7, default="#206bc4")
    category = models.CharField(_("category"), max_length=12, choices=Category.choices)
    is_default = models.BooleanField(_("used unless another is chosen"), default=False)
    obsolete = models.BooleanField(_("no longer offered"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("activity state")
        verbose_name_plural = _("activity states")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(category__in=Category.values), name="state_category_known"),
            models.UniqueConstraint(
                fields=["category"], condition=Q(is_default=True), name="state_one_default_per_category"
            ),
            models.UniqueConstraint(fields=["id", "category"], name="state_with_category"),
        ]


class ActivityType(Word):
    """A kind of work. `layout` is the ordered list of field names that its page shows; empty means all of them."""

    class Kind(models.TextChoices):
        """What such an activity is on the calendar."""

        APPOINTMENT = "appointment", _("appointment")
        REMINDER = "reminder", _("reminder")
        TASK = "task", _("task")

    sector = models.ForeignKey(Sector, models.PROTECT, verbose_name=_("sector"), related_name="types")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.APPOINTMENT)
    minutes = models.PositiveSmallIntegerField(_("expected duration in minutes"), default=60)
    colour = models.CharField(_("colour"), max_length=7, default="#206bc4")
    number_series = models.CharField(_("number book"), max_length=12, blank=True)
    notify_owner = models.BooleanField(_("notify the owner at creation"), default=False)
    layout = ArrayField(models.CharField(max_length=40), verbose_name=_("screen layout"), default=list, blank=True)
    chargeable = models.BooleanField(_("charged to the customer"), default=True)
    registration_type = models.CharField(_("registration type"), max_length=40, blank=True)
    mail_customer_on = ArrayField(
        models.CharField(max_length=12), verbose_name=_("mail to the customer when"), default=list, blank=True
    )
    mailing_list = models.TextField(_("mailing list"), blank=True)
    active = models.BooleanField(_("active"), default=True)
    external_id = models.CharField(_("external id"), max_length=120, null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("activity type")
        verbose_name_plural = _("activity types")
        ordering = ["sector", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=1440), name="activity_type_minutes")
        ]


class BillingItem(models.Model):
    """A line that completing a chargeable activity of a type makes by itself."""

    activity_type = models.ForeignKey(ActivityType, models.CASCADE, related_name="billing_items")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"))
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=2, default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="billing_item_quantity")]

    def __str__(self) -> str:
        return f"{self.product} x {self.quantity}"


class Eligibility(models.Model):
    """Which person or team plans, or performs, activities of a type."""

    class Role(models.TextChoices):
        """What the eligible do."""

        PLANS = "plans", _("plans")
        PERFORMS = "performs", _("performs")

    activity_type = models.ForeignKey(ActivityType, models.CASCADE, related_name="eligibilities")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("person"), null=True, blank=True)
    team = models.ForeignKey(Team, models.CASCADE, verbose_name=_("team"), null=True, blank=True)

    class Meta:
        verbose_name = _("eligibility")
        verbose_name_plural = _("eligibilities")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, team__isnull=True) | Q(user__isnull=True, team__isnull=False),
                name="eligibility_of_one",
            ),
            models.UniqueConstraint(
                fields=["activity_type", "role", "user", "team"], name="eligibility_unique", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_type} {self.role} {self.user or self.team}"


class Resource(models.Model):
    """Somebody whose time is planned. Whoever writes to the calendar locks this row first.

    With `presence` "hours" the working hours are the presence; with "patterns" only generated presences count.
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
    """A generated presence of a resource in a zone, [starts, ends)."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="presences")
    zone = models.ForeignKey(Zone, models.PROTECT, verbose_name=_("zone"), null=True, blank=True)
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("to"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="presence_order"),
            no_overlap("presence_no_overlap", "resource", "starts", "ends"),
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
