"""The whole search: VROOM's answer first."""

from __future__ import annotations

from collections.abc import Iterator

from callout.core.routing import vroom
from callout.core.routing.answers import plan_of
from callout.core.routing.lanes import prepare
from callout.core.routing.model import Plan, Problem


def search(problem: Problem, *, seconds: float, seed: int = 0) -> Iterator[Plan]:
    """Plans, each better than the one before, for about so many seconds."""
    ground = prepare(problem)
    yield plan_of(ground, vroom.orders(ground, seconds=seconds))
