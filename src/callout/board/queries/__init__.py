"""Reading what the board shows."""

from callout.board.queries.audience import audience
from callout.board.queries.calendars import board, opening_day, span
from callout.board.queries.cards import appointments_within, card, cards, cards_by_id, changed_last_by, with_others
from callout.board.queries.looks import look
from callout.board.queries.months import month
from callout.board.queries.waiting import UnplannedPage, order, unplanned

__all__ = [
    "UnplannedPage",
    "appointments_within",
    "audience",
    "board",
    "card",
    "cards",
    "cards_by_id",
    "changed_last_by",
    "look",
    "month",
    "opening_day",
    "order",
    "span",
    "unplanned",
    "with_others",
]
