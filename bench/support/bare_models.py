"""The yardstick's models: Callout's tables with the columns that its pages show, and two small ones of its own."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import DO_NOTHING, ForeignKey


class Bare(models.Model):
    """Abstract: a table that somebody else made."""

    class Meta:
        abstract = True
        app_label = "bare"
        managed = False


class Customer(Bare):
    """A customer."""

    name = models.CharField(max_length=160)
    phone = models.CharField(max_length=40)
    folded = models.CharField(max_length=200)

    class Meta(Bare.Meta):
        db_table = "customers_customer"


class Site(Bare):
    """A customer's place."""

    customer = ForeignKey(Customer, DO_NOTHING)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200)
    city = models.CharField(max_length=80)
    is_main = models.BooleanField()

    class Meta(Bare.Meta):
        db_table = "customers_site"


class Contact(Bare):
    """A customer's person."""

    name = models.CharField(max_length=120)
    mobile = models.CharField(max_length=40)

    class Meta(Bare.Meta):
        db_table = "customers_contact"


class SearchKey(Bare):
    """What a customer is found by."""

    customer = ForeignKey(Customer, DO_NOTHING)
    folded = models.CharField(max_length=200)
    grams = ArrayField(models.CharField(max_length=3))

    class Meta(Bare.Meta):
        db_table = "customers_searchkey"


class Sector(Bare):
    """A group of activity types."""

    name = models.CharField(max_length=120)

    class Meta(Bare.Meta):
        db_table = "planning_sector"


class Kind(Bare):
    """An activity type."""

    name = models.CharField(max_length=120)
    sector = ForeignKey(Sector, DO_NOTHING)

    class Meta(Bare.Meta):
        db_table = "planning_activitytype"


class Person(Bare):
    """A person."""

    display_name = models.CharField(max_length=120)

    class Meta(Bare.Meta):
        db_table = "accounts_user"


class Branch(Bare):
    """A branch."""

    name = models.CharField(max_length=120)

    class Meta(Bare.Meta):
        db_table = "accounts_branch"


class Product(Bare):
    """A product."""

    name = models.CharField(max_length=120)

    class Meta(Bare.Meta):
        db_table = "catalog_product"


class Ticket(Bare):
    """A ticket."""

    code = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    description = models.TextField()
    status = models.CharField(max_length=10)
    priority = models.SmallIntegerField()
    received_at = models.DateTimeField()
    planned_start = models.DateTimeField(null=True)
    customer = ForeignKey(Customer, DO_NOTHING)
    site = ForeignKey(Site, DO_NOTHING)
    contact = ForeignKey(Contact, DO_NOTHING, null=True)
    activity_type = ForeignKey(Kind, DO_NOTHING)
    branch = ForeignKey(Branch, DO_NOTHING)
    taken_by = ForeignKey(Person, DO_NOTHING, null=True, related_name="+")
    assignee = ForeignKey(Person, DO_NOTHING, null=True, related_name="+")
    verifier = ForeignKey(Person, DO_NOTHING, null=True, related_name="+")

    class Meta(Bare.Meta):
        db_table = "tickets_ticket"


class TicketObject(Bare):
    """What a ticket is about."""

    ticket_id = models.BigIntegerField()
    product = ForeignKey(Product, DO_NOTHING)
    serial = models.CharField(max_length=60)

    class Meta(Bare.Meta):
        db_table = "tickets_ticketobject"


class Message(Bare):
    """A remark about a ticket."""

    ticket_id = models.BigIntegerField()
    at = models.DateTimeField()
    author_name = models.CharField(max_length=150)
    text = models.TextField()

    class Meta(Bare.Meta):
        db_table = "tickets_message"


class Resource(Bare):
    """A technician."""

    user = ForeignKey(Person, DO_NOTHING)

    class Meta(Bare.Meta):
        db_table = "planning_resource"


class Appointment(Bare):
    """A place on a calendar."""

    starts = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta(Bare.Meta):
        db_table = "planning_appointment"


class WorkOrder(Bare):
    """A work order."""

    code = models.CharField(max_length=40)
    status = models.CharField(max_length=10)
    ticket_id = models.BigIntegerField()
    site = ForeignKey(Site, DO_NOTHING)
    activity_type = ForeignKey(Kind, DO_NOTHING)
    appointment = ForeignKey(Appointment, DO_NOTHING, null=True)
    resource = ForeignKey(Resource, DO_NOTHING, null=True)

    class Meta(Bare.Meta):
        db_table = "workorders_workorder"


class Line(Bare):
    """Abstract: an amount of something on a work order."""

    work_order_id = models.BigIntegerField()
    description = models.CharField(max_length=200)
    unit = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=10, decimal_places=2, db_column="quantity")
    price = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta(Bare.Meta):
        abstract = True


class EstimateLine(Line):
    """What was estimated."""

    class Meta(Line.Meta):
        abstract = False
        db_table = "workorders_estimateline"


class HoursLine(Line):
    """What was worked."""

    amount = models.DecimalField(max_digits=5, decimal_places=2, db_column="worked")

    class Meta(Line.Meta):
        abstract = False
        db_table = "workorders_hoursline"


class ExpenseLine(Line):
    """What was spent."""

    class Meta(Line.Meta):
        abstract = False
        db_table = "workorders_expenseline"


class PartLine(Line):
    """What was used."""

    class Meta(Line.Meta):
        abstract = False
        db_table = "workorders_partline"


class Attachment(Bare):
    """A file."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    name = models.CharField(max_length=200)

    class Meta(Bare.Meta):
        db_table = "documents_attachment"


class Entry(Bare):
    """What happened."""

    at = models.DateTimeField()
    actor_name = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()

    class Meta(Bare.Meta):
        db_table = "audit_entry"


class NewTicket(Bare):
    """A ticket to be written: every column that Callout fills when a call is taken."""

    doc_status = models.CharField(max_length=10, default="draft")
    series = models.CharField(max_length=12, default="")
    code = models.CharField(max_length=40, default="")
    date = models.DateField()
    branch_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=150, default="Anna Rossi")
    version = models.PositiveIntegerField(default=1)
    customer_id = models.BigIntegerField()
    site_id = models.BigIntegerField()
    activity_type_id = models.BigIntegerField()
    priority = models.SmallIntegerField(default=2)
    channel = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    description = models.TextField(default="")
    status = models.CharField(max_length=10, default="received")
    received_at = models.DateTimeField()
    confirmed_real = models.BooleanField(default=False)
    cancel_reason = models.CharField(max_length=200, default="")
    solution = models.TextField(default="")
    vehicle = models.CharField(max_length=60, default="")
    notes = models.TextField(default="")
    emails = models.CharField(max_length=400, default="")
    search_grams = ArrayField(models.CharField(max_length=3))

    class Meta(Bare.Meta):
        db_table = "bare_ticket"


class NewEntry(Bare):
    """A line of history to be written."""

    at = models.DateTimeField()
    actor_name = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    level = models.SmallIntegerField(default=1)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, default="")

    class Meta(Bare.Meta):
        db_table = "bare_history"
