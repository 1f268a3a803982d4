"""Addresses of this app."""

from django.urls import path

from callout.planning import lists, presence_lists
from callout.planning.views import patterns, todo, vocabulary

urlpatterns = [
    path("planning/", vocabulary.setup, name="planning_setup"),
    path("planning/resources/", lists.Resources.as_view(), name="resources"),
    path("planning/resources/new/", vocabulary.resource, name="resource_new"),
    path("planning/resources/<int:pk>/", vocabulary.resource, name="resource"),
    path("planning/absences/", lists.Absences.as_view(), name="absences"),
    path("planning/absences/new/", vocabulary.absence, name="absence_new"),
    path("planning/absences/<int:pk>/", vocabulary.absence, name="absence"),
    path("planning/absences/<int:pk>/remove/", vocabulary.remove_absence, name="absence_remove"),
    path("planning/types/", lists.ActivityTypes.as_view(), name="activity_types"),
    path("planning/types/new/", vocabulary.activity_type, name="activity_type_new"),
    path("planning/types/<int:pk>/", vocabulary.activity_type, name="activity_type"),
    path("planning/types/<int:pk>/remove/", vocabulary.remove_type, name="activity_type_remove"),
    path("planning/states/", lists.ActivityStates.as_view(), name="activity_states"),
    path("planning/states/new/", vocabulary.state, name="activity_state_new"),
    path("planning/states/<int:pk>/", vocabulary.state, name="activity_state"),
    path("planning/states/<int:pk>/remove/", vocabulary.remove_state, name="activity_state_remove"),
    path("planning/sectors/", lists.Sectors.as_view(), name="sectors"),
    path("planning/sectors/new/", vocabulary.sector, name="sector_new"),
    path("planning/sectors/<int:pk>/", vocabulary.sector, name="sector"),
    path("planning/sectors/<int:pk>/remove/", vocabulary.remove_sector, name="sector_remove"),
    path("planning/patterns/", presence_lists.PresencePatterns.as_view(), name="presence_patterns"),
    path("planning/patterns/new/", patterns.pattern, name="presence_pattern_new"),
    path("planning/patterns/<int:pk>/", patterns.pattern, name="presence_pattern"),
    path("planning/patterns/<int:pk>/remove/", patterns.remove_pattern, name="presence_pattern_remove"),
    path("planning/presences/", presence_lists.Presences.as_view(), name="presences"),
    path("planning/presences/generate/", patterns.generate, name="presence_generate"),
    path("planning/presences/runs/<int:pk>/", patterns.presence_run, name="presence_run"),
    path("to-do/", todo.to_do, name="to_do"),
    path("to-do/new/", todo.task_new, name="task_new"),
    path("to-do/reminders/", todo.reminders, name="reminders"),
    path("to-do/appointments/<int:pk>/done/", todo.appointment_done, name="appointment_done"),
    path("to-do/<int:pk>/", todo.task, name="task"),
    path("to-do/<int:pk>/<slug:action>/", todo.task_action, name="task_action"),
]
