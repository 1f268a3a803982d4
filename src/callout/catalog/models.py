"""Products, their tax, how they are priced and paid."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callout.ui.vocabulary import Word


class VatRate(Word):
    """A rate of value added tax; zero rates carry the reason that invoices must print."""

    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2)
    country = models.CharField(_("country"), max_length=2)
    reason = models.CharField(_("reason for exemption"), max_length=200, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("VAT rate")
        verbose_name_plural = _("VAT rates")
        ordering = ["country", "-percent"]
        constraints = [models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="vat_percent")]


class PaymentTerm(Word):
    """How and when a customer pays."""

    class Method(models.TextChoices):
        """The means of payment."""

        TRANSFER = "transfer", _("bank transfer")
        DIRECT_DEBIT = "direct_debit", _("direct debit")
        ADVANCE = "advance", _("in advance")
        CASH = "cash", _("cash")
        CARD = "card", _("card")

    method = models.CharField(_("method"), max_length=12, choices=Method.choices, default=Method.TRANSFER)
    days = models.PositiveSmallIntegerField(_("days"), default=30)
    end_of_month = models.BooleanField(_("counted from the end of the month"), default=False)

    class Meta:
        verbose_name = _("payment terms")
        verbose_name_plural = _("payment terms")
        ordering = ["days", "name"]


class Product(Word):
    """Something sold, used or serviced: a spare part, a service, a product that customers own or a system of them."""

    class Kind(models.TextChoices):
        """What sort of product it is."""

        PART = "part", _("part")
        SERVICE = "service", _("service")
        EQUIPMENT = "equipment", _("equipment")
        SYSTEM = "system", _("system")

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PART)
    category = models.CharField(_("category"), max_length=80, blank=True)
    unit = models.CharField(_("unit"), max_length=20, default="pc")
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, default=Decimal(0))
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, null=True, blank=True)
    vat_rate = models.ForeignKey(VatRate, models.PROTECT, verbose_name=_("VAT rate"), null=True, blank=True)
    serialised = models.BooleanField(_("has serial numbers"), default=False)
    active = models.BooleanField(_("active"), default=True)
    folded = models.CharField(max_length=200, editable=False)
    external_id = models.CharField(_("external id"), max_length=80, null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["code"]
        indexes = [models.Index(fields=["folded"], name="product_folded", opclasses=["varchar_pattern_ops"])]
        constraints = [models.CheckConstraint(condition=Q(price__gte=0), name="product_price")]


class RateCard(Word):
    """A price list for work: what an hour, a kilometre or a call-out costs, in one currency.

    A general one serves every customer without a card of their own.
    """

    currency = models.CharField(_("currency"), max_length=3)
    is_general = models.BooleanField(_("for customers without a rate card of their own"), default=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("rate card")
        verbose_name_plural = _("rate cards")
        ordering = ["name"]


class LineKind(models.TextChoices):
    """What a line of an estimate, of actuals or of a bill stands for."""

    HOURS = "hours", _("hours")
    TRAVEL = "travel", _("travel")
    PART = "part", _("part")
    EXPENSE = "expense", _("expense")
    FIXED = "fixed", _("fixed price")


class RateLine(models.Model):
    """One line of a rate card; `quantity` is what an estimate starts with."""

    rate_card = models.ForeignKey(RateCard, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind.choices)
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), null=True, blank=True)
    description = models.CharField(_("description"), max_length=200)
    unit = models.CharField(_("unit"), max_length=20)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=2, default=Decimal(0))
    vat_rate = models.ForeignKey(VatRate, models.PROTECT, verbose_name=_("VAT rate"))

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0, quantity__gte=0), name="rate_line_positive"),
            models.CheckConstraint(condition=Q(kind__in=LineKind.values), name="rate_line_kind"),
        ]

    def __str__(self) -> str:
        return self.description
