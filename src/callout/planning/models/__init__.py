"""Activity types and states, resources and their time."""

from callout.planning.models.calendar import Appointment, FreeTime
from callout.planning.models.resources import (
    Absence,
    AbsenceRequest,
    Presence,
    PresencePattern,
    Resource,
    WorkingHours,
)
from callout.planning.models.todo import Chain, Feed, Task
from callout.planning.models.vocabulary import (
    BLOCKS_THE_SLOT,
    FREES_THE_SLOT,
    ActivityState,
    ActivityType,
    BillingItem,
    Category,
    Eligibility,
    Sector,
)

__all__ = [
    "BLOCKS_THE_SLOT",
    "FREES_THE_SLOT",
    "Absence",
    "AbsenceRequest",
    "ActivityState",
    "ActivityType",
    "Appointment",
    "BillingItem",
    "Category",
    "Chain",
    "Eligibility",
    "Feed",
    "FreeTime",
    "Presence",
    "PresencePattern",
    "Resource",
    "Sector",
    "Task",
    "WorkingHours",
]
