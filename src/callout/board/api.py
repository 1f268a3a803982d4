"""The board's data, and every way in which work gets onto calendars, between them and off them."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from callout.access.api import writes
from callout.access.gate import reads
from callout.board import commands, queries
from callout.core.intervals import Interval
from callout.ui import clock

router = Router(tags=["board"])

Id = Annotated[int, Field(gt=0, lt=2**63)]
Version = Annotated[int, Field(ge=0, lt=2**31)]


class CardStateOut(Schema):
    """An activity state in the users' own words; the category is what the rules understand."""

    name: str
    colour: str
    category: Literal["open", "planned", "confirmed", "under_way", "done", "missed", "superseded", "cancelled"]


class AppointmentOut(Schema):
    """A block on a resource's calendar; work-order fields are null or empty for one that belongs to none."""

    id: int
    resource_id: int
    starts: AwareDatetime
    ends: AwareDatetime
    version: int
    title: str
    customer: str
    site: str
    activity_type_id: int
    state: CardStateOut
    priority: Literal["low", "medium", "high"]
    work_order_id: int | None
    work_order_code: str
    work_order_version: int | None
    ticket_id: int | None
    status: str
    movable: bool


class ClosureOut(Schema):
    """Time in which a resource is not there, and why."""

    starts: AwareDatetime
    ends: AwareDatetime
    kind: Literal["absence", "holiday"]
    label: str


class CalendarOut(Schema):
    """A resource with its presence and what closes some of it; `performs` are activity types."""

    id: int
    name: str
    colour: str
    teams: list[int]
    time_zone: str
    performs: list[int]
    presence: list[tuple[AwareDatetime, AwareDatetime]]
    closed: list[ClosureOut]


class BoardTypeOut(Schema):
    """An activity type and how many minutes it is expected to take."""

    id: int
    name: str
    colour: str
    minutes: int


class TeamOut(Schema):
    """A team that the board can be narrowed to."""

    id: int
    name: str


class BoardOut(Schema):
    """Calendars from `start` to `end`, local midnights of the reader's time zone."""

    time_zone: str
    start: AwareDatetime
    end: AwareDatetime
    now: AwareDatetime
    resources: list[CalendarOut]
    appointments: list[AppointmentOut]
    activity_types: list[BoardTypeOut]
    teams: list[TeamOut]


class UnplannedOut(Schema):
    """A work order that waits for a plan."""

    work_order_id: int
    ticket_id: int
    version: int
    code: str
    customer: str
    place: str
    activity_type_id: int
    minutes: int
    priority: Literal["low", "medium", "high"]
    received_at: AwareDatetime
    subject: str


class UnplannedPageOut(Schema):
    """A page of waiting work; `next` is the cursor of the following page. The count is exact up to 1,000."""

    items: list[UnplannedOut]
    next: str | None
    count: str


class PlannedOrderOut(Schema):
    """Where a work order stands after a change."""

    id: int
    version: int
    status: str
    code: str


class PlanIn(Schema):
    """Where to put a work order; without `ends` it takes as long as expected."""

    resource_id: Id
    starts: AwareDatetime
    ends: AwareDatetime | None = None
    version: Version


class MoveIn(Schema):
    """Where to put an appointment; `version` is the appointment's."""

    resource_id: Id
    starts: AwareDatetime
    ends: AwareDatetime
    version: Version


class SeenIn(Schema):
    """The version that the caller saw."""

    version: Version


class AppointmentIn(Schema):
    """A new appointment that belongs to no work order; an empty title becomes the type's name."""

    resource_id: Id
    activity_type_id: Id
    starts: AwareDatetime
    ends: AwareDatetime
    title: Annotated[str, Field(max_length=200)] = ""


class PlannedOut(Schema):
    """A planned work order and its appointment."""

    appointment: AppointmentOut
    work_order: PlannedOrderOut


class OrderOnlyOut(Schema):
    """A work order without appointment."""

    work_order: PlannedOrderOut


class AppointmentOnlyOut(Schema):
    """An appointment after a change."""

    appointment: AppointmentOut


@router.get("/board", response=BoardOut, operation_id="board")
@reads("board.read")
def board(
    request: HttpRequest,
    start: date,
    days: Annotated[int, Query(ge=1, le=7)] = 1,
    team: Annotated[Id | None, Query()] = None,
) -> HttpResponse:
    """Resources, their presence and their appointments for one to seven days of the reader's clock, from `start`."""
    found = queries.board(request.actor, start=start, days=days, team=team, now=clock.now())
    return HttpResponse(found, content_type="application/json; charset=utf-8")


@router.get("/board/unplanned", response=UnplannedPageOut, operation_id="board_unplanned")
@reads("board.read")
def unplanned(
    request: HttpRequest,
    search: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str, Query(max_length=2000)] = "",
) -> UnplannedPageOut:
    """Work orders that wait for a plan, most urgent first, then longest waiting; pages of 50."""
    page = queries.unplanned(request.actor, search=search, cursor=cursor)
    return UnplannedPageOut.model_validate({"items": page.items, "next": page.next, "count": page.count})


@router.post("/work-orders/{work_order_id}/plan", response=PlannedOut, operation_id="plan_work_order")
@writes("board.plan")
def plan(request: HttpRequest, work_order_id: Id, body: PlanIn) -> PlannedOut:
    """Plan a work order onto a resource's calendar; `version` is the work order's."""
    actor = request.actor
    order = commands.plan(
        work_order_id=work_order_id,
        resource_id=body.resource_id,
        starts=body.starts,
        ends=body.ends,
        version=body.version,
        actor=actor,
        now=clock.now(),
    )
    return PlannedOut.model_validate(
        {"appointment": queries.card_of(order, actor=actor), "work_order": queries.order(order)}
    )


@router.post("/work-orders/{work_order_id}/unplan", response=OrderOnlyOut, operation_id="unplan_work_order")
@writes("board.plan")
def unplan(request: HttpRequest, work_order_id: Id, body: SeenIn) -> OrderOnlyOut:
    """Take a work order off the calendar; it waits for a plan again. `version` is the work order's."""
    order = commands.unplan(
        work_order_id=work_order_id,
        version=body.version,
        actor=request.actor,
        now=clock.now(),
    )
    return OrderOnlyOut.model_validate({"work_order": queries.order(order)})


@router.post("/appointments", response=AppointmentOnlyOut, operation_id="create_appointment")
@writes("board.plan")
def create(request: HttpRequest, body: AppointmentIn) -> AppointmentOnlyOut:
    """Make an appointment that belongs to no work order."""
    actor = request.actor
    made = commands.create_appointment(
        resource_id=body.resource_id,
        activity_type_id=body.activity_type_id,
        window=Interval(body.starts, body.ends),
        title=body.title,
        actor=actor,
        now=clock.now(),
    )
    return AppointmentOnlyOut.model_validate({"appointment": queries.card(made.pk, actor=actor)})


@router.post("/appointments/{appointment_id}/move", response=AppointmentOnlyOut, operation_id="move_appointment")
@writes("board.plan")
def move(request: HttpRequest, appointment_id: Id, body: MoveIn) -> AppointmentOnlyOut:
    """Another time, length or resource; a work order's appointment moves with its work order."""
    actor = request.actor
    commands.move_appointment(
        appointment_id=appointment_id,
        resource_id=body.resource_id,
        window=Interval(body.starts, body.ends),
        version=body.version,
        actor=actor,
        now=clock.now(),
    )
    return AppointmentOnlyOut.model_validate({"appointment": queries.card(appointment_id, actor=actor)})


@router.post("/appointments/{appointment_id}/cancel", response=AppointmentOnlyOut, operation_id="cancel_appointment")
@writes("board.plan")
def cancel(request: HttpRequest, appointment_id: Id, body: SeenIn) -> AppointmentOnlyOut:
    """Cancel an appointment that belongs to no work order; it frees its time."""
    actor = request.actor
    commands.cancel_appointment(appointment_id=appointment_id, version=body.version, actor=actor, now=clock.now())
    return AppointmentOnlyOut.model_validate({"appointment": queries.card(appointment_id, actor=actor)})
