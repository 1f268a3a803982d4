"""The yardstick: a bare Django project on the same tables, without login, rights, forms, languages or audit."""

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

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.template import Context, Engine
from django.urls import path
from django.utils import timezone

from bench.support import bare_models as m
from callout.core.text import fold, grams, query_grams

PAGE = Engine().from_string(
    "<table>{% for t in rows %}<tr><td>{{ t.code }}</td><td>{{ t.received_at }}</td><td>{{ t.customer.name }}</td>"
    "<td>{{ t.subject }}</td><td>{{ t.activity_type.name }}</td><td>{{ t.priority }}</td><td>{{ t.status }}</td>"
    "<td>{{ t.assignee.display_name }}</td><td>{{ t.planned_start }}</td></tr>{% endfor %}</table>"
)
ONE = Engine().from_string(
    "<h1>{{ t.code }}</h1><p>{{ t.customer.name }} {{ t.customer.phone }} {{ t.site.address }} {{ t.site.city }}</p>"
    "<p>{{ t.contact.name }} {{ t.contact.mobile }} {{ t.branch.name }}</p><p>{{ t.subject }} {{ t.description }}</p>"
    "<p>{{ t.activity_type.sector.name }} {{ t.activity_type.name }} {{ t.status }} {{ t.priority }}</p>"
    "<p>{{ t.taken_by.display_name }} {{ t.assignee.display_name }} {{ t.verifier.display_name }}</p>"
    "{% for o in objects %}<p>{{ o.product.name }} {{ o.serial }}</p>{% endfor %}"
    "{% for w in orders %}<p>{{ w.code }} {{ w.status }} {{ w.activity_type.name }} {{ w.site.name }} "
    "{{ w.appointment.starts }} {{ w.appointment.ends }} {{ w.resource.user.display_name }}</p>{% endfor %}"
    "{% for lines in sheet %}<table>{% for l in lines %}<tr><td>{{ l.description }}</td><td>{{ l.unit }}</td>"
    "<td>{{ l.amount }}</td><td>{{ l.price }}</td></tr>{% endfor %}</table>{% endfor %}"
    "{% for f in files %}<p>{{ f.name }}</p>{% endfor %}"
    "{% for e in thread %}<p>{{ e.at }} {{ e.author_name }} {{ e.text }}</p>{% endfor %}"
    "{% for e in history %}<p>{{ e.at }} {{ e.actor_name }} {{ e.action }}</p>{% endfor %}"
)
LISTED = ("customer", "activity_type", "assignee")
SHOWN = ("customer", "site", "contact", "activity_type__sector", "branch", "taken_by", "assignee", "verifier")
FOUND = 20


def tickets(request):
    """The same keyset page of 50 as the ticket list: one status, newest first."""
    rows = m.Ticket.objects.select_related(*LISTED).filter(status=request.GET["status"])
    return HttpResponse(PAGE.render(Context({"rows": rows.order_by("-received_at", "-id")[:50]})))


def ticket(request, pk):
    """One ticket with everything that hangs on it, as Callout's page shows it."""
    found = m.Ticket.objects.select_related(*SHOWN).get(pk=pk)
    orders = list(
        m.WorkOrder.objects.filter(ticket_id=pk)
        .select_related("site", "activity_type", "appointment", "resource__user")
        .order_by("id")
    )
    kinds = (m.EstimateLine, m.HoursLine, m.ExpenseLine, m.PartLine)
    context = {
        "t": found,
        "orders": orders,
        "objects": m.TicketObject.objects.filter(ticket_id=pk).select_related("product"),
        "sheet": [kind.objects.filter(work_order_id=orders[0].pk).order_by("id") for kind in kinds],
        "files": m.Attachment.objects.filter(subject_kind="workorder", subject_id=orders[0].pk).order_by("id"),
        "thread": m.Message.objects.filter(ticket_id=pk).order_by("id"),
        "history": m.Entry.objects.filter(subject_kind="ticket", subject_id=pk).order_by("-id")[:40],
    }
    return HttpResponse(ONE.render(Context(context)))


def customers(request):
    """20 customers with a name, number or code that begins with the term, or holds its words, or several that do."""
    term = fold(request.GET["q"])
    ids = {key.customer_id for key in m.SearchKey.objects.filter(folded__startswith=term)[:200]}
    if len(ids) < FOUND:
        ids |= set(_with_grams(term)[:200])
    if not ids:
        ids = set.intersection(*(set(_with_grams(word)[:8000]) for word in term.split()))
    sites = m.Site.objects.select_related("customer").filter(customer_id__in=sorted(ids)[:FOUND], is_main=True)
    rows = [[site.customer_id, site.customer.name, site.city] for site in sites.order_by("customer__folded")]
    return JsonResponse({"rows": rows})


def _with_grams(text):
    return m.SearchKey.objects.filter(grams__contains=query_grams(text)).values_list("customer_id", flat=True)


def create(request):
    """Insert a ticket and one line of its history."""
    body = json.loads(request.body)
    now = timezone.now()
    with transaction.atomic():
        made = m.NewTicket.objects.create(
            **body, received_at=now, created_at=now, date=now.date(), search_grams=grams(body["subject"])
        )
        m.NewEntry.objects.create(
            at=now, actor_name="Anna Rossi", action="ticket.taken", subject_kind="ticket", subject_id=made.pk
        )
    return JsonResponse({"id": made.pk}, status=201)


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
