"""A proposal becomes a plan, in whole or in part, and what was planned of it can be taken back as one."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from callout.accounts.actor import Actor
from callout.core.errors import DomainError, check_version
from callout.core.intervals import Interval
from callout.dispatch import queries
from callout.dispatch.commands.run import PLAN, Status, end
from callout.dispatch.errors import MovedMeanwhile, NotAsProposed, NothingChosen, NothingToUndo, ProposalOver
from callout.dispatch.models import Proposal, Suggestion
from callout.planning.queries import lock_resources
from callout.tickets.models import Ticket
from callout.ui.refusals import explain
from callout.workorders import commands as workorders
from callout.workorders.models import WorkOrder, WorkStatus

Kind, Outcome = Suggestion.Kind, Suggestion.Outcome
UNDECIDED = (Outcome.WAITING, Outcome.REFUSED)


@transaction.atomic
def accept(
    *,
    proposal_id: int,
    work_order_ids: Collection[int] | None,
    tell: bool,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Proposal:
    """Plan what the proposal suggests for these work orders, None for all; with `tell` their customers get mails.

    Each is checked as if it were planned by hand. What has become impossible is refused, told beside it, and can be
    tried again; the others are planned all the same. An urgent call is fitted in as a whole or not at all. Raises
    NotFound, OthersProposal, ProposalOver, StaleVersion, NothingChosen, NotAsProposed.
    """
    actor.require(PLAN)
    proposal = _decided(proposal_id, version, actor)
    rows = _chosen(proposal, work_order_ids)
    _lock(rows, actor)
    if proposal.kind == Proposal.Kind.URGENT:
        rows = _moves_first(rows)
    for row in rows:
        _try(row, lambda row: _plan(row, tell=tell, actor=actor, now=now), Outcome.ACCEPTED, Outcome.REFUSED)
        if proposal.kind == Proposal.Kind.URGENT and row.outcome == Outcome.REFUSED:
            raise NotAsProposed(code=row.work_order.code, reason=row.told)
    planned = [row for row in rows if row.outcome == Outcome.ACCEPTED]
    left = proposal.suggestions.exclude(kind=Kind.LEFT).filter(outcome__in=UNDECIDED).exists()
    facts: dict[str, Any] = {"planned": len(planned), "refused": len(rows) - len(planned), "mails": tell}
    end(proposal, Status.OPEN if left else Status.ACCEPTED, actor=actor, now=now, **facts)
    return proposal


def _decided(proposal_id: int, version: int | None, actor: Actor) -> Proposal:
    proposal = queries.lock(proposal_id, actor=actor)
    if proposal.status != Status.OPEN:
        raise ProposalOver(status=str(proposal.get_status_display()))
    check_version(proposal.version, version)
    return proposal


def _chosen(proposal: Proposal, work_order_ids: Collection[int] | None) -> list[Suggestion]:
    rows = proposal.suggestions.select_related("work_order").exclude(kind=Kind.LEFT).filter(outcome__in=UNDECIDED)
    if work_order_ids is not None and proposal.kind != Proposal.Kind.URGENT:
        rows = rows.filter(work_order__in=work_order_ids)
    found = list(rows.order_by("starts", "pk"))
    if not found:
        raise NothingChosen("work_order_ids")
    return found


def _moves_first(rows: Sequence[Suggestion]) -> list[Suggestion]:
    """What moves later makes room from the end of the day on, before the call is planned."""
    return sorted(rows, key=lambda row: (row.kind != Kind.MOVE, -row.starts.timestamp() if row.starts else 0))


def _lock(rows: Sequence[Suggestion], actor: Actor) -> None:
    """Lock all that is written to, from parent to child, each by primary key: two of these never wait crosswise."""
    orders = [row.work_order_id for row in rows]
    of_orders = WorkOrder.objects.filter(pk__in=orders).values("ticket_id")
    list(Ticket.objects.select_for_update(of=("self",)).filter(pk__in=of_orders).order_by("pk").values_list("pk"))
    list(WorkOrder.objects.select_for_update(of=("self",)).filter(pk__in=orders).order_by("pk").values_list("pk"))
    people = {pk for row in rows for pk in (row.resource_id, row.from_resource_id) if pk is not None}
    lock_resources(people, actor=actor)


def _try(row: Suggestion, act: Callable[[Suggestion], None], done: str, refused: str) -> None:
    """Do it, or write down in words why it is not possible."""
    try:
        with transaction.atomic():
            act(row)
        row.outcome, row.told = done, ""
    except DomainError as refusal:
        row.outcome, row.told = refused, explain(refusal).text
    row.save(update_fields=["outcome", "told"])


def _window(starts: datetime | None, ends: datetime | None) -> Interval:
    if starts is None or ends is None:
        raise ValueError("a suggestion that leads nowhere")
    return Interval(starts, ends)


def _plan(row: Suggestion, *, tell: bool, actor: Actor, now: datetime) -> None:
    command = workorders.reschedule if row.kind == Kind.MOVE else workorders.plan
    command(
        work_order_id=row.work_order_id,
        resource_id=row.resource_id or 0,
        window=_window(row.starts, row.ends),
        version=row.version,
        actor=actor,
        now=now,
        tell=tell,
    )


@transaction.atomic
def dismiss(*, proposal_id: int, version: int | None, actor: Actor, now: datetime) -> Proposal:
    """Discard what is not planned yet; what was accepted stays planned.

    Raises NotFound, OthersProposal, ProposalOver, StaleVersion.
    """
    actor.require(PLAN)
    proposal = _decided(proposal_id, version, actor)
    planned = proposal.suggestions.filter(outcome=Outcome.ACCEPTED).exists()
    end(proposal, Status.ACCEPTED if planned else Status.DISMISSED, actor=actor, now=now)
    return proposal


@transaction.atomic
def undo(*, proposal_id: int, tell: bool, actor: Actor, now: datetime) -> Proposal:
    """Take back what was planned of the proposal and is still where it put it; the rest is left alone and told.

    Raises NotFound, OthersProposal, NothingToUndo.
    """
    actor.require(PLAN)
    proposal = queries.lock(proposal_id, actor=actor)
    rows = list(proposal.suggestions.filter(outcome=Outcome.ACCEPTED).order_by("from_starts", "-starts", "pk"))
    rows.sort(key=lambda row: row.kind == Kind.MOVE)  # what made room goes back last, the earliest first
    if not rows:
        raise NothingToUndo
    _lock(rows, actor)
    for row in rows:
        _try(row, lambda row: _take_back(row, tell=tell, actor=actor, now=now), Outcome.UNDONE, Outcome.KEPT)
    undone = sum(row.outcome == Outcome.UNDONE for row in rows)
    end(proposal, Status.UNDONE, actor=actor, now=now, undone=undone, kept=len(rows) - undone, mails=tell)
    return proposal


def _take_back(row: Suggestion, *, tell: bool, actor: Actor, now: datetime) -> None:
    order = WorkOrder.objects.select_related("appointment").get(pk=row.work_order_id)
    slot = order.appointment
    there = slot is not None and (slot.resource_id, slot.starts, slot.ends) == (row.resource_id, row.starts, row.ends)
    if order.status != WorkStatus.PLANNED or not there:
        raise MovedMeanwhile
    if row.kind == Kind.MOVE:
        workorders.reschedule(
            work_order_id=order.pk, resource_id=row.from_resource_id or 0,
            window=_window(row.from_starts, row.from_ends), version=None, actor=actor, now=now, tell=tell,
        )  # fmt: skip
    else:
        workorders.unplan(work_order_id=order.pk, version=None, actor=actor, now=now, tell=tell)
