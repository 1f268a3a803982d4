"""Addresses of this app."""

from django.urls import path

from callout.documents import lists, views

urlpatterns = [
    path("files/<int:pk>/", views.attachment, name="attachment"),
    path("history/<slug:kind>/<int:pk>/", views.history, name="history"),
    path("settings/", views.settings, name="settings"),
    path("settings/numbers/", lists.NumberBooks.as_view(), name="number_books"),
    path("settings/numbers/new/", views.number_book_new, name="number_book_new"),
    path("settings/numbers/<int:pk>/", views.number_book, name="number_book"),
    path("settings/periods/", lists.Periods.as_view(), name="periods"),
    path("settings/periods/new/", views.period_new, name="period_new"),
    path("settings/periods/<int:pk>/", views.period, name="period"),
    path("settings/periods/<int:pk>/lock/", views.period_lock, name="period_lock"),
    path("settings/branches/", lists.Branches.as_view(), name="branches"),
    path("settings/branches/new/", views.branch_new, name="branch_new"),
    path("settings/branches/<int:pk>/", views.branch, name="branch"),
]
