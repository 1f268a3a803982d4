"""What is true of long work whatever it does."""

OVER = ("done", "failed", "cancelled")
"""States from which a run does not move on."""

POLL_SECONDS = 1
"""How often a page asks how far a run is."""

KEEP_JOBS_HOURS = 7 * 24
"""How long finished jobs of the queue are kept, in hours."""

STALLED_SECONDS = 30
"""A worker without a sign of life for this long is dead, and its jobs are taken up by others."""

MAX_TAKEN_UP = 5
"""A job that kills its worker more often than this is given up."""


def percent(done: int, total: int | None) -> int | None:
    """How much is done, 0 to 100; None while the total is not known."""
    if not total:
        return None
    return min(100, done * 100 // total)
