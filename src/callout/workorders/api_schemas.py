"""What the API of tickets and work orders takes and gives."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from callout.customers.models import Priority
from callout.tickets.models import Ticket
from callout.workorders.models import ExpenseLine, HoursLine, PartLine, WorkOrder

Id = Annotated[int, Field(gt=0, lt=2**63)]
Version = Annotated[int, Field(ge=1, lt=2**31)]
Money = Annotated[Decimal, Field(max_digits=12, decimal_places=2)]
Quantity = Annotated[Decimal, Field(max_digits=10, decimal_places=2)]
PriorityName = Literal["low", "medium", "high"]
TicketState = Literal["received", "assigned", "accepted", "finalised", "by_phone"]
OrderState = Literal[
    "foreseen", "planned", "under_way", "done", "reported", "verified", "billed", "not_needed", "cancelled"
]
DocState = Literal["draft", "pending", "posted", "cancelled"]


class Strict(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class SlotIn(Strict):
    """A time on somebody's calendar, as GET /api/slots offers it; it lasts as long as the work is expected to."""

    resource_id: Id
    starts: AwareDatetime


class TicketIn(Strict):
    """A call. The site is named by id or external id; without one the customer's main site is meant.

    Without `received_at` it came in now; without `priority` the customer's counts. `external_id` makes the request
    unique: a second ticket with the same one is refused. With a `slot` the work order is planned at once, or nothing is
    saved.
    """

    customer_id: Id | None = None
    customer_external_id: Annotated[str, Field(max_length=80)] = ""
    site_id: Id | None = None
    site_external_id: Annotated[str, Field(max_length=80)] = ""
    activity_type_id: Id | None = None
    activity_type_external_id: Annotated[str, Field(max_length=120)] = ""
    subject: Annotated[str, Field(min_length=1, max_length=200)]
    description: Annotated[str, Field(max_length=20_000)] = ""
    contact_id: Id | None = None
    priority: PriorityName | None = None
    channel: Literal["phone", "email", "portal", "api", "file"] = "api"
    received_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    asset_ids: Annotated[list[Id], Field(max_length=100)] = []
    contract_id: Id | None = None
    verifier_id: Id | None = None
    emails: Annotated[str, Field(max_length=400)] = ""
    notes: Annotated[str, Field(max_length=20_000)] = ""
    external_id: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    slot: SlotIn | None = None


class OrderBrief(BaseModel):
    """A work order of a ticket."""

    id: int
    code: str
    status: OrderState
    version: int


class TicketOut(BaseModel):
    """A ticket; planned times and people are empty while it is not assigned."""

    id: int
    code: str
    status: TicketState
    doc_status: DocState
    version: int
    customer_id: int
    site_id: int
    contact_id: int | None
    activity_type_id: int
    branch_id: int
    subject: str
    description: str
    priority: PriorityName
    channel: str
    date: dt.date
    received_at: AwareDatetime
    due_at: AwareDatetime | None
    planned_start: AwareDatetime | None
    planned_end: AwareDatetime | None
    taken_by_id: int | None
    assignee_id: int | None
    verifier_id: int | None
    confirmed_real: bool
    solution: str
    external_id: str | None
    work_orders: list[OrderBrief]


class TicketPageOut(BaseModel):
    """Some tickets, newest first; `next` is the cursor of the following page."""

    items: list[TicketOut]
    next: str | None


class HelperOut(BaseModel):
    """Somebody who helps on a work order, in an appointment of the own calendar; `ended_at` ends the own part."""

    resource_id: int
    appointment_id: int
    starts: AwareDatetime
    ends: AwareDatetime
    ended_at: AwareDatetime | None


class WorkOrderOut(BaseModel):
    """A work order; times are moments, prices net in its currency. `resource_id` leads the work, `helpers` go along."""

    id: int
    code: str
    status: OrderState
    version: int
    ticket_id: int
    ticket_code: str
    customer_id: int
    site_id: int
    activity_type_id: int
    resource_id: int | None
    appointment_id: int | None
    helpers: list[HelperOut]
    planned_start: AwareDatetime | None
    planned_end: AwareDatetime | None
    minutes: int
    description: str
    currency: str
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    reported_at: AwareDatetime | None
    verified_at: AwareDatetime | None
    report_notes: str
    signer_name: str


class WorkOrderPageOut(BaseModel):
    """Some work orders, newest first; `next` is the cursor of the following page."""

    items: list[WorkOrderOut]
    next: str | None


class StepIn(Strict):
    """`version` is the work order's as the caller saw it; `at` a time that has passed, now when left out.

    Everybody on a work order has a clock. `resource_id` says whose; without it the caller's own is meant, else that of
    who leads the work. Ending the leader's clock ends the work.
    """

    version: Version | None = None
    at: AwareDatetime | None = None
    resource_id: Id | None = None


class ReportIn(Strict):
    """The technician's words about the work, unless they were written before."""

    version: Version | None = None
    notes: Annotated[str, Field(max_length=20_000)] | None = None


class VersionIn(Strict):
    """The version that the caller saw."""

    version: Version | None = None


class HoursIn(Strict):
    """Hours of one local day. Without `to_bill` what is left of the estimate is billed, else what was worked."""

    day: dt.date
    worked: Quantity
    to_bill: Quantity | None = None
    estimate_line_id: Id | None = None
    resource_id: Id | None = None
    description: Annotated[str, Field(max_length=200)] = ""


class ExpenseIn(Strict):
    """What the trip cost besides hours."""

    description: Annotated[str, Field(min_length=1, max_length=200)]
    quantity: Quantity = Decimal(1)
    price: Money
    kind: Literal["expense", "travel", "fixed"] = "expense"
    unit: Annotated[str, Field(max_length=20)] = ""
    billable: bool = True


class PartIn(Strict):
    """A part that was used."""

    product_id: Id
    quantity: Quantity = Decimal(1)
    serial: Annotated[str, Field(max_length=60)] = ""
    billable: bool = True


class EstimateIn(Strict):
    """The rate card to estimate by; `version` is the work order's."""

    rate_card_id: Id
    version: Version | None = None


class PhoneIn(VersionIn):
    """What settled it."""

    solution: Annotated[str, Field(max_length=20_000)] = ""


class CancelIn(VersionIn):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]


class RelocateIn(VersionIn):
    """Where the ticket belongs: the site names the customer; without a contact person it has none."""

    site_id: Id
    contact_id: Id | None = None


class FurtherIn(VersionIn):
    """A further work order for a ticket; `version` is the ticket's."""

    activity_type_id: Id
    description: Annotated[str, Field(max_length=20_000)] = ""
    minutes: Annotated[int, Field(ge=5, le=1440)] | None = None


class LineOut(BaseModel):
    """A line that was written, and the work order's new version."""

    id: int
    quantity: Decimal
    price: Decimal
    work_order_version: int


def priority_name(priority: int) -> PriorityName:
    """The priority as the API says it."""
    return Priority(priority).name.lower()  # type: ignore[return-value]  # the names are those of the literal


def order_brief(order: WorkOrder) -> OrderBrief:
    """A work order in short."""
    return OrderBrief(id=order.pk, code=order.code, status=order.status, version=order.version)  # type: ignore[arg-type]


def ticket_out(ticket: Ticket, orders: list[WorkOrder]) -> TicketOut:
    """A ticket as the API shows it."""
    plain = {name: getattr(ticket, name) for name in TicketOut.model_fields if name not in ("priority", "work_orders")}
    return TicketOut(
        **plain, priority=priority_name(ticket.priority), work_orders=[order_brief(order) for order in orders]
    )


def work_order_out(order: WorkOrder) -> WorkOrderOut:
    """A work order as the API shows it; ticket and appointment should be loaded."""
    derived = {
        "ticket_code": order.ticket.code,
        "helpers": [
            HelperOut(
                resource_id=each.resource_id,
                appointment_id=each.appointment_id,
                starts=each.appointment.starts,
                ends=each.appointment.ends,
                ended_at=each.ended_at,
            )
            for each in order.helpers.all()
        ],
        "customer_id": order.ticket.customer_id,
        "planned_start": order.appointment.starts if order.appointment else None,
        "planned_end": order.appointment.ends if order.appointment else None,
    }
    plain = {name: getattr(order, name) for name in WorkOrderOut.model_fields if name not in derived}
    return WorkOrderOut(**plain, **derived)


def line_out(line: HoursLine | ExpenseLine | PartLine) -> LineOut:
    """A line as the API answers it."""
    amount = line.worked if isinstance(line, HoursLine) else line.quantity
    return LineOut(id=line.pk, quantity=amount, price=line.price, work_order_version=line.work_order.version)


class LinkIn(Strict):
    """Whether to send the link to the customer's addresses."""

    send: bool = True


class LinkOut(BaseModel):
    """A customer's link: its address, to whom it was sent, and until when it is valid."""

    address: str
    sent_to: str
    expires_at: AwareDatetime
