"""Refusals around long work."""

from callout.core.errors import N_, DomainError


class RunOver(DomainError):
    """The run has ended already."""

    code = "run_over"
    what = N_("This work has already ended: {status}.")


class RunCancelled(DomainError):
    """Somebody asked the running work to stop."""

    code = "run_cancelled"
    what = N_("This work was cancelled.")
