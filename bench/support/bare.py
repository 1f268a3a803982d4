"""The yardstick: a bare Django project on the same tables, without login, rights, forms or audit."""

import json
import os

from django.conf import settings

if not settings.configured:
    import environ

    database = environ.Env().db_url_config(os.environ["DATABASE_URL"], engine="django.db.backends.postgresql")
    database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8}
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[],
        MIDDLEWARE=[],
        USE_TZ=True,
        DATABASES={"default": database},
    )
    import django

    django.setup()

from a2wsgi import WSGIMiddleware  # noqa: E402 - Django must be configured before
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models, transaction  # noqa: E402
from django.http import HttpResponse, JsonResponse  # noqa: E402
from django.template import Context, Engine  # noqa: E402
from django.urls import path  # noqa: E402


class Ticket(models.Model):
    """The same table as Callout's tickets."""

    code = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    status = models.CharField(max_length=10)
    priority = models.SmallIntegerField()
    received_at = models.DateTimeField()
    customer = models.ForeignKey("Customer", models.DO_NOTHING)
    channel = models.CharField(max_length=8)
    date = models.DateField()

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "tickets_ticket"


class Customer(models.Model):
    """The same table as Callout's customers."""

    name = models.CharField(max_length=160)
    phone = models.CharField(max_length=40)
    folded = models.CharField(max_length=200)

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "customers_customer"


class Note(models.Model):
    """A small table of the yardstick's own: a ticket and its history."""

    subject = models.CharField(max_length=200)
    customer_id = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "bare_note"


class History(models.Model):
    """What happened to a note."""

    note_id = models.BigIntegerField()
    text = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "bare_history"


PAGE = Engine().from_string(
    "<table>{% for t in rows %}<tr><td>{{ t.code }}</td><td>{{ t.received_at }}</td><td>{{ t.customer.name }}</td>"
    "<td>{{ t.customer.phone }}</td><td>{{ t.subject }}</td><td>{{ t.status }}</td><td>{{ t.priority }}</td>"
    "<td>{{ t.channel }}</td><td>{{ t.date }}</td></tr>{% endfor %}</table>"
)
ONE = Engine().from_string("<h1>{{ t.code }}</h1><p>{{ t.customer.name }}</p><p>{{ t.subject }}</p>")


def tickets(request):
    """The same keyset page of 50 as the ticket list, filtered by status, newest first."""
    rows = Ticket.objects.select_related("customer").filter(status=request.GET.get("status", "finalised"))
    return HttpResponse(PAGE.render(Context({"rows": rows.order_by("-received_at", "-id")[:50]})))


def ticket(request, pk):
    """One ticket with its customer."""
    return HttpResponse(ONE.render(Context({"t": Ticket.objects.select_related("customer").get(pk=pk)})))


def customers(request):
    """Customers whose folded name begins with the term."""
    rows = Customer.objects.filter(folded__startswith=request.GET["q"]).order_by("folded")[:20]
    return JsonResponse({"rows": [[row.pk, row.name, row.phone] for row in rows]})


def create(request):
    """Insert a note and one line of history."""
    body = json.loads(request.body)
    with transaction.atomic():
        note = Note.objects.create(subject=body["subject"], customer_id=body["customer_id"])
        History.objects.create(note_id=note.pk, text="created")
    return JsonResponse({"id": note.pk}, status=201)


def ready(request):
    """The process answers."""
    return HttpResponse("ok")


urlpatterns = [
    path("readyz", ready),
    path("tickets/", tickets),
    path("tickets/<int:pk>/", ticket),
    path("customers/", customers),
    path("create/", create),
]
app = WSGIMiddleware(get_wsgi_application(), workers=8)
