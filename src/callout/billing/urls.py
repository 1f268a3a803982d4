"""Addresses of verification and billing."""

from django.urls import path

from callout.billing import views
from callout.billing.lists import Invoices

urlpatterns = [
    path("verification/", views.verification, name="verification"),
    path("verification/<int:pk>/", views.verify, name="verify"),
    path("verification/take-back/<int:pk>/", views.take_back, name="take_back"),
    path("billing/", views.to_bill, name="to_bill"),
    path("billing/<int:pk>/", views.bill_customer, name="bill_customer"),
    path("invoices/", Invoices.as_view(), name="invoices"),
    path("invoices/<int:pk>/", views.invoice, name="invoice"),
    path("invoices/<int:pk>/confirm/", views.confirm, name="invoice_confirm"),
    path("invoices/<int:pk>/discard/", views.discard, name="invoice_discard"),
    path("invoices/<int:pk>/cancel/", views.cancel, name="invoice_cancel"),
    path("invoices/<int:pk>/<str:form>/", views.invoice_file, name="invoice_file"),
]
