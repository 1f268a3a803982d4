"""The whole search: VROOM's quick answer first, then what the polish makes of it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from callout.core.routing import vroom
from callout.core.routing.answers import plan_of
from callout.core.routing.lanes import prepare
from callout.core.routing.model import Plan, Problem

EVERY = 0.5
"""Seconds between two answers at least; a better plan is kept until then."""
QUICK = 1.0
"""Seconds that a first answer may take even when starting took all the time: compiling may take longer."""
SHARE = 0.05
"""The part of the time that goes into writing answers, at most."""


def search(problem: Problem, *, seconds: float, seed: int = 0) -> Iterator[Plan]:
    """Plans, each better than the one before, for about so many seconds; the first one whatever time it takes.

    VROOM does not look at the clock before it has a first answer: it is asked only where that comes in time. The polish
    has half of the seconds at least, even where compiling it took the others.
    """
    began = time.monotonic()
    ground, waiting = prepare(problem), False
    if vroom.expected(ground) < max(QUICK, seconds / 4):
        orders = vroom.orders(ground, seconds=max(QUICK, seconds / 2))
        yield plan_of(ground, orders)
    else:
        orders = [list(lane.fixed) for lane in ground.lanes]
        waiting = True
    # The compiler is loaded, and on a new machine at work, while there is an answer already.
    from callout.core.routing.polish import polish, warm

    warm()
    said, pause = time.monotonic(), EVERY
    for better in polish(ground, orders, seconds=max(seconds / 2, seconds - (said - began)), seed=seed):
        orders, waiting, now = better, True, time.monotonic()
        if now - said >= pause:
            plan = plan_of(ground, orders)
            said, waiting = time.monotonic(), False
            pause = max(EVERY, (said - now) / SHARE)
            yield plan
    if waiting:
        yield plan_of(ground, orders)
