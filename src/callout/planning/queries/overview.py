"""How complete the planning setup is."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from callout.accounts.actor import Actor
from callout.planning.models import ActivityState, ActivityType, Eligibility, Resource, Sector, WorkingHours
from callout.planning.queries.scope import absences_visible_to, resources_visible_to

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Overview:
    """How many there are of each thing, and what keeps work from being planned: the first dozen of each."""

    resources: int
    absences: int
    activity_types: int
    activity_states: int
    sectors: int
    unperformed: list[ActivityType]
    without_hours: list[Resource]


def overview(actor: Actor) -> Overview:
    """Seven statements."""
    resources = resources_visible_to(actor).filter(active=True)
    types = ActivityType.objects.filter(active=True)
    performed = Eligibility.objects.filter(activity_type=OuterRef("pk"), role=Eligibility.Role.PERFORMS)
    hours = WorkingHours.objects.filter(resource=OuterRef("pk"))
    return Overview(
        resources=resources.count(),
        absences=absences_visible_to(actor).count(),
        activity_types=types.count(),
        activity_states=ActivityState.objects.filter(obsolete=False).count(),
        sectors=Sector.objects.count(),
        unperformed=list(types.filter(~Exists(performed)).order_by("name", "pk")[:SHOWN]),
        without_hours=list(resources.filter(~Exists(hours))[:SHOWN]),
    )
