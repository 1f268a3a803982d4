"""Working a proposal out. An edge: it reads the clock, asks the road network, and lets the engine search."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from callout.accounts.actor import Actor
from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.core.routing.errors import RoutingFailed
from callout.core.routing.model import Plan, Problem, Progress
from callout.core.routing.process import solve
from callout.core.travel import Place, Roads
from callout.core.ways import Ways, straight_ways, with_unknown
from callout.dispatch import commands, osrm, queries, rules
from callout.dispatch.models import Proposal
from callout.dispatch.rules.building import ASSUMED_METRES, ASSUMED_SECONDS, Spot, build
from callout.dispatch.rules.reading import read
from callout.jobs.commands import progress
from callout.jobs.errors import RunCancelled
from callout.jobs.models import Run
from callout.ui import clock

STRAIGHT, BY_ROAD, NO_ANSWER = "straight", "osrm", "osrm_failed"


def carry_out_body(run: Run) -> dict[str, Any]:
    """What the job of a run does; begun again after its worker was killed, it begins anew."""
    proposal = Proposal.objects.select_related("owner").get(run=run)
    actor = actor_for(User.objects.get(pk=proposal.owner_id))
    done = False
    try:
        facts = _work_out(proposal, run, actor)
        done = True
    finally:
        if not done:
            commands.give_up(proposal_id=proposal.pk, actor=actor, now=clock.now())
    return {**facts, "url": reverse("dispatch_proposal", args=[proposal.pk])}


def _work_out(proposal: Proposal, run: Run, actor: Actor) -> dict[str, Any]:
    now = clock.now()
    choice = rules.choice_of(proposal.choice)
    actor.require(commands.PLAN)
    found = queries.situation(choice, actor=actor)
    built = build(found.people, found.standing, found.works, days=choice.days, now=now, lunch=choice.lunch)
    ways, source = ways_between(built.spots)
    plan, stopped = _searched(built.problem(ways), choice.seconds, run)
    notes = {"roads": source, "assumed": len(built.assumed), "cut": found.cut, "stopped": stopped}
    commands.ready(
        proposal_id=proposal.pk, answer=read(built, plan, ways), versions=found.versions, notes=notes,
        actor=actor, now=clock.now(),
    )  # fmt: skip
    return {"stopped": stopped}


def _searched(problem: Problem, seconds: int, run: Run) -> tuple[Plan, bool]:
    """The best plan, and whether somebody stopped the search for a better one. Raises RoutingFailed, RunCancelled."""
    stopped = False

    def watch(how_far: Progress) -> bool:
        nonlocal stopped
        try:
            progress(run_id=run.pk, done=min(int(how_far.elapsed), seconds), total=seconds)
        except RunCancelled:
            stopped = True
        return not stopped

    try:
        return solve(problem, seconds=seconds, progress=watch), stopped
    except RoutingFailed as error:
        if stopped:
            raise RunCancelled from error
        raise


def ways_between(spots: Sequence[Spot]) -> tuple[Ways, str]:
    """The ways between the spots of a problem, and where they come from: STRAIGHT, BY_ROAD, NO_ANSWER."""
    known = [(at, spot) for at, spot in enumerate(spots) if isinstance(spot, Place)]
    unknown = [at for at, spot in enumerate(spots) if not isinstance(spot, Place)]
    places = [place for _, place in known]
    ways, source = straight_ways(places, Roads()), STRAIGHT
    if settings.OSRM_URL and places:
        by_road = osrm.ways_by_road(places, ways, settings.OSRM_URL)
        ways, source = (by_road, BY_ROAD) if by_road else (ways, NO_ANSWER)
    whole = with_unknown(ways, len(unknown), seconds=ASSUMED_SECONDS, metres=ASSUMED_METRES)
    order = [0] * len(spots)
    for place, at in enumerate([*(at for at, _ in known), *unknown]):
        order[at] = place
    return whole.ordered(order), source
