"""From the question to the proposal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from callout.accounts.actor import Actor
from callout.accounts.models import User
from callout.audit.commands import record
from callout.core.errors import NotFound
from callout.core.worktime import zone_of
from callout.dispatch import queries, rules
from callout.dispatch.errors import AlreadyDispatching, ProposalOver
from callout.dispatch.models import Proposal, Suggestion
from callout.dispatch.rules.reading import Answer
from callout.jobs import commands as jobs
from callout.jobs.rules import OVER

PLAN = "board.plan"
TASK = "dispatch.run"
Kind, Status = Proposal.Kind, Proposal.Status


@transaction.atomic
def start(*, choice: rules.Choice, actor: Actor, now: datetime) -> Proposal:
    """Begin to work out a proposal in a job; the actor's open one is discarded.

    Raises what rules.check does, NobodyToDispatch, and AlreadyDispatching while the actor's last run goes on.
    """
    actor.require(PLAN)
    if actor.user_id is None:
        raise NotFound
    choice = rules.check(choice, today=now.astimezone(zone_of(actor.time_zone)).date())
    people = queries.chosen_people(choice, actor=actor)
    clear(Kind.DAYS, actor=actor, now=now)
    run = jobs.create_run(name="dispatch", title=_title(choice), actor=actor, now=now, total=choice.seconds)
    proposal = Proposal.objects.create(
        owner_id=actor.user_id,
        run=run,
        branch_ids=sorted({each.branch_id for each in people}),
        choice=rules.as_facts(choice),
        created_at=now,
    )
    record("proposal.started", subject=proposal, actor=actor, at=now, **proposal.choice)
    jobs.defer(TASK, run_id=run.pk)
    return proposal


def _title(choice: rules.Choice) -> str:
    first, last = (formats.date_format(day, "SHORT_DATE_FORMAT") for day in (choice.days[0], choice.days[-1]))
    if first == last:
        return _("Dispatch of %(day)s") % {"day": first}
    return _("Dispatch from %(first)s to %(last)s") % {"first": first, "last": last}


def clear(kind: str, *, actor: Actor, now: datetime) -> None:
    """Make room for a new proposal of the kind. Raises AlreadyDispatching while one is worked out."""
    # Two starts of one person at once come one after the other.
    User.objects.select_for_update(no_key=True).filter(pk=actor.user_id or 0).first()
    mine = Proposal.objects.select_related("run").filter(owner=actor.user_id, kind=kind, status__in=queries.OPEN)
    for old in mine.select_for_update(of=("self",)):
        if old.status == Status.WORKING and old.run is not None and old.run.status not in OVER:
            raise AlreadyDispatching(proposal=old.pk)
        end(old, Status.FAILED if old.status == Status.WORKING else Status.DISMISSED, actor=actor, now=now)


def end(proposal: Proposal, status: str, *, actor: Actor, now: datetime, **facts: Any) -> None:
    """Put a locked proposal into a state, and write down who did so."""
    proposal.status, proposal.decided_at = status, now
    proposal.version += 1
    proposal.save(update_fields=["status", "decided_at", "version"])
    record(f"proposal.{status}", subject=proposal, actor=actor, at=now, **facts)


@transaction.atomic
def ready(
    *, proposal_id: int, answer: Answer, versions: Mapping[int, int], notes: dict[str, Any], actor: Actor, now: datetime
) -> bool:
    """Fill a proposal that is worked out; False, and nothing done, when it is not waited for any more."""
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id, status=Status.WORKING).first()
    if proposal is None:
        return False
    fill(proposal, answer, versions)
    proposal.status, proposal.ready_at = Status.OPEN, now
    proposal.figures, proposal.notes = answer.figures(), notes
    proposal.version += 1
    proposal.save(update_fields=["status", "ready_at", "figures", "notes", "version"])
    record(
        "proposal.ready", subject=proposal, actor=actor, at=now,
        planned=len(answer.places), left_out=len(answer.left_out),
    )  # fmt: skip
    return True


def fill(proposal: Proposal, answer: Answer, versions: Mapping[int, int]) -> None:
    """Write what the answer says of each work order."""
    placed = [
        Suggestion(
            proposal=proposal, work_order_id=each.order, kind=Suggestion.Kind.PLAN, version=versions[each.order],
            resource_id=each.person, starts=each.starts, ends=each.ends, travel=each.travel, metres=each.metres,
        )
        for each in answer.places
    ]  # fmt: skip
    left = [
        Suggestion(proposal=proposal, work_order_id=pk, kind=Suggestion.Kind.LEFT, version=versions[pk], reason=reason)
        for pk, reason in answer.left_out.items()
    ]
    Suggestion.objects.bulk_create([*placed, *left], batch_size=500)


@transaction.atomic
def give_up(*, proposal_id: int, actor: Actor, now: datetime) -> None:
    """The run has ended without a result."""
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id, status=Status.WORKING).first()
    if proposal is not None:
        end(proposal, Status.FAILED, actor=actor, now=now)


@transaction.atomic
def stop(*, proposal_id: int, actor: Actor, now: datetime) -> Proposal:
    """Ask the run to end with the best that it has so far; one that still waits ends without a result.

    Raises NotFound, OthersProposal, ProposalOver.
    """
    actor.require(PLAN)
    proposal = queries.lock(proposal_id, actor=actor)
    run = proposal.run
    if proposal.status != Status.WORKING or run is None or run.status in OVER:
        raise ProposalOver(status=str(proposal.get_status_display()))
    proposal.run = jobs.request_cancel(run_id=run.pk, actor=actor, now=now)
    if proposal.run.status in OVER:
        end(proposal, Status.FAILED, actor=actor, now=now)
    return proposal
