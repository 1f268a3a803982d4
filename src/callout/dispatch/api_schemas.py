"""What goes into the API of dispatch and what comes out of it."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from callout.board.api_schemas import Id, Version
from callout.board.queries.cards import PRIORITIES
from callout.dispatch import rules
from callout.dispatch.queries import Sheet, Shown
from callout.dispatch.words import notes_of, reason_of

Ids = Annotated[list[Id], Field(max_length=500)]


class LunchIn(Schema):
    """A break of so many minutes that begins between two times of the day, by each person's own clock."""

    earliest: time = time(12)
    latest: time = time(13)
    minutes: Annotated[int, Field(ge=rules.LEAST_LUNCH, le=rules.MOST_LUNCH)] = 60


class DispatchIn(Schema):
    """What is to be dispatched; an empty list leaves its matter open. People and teams add up."""

    days: Annotated[list[date], Field(min_length=1, max_length=rules.MOST_DAYS)]
    team_ids: Ids = []
    resource_ids: Ids = []
    type_ids: Ids = []
    sector_ids: Ids = []
    zone_ids: Ids = []
    lunch: LunchIn | None = None
    seconds: Annotated[int, Field(ge=rules.LEAST_SECONDS, le=rules.MOST_SECONDS)] = rules.USUAL_SECONDS

    def choice(self) -> rules.Choice:
        """The choice as the rules know it."""
        lunch = self.lunch
        sets = {name: frozenset(getattr(self, name)) for name in rules.SETS}
        return rules.Choice(
            days=tuple(self.days),
            lunch=rules.Lunch(lunch.earliest, lunch.latest, lunch.minutes) if lunch else None,
            seconds=self.seconds,
            **sets,
        )


class FitIn(Schema):
    """An urgent work order, the days on which it may be done (none: today), and whether planned work may move."""

    work_order_id: Id
    days: Annotated[list[date], Field(max_length=rules.MOST_DAYS)] = []
    may_move: bool = False


class AcceptIn(Schema):
    """Which work orders are planned, null for all; with `tell` their customers are written to."""

    work_order_ids: Annotated[list[Id], Field(max_length=rules.MOST_ORDERS)] | None = None
    tell: bool = True
    version: Version | None = None


class VersionIn(Schema):
    """The proposal as it was seen."""

    version: Version | None = None


class UndoIn(Schema):
    """Whether the customers are written to."""

    tell: bool = True


class ProgressOut(Schema):
    """How far the run is: `done` of `total` seconds; `error` tells why it ended without a result."""

    status: Literal["waiting", "running", "done", "failed", "cancelled"]
    done: int
    total: int | None
    stopping: bool
    error: str


class CostsOut(Schema):
    """What days cost: metres, seconds on the road, and seconds of the way home behind the end of presence."""

    metres: int
    travel: int
    overtime: int


class PersonCostsOut(Schema):
    """What the proposal makes of somebody's days."""

    resource_id: int
    name: str
    orders: int
    before: CostsOut
    after: CostsOut


class OrderOut(Schema):
    """The work order that a suggestion is about."""

    work_order_id: int
    work_order_code: str
    ticket_id: int
    customer: str
    subject: str
    site: str
    activity_type_id: int
    priority: Literal["low", "medium", "high"]
    minutes: int


class SuggestionOut(OrderOut):
    """Where the work order goes, and for one that is planned already where it stands now (`from_...`).

    `stale` says that it was "changed" since, or that its time was "taken"; `outcome` what has been done, and `told`
    why it was not. `travel` seconds and `metres` lead there from the stop before.
    """

    kind: Literal["plan", "move"]
    resource_id: int
    resource: str
    starts: AwareDatetime
    ends: AwareDatetime
    travel: int
    metres: int
    from_resource_id: int | None
    from_resource: str
    from_starts: AwareDatetime | None
    from_ends: AwareDatetime | None
    stale: Literal["", "changed", "taken"]
    outcome: Literal["", "accepted", "refused", "undone", "kept"]
    told: str


class LeftOutOut(OrderOut):
    """A work order that is not planned, and why: `message` in words."""

    reason: Literal["skill", "window", "full"]
    message: str


class ProposalLineOut(Schema):
    """A proposal in short."""

    id: int
    kind: Literal["days", "urgent"]
    status: Literal["working", "open", "accepted", "dismissed", "undone", "failed"]
    owner: str
    mine: bool
    days: list[date]
    created_at: AwareDatetime


class ProposalOut(ProposalLineOut):
    """A proposal; `before` and `after` are null until it is worked out. `notes` are sentences for the reader."""

    version: int
    progress: ProgressOut | None
    notes: list[str]
    before: CostsOut | None
    after: CostsOut | None
    people: list[PersonCostsOut]
    suggestions: list[SuggestionOut]
    left_out: list[LeftOutOut]


class NamedOut(Schema):
    """Something to choose."""

    id: int
    name: str


class DispatchChoicesOut(Schema):
    """What a run can be narrowed to, and the limits of what may be asked."""

    teams: list[NamedOut]
    resources: list[NamedOut]
    types: list[NamedOut]
    sectors: list[NamedOut]
    zones: list[NamedOut]
    seconds: int
    most_seconds: int
    most_days: int


def line_out(sheet_or_proposal: Any, status: str, user_id: int | None) -> dict[str, Any]:
    """The fields of ProposalLineOut."""
    proposal = sheet_or_proposal
    return {
        "id": proposal.pk, "kind": proposal.kind, "status": status, "owner": proposal.owner.display_name,
        "mine": proposal.owner_id == user_id, "days": proposal.choice.get("days", []),
        "created_at": proposal.created_at,
    }  # fmt: skip


def proposal_out(sheet: Sheet, user_id: int | None) -> ProposalOut:
    """The whole proposal."""
    proposal, figures = sheet.proposal, sheet.figures
    return ProposalOut.model_validate({
        **line_out(proposal, sheet.status, user_id),
        "version": proposal.version,
        "progress": _progress(sheet),
        "notes": notes_of(sheet),
        "before": figures.get("before"),
        "after": figures.get("after"),
        "people": [_person(each, sheet) for each in figures.get("people", ())],
        "suggestions": [_suggestion(each) for each in sheet.places],
        "left_out": [
            {**_order(row), "reason": row.reason, "message": reason_of(row)} for row in sheet.left_out
        ],
    })  # fmt: skip


def _progress(sheet: Sheet) -> dict[str, Any] | None:
    run = sheet.proposal.run
    if run is None:
        return None
    stopping = run.cancel_requested and sheet.working
    return {"status": run.status, "done": run.done, "total": run.total, "stopping": stopping, "error": run.error}


def _person(figures: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    pk = figures["person"]
    return {
        "resource_id": pk, "name": str(sheet.people.get(pk, "")), "orders": figures["orders"],
        "before": figures["before"], "after": figures["after"],
    }  # fmt: skip


def _order(row: Any) -> dict[str, Any]:
    order = row.work_order
    return {
        "work_order_id": order.pk, "work_order_code": order.code, "ticket_id": order.ticket_id,
        "customer": order.ticket.customer.name, "subject": order.ticket.subject, "site": str(order.site),
        "activity_type_id": order.activity_type_id, "priority": PRIORITIES[order.ticket.priority],
        "minutes": order.minutes,
    }  # fmt: skip


def _suggestion(shown: Shown) -> dict[str, Any]:
    row = shown.suggestion
    moment: dict[str, datetime | None] = {
        name: getattr(row, name) for name in ("starts", "ends", "from_starts", "from_ends")
    }
    return {
        **_order(row), **moment, "kind": row.kind, "resource_id": row.resource_id, "resource": str(row.resource),
        "travel": row.travel, "metres": row.metres, "from_resource_id": row.from_resource_id,
        "from_resource": str(row.from_resource or ""), "stale": shown.stale, "outcome": row.outcome, "told": row.told,
    }  # fmt: skip
