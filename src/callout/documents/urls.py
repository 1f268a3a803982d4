"""Addresses of this app."""

from django.urls import path

from callout.documents import views

urlpatterns = [path("files/<int:pk>/", views.attachment, name="attachment")]
