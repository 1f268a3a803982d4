"""Addresses of imports."""

from django.urls import path

from callout.imports import lists, views

urlpatterns = [
    path("imports/", lists.Imports.as_view(), name="imports"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/<int:pk>/", views.import_run, name="import_run"),
    path("imports/<int:pk>/mapping/", views.import_mapping, name="import_mapping"),
    path("imports/<int:pk>/start/", views.import_start, name="import_start"),
    path("imports/<int:pk>/resume/", views.import_resume, name="import_resume"),
    path("imports/<int:pk>/rows/", lists.ImportRows.as_view(), name="import_rows"),
    path("imports/<int:pk>/refused/", views.import_refused, name="import_refused"),
]
