"""What is done with proposals: started, filled, stopped, accepted, discarded, undone."""

from callout.dispatch.commands.decide import accept, dismiss, undo
from callout.dispatch.commands.run import PLAN, give_up, ready, start, stop
from callout.dispatch.commands.urgent import Moved, propose_fit

__all__ = ["Moved", "propose_fit", "PLAN", "accept", "dismiss", "give_up", "ready", "start", "stop", "undo"]
