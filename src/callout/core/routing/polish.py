"""Compiled search that takes an answer further: lost priority first, then travel, as long as there is time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np
from numba import njit

from callout.core.routing import tables
from callout.core.routing.lanes import Ground, prepare
from callout.core.routing.model import Job, Problem, Shift
from callout.core.routing.moves import step
from callout.core.routing.tables import (
    ABSENT,
    BEST_LOST,
    BEST_TRAVEL,
    FIRST_LOST,
    JOB,
    LANES,
    LOST,
    PRIORITY,
    SIZE,
    TRAVEL,
    WINDOWS,
    Data,
    State,
)
from callout.core.routing.timing import changed, refresh

HOT, COLD = 0.4, 0.08
"""The heat at the beginning and at the end, in ways of average length."""
WEIGHT = 2.5
"""What a point of priority counts, in ways of average length: less than the detours that would be driven for it, and
more than what a way round saves. A plan never loses more priority than the answer that it began with.
"""
ALL = 1e6
"""What a point of priority counts where nothing else does."""
SLICE = 0.05
"""Seconds between two looks at the clock."""
ROUNDS = 200
"""Slices of a search that is bounded by steps."""


@njit(cache=True, nogil=True)
def begin(d: Data, s: State, seed: int) -> None:
    """Fill in times and sums, and remember the beginning as the best."""
    np.random.seed(seed)
    for lane in range(len(s.lanes)):
        refresh(d, s, lane, -1)
        changed(s, lane)
    for job in range(len(s.lane)):
        if s.lane[job] < 0:
            s.counts[LOST] += d.jobs[job, PRIORITY]
            if d.jobs[job + 1, LANES] > d.jobs[job, LANES] and d.jobs[job + 1, WINDOWS] > d.jobs[job, WINDOWS]:
                s.absent[s.counts[ABSENT]] = job
                s.counts[ABSENT] += 1
    s.counts[FIRST_LOST] = s.counts[LOST]
    remember(s)


@njit(cache=True, nogil=True)
def remember(s: State) -> None:
    """Keep the routes as the best."""
    s.counts[BEST_TRAVEL], s.counts[BEST_LOST] = s.counts[TRAVEL], s.counts[LOST]
    for lane in range(len(s.lanes)):
        for index in range(s.lanes[lane, SIZE]):
            s.best[lane, index] = s.routes[lane, index, JOB]
        s.best[lane, s.lanes[lane, SIZE]] = -1


@njit(cache=True, nogil=True)
def better(s: State, weight: float) -> bool:
    """Whether the routes are better than the best, without more lost priority than at the beginning."""
    if s.counts[LOST] > s.counts[FIRST_LOST]:
        return False
    return s.counts[TRAVEL] + weight * s.counts[LOST] < s.counts[BEST_TRAVEL] + weight * s.counts[BEST_LOST]


@njit(cache=True, nogil=True)
def run(d: Data, s: State, steps: int, lanes: int, heat: float, weight: float) -> None:
    """So many steps at one heat."""
    for _ in range(steps):
        if step(d, s, lanes, heat, weight) and better(s, weight):
            remember(s)


def polish(
    ground: Ground, orders: Sequence[Sequence[int]], *, seconds: float, seed: int = 0, steps: int | None = None
) -> Iterator[list[list[int]]]:
    """Better and better orders of each lane's jobs, never worse than where it started, for about so many seconds.

    With `steps` it takes so many of them, whatever the time, and the same seed gives the same answer.
    """
    d = tables.data(ground)
    if not len(d.able):
        return
    s = tables.state(ground, orders)
    begin(d, s, seed)
    best = (s.counts[BEST_LOST], s.counts[BEST_TRAVEL])
    run(d, s, len(ground.problem.jobs), len(ground.lanes), 0.0, ALL)  # fills what is empty
    used = max(1, int(np.count_nonzero(s.lanes[:, SIZE])))
    length = max(1.0, s.counts[TRAVEL] / (int(s.lanes[:, SIZE].sum()) + used))
    began, done, some = time.perf_counter(), 0.0, 100
    while done < 1.0:
        heat = length * HOT * (COLD / HOT) ** done
        if steps is not None:
            some = max(1, steps // ROUNDS)
            done += some / max(1, steps)
        at = time.perf_counter()
        run(d, s, some, used, heat, length * WEIGHT)
        if steps is None:
            now = time.perf_counter()
            some = max(1, min(4 * some, int(some * SLICE / max(1e-6, now - at))))
            done = (now - began) / max(seconds, 1e-6)
        if (s.counts[BEST_LOST], s.counts[BEST_TRAVEL]) != best:
            best = (s.counts[BEST_LOST], s.counts[BEST_TRAVEL])
            yield _orders(s)


def warm() -> None:
    """Compile everything, or load what was compiled, by searching a moment in the smallest problem there is."""
    way = np.zeros((1, 1), np.int32)
    problem = Problem([Shift(1, 0, 9)], [Job(1, 0, 1, ((0, 8),))], way, way)
    for _ in polish(prepare(problem), [[]], seconds=0, steps=1):
        pass


def _orders(s: State) -> list[list[int]]:
    return [order[: order.index(-1)] for order in s.best.tolist()]
