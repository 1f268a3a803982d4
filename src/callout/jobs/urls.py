"""Addresses of this app."""

from django.urls import path

from callout.jobs import views

urlpatterns = [
    path("runs/<int:pk>/", views.run, name="run"),
    path("runs/<int:pk>/cancel/", views.cancel, name="run_cancel"),
]
