"""Kinds of activity, their states and who does them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import Team, User
from callout.catalog.models import Product
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
