"""Why there is no plan."""

from __future__ import annotations

from callout.core.errors import N_, DomainError


class RoutingFailed(DomainError):
    """The program that works out routes ended without an answer; the fact `detail` is what it said last."""

    code = "routing.failed"
    what = N_("The routes could not be worked out.")
    remedy = N_("Try again with fewer jobs or days. If it happens again, tell your administrator: {detail}")
