"""Proposals, who sees them, and what they look like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from callout.accounts.actor import Actor
from callout.core.errors import NotFound
from callout.core.intervals import Interval
from callout.dispatch.errors import OthersProposal
from callout.dispatch.models import Proposal, Suggestion
from callout.jobs.rules import OVER
from callout.planning.models import Appointment, Resource
from callout.planning.rules import LONGEST
from callout.workorders import queries as workorders
from callout.workorders.models import WorkStatus

PLAN = "board.plan"
OPEN = (Proposal.Status.WORKING, Proposal.Status.OPEN)
_SHOWN = (
    "work_order__ticket__customer", "work_order__site", "work_order__activity_type", "resource__user",
    "from_resource__user",
)  # fmt: skip


def visible_to(actor: Actor) -> QuerySet[Proposal]:
    """The proposals about people of the actor's branches, for who plans."""
    rows = Proposal.objects.select_related("owner", "run")
    if not actor.may(PLAN):
        return rows.none()
    return rows.filter(branch_ids__contained_by=list(actor.branch_ids)) if actor.branch_ids else rows


def one(pk: int, *, actor: Actor) -> Proposal:
    """The proposal. Raises NotFound."""
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def lock(pk: int, *, actor: Actor) -> Proposal:
    """The actor's own proposal, locked until the transaction ends. Raises NotFound, OthersProposal."""
    found = visible_to(actor).select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise NotFound
    if found.owner_id != actor.user_id:
        raise OthersProposal(person=found.owner.display_name)
    return found


def open_ones(actor: Actor) -> list[Proposal]:
    """Proposals that are worked out or wait for a decision, the actor's own first, then the newest; 50 at most."""
    rows = visible_to(actor).filter(status__in=OPEN).exclude(status=Proposal.Status.WORKING, run__status__in=OVER)
    found = list(rows.order_by("-created_at", "-pk")[:50])
    return sorted(found, key=lambda each: each.owner_id != actor.user_id)


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion with its work order, and why it may be old: "", "changed" (the order) or "taken" (the time)."""

    suggestion: Suggestion
    stale: str = ""


@dataclass(frozen=True)
class Sheet:
    """A proposal as people see it: suggestions in the order of time, what is left out, and the people named in it."""

    proposal: Proposal
    places: Sequence[Shown]
    left_out: Sequence[Suggestion]
    people: Mapping[int, Resource]

    @property
    def working(self) -> bool:
        """Whether it is still worked out."""
        run = self.proposal.run
        return self.proposal.status == Proposal.Status.WORKING and run is not None and run.status not in OVER

    @property
    def status(self) -> str:
        """Where it stands; a run that ended without a result leaves none."""
        given_up = self.proposal.status == Proposal.Status.WORKING and not self.working
        return Proposal.Status.FAILED if given_up else self.proposal.status

    @property
    def to_decide(self) -> bool:
        """Whether something of it can still be accepted."""
        return self.status == Proposal.Status.OPEN

    @property
    def accepted(self) -> int:
        """How many of its suggestions are planned."""
        return sum(each.suggestion.outcome == Suggestion.Outcome.ACCEPTED for each in self.places)

    @property
    def figures(self) -> dict[str, Any]:
        """Costs before and after, see rules.reading.Answer.figures; empty while there is no result."""
        return self.proposal.figures


def sheet(proposal: Proposal, *, actor: Actor) -> Sheet:
    """What the proposal says about the work orders that the actor may see; four statements."""
    seen = workorders.visible_to(actor).values("pk")
    rows = list(
        proposal.suggestions.filter(Q(work_order__in=seen)).select_related(*_SHOWN).order_by("starts", "resource", "pk")
    )
    placed = [row for row in rows if row.kind != Suggestion.Kind.LEFT]
    left = sorted((row for row in rows if row.kind == Suggestion.Kind.LEFT), key=_urgent_first)
    taken = _taken(placed)
    people = {row.resource_id: row.resource for row in placed if row.resource is not None}
    named = {each["person"] for each in proposal.figures.get("people", ())} - people.keys()
    people |= Resource.objects.select_related("user").in_bulk(named)
    return Sheet(proposal, [Shown(row, _stale(row, taken)) for row in placed], left, people)  # type: ignore[arg-type]  # placed ones have people


def _urgent_first(row: Suggestion) -> tuple[int, datetime, int]:
    ticket = row.work_order.ticket
    return -ticket.priority, ticket.received_at, row.pk


def _stale(row: Suggestion, taken: Mapping[int, list[Interval]]) -> str:
    order = row.work_order
    wanted = WorkStatus.PLANNED if row.kind == Suggestion.Kind.MOVE else WorkStatus.FORESEEN
    if row.outcome or row.starts is None or row.ends is None or row.resource_id is None:
        return ""
    if order.status != wanted or order.version != row.version:
        return "changed"
    slot = Interval(row.starts, row.ends)
    return "taken" if any(slot.overlaps(each) for each in taken.get(row.resource_id, ())) else ""


def _taken(rows: Sequence[Suggestion]) -> dict[int, list[Interval]]:
    """What stands where something undecided is to go, by resource; what the proposal itself moves does not count."""
    waiting = [row for row in rows if not row.outcome and row.starts is not None and row.ends is not None]
    if not waiting:
        return {}
    starts = min(row.starts for row in waiting if row.starts)
    ends = max(row.ends for row in waiting if row.ends)
    found: dict[int, list[Interval]] = {}
    standing = Appointment.objects.filter(
        resource__in={row.resource_id for row in waiting}, blocks=True, starts__lt=ends,
        starts__gt=starts - LONGEST, ends__gt=starts,
    ).exclude(work_order__in=[row.work_order_id for row in waiting if row.kind == Suggestion.Kind.MOVE])  # fmt: skip
    for pk, begin, end in standing.order_by("starts").values_list("resource_id", "starts", "ends"):
        found.setdefault(pk, []).append(Interval(begin, end))
    return found
