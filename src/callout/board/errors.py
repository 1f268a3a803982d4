"""What the board refuses."""

from callout.core.errors import N_, DomainError, StaleVersion


class BelongsToWorkOrder(DomainError):
    """The appointment is a work order's: it goes the work order's way."""

    code = "belongs_to_work_order"
    what = N_("“{title}” belongs to work order {work_order}.")
    remedy = N_("Unplan the work order instead.")


class MovedMeanwhile(StaleVersion):
    """Somebody else changed the block first; it says who, and where the block is now."""

    what = N_("{person} has changed “{title}” in the meantime: it is on {resource}’s calendar, {starts} to {ends}.")
    remedy = N_("Look at where it is now, and move it again if that is still right.")


class TakenOffMeanwhile(StaleVersion):
    """Somebody else took the block off the calendar first."""

    what = N_("{person} has taken “{title}” off {resource}’s calendar in the meantime.")
    remedy = N_("Nothing is left to move.")
