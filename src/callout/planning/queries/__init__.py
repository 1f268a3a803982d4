"""Reading calendars, and who may see and do what in them."""

from callout.planning.queries.calendar import ResourceDay, busy, calendar, free_slots, free_then, unfinished
from callout.planning.queries.eligibility import Eligible, eligible_by_type, performers, performs, zones_then
from callout.planning.queries.overview import Overview, overview
from callout.planning.queries.scope import (
    SEES_CALENDARS,
    absences_visible_to,
    appointments_visible_to,
    default_state,
    lock_appointment,
    lock_resources,
    resource_of,
    resources_visible_to,
)

__all__ = [
    "SEES_CALENDARS",
    "Eligible",
    "Overview",
    "ResourceDay",
    "absences_visible_to",
    "appointments_visible_to",
    "busy",
    "calendar",
    "default_state",
    "eligible_by_type",
    "free_slots",
    "free_then",
    "lock_appointment",
    "lock_resources",
    "overview",
    "performers",
    "performs",
    "resource_of",
    "resources_visible_to",
    "unfinished",
    "zones_then",
]
