"""Automatic dispatch over the API: ask for a proposal, watch it, accept it in whole or in part, take it back."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from ninja import Router

from callout.access.api import writes
from callout.access.gate import reads
from callout.accounts.models import Team
from callout.board.api_schemas import Id
from callout.customers.models import Zone
from callout.dispatch import commands, queries, rules, urgent
from callout.dispatch.api_schemas import (
    AcceptIn,
    DispatchChoicesOut,
    DispatchIn,
    FitIn,
    NamedOut,
    ProposalLineOut,
    ProposalOut,
    UndoIn,
    VersionIn,
    line_out,
    proposal_out,
)
from callout.dispatch.models import Proposal
from callout.planning.models import ActivityType, Sector
from callout.planning.queries import resources_visible_to
from callout.ui import clock

router = Router(tags=["dispatch"])


@router.get("/dispatch/choices", response=DispatchChoicesOut, operation_id="dispatch_choices")
@reads("board.plan")
def choices(request: HttpRequest) -> DispatchChoicesOut:
    """What a run can be narrowed to."""
    people = resources_visible_to(request.actor).filter(active=True).order_by("position", "user__display_name", "pk")
    return DispatchChoicesOut(
        teams=_named(Team.objects.order_by("name", "pk")),
        resources=_named(people),
        types=_named(ActivityType.objects.filter(active=True).order_by("name", "pk")),
        sectors=_named(Sector.objects.order_by("name", "pk")),
        zones=_named(Zone.objects.order_by("name", "pk")),
        seconds=rules.USUAL_SECONDS,
        most_seconds=rules.MOST_SECONDS,
        most_days=rules.MOST_DAYS,
    )


def _named(rows: Iterable[Any]) -> list[NamedOut]:
    return [NamedOut(id=each.pk, name=str(each)) for each in rows]


@router.post("/dispatch", response=ProposalOut, operation_id="dispatch")
@writes("board.plan")
def dispatch(request: HttpRequest, body: DispatchIn) -> ProposalOut:
    """Begin to work out a proposal; its own address tells how far it is. The caller's open one is discarded."""
    actor = request.actor
    made = commands.start(choice=body.choice(), actor=actor, now=clock.now())
    return _out(request, made.pk)


@router.post("/dispatch/fit", response=ProposalOut, operation_id="fit_in")
@writes("board.plan")
def fit(request: HttpRequest, body: FitIn) -> ProposalOut:
    """Fit an urgent work order into the plan as it is: a proposal at once, to be accepted as a whole.

    What is fixed stays; planned work orders move only when that is allowed, each with where it stands now.
    """
    made = urgent.fit_in(work_order_id=body.work_order_id, days=body.days, may_move=body.may_move, actor=request.actor)
    return _out(request, made.pk)


@router.get("/dispatch/proposals", response=list[ProposalLineOut], operation_id="list_proposals")
@reads("board.plan")
def proposals(request: HttpRequest) -> list[ProposalLineOut]:
    """Proposals that are worked out or wait for a decision: the caller's own first, then those of others."""
    actor = request.actor
    found = queries.open_ones(actor)
    return [ProposalLineOut.model_validate(line_out(each, each.status, actor.user_id)) for each in found]


@router.get("/dispatch/proposals/{proposal_id}", response=ProposalOut, operation_id="proposal")
@reads("board.plan")
def proposal(request: HttpRequest, proposal_id: Id) -> ProposalOut:
    """A proposal, worked out or not, and what has become of it."""
    return _out(request, proposal_id)


@router.post("/dispatch/proposals/{proposal_id}/stop", response=ProposalOut, operation_id="stop_proposal")
@writes("board.plan")
def stop(request: HttpRequest, proposal_id: Id) -> ProposalOut:
    """End the search with the best that it has found."""
    commands.stop(proposal_id=proposal_id, actor=request.actor, now=clock.now())
    return _out(request, proposal_id)


@router.post("/dispatch/proposals/{proposal_id}/accept", response=ProposalOut, operation_id="accept_proposal")
@writes("board.plan")
def accept(request: HttpRequest, proposal_id: Id, body: AcceptIn) -> ProposalOut:
    """Plan all or some of it; what has become impossible is told in its suggestion, and the rest is planned."""
    commands.accept(
        proposal_id=proposal_id,
        work_order_ids=body.work_order_ids,
        tell=body.tell,
        version=body.version,
        actor=request.actor,
        now=clock.now(),
    )
    return _out(request, proposal_id)


@router.post("/dispatch/proposals/{proposal_id}/dismiss", response=ProposalOut, operation_id="dismiss_proposal")
@writes("board.plan")
def dismiss(request: HttpRequest, proposal_id: Id, body: VersionIn) -> ProposalOut:
    """Discard what is not planned yet."""
    commands.dismiss(proposal_id=proposal_id, version=body.version, actor=request.actor, now=clock.now())
    return _out(request, proposal_id)


@router.post("/dispatch/proposals/{proposal_id}/undo", response=ProposalOut, operation_id="undo_proposal")
@writes("board.plan")
def undo(request: HttpRequest, proposal_id: Id, body: UndoIn) -> ProposalOut:
    """Take back what was planned of it and is still where it was put."""
    commands.undo(proposal_id=proposal_id, tell=body.tell, actor=request.actor, now=clock.now())
    return _out(request, proposal_id)


def _out(request: HttpRequest, pk: int) -> ProposalOut:
    actor = request.actor
    found: Proposal = queries.one(pk, actor=actor)
    return proposal_out(queries.sheet(found, actor=actor), actor.user_id)
