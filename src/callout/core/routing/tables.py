"""A problem as arrays, and the routes of a search as arrays: what compiled code works on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from callout.core.routing.answers import may
from callout.core.routing.lanes import Ground, placed
from callout.core.routing.model import Job
from callout.core.routing.vroom import merged

NEAR = 100
"""So many neighbours of each job are known."""
KEPT = 4096
"""So many things that were known before a step are noted in it; others are looked up again."""
KNOBS = [10.0, 10.0, 12.0, 0.01]
"""Of a step: jobs that are taken out, on average; out of one route, at most; jobs that no route has and that are tried
again, on average; how often a place is passed over."""
NO_LIMIT = 2**40

Array = Any


class Data(NamedTuple):
    """What does not change. Compiling takes long when arrays are many, so there are few, with a column for each thing.

    `WINDOWS` and `LANES` of a job and `BREAKS` of a lane say where its rows begin; those of the next row, where they
    end.
    """

    jobs: Array
    windows: Array
    near: Array
    able: Array
    time: Array
    cost: Array
    lanes: Array
    breaks: Array
    knobs: Array


# What stands where in Data.knobs.
REMOVED, STRING, AGAIN, BLINK = range(4)
# Columns of jobs.
PLACE, SECONDS, PRIORITY, LOAD, FIXED, WINDOWS, LANES = range(7)
# Columns of windows, and of breaks, which have a length too.
FIRST, LAST, REST = range(3)
# Columns of lanes.
OPENS, CLOSES, START, END, ROOM, IDLE, BREAKS = range(7)


class State(NamedTuple):
    """The routes as they are, as the touched ones were before the step under way, and the best ones.

    `memo` holds what is known of the cheapest place for a job in a lane as long as the lane has the same version; `log`
    what it held before the step. `lane` is each job's lane or -1, `pool` the jobs to put back by their `keys`.
    """

    routes: Array
    lanes: Array
    old_routes: Array
    old_lanes: Array
    touched: Array
    memo: Array
    log: Array
    lane: Array
    best: Array
    pool: Array
    keys: Array
    absent: Array
    counts: Array


# Columns of routes: the job, when it is over at the earliest, its latest start that what follows allows, breaks before.
JOB, OVER, LATEST, TAKEN = range(4)
# Columns of lanes in State.
SIZE, CARRIED, LENGTH, VERSION, STEP = range(5)
LANE_COLUMNS, ROUTE_COLUMNS, MEMO_COLUMNS = 5, 4, 4
# Columns of memo.
SEEN, MORE, GAP, SPLIT = range(4)
# What stands where in State.counts.
VERSIONS, ABSENT, TRAVEL, LOST, BEST_TRAVEL, BEST_LOST, POOL, TOUCHED, STEPS, LOGGED, FIRST_LOST = range(11)


def data(ground: Ground) -> Data:
    """The problem; times begin with the first lane."""
    jobs, lanes = ground.problem.jobs, ground.lanes
    base, until = origin(ground), max((lane.closes for lane in lanes), default=0)
    windows = [_windows(job, base, until) for job in jobs]
    able = [_able(ground, number) for number in range(len(jobs))]
    rows = [
        (job.place, job.seconds, job.priority, job.load, job.fixed is not None, *ends)
        for job, *ends in zip(jobs, _ends(windows), _ends(able), strict=False)
    ]
    idle = _idle(ground)
    tracks = [
        (
            lane.opens - base, lane.closes - base, lane.start, lane.end,
            NO_LIMIT if lane.capacity is None else lane.capacity, idle[number], rests,
        )
        for number, (lane, rests) in enumerate(zip(lanes, _ends([lane.breaks for lane in lanes]), strict=False))
    ]  # fmt: skip
    breaks = [(each.earliest - base, each.latest - base, each.seconds) for lane in lanes for each in lane.breaks]
    return Data(
        jobs=_table([*rows, (0, 0, 0, 0, 0, _ends(windows)[-1], _ends(able)[-1])], 7),
        windows=_table([window for each in windows for window in each], 2),
        near=_near(ground.ways.cost, np.array([job.place for job in jobs], np.int64)),
        able=np.array([lane for each in able for lane in each], np.int64),
        time=ground.ways.time,
        cost=ground.ways.cost,
        lanes=_table([*tracks, (0, 0, 0, 0, 0, 0, len(breaks))], 7),
        breaks=_table(breaks, 3),
        knobs=np.array(KNOBS),
    )


def state(ground: Ground, orders: Sequence[Sequence[int]]) -> State:
    """Routes with the jobs of each lane in their order, which must be possible; times and lengths are not filled."""
    count, lanes, longest = len(ground.problem.jobs), len(ground.lanes), _longest(ground)
    made = State(
        routes=np.zeros((lanes, longest, 4), np.int64),
        lanes=np.zeros((lanes, LANE_COLUMNS), np.int64),
        old_routes=np.zeros((lanes, longest, 4), np.int64),
        old_lanes=np.zeros((lanes, LANE_COLUMNS), np.int64),
        touched=np.zeros(lanes, np.int64),
        memo=np.zeros((count, lanes, 4), np.int32),
        log=np.zeros((KEPT, 6), np.int32),
        lane=np.full(count, -1, np.int64),
        best=np.full((lanes, longest + 1), -1, np.int64),
        pool=np.zeros(2 * count + 1, np.int64),
        keys=np.zeros(2 * count + 1),
        absent=np.zeros(2 * count + 1, np.int64),
        counts=np.zeros(11, np.int64),
    )
    for number, order in enumerate(orders):
        found = placed(ground.problem.jobs, ground.ways, ground.lanes[number], order)
        if found is None:
            raise ValueError(f"jobs {list(order)} do not fit into lane {number}")
        made.lanes[number, SIZE] = len(order)
        made.routes[number, : len(order), JOB] = order
        made.routes[number, : len(order), TAKEN] = [taken for _, taken in found]
        made.lane[list(order)] = number
    return made


def _longest(ground: Ground) -> int:
    """So many jobs may be in one lane at most."""
    lengths = np.cumsum(sorted(job.seconds for job in ground.problem.jobs))
    room = max((lane.closes - lane.opens for lane in ground.lanes), default=0)
    fixed = max((len(lane.fixed) for lane in ground.lanes), default=0)
    return int(np.searchsorted(lengths, room, side="right")) + fixed + 1


def origin(ground: Ground) -> int:
    """The moment that counts as zero."""
    return min((lane.opens for lane in ground.lanes), default=0)


def _windows(job: Job, base: int, until: int) -> list[tuple[int, int]]:
    if job.fixed is not None:
        return [(job.fixed[1] - base, job.fixed[1] - base)]
    return [(first - base, last - base) for first, last in merged(job, base, until)]


def _able(ground: Ground, number: int) -> list[int]:
    """The lanes that a job may be in: the skills are there, and alone it fits."""
    job = ground.problem.jobs[number]
    if job.fixed is not None:
        return []
    return [
        index
        for index, lane in enumerate(ground.lanes)
        if may(ground.problem.shifts[lane.shift], job)
        and any(first + job.seconds <= lane.closes and last >= lane.opens for first, last in job.windows)
    ]


def _near(cost: Array, place: Array) -> Array:
    """The jobs beside each job, the nearest first, the job itself in front."""
    count = len(place)
    known = min(NEAR, count)
    found = np.empty((count, known), np.int64)
    for number in range(count):
        away = cost[place[number], place] + cost[place, place[number]]
        away[number] = -1
        some = np.argpartition(away, known - 1)[:known]
        found[number] = some[np.argsort(away[some], kind="stable")]
    return found


def _idle(ground: Ground) -> list[int]:
    """What a lane without jobs costs: the way through it when it is one of several parts of a shift, else nothing."""
    parts = np.bincount([lane.shift for lane in ground.lanes], minlength=1)
    cost = ground.ways.cost
    return [int(cost[lane.start, lane.end]) if parts[lane.shift] > 1 else 0 for lane in ground.lanes]


def _table(rows: Sequence[Sequence[Any]], columns: int) -> Array:
    return np.array(rows, np.int64).reshape(-1, columns)


def _ends(lists: Sequence[Sequence[Any]]) -> list[int]:
    return np.cumsum([0, *map(len, lists)]).tolist()
