"""Addresses of this app."""

from django.urls import path

from callout.ui import views

urlpatterns = [
    path("search/", views.search_everything, name="search"),
    path("language/", views.choose_language, name="choose_language"),
]
