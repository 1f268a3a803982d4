"""What the board refuses."""

from callout.core.errors import N_, DomainError


class BelongsToWorkOrder(DomainError):
    """The appointment is a work order's: it goes the work order's way."""

    code = "belongs_to_work_order"
    what = N_("“{title}” belongs to work order {work_order}.")
    remedy = N_("Unplan the work order instead.")
