"""The whole search: VROOM's quick answer first, then what the polish makes of it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from callout.core.routing import vroom
from callout.core.routing.answers import plan_of
from callout.core.routing.lanes import prepare
from callout.core.routing.model import Plan, Problem

EVERY = 0.5
"""Seconds between two answers at least: a better plan is kept until then."""


def search(problem: Problem, *, seconds: float, seed: int = 0) -> Iterator[Plan]:
    """Plans, each better than the one before, for about so many seconds; the first one whatever time it takes."""
    began = time.monotonic()
    ground = prepare(problem)
    orders = vroom.orders(ground, seconds=seconds / 2)
    yield plan_of(ground, orders)
    # Its compiler is loaded while there is an answer already.
    from callout.core.routing.polish import polish

    said, waiting = time.monotonic(), False
    for better in polish(ground, orders, seconds=seconds - (time.monotonic() - began), seed=seed):
        orders, waiting = better, True
        if time.monotonic() - said >= EVERY:
            yield plan_of(ground, orders)
            said, waiting = time.monotonic(), False
    if waiting:
        yield plan_of(ground, orders)
