"""Addresses of this app."""

from django.urls import path

from callout.notices import lists, views

urlpatterns = [
    path("settings/mail/", views.wordings, name="wordings"),
    path("settings/mail/<str:event>/<slug:language>/", views.wording_edit, name="wording"),
    path("settings/mail/<str:event>/<slug:language>/preview/", views.wording_preview, name="wording_preview"),
    path("settings/outgoing/", lists.OutgoingMails.as_view(), name="outgoing_mails"),
    path("settings/outgoing/<int:pk>/", views.outgoing_mail, name="outgoing_mail"),
    path("settings/outgoing/<int:pk>/again/", views.outgoing_again, name="outgoing_again"),
]
