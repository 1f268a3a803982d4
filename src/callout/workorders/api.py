"""API of tickets and work orders: a call comes in, is carried out and reported. Planning is the board's."""

from typing import Annotated

from django.db.models import Prefetch
from django.http import HttpRequest
from ninja import Query, Router, Status

from callout.access.api import writes
from callout.accounts.actor import Actor
from callout.accounts.gate import reads
from callout.core.errors import NotFound
from callout.customers.queries import customer_known_as, site_known_as, sites_visible_to
from callout.planning.models import ActivityType
from callout.tickets import queries as tickets
from callout.ui import clock
from callout.ui.keyset import after, cursor_of, keys_of, ordered
from callout.workorders import api_schemas as schemas
from callout.workorders import commands, portal_mails, queries
from callout.workorders.api_schemas import Id
from callout.workorders.models import WorkOrder

router = Router(tags=["tickets and work orders"])
SEES = ("ticket.read", "own.work")
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str, Query(max_length=2000)]


@router.get("/tickets", response=schemas.TicketPageOut, operation_id="tickets")
@reads(*SEES)
def list_tickets(
    request: HttpRequest,
    status: schemas.TicketState | None = None,
    customer_id: Id | None = None,
    code: Annotated[str, Query(max_length=60)] = "",
    external_id: Annotated[str, Query(max_length=80)] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> schemas.TicketPageOut:
    """Tickets in the caller's scope, newest first."""
    found = tickets.visible_to(request.actor)
    if status:
        found = found.filter(status=status)
    if customer_id:
        found = found.filter(customer_id=customer_id)
    if external_id:
        found = found.filter(external_id=external_id)
    if code:
        found = tickets.by_code(found, code)
    page, following = _page(found, ("-received_at", "-id"), limit, cursor)
    orders = _orders_of([ticket.pk for ticket in page])
    return schemas.TicketPageOut(
        items=[schemas.ticket_out(ticket, orders.get(ticket.pk, [])) for ticket in page], next=following
    )


def _page(found, order, limit: int, cursor: str):
    """The rows behind the cursor, and the next one."""
    keys = keys_of(found, order)
    rows = list(ordered(after(found, keys, cursor) if cursor else found, keys)[: limit + 1])
    return rows[:limit], cursor_of(rows[limit - 1], keys) if len(rows) > limit else None


def _orders_of(ticket_ids: list[int]) -> dict[int, list[WorkOrder]]:
    found: dict[int, list[WorkOrder]] = {}
    for order in WorkOrder.objects.filter(ticket_id__in=ticket_ids).order_by("id"):
        found.setdefault(order.ticket_id, []).append(order)
    return found


@router.get("/tickets/{ticket_id}", response=schemas.TicketOut, operation_id="ticket")
@reads(*SEES)
def get_ticket(request: HttpRequest, ticket_id: Id) -> schemas.TicketOut:
    """One ticket with its work orders."""
    return _ticket(ticket_id, request.actor)


def _ticket(ticket_id: int, actor: Actor) -> schemas.TicketOut:
    orders = Prefetch("work_orders", queryset=queries.visible_to(actor).order_by("id"))
    ticket = tickets.visible_to(actor).filter(pk=ticket_id).prefetch_related(orders).first()
    if ticket is None:
        raise NotFound
    return schemas.ticket_out(ticket, list(ticket.work_orders.all()))


@router.post("/tickets", response={201: schemas.TicketOut}, operation_id="take_call")
@writes("ticket.write")
def take_call(request: HttpRequest, body: schemas.TicketIn) -> Status:
    """Take a call: ticket and first work order, both numbered. Refused as a whole or not at all."""
    actor = request.actor
    plain = body.model_dump(
        exclude={"customer_external_id", "site_external_id", "activity_type_external_id", "priority", "slot"}
    )
    call = commands.Call(
        **{
            **plain,
            "site_id": _site_id(body, actor),
            "activity_type_id": _type_id(body),
            "priority": schemas.Priority[body.priority.upper()] if body.priority else None,
        }
    )
    if body.slot is None:
        ticket, order = commands.take_call_with_order(call=call, actor=actor, now=clock.now())
    else:
        ticket, order = commands.take_call_and_plan(
            call=call, resource_id=body.slot.resource_id, starts=body.slot.starts, actor=actor, now=clock.now()
        )
    return Status(201, schemas.ticket_out(ticket, [order]))


def _site_id(body: schemas.TicketIn, actor: Actor) -> int:
    """The site that the caller means. Raises NotFound."""
    if body.site_id is not None:
        return body.site_id
    if body.site_external_id:
        site = site_known_as(body.site_external_id, actor=actor)
    else:
        sites = sites_visible_to(actor)
        if body.customer_id is not None:
            sites = sites.filter(customer_id=body.customer_id)
        else:
            customer = customer_known_as(external_id=body.customer_external_id, name="", actor=actor)
            sites = sites.filter(customer=customer) if customer else sites.none()
        site = sites.order_by("-is_main", "id").first()
    if site is None:
        raise NotFound("site_id")
    return site.pk


def _type_id(body: schemas.TicketIn) -> int:
    """The activity type that the caller means. Raises NotFound."""
    if body.activity_type_id is not None:
        return body.activity_type_id
    wanted = body.activity_type_external_id
    found = ActivityType.objects.filter(external_id=wanted).values_list("pk", flat=True).first() if wanted else None
    if found is None:
        raise NotFound("activity_type_id")
    return found


@router.post("/tickets/{ticket_id}/accept", response=schemas.TicketOut, operation_id="accept_ticket")
@writes("own.work", "board.plan")
def accept(request: HttpRequest, ticket_id: Id, body: schemas.VersionIn) -> schemas.TicketOut:
    """The team takes an assigned ticket; `version` is the ticket's."""
    actor = request.actor
    commands.accept(ticket_id=ticket_id, version=body.version, actor=actor, now=clock.now())
    return _ticket(ticket_id, actor)


@router.post("/tickets/{ticket_id}/resolve-by-phone", response=schemas.TicketOut, operation_id="resolve_by_phone")
@writes("ticket.write")
def resolve_by_phone(request: HttpRequest, ticket_id: Id, body: schemas.PhoneIn) -> schemas.TicketOut:
    """The call settled it: its open work orders are not needed."""
    actor = request.actor
    commands.resolve_by_phone(
        ticket_id=ticket_id, solution=body.solution, version=body.version, actor=actor, now=clock.now()
    )
    return _ticket(ticket_id, actor)


@router.post("/tickets/{ticket_id}/cancel", response=schemas.TicketOut, operation_id="cancel_ticket")
@writes("ticket.write")
def cancel(request: HttpRequest, ticket_id: Id, body: schemas.CancelIn) -> schemas.TicketOut:
    """Cancel a ticket with its untouched work orders."""
    actor = request.actor
    commands.cancel_ticket(ticket_id=ticket_id, reason=body.reason, version=body.version, actor=actor, now=clock.now())
    return _ticket(ticket_id, actor)


@router.post("/tickets/{ticket_id}/relocate", response=schemas.TicketOut, operation_id="relocate_ticket")
@writes("ticket.write")
def relocate(request: HttpRequest, ticket_id: Id, body: schemas.RelocateIn) -> schemas.TicketOut:
    """Put a ticket right that was taken down for another customer or site, while nobody has begun to work."""
    actor = request.actor
    commands.relocate_ticket(ticket_id=ticket_id, **body.model_dump(), actor=actor, now=clock.now())
    return _ticket(ticket_id, actor)


@router.post("/tickets/{ticket_id}/reopen", response=schemas.TicketOut, operation_id="reopen_ticket")
@writes("ticket.write")
def reopen(request: HttpRequest, ticket_id: Id, body: schemas.VersionIn) -> schemas.TicketOut:
    """Open a cancelled, finished or phone-solved ticket again."""
    actor = request.actor
    commands.reopen(ticket_id=ticket_id, version=body.version, actor=actor, now=clock.now())
    return _ticket(ticket_id, actor)


@router.post("/tickets/{ticket_id}/work-orders", response={201: schemas.WorkOrderOut}, operation_id="add_work_order")
@writes("ticket.write")
def add_work_order(request: HttpRequest, ticket_id: Id, body: schemas.FurtherIn) -> Status:
    """A further work order of the ticket."""
    actor = request.actor
    order = commands.add_work_order(ticket_id=ticket_id, **body.model_dump(), actor=actor, now=clock.now())
    return Status(201, schemas.work_order_out(queries.one(order.pk, actor=actor)))


@router.get("/work-orders", response=schemas.WorkOrderPageOut, operation_id="work_orders")
@reads(*SEES)
def list_work_orders(
    request: HttpRequest,
    status: schemas.OrderState | None = None,
    ticket_id: Id | None = None,
    resource_id: Id | None = None,
    code: Annotated[str, Query(max_length=60)] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> schemas.WorkOrderPageOut:
    """Work orders in the caller's scope, newest first; of a resource those that it leads or helps on."""
    found = queries.visible_to(request.actor).select_related("ticket", "appointment")
    found = found.prefetch_related("helpers__appointment")
    for name, value in (("status", status), ("ticket_id", ticket_id)):
        if value:
            found = found.filter(**{name: value})
    if resource_id:
        found = found.filter(queries.of_resources([resource_id]))
    if code:
        found = queries.by_code(found, code)
    page, following = _page(found, ("-id",), limit, cursor)
    return schemas.WorkOrderPageOut(items=[schemas.work_order_out(order) for order in page], next=following)


@router.get("/work-orders/{work_order_id}", response=schemas.WorkOrderOut, operation_id="work_order")
@reads(*SEES)
def get_work_order(request: HttpRequest, work_order_id: Id) -> schemas.WorkOrderOut:
    """One work order."""
    return schemas.work_order_out(queries.one(work_order_id, actor=request.actor))


def _step(request: HttpRequest, work_order_id: int, body: schemas.StepIn, command) -> schemas.WorkOrderOut:
    actor = request.actor
    order = command(work_order_id=work_order_id, **body.model_dump(), actor=actor, now=clock.now())
    return schemas.work_order_out(order)


@router.post("/work-orders/{work_order_id}/start", response=schemas.WorkOrderOut, operation_id="start_work")
@writes("report.write")
def start(request: HttpRequest, work_order_id: Id, body: schemas.StepIn) -> schemas.WorkOrderOut:
    """Work begins."""
    return _step(request, work_order_id, body, commands.start)


@router.post("/work-orders/{work_order_id}/pause", response=schemas.WorkOrderOut, operation_id="pause_work")
@writes("report.write")
def pause(request: HttpRequest, work_order_id: Id, body: schemas.StepIn) -> schemas.WorkOrderOut:
    """Work stops for a while."""
    return _step(request, work_order_id, body, commands.pause)


@router.post("/work-orders/{work_order_id}/resume", response=schemas.WorkOrderOut, operation_id="resume_work")
@writes("report.write")
def resume(request: HttpRequest, work_order_id: Id, body: schemas.StepIn) -> schemas.WorkOrderOut:
    """Work goes on."""
    return _step(request, work_order_id, body, commands.resume)


@router.post("/work-orders/{work_order_id}/end", response=schemas.WorkOrderOut, operation_id="end_work")
@writes("report.write")
def end(request: HttpRequest, work_order_id: Id, body: schemas.StepIn) -> schemas.WorkOrderOut:
    """Work is done."""
    return _step(request, work_order_id, body, commands.end)


@router.post("/work-orders/{work_order_id}/report", response=schemas.WorkOrderOut, operation_id="report_work")
@writes("report.write")
def report(request: HttpRequest, work_order_id: Id, body: schemas.ReportIn) -> schemas.WorkOrderOut:
    """Hand the report in; it needs hours."""
    order = commands.report(
        work_order_id=work_order_id,
        version=body.version,
        notes=body.notes,
        actor=request.actor,
        now=clock.now(),
    )
    return schemas.work_order_out(order)


@router.post("/work-orders/{work_order_id}/estimate", response=schemas.WorkOrderOut, operation_id="estimate_work")
@writes("ticket.write")
def estimate(request: HttpRequest, work_order_id: Id, body: schemas.EstimateIn) -> schemas.WorkOrderOut:
    """Estimate by a rate card."""
    order = commands.choose_rate_card(
        work_order_id=work_order_id,
        rate_card_id=body.rate_card_id,
        version=body.version,
        actor=request.actor,
        now=clock.now(),
    )
    return schemas.work_order_out(order)


@router.post("/work-orders/{work_order_id}/hours", response={201: schemas.LineOut}, operation_id="add_hours")
@writes("report.write")
def add_hours(request: HttpRequest, work_order_id: Id, body: schemas.HoursIn) -> Status:
    """Hours worked on a day."""
    actor = request.actor
    line = commands.add_hours(work_order_id=work_order_id, **body.model_dump(), actor=actor, now=clock.now())
    return Status(201, schemas.line_out(line))


@router.post("/work-orders/{work_order_id}/expenses", response={201: schemas.LineOut}, operation_id="add_expense")
@writes("report.write")
def add_expense(request: HttpRequest, work_order_id: Id, body: schemas.ExpenseIn) -> Status:
    """An expense of the trip."""
    actor = request.actor
    line = commands.add_expense(work_order_id=work_order_id, **body.model_dump(), actor=actor, now=clock.now())
    return Status(201, schemas.line_out(line))


@router.post("/work-orders/{work_order_id}/parts", response={201: schemas.LineOut}, operation_id="add_part")
@writes("report.write")
def add_part(request: HttpRequest, work_order_id: Id, body: schemas.PartIn) -> Status:
    """A part used."""
    actor = request.actor
    line = commands.add_part(work_order_id=work_order_id, **body.model_dump(), actor=actor, now=clock.now())
    return Status(201, schemas.line_out(line))


@router.post(
    "/work-orders/{work_order_id}/customer-link", response={201: schemas.LinkOut}, operation_id="invite_customer"
)
@writes("slot.book", "board.plan")
def invite_customer(request: HttpRequest, work_order_id: Id, body: schemas.LinkIn) -> Status:
    """A link by which the customer chooses the time without an account; an earlier one is closed.

    `address` is told this once and not kept.
    """
    invitation, secret = commands.invite(
        work_order_id=work_order_id, send=body.send, actor=request.actor, now=clock.now()
    )
    answer = schemas.LinkOut(
        address=portal_mails.address_of(secret), sent_to=invitation.sent_to, expires_at=invitation.expires_at
    )
    return Status(201, answer)


@router.post(
    "/work-orders/{work_order_id}/customer-link/close", response={204: None}, operation_id="close_customer_link"
)
@writes("slot.book", "board.plan")
def close_customer_link(request: HttpRequest, work_order_id: Id) -> Status:
    """Close the customer's link; without one nothing changes."""
    commands.revoke_invitation(work_order_id=work_order_id, actor=request.actor, now=clock.now())
    return Status(204, None)
