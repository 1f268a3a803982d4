"""API of what planning is made of: sectors, states, activity types, resources, absences."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import AwareDatetime

from callout.access.api import writes
from callout.accounts.gate import reads
from callout.core.errors import NotFound
from callout.core.text import clean_name
from callout.planning import commands, queries, schemas
from callout.planning.models import ActivityState, ActivityType, Sector
from callout.planning.queries import SEES_CALENDARS
from callout.planning.schemas import Id, Version
from callout.ui import clock

router = Router()
SETUP = "planning.admin"
MOST_ABSENCES = 1000


@router.get("/sectors", response=list[schemas.SectorOut], operation_id="list_sectors")
@reads(*SEES_CALENDARS)
def list_sectors(request: HttpRequest) -> list[Sector]:
    """Groups of activity types, in their order."""
    return list(Sector.objects.order_by("position", "name", "pk"))


@router.post("/sectors", response={201: schemas.SectorOut}, operation_id="create_sector")
@writes(SETUP)
def create_sector(request: HttpRequest, body: schemas.SectorIn) -> Status:
    """Add a sector."""
    made = commands.save_sector(
        sector_id=None, name=body.name, names=body.plain_names(), position=body.position, actor=request.actor,
        now=clock.now(),
    )  # fmt: skip
    return Status(201, schemas.SectorOut.from_orm(made))


@router.get("/activity-states", response=list[schemas.StateOut], operation_id="list_activity_states")
@reads(*SEES_CALENDARS)
def list_states(request: HttpRequest) -> list[ActivityState]:
    """The words for where an activity stands, obsolete ones too."""
    return list(ActivityState.objects.order_by("pk"))


@router.get("/activity-types", response=list[schemas.TypeOut], operation_id="list_activity_types")
@reads(*SEES_CALENDARS)
def list_types(
    request: HttpRequest, active: bool | None = None, external_id: Annotated[str, Query(max_length=120)] = ""
) -> list[schemas.TypeOut]:
    """Kinds of work with who plans and performs them, by name."""
    rows = ActivityType.objects.prefetch_related("eligibilities", "billing_items", "chains").order_by("name", "pk")
    if active is not None:
        rows = rows.filter(active=active)
    if external_id:
        rows = rows.filter(external_id=clean_name(external_id))
    return [schemas.type_out(row) for row in rows]


@router.post("/activity-types", response={201: schemas.TypeOut}, operation_id="create_activity_type")
@writes(SETUP)
def create_type(request: HttpRequest, body: schemas.TypeIn) -> Status:
    """Add an activity type."""
    made = commands.save_type(type_id=None, actor=request.actor, now=clock.now(), **body.given())
    return Status(201, schemas.type_out(made))


@router.patch("/activity-types/{type_id}", response=schemas.TypeOut, operation_id="change_activity_type")
@writes(SETUP)
def change_type(request: HttpRequest, type_id: Id, body: schemas.TypePatch) -> schemas.TypeOut:
    """Change the fields that the request names."""
    actor = request.actor
    name = body.name or ActivityType.objects.filter(pk=type_id).values_list("name", flat=True).first()
    if name is None:
        raise NotFound
    changed = commands.save_type(
        type_id=type_id, version=body.version, actor=actor, now=clock.now(), **body.given() | {"name": name}
    )
    return schemas.type_out(changed)


@router.get("/resources", response=list[schemas.ResourceOut], operation_id="list_resources")
@reads(*SEES_CALENDARS)
def list_resources(request: HttpRequest, active: bool | None = None) -> list[schemas.ResourceOut]:
    """Whose time is planned in the caller's branches, in the planner's order."""
    rows = queries.resources_visible_to(request.actor).prefetch_related("working_hours")
    return [schemas.resource_out(row) for row in (rows if active is None else rows.filter(active=active))]


@router.post("/resources", response={201: schemas.ResourceOut}, operation_id="create_resource")
@writes(SETUP)
def create_resource(request: HttpRequest, body: schemas.ResourceIn) -> Status:
    """Plan a person's time from now on."""
    made = commands.add_resource(user_id=body.user_id, actor=request.actor, now=clock.now(), **body.given())
    return Status(201, schemas.resource_out(made))


@router.patch("/resources/{resource_id}", response=schemas.ResourceOut, operation_id="change_resource")
@writes(SETUP)
def change_resource(request: HttpRequest, resource_id: Id, body: schemas.ResourcePatch) -> schemas.ResourceOut:
    """Change the fields that the request names; hours as a whole."""
    changed = commands.change_resource(
        resource_id=resource_id, version=body.version, actor=request.actor, now=clock.now(), **body.given()
    )  # fmt: skip
    return schemas.resource_out(changed)


@router.get("/absences", response=list[schemas.AbsenceOut], operation_id="list_absences")
@reads(*SEES_CALENDARS)
def list_absences(
    request: HttpRequest, start: AwareDatetime, end: AwareDatetime, resource_id: Id | None = None
) -> list[schemas.AbsenceOut]:
    """Who is away at some time between `start` and `end`, in the caller's branches: the first thousand."""
    rows = queries.absences_visible_to(request.actor).filter(starts__lt=end, ends__gt=start)
    if resource_id:
        rows = rows.filter(resource=resource_id)
    return [schemas.absence_out(row) for row in rows.order_by("starts", "pk")[:MOST_ABSENCES]]


@router.post("/absences", response={201: schemas.AbsenceOut}, operation_id="create_absence")
@writes("board.plan", SETUP)
def create_absence(request: HttpRequest, body: schemas.AbsenceIn) -> Status:
    """Take a resource out of its presence for some time; refused when work is planned in it."""
    made = commands.add_absence(
        resource_id=body.resource_id, window=body.window(), reason=body.reason, actor=request.actor, now=clock.now()
    )  # fmt: skip
    return Status(201, schemas.absence_out(made))


@router.put("/absences/{absence_id}", response=schemas.AbsenceOut, operation_id="change_absence")
@writes("board.plan", SETUP)
def change_absence(request: HttpRequest, absence_id: Id, body: schemas.AbsenceChange) -> schemas.AbsenceOut:
    """Change when or why a resource is away."""
    changed = commands.change_absence(
        absence_id=absence_id, window=body.window(), reason=body.reason, version=body.version,
        actor=request.actor, now=clock.now(),
    )  # fmt: skip
    return schemas.absence_out(changed)


@router.delete("/absences/{absence_id}", response={204: None}, operation_id="delete_absence")
@writes("board.plan", SETUP)
def delete_absence(request: HttpRequest, absence_id: Id, version: Version | None = None) -> Status:
    """The resource is there after all."""
    commands.remove_absence(absence_id=absence_id, version=version, actor=request.actor, now=clock.now())
    return Status(204, None)
