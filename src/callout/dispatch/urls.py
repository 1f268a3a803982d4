"""Addresses of this app."""

from django.urls import path

from callout.dispatch import views

urlpatterns = [
    path("board/dispatch/", views.dispatch, name="dispatch"),
    path("board/dispatch/fit/<int:pk>/", views.fit, name="dispatch_fit"),
    path("board/dispatch/<int:pk>/", views.proposal, name="dispatch_proposal"),
    path("board/dispatch/<int:pk>/accept/", views.accept, name="dispatch_accept"),
    path("board/dispatch/<int:pk>/dismiss/", views.dismiss, name="dispatch_dismiss"),
    path("board/dispatch/<int:pk>/undo/", views.undo, name="dispatch_undo"),
]
