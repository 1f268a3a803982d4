"""Every address of the application."""

from django.urls import include, path

from callout.site import events, health, views
from callout.site.api import api

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("events", events.events, name="events"),
    path("api/docs", views.api_docs, name="api_docs"),
    path("api/", api.urls),
    path("account/", include("callout.access.urls")),
    path("", include("callout.accounts.urls")),
    path("", include("callout.jobs.urls")),
    path("", include("callout.documents.urls")),
    path("", include("callout.notices.urls")),
    path("", include("callout.imports.urls")),
    path("", include("callout.catalog.urls")),
    path("", include("callout.customers.urls")),
    path("", include("callout.planning.urls")),
    path("", include("callout.tickets.urls")),
    path("", include("callout.workorders.urls")),
    path("", include("callout.board.urls")),
    path("", include("callout.dispatch.urls")),
    path("", include("callout.billing.urls")),
    path("", include("callout.reports.urls")),
    path("", include("callout.ui.urls")),
]
handler404 = "callout.site.views.not_found"
handler500 = "callout.site.views.fault"
