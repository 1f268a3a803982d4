"""Refusals around getting in."""

from callout.core.errors import DomainError, N_


class IdempotencyMismatch(DomainError):
    """The idempotency key was used before for another request."""

    code = "idempotency_mismatch"
    status = 422
    what = N_("This idempotency key was used for another request.")
    remedy = N_("Use a new key for each new request.")
