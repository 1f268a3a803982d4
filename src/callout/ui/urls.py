"""Addresses of this app."""

from django.urls import path

from callout.ui import views

urlpatterns = [
    path("search/", views.search_everything, name="search"),
    path("keys/", views.choose_single_keys, name="choose_single_keys"),
    path("language/", views.choose_language, name="choose_language"),
]
