"""Addresses of this app."""

from django.urls import path

from callout.planning import lists, views

urlpatterns = [
    path("planning/", views.setup, name="planning_setup"),
    path("planning/resources/", lists.Resources.as_view(), name="resources"),
    path("planning/resources/new/", views.resource, name="resource_new"),
    path("planning/resources/<int:pk>/", views.resource, name="resource"),
    path("planning/absences/", lists.Absences.as_view(), name="absences"),
    path("planning/absences/new/", views.absence, name="absence_new"),
    path("planning/absences/<int:pk>/", views.absence, name="absence"),
    path("planning/absences/<int:pk>/remove/", views.remove_absence, name="absence_remove"),
    path("planning/types/", lists.ActivityTypes.as_view(), name="activity_types"),
    path("planning/types/new/", views.activity_type, name="activity_type_new"),
    path("planning/types/<int:pk>/", views.activity_type, name="activity_type"),
    path("planning/types/<int:pk>/remove/", views.remove_type, name="activity_type_remove"),
    path("planning/states/", lists.ActivityStates.as_view(), name="activity_states"),
    path("planning/states/new/", views.state, name="activity_state_new"),
    path("planning/states/<int:pk>/", views.state, name="activity_state"),
    path("planning/states/<int:pk>/remove/", views.remove_state, name="activity_state_remove"),
    path("planning/sectors/", lists.Sectors.as_view(), name="sectors"),
    path("planning/sectors/new/", views.sector, name="sector_new"),
    path("planning/sectors/<int:pk>/", views.sector, name="sector"),
    path("planning/sectors/<int:pk>/remove/", views.remove_sector, name="sector_remove"),
]
