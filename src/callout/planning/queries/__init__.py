"""Reading calendars, and who may see and do what in them."""

from callout.planning.queries.calendar import ResourceDay, busy, calendar, free_then, free_times, unfinished
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
from callout.planning.queries.slots import SLOT_DAYS, Offer, free_slots, work_at

__all__ = [
    "SEES_CALENDARS",
    "SLOT_DAYS",
    "Eligible",
    "Offer",
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
    "free_times",
    "lock_appointment",
    "lock_resources",
    "overview",
    "performers",
    "performs",
    "resource_of",
    "resources_visible_to",
    "unfinished",
    "work_at",
    "zones_then",
]
