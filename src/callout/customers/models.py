"""Customers, their sites, contacts, assets and contracts."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import LANGUAGES, Branch, User
from callout.catalog.models import PaymentTerm, Product, RateCard
from callout.ui.vocabulary import Word


class Priority(models.IntegerChoices):
    """How urgent a customer or a request is; higher is more urgent."""

    LOW = 1, _("low")
    MEDIUM = 2, _("medium")
    HIGH = 3, _("high")


class Zone(Word):
    """A commercial zone: where a customer is served, where a technician is present."""

    code = models.CharField(_("code"), max_length=20, unique=True)

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["code"]


class Classification(Word):
    """One value of classification 1, 2 or 3, by which customers are grouped."""

    axis = models.PositiveSmallIntegerField(_("classification"), choices=[(1, "1"), (2, "2"), (3, "3")])

    class Meta:
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")
        ordering = ["axis", "name"]
        constraints = [models.UniqueConstraint(fields=["axis", "name"], name="classification_unique")]


class Customer(models.Model):
    """A company or person that calls, is visited and pays."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=160)
    folded = models.CharField(max_length=200, editable=False)
    priority = models.SmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.MEDIUM)
    tax_code = models.CharField(_("tax code"), max_length=20, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    currency = models.CharField(_("currency"), max_length=3)
    zone = models.ForeignKey(Zone, models.PROTECT, verbose_name=_("commercial zone"), null=True, blank=True)
    classification_1 = models.ForeignKey(
        Classification, models.PROTECT, verbose_name=_("classification 1"), null=True, blank=True,
        related_name="+", limit_choices_to={"axis": 1},
    )  # fmt: skip
    classification_2 = models.ForeignKey(
        Classification, models.PROTECT, verbose_name=_("classification 2"), null=True, blank=True,
        related_name="+", limit_choices_to={"axis": 2},
    )  # fmt: skip
    classification_3 = models.ForeignKey(
        Classification, models.PROTECT, verbose_name=_("classification 3"), null=True, blank=True,
        related_name="+", limit_choices_to={"axis": 3},
    )  # fmt: skip
    payment_term = models.ForeignKey(
        PaymentTerm, models.PROTECT, verbose_name=_("payment terms"), null=True, blank=True
    )
    rate_card = models.ForeignKey(RateCard, models.PROTECT, verbose_name=_("rate card"), null=True, blank=True)
    agent = models.ForeignKey(User, models.SET_NULL, verbose_name=_("sales agent"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    active = models.BooleanField(_("active"), default=True)
    external_id = models.CharField(_("external id"), max_length=80, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(_("created"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            models.Index(fields=["folded", "id"], name="customer_folded"),
            models.Index(fields=["created_at", "id"], name="customer_created"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="customer_priority"),
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place of a customer where work is done, or where bills go."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="sites", verbose_name=_("customer"))
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=16, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    county = models.CharField(_("county"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64)
    zone = models.ForeignKey(Zone, models.PROTECT, verbose_name=_("zone"), null=True, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("served by"), related_name="sites")
    is_main = models.BooleanField(_("main site"), default=False)
    is_billing = models.BooleanField(_("bills go here"), default=False)
    notes = models.TextField(_("notes for who goes there"), blank=True)
    external_id = models.CharField(_("external id"), max_length=80, null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["-is_main", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="site_coordinates",
            ),
            models.UniqueConstraint(fields=["customer"], condition=Q(is_main=True), name="site_one_main"),
            models.UniqueConstraint(fields=["customer"], condition=Q(is_billing=True), name="site_one_billing"),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.city) if part)


class Contact(models.Model):
    """A person at a customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts", verbose_name=_("customer"))
    site = models.ForeignKey(Site, models.SET_NULL, verbose_name=_("site"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    job_title = models.CharField(_("role"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, blank=True)
    external_id = models.CharField(_("external id"), max_length=80, null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Asset(models.Model):
    """An installed product at a site, known by its serial number."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="assets", verbose_name=_("customer"))
    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"), related_name="assets")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"))
    serial = models.CharField(_("serial number"), max_length=60)
    lot = models.CharField(_("lot"), max_length=40, blank=True)
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    active = models.BooleanField(_("in use"), default=True)
    external_id = models.CharField(_("external id"), max_length=80, null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        ordering = ["serial", "id"]
        constraints = [models.UniqueConstraint(F("product"), F("serial"), name="asset_serial_unique")]

    def __str__(self) -> str:
        return f"{self.product} {self.serial}"


class Contract(models.Model):
    """An agreement under which a customer is served, with prices of its own if it names a rate card."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contracts", verbose_name=_("customer"))
    code = models.CharField(_("code"), max_length=40, unique=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("to"), null=True, blank=True)
    rate_card = models.ForeignKey(RateCard, models.PROTECT, verbose_name=_("rate card"), null=True, blank=True)
    assets = models.ManyToManyField(Asset, verbose_name=_("assets covered"), blank=True)
    external_id = models.CharField(_("external id"), max_length=80, null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["-starts", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="contract_order")
        ]

    def __str__(self) -> str:
        return self.code


class SearchKey(models.Model):
    """One thing by which a customer is found: a name, a phone number's digits, a tax code, a serial number.

    Written by the customers' commands together with what it stands for. `grams` are the trigrams of `folded`.
    """

    class Kind(models.TextChoices):
        """What matched, as the search result says it."""

        NAME = "name", _("name")
        CODE = "code", _("code")
        CONTACT = "contact", _("contact")
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")
        TAX = "tax", _("tax code")
        SERIAL = "serial", _("serial number")
        ADDRESS = "address", _("address")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="search_keys")
    source = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    shown = models.CharField(max_length=200)
    folded = models.CharField(max_length=200)
    grams = ArrayField(models.CharField(max_length=3))

    class Meta:
        indexes = [
            GinIndex(fields=["grams"], name="search_grams"),
            models.Index(fields=["folded"], name="search_folded", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["source", "source_id"], name="search_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.shown}"
