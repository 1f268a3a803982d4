"""Addresses of reports."""

from django.urls import path

from callout.reports import views

urlpatterns = [
    path("monitor/", views.monitor, name="monitor"),
    path("customers/<int:pk>/timeline/", views.customer_timeline, name="customer_timeline"),
    path("customers/<int:pk>/tickets/", views.customer_tickets, name="customer_tickets"),
]
