"""An urgent call gets a proposal of its own: who goes, and what makes room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from callout.accounts.actor import Actor
from callout.audit.commands import record
from callout.core.errors import NotFound
from callout.dispatch.commands.run import PLAN, Kind, Status, clear
from callout.dispatch.models import Proposal, Suggestion
from callout.dispatch.rules.reading import Place


@dataclass(frozen=True, slots=True)
class Moved:
    """A planned work order that makes room: where it goes, and where it stands."""

    place: Place
    resource_id: int
    starts: datetime
    ends: datetime


@transaction.atomic
def propose_fit(
    *,
    call: Place,
    moved: Sequence[Moved],
    versions: Mapping[int, int],
    days: Sequence[date],
    branch_ids: Sequence[int],
    figures: dict[str, Any],
    notes: dict[str, Any],
    actor: Actor,
    now: datetime,
) -> Proposal:
    """Keep how an urgent call can be fitted in, to be accepted as a whole; the actor's last one is discarded."""
    actor.require(PLAN)
    if actor.user_id is None:
        raise NotFound
    clear(Kind.URGENT, actor=actor, now=now)
    proposal = Proposal.objects.create(
        kind=Kind.URGENT, status=Status.OPEN, owner_id=actor.user_id, branch_ids=list(branch_ids),
        choice={"days": [day.isoformat() for day in days]}, figures=figures, notes=notes, created_at=now, ready_at=now,
    )  # fmt: skip
    rows = [_suggestion(proposal, Suggestion.Kind.PLAN, call, versions)]
    for each in moved:
        row = _suggestion(proposal, Suggestion.Kind.MOVE, each.place, versions)
        row.from_resource_id, row.from_starts, row.from_ends = each.resource_id, each.starts, each.ends
        rows.append(row)
    Suggestion.objects.bulk_create(rows)
    record("proposal.ready", subject=proposal, actor=actor, at=now, planned=1, moved=len(moved))
    return proposal


def _suggestion(proposal: Proposal, kind: str, place: Place, versions: Mapping[int, int]) -> Suggestion:
    return Suggestion(
        proposal=proposal, work_order_id=place.order, kind=kind, version=versions[place.order],
        resource_id=place.person, starts=place.starts, ends=place.ends, travel=place.travel, metres=place.metres,
    )  # fmt: skip
