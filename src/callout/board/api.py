"""The board's data, and every way in which work gets onto calendars, between them and off them."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import AwareDatetime

from callout.access.api import writes
from callout.access.gate import reads
from callout.accounts.actor import Actor
from callout.board import commands, queries, rules
from callout.board.api_schemas import (
    AppointmentIn,
    AppointmentOnlyOut,
    BoardOut,
    CopyIn,
    CopyOut,
    CrewOut,
    HelperIn,
    Id,
    LookSchema,
    MailsOut,
    MonthOut,
    MoveIn,
    OrderOnlyOut,
    PlanIn,
    PlannedOut,
    SeenIn,
    UnplanIn,
    UnplannedPageOut,
)
from callout.core.intervals import Interval
from callout.ui import clock
from callout.ui.refusals import explain
from callout.workorders import commands as workorders
from callout.workorders import mail_preview
from callout.workorders.models import WorkOrder

router = Router(tags=["board"])
JSON = "application/json; charset=utf-8"


@router.get("/board", response=BoardOut, operation_id="board")
@reads("board.read")
def board(
    request: HttpRequest,
    start: date,
    days: Annotated[int, Query(ge=1, le=7)] = 1,
    team: Annotated[Id | None, Query()] = None,
    resource: Annotated[list[Id], Query(max_length=100)] = [],  # noqa: B006 - pydantic copies defaults
) -> HttpResponse:
    """Resources, their presence and their appointments for one to seven days of the reader's clock, from `start`.

    With `resource`, once or several times, these calendars alone.
    """
    found = queries.board(request.actor, start=start, days=days, team=team, only=resource, now=clock.now())
    return HttpResponse(found, content_type=JSON)


@router.get("/board/month", response=MonthOut, operation_id="board_month")
@reads("board.read")
def month(request: HttpRequest, start: date, team: Annotated[Id | None, Query()] = None) -> HttpResponse:
    """How full each calendar is, day by day of the month that `start` lies in."""
    found = queries.month(request.actor, start=start, team=team, now=clock.now())
    return HttpResponse(found, content_type=JSON)


@router.post("/board/look", response=LookSchema, operation_id="save_board_look")
@writes("board.read")
def look(request: HttpRequest, body: LookSchema) -> LookSchema:
    """Keep how the reader has arranged the planner; what is not given is as usual."""
    kept = commands.save_look(look=rules.checked(body.model_dump()), actor=request.actor, now=clock.now())
    return LookSchema.model_validate(rules.plain(kept))


@router.post("/board/copy", response=CopyOut, operation_id="copy_appointments")
@writes("board.plan")
def copy(request: HttpRequest, body: CopyIn) -> CopyOut:
    """Copy appointments some weeks on, each as a new one without work order; what does not fit is said and left out."""
    actor = request.actor
    copies = commands.copy_appointments(
        appointment_ids=body.appointment_ids, weeks=body.weeks, dry_run=body.dry_run, actor=actor, now=clock.now()
    )
    made = queries.cards_by_id([each.made.pk for each in copies if each.made], actor=actor)
    return CopyOut.model_validate({"items": [_copied(each, made) for each in copies]})


def _copied(each: commands.Copy, made: dict[int, dict[str, Any]]) -> dict[str, Any]:
    told = explain(each.refusal) if each.refusal else None
    return {
        "source_id": each.source.pk,
        "title": each.source.title,
        "resource_id": each.source.resource_id,
        "starts": each.window.starts if each.window else None,
        "ends": each.window.ends if each.window else None,
        "appointment": made[each.made.pk] if each.made else None,
        "refusal": {"code": told.code, "message": told.message, "remedy": told.remedy} if told else None,
    }


@router.get("/board/mails", response=MailsOut, operation_id="board_mails")
@reads("board.plan")
def mails(
    request: HttpRequest, work_order_id: Id, resource_id: Id, starts: AwareDatetime, ends: AwareDatetime
) -> MailsOut:
    """The mails that planning the work order there, or moving it there, would send now."""
    found = mail_preview.previews(
        work_order_id=work_order_id, resource_id=resource_id, starts=starts, ends=ends, actor=request.actor
    )
    return MailsOut.model_validate({"mails": [asdict(each) for each in found]})


@router.get("/board/unplanned", response=UnplannedPageOut, operation_id="board_unplanned")
@reads("board.read")
def unplanned(
    request: HttpRequest,
    search: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str, Query(max_length=2000)] = "",
    by: Annotated[Literal["priority", "age"], Query()] = "priority",
    sector: Annotated[Id | None, Query()] = None,
    team: Annotated[Id | None, Query()] = None,
) -> UnplannedPageOut:
    """Work orders that wait for a plan, most urgent or longest waiting first; pages of 50.

    `sector` is that of the type of work, `team` one whose people may do it.
    """
    page = queries.unplanned(request.actor, search=search, cursor=cursor, by=by, sector=sector, team=team)
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
        helpers=body.helpers,
        version=body.version,
        tell=body.tell,
        actor=actor,
        now=clock.now(),
    )
    return PlannedOut.model_validate({**_blocks(order.slot.pk, actor), "work_order": queries.order(order)})


def _blocks(appointment_id: int, actor: Actor) -> dict[str, Any]:
    """An appointment, and those of everybody else on its work order."""
    appointment, *others = queries.with_others(appointment_id, actor=actor)
    return {"appointment": appointment, "others": others}


@router.post("/work-orders/{work_order_id}/unplan", response=OrderOnlyOut, operation_id="unplan_work_order")
@writes("board.plan")
def unplan(request: HttpRequest, work_order_id: Id, body: UnplanIn) -> OrderOnlyOut:
    """Take a work order off the calendar; it waits for a plan again. `version` is the work order's."""
    order = commands.unplan(
        work_order_id=work_order_id,
        version=body.version,
        tell=body.tell,
        actor=request.actor,
        now=clock.now(),
    )
    return OrderOnlyOut.model_validate({"work_order": queries.order(order)})


@router.post("/work-orders/{work_order_id}/helpers", response=CrewOut, operation_id="add_helper")
@writes("board.plan")
def add_helper(request: HttpRequest, work_order_id: Id, body: HelperIn) -> CrewOut:
    """Let one more technician go along on a planned work order, for its whole time or for a part of it."""
    window = Interval(body.starts, body.ends) if body.starts and body.ends else None
    order = workorders.add_helper(
        work_order_id=work_order_id,
        resource_id=body.resource_id,
        window=window,
        version=body.version,
        actor=request.actor,
        now=clock.now(),
    )
    return _crew(order, request.actor)


def _crew(order: WorkOrder, actor: Actor) -> CrewOut:
    found = queries.with_others(order.slot.pk, actor=actor)
    return CrewOut.model_validate({"work_order": queries.order(order), "appointments": found})


@router.post(
    "/work-orders/{work_order_id}/helpers/{resource_id}/remove", response=CrewOut, operation_id="remove_helper"
)
@writes("board.plan")
def remove_helper(request: HttpRequest, work_order_id: Id, resource_id: Id, body: SeenIn) -> CrewOut:
    """Take a helper who has not worked off a work order; `version` is the work order's."""
    order = workorders.remove_helper(
        work_order_id=work_order_id,
        resource_id=resource_id,
        version=body.version,
        actor=request.actor,
        now=clock.now(),
    )
    return _crew(order, request.actor)


@router.post("/work-orders/{work_order_id}/helpers/{resource_id}/lead", response=CrewOut, operation_id="make_lead")
@writes("board.plan")
def make_lead(request: HttpRequest, work_order_id: Id, resource_id: Id, body: SeenIn) -> CrewOut:
    """Let a helper lead the work; who led it helps from now on. `version` is the work order's."""
    order = workorders.make_lead(
        work_order_id=work_order_id,
        resource_id=resource_id,
        version=body.version,
        actor=request.actor,
        now=clock.now(),
    )
    return _crew(order, request.actor)


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
    return AppointmentOnlyOut.model_validate(_blocks(made.pk, actor))


@router.post("/appointments/{appointment_id}/move", response=AppointmentOnlyOut, operation_id="move_appointment")
@writes("board.plan")
def move(request: HttpRequest, appointment_id: Id, body: MoveIn) -> AppointmentOnlyOut:
    """Another time, length or resource; a work order's appointment moves with its work order, and everybody on it.

    A helper's appointment on another calendar lets that person help instead; with another length it changes alone.
    """
    actor = request.actor
    commands.move_appointment(
        appointment_id=appointment_id,
        resource_id=body.resource_id,
        window=Interval(body.starts, body.ends),
        version=body.version,
        tell=body.tell,
        actor=actor,
        now=clock.now(),
    )
    return AppointmentOnlyOut.model_validate(_blocks(appointment_id, actor))


@router.post("/appointments/{appointment_id}/cancel", response=AppointmentOnlyOut, operation_id="cancel_appointment")
@writes("board.plan")
def cancel(request: HttpRequest, appointment_id: Id, body: SeenIn) -> AppointmentOnlyOut:
    """Cancel an appointment that belongs to no work order; it frees its time."""
    actor = request.actor
    commands.cancel_appointment(appointment_id=appointment_id, version=body.version, actor=actor, now=clock.now())
    return AppointmentOnlyOut.model_validate(_blocks(appointment_id, actor))
