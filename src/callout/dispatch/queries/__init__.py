"""What dispatch starts from, and the proposals that came of it."""

from callout.dispatch.queries.proposals import OPEN, Sheet, Shown, lock, one, open_ones, sheet, visible_to
from callout.dispatch.queries.situation import Situation, chosen_people, situation, standing, work_of

__all__ = [
    "OPEN",
    "Sheet",
    "Shown",
    "Situation",
    "chosen_people",
    "lock",
    "one",
    "open_ones",
    "sheet",
    "situation",
    "standing",
    "visible_to",
    "work_of",
]
