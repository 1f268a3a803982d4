"""What is done with proposals: started, filled, stopped, accepted, discarded, undone."""

from callout.dispatch.commands.decide import accept, dismiss, undo
from callout.dispatch.commands.run import PLAN, give_up, ready, start, stop

__all__ = ["PLAN", "accept", "dismiss", "give_up", "ready", "start", "stop", "undo"]
