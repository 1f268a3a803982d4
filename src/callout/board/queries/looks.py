"""How somebody has arranged the planner."""

from callout.accounts.actor import Actor
from callout.board import rules
from callout.board.models import Look


def look(actor: Actor) -> rules.Look:
    """The actor's own arrangement, the usual one for who has none; one statement."""
    if actor.user_id is None:
        return rules.Look()
    stored = Look.objects.filter(user_id=actor.user_id).values_list("settings", flat=True).first()
    return rules.kept(stored) if isinstance(stored, dict) else rules.Look()
