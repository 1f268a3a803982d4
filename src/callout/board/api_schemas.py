"""What goes into the board's API and what comes out of it."""

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

Id = Annotated[int, Field(gt=0, lt=2**63)]
Version = Annotated[int, Field(ge=0, lt=2**31)]


class CardStateOut(Schema):
    """An activity state in the users' own words; the category is what the rules understand."""

    name: str
    colour: str
    category: Literal["open", "planned", "confirmed", "under_way", "done", "missed", "superseded", "cancelled"]


class MemberOut(Schema):
    """Somebody else on the same work order, and that person's block."""

    appointment_id: int
    resource_id: int
    name: str
    leads: bool


class AppointmentOut(Schema):
    """A block on a resource's calendar; work-order fields are null or empty for one that belongs to none.

    `helps` says that this person helps on the work order while somebody else leads it; `crew` are the others on it.
    """

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
    position: tuple[float, float] | None
    movable: bool
    helps: bool
    crew: list[MemberOut]


class ClosureOut(Schema):
    """Time in which a resource is not there, and why."""

    starts: AwareDatetime
    ends: AwareDatetime
    kind: Literal["absence", "holiday"]
    label: str


class WhoOut(Schema):
    """Whose calendar it is; `teams` are in the order of their names, `performs` are activity types."""

    id: int
    name: str
    colour: str
    teams: list[int]
    branch_id: int
    time_zone: str
    performs: list[int]


class CalendarOut(WhoOut):
    """A resource with its presence and what closes some of it."""

    presence: list[tuple[AwareDatetime, AwareDatetime]]
    closed: list[ClosureOut]


class BoardTypeOut(Schema):
    """An activity type and how many minutes it is expected to take."""

    id: int
    name: str
    colour: str
    minutes: int
    sector_id: int
    sector: str


class TeamOut(Schema):
    """A team that the board can be narrowed to."""

    id: int
    name: str


class BranchOut(Schema):
    """A branch that calendars belong to."""

    id: int
    name: str


class RoadsOut(Schema):
    """How the way between two sites is estimated: the straight line times `factor`, at `speed` kilometres an hour."""

    factor: float
    speed: float


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
    branches: list[BranchOut]
    roads: RoadsOut


class CellOut(Schema):
    """A day of a calendar: appointments that begin on it, their minutes, bookable minutes, and why it is closed."""

    count: int
    planned: int
    bookable: int
    closed: str


class MonthRowOut(WhoOut):
    """A calendar with a cell for each day of the month."""

    cells: list[CellOut]


class MonthOut(Schema):
    """A month from `start`, in local days of the reader."""

    time_zone: str
    start: date
    days: int
    now: AwareDatetime
    resources: list[MonthRowOut]
    activity_types: list[BoardTypeOut]
    teams: list[TeamOut]
    branches: list[BranchOut]


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
    position: tuple[float, float] | None


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
    """Where to put a work order; without `ends` it takes as long as expected.

    `helpers` are resources that go along for the same time: all of them are booked, or nothing is.
    """

    resource_id: Id
    starts: AwareDatetime
    ends: AwareDatetime | None = None
    helpers: list[Id] = Field(default=[], max_length=20)
    version: Version
    tell: bool = True


class MoveIn(Schema):
    """Where to put an appointment; `version` is the appointment's; without `tell` no mail goes to the customer."""

    resource_id: Id
    starts: AwareDatetime
    ends: AwareDatetime
    version: Version
    tell: bool = True


class UnplanIn(Schema):
    """The version of the work order that the caller saw; without `tell` no mail goes to the customer."""

    version: Version
    tell: bool = True


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
    """A planned work order and its appointment; `others` are the helpers' appointments."""

    appointment: AppointmentOut
    others: list[AppointmentOut]
    work_order: PlannedOrderOut


class OrderOnlyOut(Schema):
    """A work order without appointment."""

    work_order: PlannedOrderOut


class AppointmentOnlyOut(Schema):
    """An appointment after a change; `others` are those of everybody else on its work order, as they are now."""

    appointment: AppointmentOut
    others: list[AppointmentOut]


class HelperIn(Schema):
    """One more technician: for the whole time, or from `starts` to `ends`; `version` is the work order's."""

    resource_id: Id
    starts: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    version: Version


class CrewOut(Schema):
    """A work order after a change of its people, and everybody's appointments, who leads first."""

    work_order: PlannedOrderOut
    appointments: list[AppointmentOut]


class LookSchema(Schema):
    """How somebody has arranged the planner.

    `weekdays` are those shown, 0 being Monday; `hours` the first and last hour of the day shown, null for as many as
    are needed; `favourites` calendars pinned on top; `collapsed` the keys of closed groups.
    """

    view: Literal["day", "week", "month", "list"] = "day"
    colours: Literal["state", "type", "priority"] = "state"
    groups: Literal["none", "team", "branch"] = "none"
    weekdays: list[int] = Field(default=[0, 1, 2, 3, 4, 5, 6], max_length=7)
    hours: tuple[int, int] | None = None
    zoom: int = 0
    pane: int = 240
    favourites: list[Id] = Field(default=[], max_length=500)
    collapsed: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=200)
    waiting_order: Literal["priority", "age"] = "priority"
    map: bool = False
    travel: bool = True
    ask_before_mail: bool = False


class CopyIn(Schema):
    """Which appointments to copy, so many weeks on; with `dry_run` nothing is made."""

    appointment_ids: Annotated[list[Id], Field(min_length=1, max_length=500)]
    weeks: Annotated[int, Field(ge=1, le=52)] = 1
    dry_run: bool = False


class CopyRefusalOut(Schema):
    """Why a copy is not made."""

    code: str
    message: str
    remedy: str


class CopyItemOut(Schema):
    """One copy: where it goes, and the appointment made or why not; in a dry run neither says that it would be made."""

    source_id: int
    title: str
    resource_id: int
    starts: AwareDatetime | None
    ends: AwareDatetime | None
    appointment: AppointmentOut | None
    refusal: CopyRefusalOut | None


class CopyOut(Schema):
    """What became of each appointment, in the order of the calendar."""

    items: list[CopyItemOut]


class MailOut(Schema):
    """A mail as it would go out."""

    to: list[str]
    language: str
    subject: str
    body: str


class MailsOut(Schema):
    """The mails that a change of the plan would send; none where nobody is told."""

    mails: list[MailOut]
