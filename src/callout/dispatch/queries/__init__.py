"""What dispatch starts from, and the proposals that came of it."""

from callout.dispatch.queries.proposals import OPEN, Sheet, Shown, lock, one, open_ones, sheet, visible_to
from callout.dispatch.queries.situation import Situation, chosen_people, situation, standing, work_of
from callout.dispatch.queries.urgent import UrgentSituation, urgent_situation

__all__ = [
    "OPEN",
    "Sheet",
    "Shown",
    "Situation",
    "UrgentSituation",
    "chosen_people",
    "lock",
    "one",
    "open_ones",
    "sheet",
    "situation",
    "standing",
    "urgent_situation",
    "visible_to",
    "work_of",
]
