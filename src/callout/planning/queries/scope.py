"""Whose calendars somebody sees, and locking them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from callout.accounts.actor import Actor
from callout.core.errors import NotFound
from callout.planning.errors import NoState
from callout.planning.models import Absence, ActivityState, Appointment, Category, Resource

SEES_CALENDARS = ("board.read", "board.plan", "planning.admin", "ticket.read")


def sees_calendars(actor: Actor) -> bool:
    """Whether the actor sees the calendars of all colleagues of the own branches (of every branch without any)."""
    return any(actor.may(right) for right in SEES_CALENDARS)


def resources_visible_to(actor: Actor) -> QuerySet[Resource]:
    """The resources of the actor's branches, active or not; a technician who sees no planner, oneself alone."""
    resources = Resource.objects.select_related("user", "branch")
    if sees_calendars(actor):
        return resources.filter(branch_id__in=actor.branch_ids) if actor.branch_ids else resources
    if actor.may("own.work") and actor.user_id is not None:
        return resources.filter(user_id=actor.user_id)
    return resources.none()


def appointments_visible_to(actor: Actor) -> QuerySet[Appointment]:
    """The appointments on the calendars that the actor sees."""
    return Appointment.objects.filter(resource__in=resources_visible_to(actor).values("pk"))


def absences_visible_to(actor: Actor) -> QuerySet[Absence]:
    """The absences of the resources that the actor sees."""
    return Absence.objects.filter(resource__in=resources_visible_to(actor).values("pk"))


def resource_of(actor: Actor) -> Resource | None:
    """The calendar that is the actor's own; None for who has none."""
    found = Resource.objects.select_related("user", "branch").filter(active=True)
    return found.filter(user_id=actor.user_id).first() if actor.user_id is not None else None


def lock_resources(ids: Iterable[int], *, actor: Actor | None = None) -> dict[int, Resource]:
    """Lock the calendars by primary key, so that nobody else writes to them until the transaction ends.

    With `actor`, they must be visible to that one. Raises NotFound when one of them is not there.
    """
    wanted = set(ids)
    # The weaker lock keeps other calendars' writers out and lets rows elsewhere go on naming the resource.
    rows = Resource.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "branch")
    if actor is not None:
        rows = rows.filter(pk__in=resources_visible_to(actor).values("pk"))
    found = {resource.pk: resource for resource in rows.filter(pk__in=wanted).order_by("pk")}
    if found.keys() != wanted:
        raise NotFound("resource_id")
    return found


def lock_appointment(pk: int) -> Appointment:
    """The appointment as it is now, locked; lock its resource first. Raises NotFound."""
    found = (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity_type", "state")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def default_state(category: str) -> ActivityState:
    """The state that appointments of this category get when nobody chooses one. Raises NoState."""
    states = ActivityState.objects.filter(category=category, obsolete=False)
    found = states.order_by("-is_default", "pk").first()
    if found is None:
        raise NoState(category=Category(category).label)
    return found
