"""Compiled: one step of the search, which takes jobs out near each other and puts them where they cost least.

Slack induction by string removals (J. Christiaens, G. Vanden Berghe, Transportation Science 54/2, 2020): strings of
neighbouring routes are taken out, then jobs are put back one by one, each into its cheapest place, which is passed
over now and then. Here what is known of a job and an unchanged route is kept; fixed jobs stay, breaks may move in
the routes that are touched, and jobs that no route has are tried again beside those that were taken out.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from callout.core.routing.tables import (
    ABSENT,
    AGAIN,
    BLINK,
    BREAKS,
    FIRST,
    FIXED,
    GAP,
    JOB,
    LANE_COLUMNS,
    LANES,
    LAST,
    LENGTH,
    LOAD,
    LOGGED,
    LOST,
    MEMO_COLUMNS,
    MORE,
    OPENS,
    OVER,
    POOL,
    PRIORITY,
    REMOVED,
    ROUTE_COLUMNS,
    SECONDS,
    SEEN,
    SIZE,
    SPLIT,
    START,
    STEP,
    STEPS,
    STRING,
    TAKEN,
    TOUCHED,
    TRAVEL,
    VERSION,
    WINDOWS,
    Array,
    Data,
    State,
)
from callout.core.routing.timing import NOWHERE, arrival, changed, following, look, put, refresh

SPLITS, ENOUGH = 0.5, 0.01
"""How often some jobs inside a string stay, and how likely each of them is the last that does."""


@njit(cache=True, nogil=True)
def below(limit: int) -> int:
    """A random whole number from 0 below `limit`."""
    return int(np.random.random() * limit)


@njit(cache=True, nogil=True)
def copy(routes: Array, lanes: Array, into_routes: Array, into_lanes: Array, lane: int) -> None:
    """Write the lane as it is in one place over what it is in another."""
    for column in range(LANE_COLUMNS):
        into_lanes[lane, column] = lanes[lane, column]
    for index in range(lanes[lane, SIZE]):
        for column in range(ROUTE_COLUMNS):
            into_routes[lane, index, column] = routes[lane, index, column]


@njit(cache=True, nogil=True)
def touch(s: State, lane: int) -> None:
    """Keep the lane as it is now, to be able to go back; once in a step."""
    if s.lanes[lane, STEP] == s.counts[STEPS]:
        return
    copy(s.routes, s.lanes, s.old_routes, s.old_lanes, lane)
    s.lanes[lane, STEP] = s.counts[STEPS]
    s.touched[s.counts[TOUCHED]] = lane
    s.counts[TOUCHED] += 1


@njit(cache=True, nogil=True)
def go_back(s: State) -> None:
    """Make every touched lane, and what is known of it, what it was before the step."""
    for number in range(s.counts[TOUCHED]):
        lane = s.touched[number]
        for index in range(s.lanes[lane, SIZE]):
            s.lane[s.routes[lane, index, JOB]] = -1
    for number in range(s.counts[TOUCHED]):
        lane = s.touched[number]
        s.counts[TRAVEL] += s.old_lanes[lane, LENGTH] - s.lanes[lane, LENGTH]
        copy(s.old_routes, s.old_lanes, s.routes, s.lanes, lane)
        for index in range(s.lanes[lane, SIZE]):
            s.lane[s.routes[lane, index, JOB]] = lane
    for number in range(s.counts[LOGGED]):
        for column in range(MEMO_COLUMNS):
            s.memo[s.log[number, 0], s.log[number, 1], column] = s.log[number, 2 + column]


@njit(cache=True, nogil=True)
def cut(d: Data, s: State, lane: int, job: int, most: int) -> None:
    """Take a string of at most `most` jobs around `job` out of the lane, now and then with some in it left there."""
    size, at = s.lanes[lane, SIZE], 0
    while s.routes[lane, at, JOB] != job:
        at += 1
    count, stays = 1 + below(min(most, size)), 0
    if 1 < count < size and np.random.random() < SPLITS:
        stays = 1
        while count + stays < size and np.random.random() > ENOUGH:
            stays += 1
    lowest, highest = max(0, at - count - stays + 1), min(at, size - count - stays)
    begin = lowest + below(highest - lowest + 1)
    staying = begin + 1 + below(count - 1) if stays else size
    kept = begin
    for index in range(begin, size):
        each = s.routes[lane, index, JOB]
        if index < begin + count + stays and not staying <= index < staying + stays and not d.jobs[each, FIXED]:
            s.lane[each] = -1
            s.pool[s.counts[POOL]] = each
            s.counts[POOL] += 1
        else:
            s.routes[lane, kept, JOB], s.routes[lane, kept, TAKEN] = each, s.routes[lane, index, TAKEN]
            kept += 1
    s.lanes[lane, SIZE] = kept


@njit(cache=True, nogil=True)
def move_break(d: Data, s: State, lane: int) -> None:
    """Let one of the lane's breaks, at random, lie in another gap that has room for it."""
    base, size = d.lanes[lane, BREAKS], s.lanes[lane, SIZE]
    each = below(d.lanes[lane + 1, BREAKS] - base)
    refresh(d, s, lane, base + each)
    seen, chosen = 0, -1
    at, node, before = d.lanes[lane, OPENS], d.lanes[lane, START], 0
    for gap in range(size + 1):
        target, until, taken = following(d, s, lane, gap)
        others = without(taken - base, each)
        # Breaks keep their order: this one lies behind those in front of it, and before those that follow.
        if before <= each <= others:
            there = arrival(d, base + before, base + others + 1, at, d.time[node, target], -1)
            if there <= until:
                seen += 1
                chosen = gap if below(seen) == 0 else chosen
        if gap < size:
            at, node, before = s.routes[lane, gap, OVER], target, others
    for index in range(size if chosen >= 0 else 0):
        s.routes[lane, index, TAKEN] = without(s.routes[lane, index, TAKEN], each) + (1 if index >= chosen else 0)


@njit(cache=True, nogil=True)
def without(taken: int, each: int) -> int:
    """How many of the first `taken` breaks are others than `each`."""
    return taken - 1 if taken > each else taken


@njit(cache=True, nogil=True)
def ruin(d: Data, s: State, lanes: int) -> None:
    """Take strings out of routes that come near a job that is chosen at random."""
    count = len(s.lane)
    most = min(d.knobs[STRING], max(1.0, (count - s.counts[ABSENT]) / max(1, lanes)))
    strings = int(np.random.random() * (4.0 * d.knobs[REMOVED] / (1.0 + most) - 1.0) + 1.0)
    seed = below(count)
    for index in range(d.near.shape[1]):
        job = d.near[seed, index]
        lane = s.lane[job]
        if lane < 0 or d.jobs[job, FIXED] or s.lanes[lane, STEP] == s.counts[STEPS]:
            continue
        touch(s, lane)
        cut(d, s, lane, job, int(most))
        if d.lanes[lane + 1, BREAKS] > d.lanes[lane, BREAKS]:
            move_break(d, s, lane)
        refresh(d, s, lane, -1)
        changed(s, lane)
        strings -= 1
        if strings <= 0:
            break


@njit(cache=True, nogil=True)
def queue(d: Data, s: State) -> int:
    """Put some of the jobs that no route has behind those taken out, and order all of them by one of several keys."""
    count = s.counts[POOL]
    chance = d.knobs[AGAIN] / max(1, s.counts[ABSENT])
    for index in range(s.counts[ABSENT]):
        if chance >= 1.0 or np.random.random() < chance:
            s.pool[count] = s.absent[index]
            count += 1
    kind = below(12)
    for index in range(count):
        s.keys[index] = key(d, s.pool[index], kind)
    for index in range(1, count):
        job, value, hole = s.pool[index], s.keys[index], index
        while hole > 0 and s.keys[hole - 1] > value:
            s.pool[hole], s.keys[hole] = s.pool[hole - 1], s.keys[hole - 1]
            hole -= 1
        s.pool[hole], s.keys[hole] = job, value
    return count


@njit(cache=True, nogil=True)
def key(d: Data, job: int, kind: int) -> float:
    """What comes first: the important, short windows, early or late ones, long work, rare skills, or anything."""
    begin, end = d.jobs[job, WINDOWS], d.jobs[job + 1, WINDOWS]
    luck = np.random.random()
    if kind < 3:
        return luck - d.jobs[job, PRIORITY]
    if kind < 5:
        return d.windows[end - 1, LAST] - d.windows[begin, FIRST] + luck
    if kind == 5:
        return d.windows[begin, FIRST] + luck
    if kind == 6:
        return luck - d.windows[end - 1, LAST]
    if kind == 7:
        return luck - d.jobs[job, SECONDS] - d.jobs[job, LOAD]
    if kind == 8:
        return d.jobs[job + 1, LANES] - d.jobs[job, LANES] + luck
    return luck


@njit(cache=True, nogil=True)
def recreate(d: Data, s: State, count: int) -> None:
    """Put each job of the queue into its cheapest place, if it has one."""
    for index in range(count):
        job = s.pool[index]
        best, chosen = NOWHERE, -1
        for at in range(d.jobs[job, LANES], d.jobs[job + 1, LANES]):
            lane = d.able[at]
            if s.memo[job, lane, SEEN] != s.lanes[lane, VERSION]:
                look(d, s, job, lane)
            if s.memo[job, lane, MORE] < best and np.random.random() >= d.knobs[BLINK]:
                best, chosen = s.memo[job, lane, MORE], lane
        if chosen >= 0:
            touch(s, chosen)
            put(d, s, job, chosen, s.memo[job, chosen, GAP], s.memo[job, chosen, SPLIT])


@njit(cache=True, nogil=True)
def step(d: Data, s: State, lanes: int, heat: float, weight: float) -> bool:
    """One step: True when the routes changed. `weight` is what a point of priority counts in seconds."""
    s.counts[POOL] = s.counts[TOUCHED] = s.counts[LOGGED] = 0
    s.counts[STEPS] += 1
    before = s.counts[TRAVEL] + weight * s.counts[LOST]
    lost = s.counts[LOST]
    ruin(d, s, lanes)
    for index in range(s.counts[POOL]):
        lost += d.jobs[s.pool[index], PRIORITY]
    count = queue(d, s)
    recreate(d, s, count)
    for index in range(count):
        if s.lane[s.pool[index]] >= 0:
            lost -= d.jobs[s.pool[index], PRIORITY]
    after = s.counts[TRAVEL] + weight * lost
    if after < before - heat * np.log(1.0 - np.random.random()):
        s.counts[LOST] = lost
        settle(s, count)
        return True
    go_back(s)
    return False


@njit(cache=True, nogil=True)
def settle(s: State, count: int) -> None:
    """Keep which jobs no route has now."""
    kept = 0
    for index in range(s.counts[ABSENT]):
        job = s.absent[index]
        if s.lane[job] < 0:
            s.absent[kept] = job
            kept += 1
    held = kept
    for index in range(count):
        job = s.pool[index]
        known = s.lane[job] >= 0
        for other in range(held):
            known = known or s.absent[other] == job
        if not known:
            s.absent[kept] = job
            kept += 1
    s.counts[ABSENT] = kept
