"""Compiled: when things in a route can begin, what putting in and taking out costs.

`latest` says for each job how late it may begin for all that follows; so whether a job fits between two others is known
from those two alone, however long the route is.
"""

from __future__ import annotations

from numba import njit

from callout.core.routing.tables import (
    BREAKS,
    CARRIED,
    CLOSES,
    END,
    FIRST,
    GAP,
    IDLE,
    JOB,
    LAST,
    LATEST,
    LENGTH,
    LOAD,
    LOGGED,
    MEMO_COLUMNS,
    MORE,
    OPENS,
    OVER,
    PLACE,
    REST,
    ROOM,
    SECONDS,
    SEEN,
    SIZE,
    SPLIT,
    START,
    STEP,
    STEPS,
    TAKEN,
    TRAVEL,
    VERSION,
    VERSIONS,
    WINDOWS,
    Data,
    State,
)

NEVER = 2**60
NOWHERE = 2**31 - 1
"""What a job costs in a lane that has no place for it."""


@njit(cache=True, nogil=True)
def opening(d: Data, job: int, at: int) -> int:
    """The first moment at `at` or later when the job may begin, else NEVER."""
    for window in range(d.jobs[job, WINDOWS], d.jobs[job + 1, WINDOWS]):
        if at <= d.windows[window, LAST]:
            return max(at, d.windows[window, FIRST])
    return NEVER


@njit(cache=True, nogil=True)
def closing(d: Data, job: int, until: int) -> int:
    """The last moment at `until` or earlier when the job may begin, else -NEVER."""
    for window in range(d.jobs[job + 1, WINDOWS] - 1, d.jobs[job, WINDOWS] - 1, -1):
        if until >= d.windows[window, FIRST]:
            return min(until, d.windows[window, LAST])
    return -NEVER


@njit(cache=True, nogil=True)
def arrival(d: Data, begin: int, end: int, at: int, way: int, without: int) -> int:
    """When the way is driven and the breaks from `begin` up to `end` (but `without`) are over; NEVER if one is late."""
    for each in range(begin, end):
        if each == without:
            continue
        if at < d.breaks[each, FIRST]:
            way = max(0, way - (d.breaks[each, FIRST] - at))
            at = d.breaks[each, FIRST]
        if at > d.breaks[each, LAST]:
            return NEVER
        at += d.breaks[each, REST]
    return at + way


@njit(cache=True, nogil=True)
def departure(d: Data, begin: int, end: int, until: int, way: int, without: int) -> int:
    """The latest moment to be free so that way and breaks are over at `until`; -NEVER if there is none."""
    for each in range(end - 1, begin - 1, -1):
        if each == without:
            continue
        until -= d.breaks[each, REST]
        if until > d.breaks[each, LAST]:
            way = max(0, way - (until - d.breaks[each, LAST]))
            until = d.breaks[each, LAST]
        if until < d.breaks[each, FIRST]:
            return -NEVER
    return until - way


@njit(cache=True, nogil=True)
def refresh(d: Data, s: State, lane: int, without: int) -> None:
    """Work out the times, the load and the length of a route anew, as if it had not the break `without` (or -1)."""
    size, base = s.lanes[lane, SIZE], d.lanes[lane, BREAKS]
    at, node, rested, length, carried = d.lanes[lane, OPENS], d.lanes[lane, START], base, 0, 0
    for index in range(size):
        job = s.routes[lane, index, JOB]
        place, before = d.jobs[job, PLACE], base + s.routes[lane, index, TAKEN]
        begin = opening(d, job, arrival(d, rested, before, at, d.time[node, place], without))
        at = begin + d.jobs[job, SECONDS]
        s.routes[lane, index, OVER] = at
        length += d.cost[node, place]
        carried += d.jobs[job, LOAD]
        node, rested = place, before
    s.lanes[lane, CARRIED] = carried
    before = s.lanes[lane, LENGTH]
    s.lanes[lane, LENGTH] = length + d.cost[node, d.lanes[lane, END]] if size else d.lanes[lane, IDLE]
    s.counts[TRAVEL] += s.lanes[lane, LENGTH] - before
    until, node, rested = d.lanes[lane, CLOSES], d.lanes[lane, END], d.lanes[lane + 1, BREAKS]
    for index in range(size - 1, -1, -1):
        job = s.routes[lane, index, JOB]
        place, before = d.jobs[job, PLACE], base + s.routes[lane, index, TAKEN]
        free = departure(d, before, rested, until, d.time[place, node], without)
        until = closing(d, job, free - d.jobs[job, SECONDS])
        s.routes[lane, index, LATEST] = until
        node, rested = place, before


@njit(cache=True, nogil=True)
def changed(s: State, lane: int) -> None:
    """Give the lane a version that nothing is known of."""
    s.counts[VERSIONS] += 1
    s.lanes[lane, VERSION] = s.counts[VERSIONS]


@njit(cache=True, nogil=True)
def following(d: Data, s: State, lane: int, index: int) -> tuple[int, int, int]:
    """What comes at `index` of the lane, a job or its end: where, when at the latest, and the breaks before it."""
    if index < s.lanes[lane, SIZE]:
        row = s.routes[lane, index]
        return d.jobs[row[JOB], PLACE], row[LATEST], d.lanes[lane, BREAKS] + row[TAKEN]
    return d.lanes[lane, END], d.lanes[lane, CLOSES], d.lanes[lane + 1, BREAKS]


@njit(cache=True, nogil=True)
def keep(s: State, job: int, lane: int) -> None:
    """Note what was known before the step, which is right again when the step is taken back."""
    number = s.counts[LOGGED]
    if number < len(s.log):
        s.log[number, 0], s.log[number, 1] = job, lane
        for column in range(MEMO_COLUMNS):
            s.log[number, 2 + column] = s.memo[job, lane, column]
        s.counts[LOGGED] += 1


@njit(cache=True, nogil=True)
def look(d: Data, s: State, job: int, lane: int) -> None:
    """Find the cheapest gap of the lane for the job, and keep it as what is known of the two."""
    size, base, place = s.lanes[lane, SIZE], d.lanes[lane, BREAKS], d.jobs[job, PLACE]
    best, gap, split = NOWHERE, -1, 0
    final = d.windows[d.jobs[job + 1, WINDOWS] - 1, LAST]
    if s.lanes[lane, CARRIED] + d.jobs[job, LOAD] > d.lanes[lane, ROOM]:
        size = -1
    at, node, rested = d.lanes[lane, OPENS], d.lanes[lane, START], base
    for index in range(size + 1):
        target, until, before = following(d, s, lane, index)
        more = d.cost[node, place] + d.cost[place, target] - (d.cost[node, target] if size else d.lanes[lane, IDLE])
        soonest = until + 1 if more < best and at + d.time[node, place] <= final else -NEVER
        for upto in range(rested, before + 1 if soonest > -NEVER else 0):
            begin = opening(d, job, arrival(d, rested, upto, at, d.time[node, place], -1))
            there = arrival(d, upto, before, begin + d.jobs[job, SECONDS], d.time[place, target], -1)
            if there < soonest:
                soonest, best, gap, split = there, more, index, upto - base
        if index < size:
            at, node, rested = s.routes[lane, index, OVER], target, before
    known = s.memo[job, lane]
    if s.lanes[lane, STEP] == s.counts[STEPS] and known[SEEN] == s.old_lanes[lane, VERSION]:
        keep(s, job, lane)
    known[SEEN], known[MORE], known[GAP], known[SPLIT] = s.lanes[lane, VERSION], best, gap, split


@njit(cache=True, nogil=True)
def put(d: Data, s: State, job: int, lane: int, gap: int, split: int) -> None:
    """Put the job into the gap, so many breaks of the lane before it."""
    for index in range(s.lanes[lane, SIZE], gap, -1):
        s.routes[lane, index, JOB] = s.routes[lane, index - 1, JOB]
        s.routes[lane, index, TAKEN] = s.routes[lane, index - 1, TAKEN]
    s.routes[lane, gap, JOB], s.routes[lane, gap, TAKEN] = job, split
    s.lanes[lane, SIZE] += 1
    s.lane[job] = lane
    refresh(d, s, lane, -1)
    changed(s, lane)
