"""Addresses of this app."""

from django.urls import path

from callout.board import lists, views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/waiting/", lists.WaitingWork.as_view(), name="waiting_work"),
    path("board/plan/<int:pk>/", views.plan_form, name="plan_form"),
    path("board/plan/<int:pk>/unplan/", views.unplan, name="unplan"),
]
