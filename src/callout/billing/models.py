"""What verified work costs the customer, and the invoices that ask for it."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callout.catalog.models import LineKind, PaymentTerm, Product, VatRate
from callout.customers.models import Customer
from callout.documents.models import Document
from callout.workorders.models import WorkOrder


class BillableLine(models.Model):
    """One line of a verified work order: estimated, actual and approved side by side.

    `source_kind` and `source_id` name the reported line it comes from (hours, expense, part, fixed item).
    """

    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="billable_lines")
    customer = models.ForeignKey(Customer, models.PROTECT)
    position = models.PositiveSmallIntegerField(default=0)
    source_kind = models.CharField(max_length=12)
    source_id = models.BigIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind.choices)
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True)
    description = models.CharField(_("description"), max_length=200)
    unit = models.CharField(_("unit"), max_length=20)
    estimated = models.DecimalField(_("estimated"), max_digits=10, decimal_places=2, null=True)
    actual = models.DecimalField(_("actual"), max_digits=10, decimal_places=2)
    quantity = models.DecimalField(_("approved"), max_digits=10, decimal_places=2)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    vat_rate = models.ForeignKey(VatRate, models.PROTECT, verbose_name=_("VAT rate"))
    approved = models.BooleanField(_("approved"), default=False)
    approved_by_name = models.CharField(max_length=150, blank=True)
    approved_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason for the change"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["work_order", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["work_order", "source_kind", "source_id"], name="billable_line_source_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0, price__gte=0), name="billable_line_positive"),
            models.CheckConstraint(
                condition=Q(approved=False) | Q(approved_at__isnull=False), name="billable_line_approved_when"
            ),
        ]

    def __str__(self) -> str:
        return self.description


class Invoice(Document):
    """A bill to one customer in one currency; confirming it gives the number. The address is a copy of that day."""

    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="invoices")
    currency = models.CharField(_("currency"), max_length=3)
    bill_to_name = models.CharField(_("name"), max_length=160)
    bill_to_address = models.TextField(_("address"), blank=True)
    bill_to_tax_code = models.CharField(_("tax code"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2)
    payment_term = models.ForeignKey(PaymentTerm, models.PROTECT, verbose_name=_("payment terms"), null=True)
    due_on = models.DateField(_("due"))
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2, default=Decimal(0))
    tax = models.DecimalField(_("VAT"), max_digits=14, decimal_places=2, default=Decimal(0))
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2, default=Decimal(0))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    cancel_reason = models.CharField(_("reason for cancelling"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    class Meta(Document.Meta):
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        indexes = [
            models.Index(fields=["-date", "-id"], name="invoice_date"),
            models.Index(fields=["customer", "-date", "-id"], name="invoice_customer"),
        ]
        constraints = [
            *Document.Meta.constraints,
            models.CheckConstraint(condition=Q(total=models.F("net") + models.F("tax")), name="invoice_adds_up"),
        ]


class InvoiceLine(models.Model):
    """A billable line on an invoice. While `active`, no other invoice can hold the same one: the database refuses."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    billable_line = models.ForeignKey(BillableLine, models.PROTECT, related_name="invoice_lines")
    active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    description = models.CharField(_("description"), max_length=300)
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=20)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    vat_percent = models.DecimalField(_("VAT %"), max_digits=5, decimal_places=2)
    vat_reason = models.CharField(max_length=200, blank=True)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["billable_line"], condition=Q(active=True), name="line_billed_once")
        ]

    def __str__(self) -> str:
        return self.description
