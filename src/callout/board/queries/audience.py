"""What somebody may hear of while the board is open."""

from callout.accounts.actor import Actor
from callout.live.rules import Audience
from callout.planning.queries import resources_visible_to
from callout.tickets.queries import seen_branches


def audience(actor: Actor) -> Audience:
    """The calendars and the branches' work that the actor sees; one statement."""
    return Audience(
        user_id=actor.user_id or 0,
        resources=frozenset(resources_visible_to(actor).order_by().values_list("pk", flat=True)),
        branches=seen_branches(actor),
    )
