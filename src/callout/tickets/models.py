"""Tickets: a customer's requests, whatever the channel."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callout.accounts.models import User
from callout.catalog.models import Product
from callout.customers.models import Asset, Contact, Contract, Customer, Priority, Site
from callout.documents.models import Attachment, Document
from callout.planning.models import ActivityType


class TicketStatus(models.TextChoices):
    """Derived from the plan, the team's answer and the outcome; read-only on screen."""

    RECEIVED = "received", _("received")
    ASSIGNED = "assigned", _("assigned")
    ACCEPTED = "accepted", _("accepted")
    FINALISED = "finalised", _("finalised")
    BY_PHONE = "by_phone", _("resolved by phone")


OPEN = (TicketStatus.RECEIVED, TicketStatus.ASSIGNED, TicketStatus.ACCEPTED)


class Channel(models.TextChoices):
    """How the request came in."""

    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail")
    PORTAL = "portal", _("portal")
    API = "api", _("API")
    FILE = "file", _("file")


class Ticket(Document):
    """One request of a customer. It posts when the operator saves the call, its first work order with it."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="tickets", db_index=False
    )
    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"))
    contact = models.ForeignKey(Contact, models.SET_NULL, verbose_name=_("contact person"), null=True, blank=True)
    activity_type = models.ForeignKey(ActivityType, models.PROTECT, verbose_name=_("type"), db_index=False)
    priority = models.SmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.MEDIUM)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.PHONE)
    subject = models.CharField(_("subject"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=TicketStatus.choices, default=TicketStatus.RECEIVED)
    received_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    confirmed_real = models.BooleanField(_("confirmed as real"), default=False)
    taken_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("taken by"), null=True, blank=True, related_name="tickets_taken"
    )
    assignee = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("assignee"), null=True, blank=True, related_name="tickets_assigned",
        db_index=False,
    )  # fmt: skip
    verifier = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("verifier"), null=True, blank=True, related_name="tickets_verified"
    )
    planned_start = models.DateTimeField(_("planned start"), null=True, blank=True)
    planned_end = models.DateTimeField(_("planned end"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    finalised_at = models.DateTimeField(_("finalised"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancel_reason = models.CharField(_("reason for cancelling"), max_length=200, blank=True)
    solution = models.TextField(_("solution"), blank=True)
    contract = models.ForeignKey(Contract, models.PROTECT, verbose_name=_("contract"), null=True, blank=True)
    vehicle = models.CharField(_("vehicle"), max_length=60, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    emails = models.CharField(_("e-mail for messages about this ticket"), max_length=400, blank=True)
    search_grams = ArrayField(models.CharField(max_length=3), default=list, editable=False)
    external_id = models.CharField(_("external id"), max_length=80, null=True, blank=True, unique=True)

    class Meta(Document.Meta):
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [  # a key without an index of its own begins one of these
            models.Index(fields=["-received_at", "-id"], name="ticket_received"),
            models.Index(fields=["status", "-received_at", "-id"], name="ticket_status_received"),
            models.Index(fields=["priority", "-received_at", "-id"], name="ticket_priority_received"),
            models.Index(fields=["activity_type", "-received_at", "-id"], name="ticket_type_received"),
            models.Index(fields=["customer", "-received_at", "-id"], name="ticket_customer_received"),
            models.Index(fields=["assignee", "-received_at", "-id"], name="ticket_assignee_received"),
            models.Index(fields=["branch", "-received_at", "-id"], name="ticket_branch_received"),
            models.Index(fields=["code"], name="ticket_code", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["number"], name="ticket_number"),
            GinIndex(fields=["search_grams"], name="ticket_grams"),
            models.Index(fields=["due_at"], name="ticket_due", condition=Q(due_at__isnull=False, status__in=OPEN)),
            models.Index(fields=["finalised_at"], name="ticket_finalised", condition=Q(finalised_at__isnull=False)),
            models.Index(fields=["cancelled_at"], name="ticket_cancelled", condition=Q(cancelled_at__isnull=False)),
        ]
        constraints = [
            *Document.Meta.constraints,
            models.CheckConstraint(condition=Q(status__in=TicketStatus.values), name="ticket_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["assigned", "accepted"])
                | Q(
                    planned_start__isnull=False, planned_end__isnull=False,
                    assignee__isnull=False, verifier__isnull=False,
                ),
                name="ticket_assigned_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(planned_end__isnull=True) | Q(planned_end__gt=F("planned_start")), name="ticket_plan_order"
            ),
        ]  # fmt: skip


class TicketObject(models.Model):
    """What a ticket is about: a product, a product system or an asset of the customer. Serial and lot are copies."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="objects_concerned")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"))
    asset = models.ForeignKey(Asset, models.PROTECT, verbose_name=_("asset"), null=True, blank=True)
    serial = models.CharField(_("serial number"), max_length=60, blank=True)
    lot = models.CharField(_("lot"), max_length=40, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["serial"], name="object_serial", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return f"{self.product} {self.serial}".strip()


class Message(models.Model):
    """One entry of a ticket's conversation: a remark of a colleague, with or without a file."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="messages")
    at = models.DateTimeField(_("date"))
    author = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), null=True)
    author_name = models.CharField(max_length=150)
    text = models.TextField(_("remarks"))
    attachment = models.ForeignKey(Attachment, models.PROTECT, verbose_name=_("archived file"), null=True, blank=True)
    register_entry = models.CharField(_("register entry"), max_length=60, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:60]
