"""Stretches of time and sets of them.

A set of time is a *normalised* list: sorted, without overlaps, stretches that touch joined. Every function returns
normalised lists and needs normalised ones; `normalise` makes them. Stretches are half-open, so that one may begin at
the moment another ends.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from callout.core.errors import N_, Invalid


class EndsBeforeStart(Invalid):
    """A stretch of time that ends before it begins, or at once."""

    code = "ends_before_start"
    what = N_("The end ({ends}) is not after the start ({starts}).")
    remedy = N_("Choose a later end.")


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The time from `starts` up to, not including, `ends`; any time zone goes in, both are kept in UTC.

    Raises EndsBeforeStart (field `ends`) when it would be empty, ValueError for a moment without a time zone.
    """

    starts: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.starts.utcoffset() is None or self.ends.utcoffset() is None:
            raise ValueError("an interval needs moments with a time zone")
        object.__setattr__(self, "starts", self.starts.astimezone(UTC))
        object.__setattr__(self, "ends", self.ends.astimezone(UTC))
        if self.starts >= self.ends:
            raise EndsBeforeStart("ends", starts=self.starts, ends=self.ends)

    @property
    def length(self) -> timedelta:
        """How long it is; never zero."""
        return self.ends - self.starts

    def overlaps(self, other: Interval) -> bool:
        """Whether they share a moment; stretches that only touch do not."""
        return self.starts < other.ends and other.starts < self.ends

    def contains(self, other: Interval) -> bool:
        """Whether all of the other lies within this one."""
        return self.starts <= other.starts and other.ends <= self.ends


def hull(*intervals: Interval) -> Interval:
    """From where the first of them begins to where the last ends; there has to be one."""
    return Interval(min(each.starts for each in intervals), max(each.ends for each in intervals))


def normalise(intervals: Iterable[Interval]) -> list[Interval]:
    """The set of time that the stretches cover together, in whatever order and however they overlap."""
    joined: list[Interval] = []
    for each in sorted(intervals):
        if joined and each.starts <= joined[-1].ends:
            if each.ends > joined[-1].ends:
                joined[-1] = Interval(joined[-1].starts, each.ends)
        else:
            joined.append(each)
    return joined


def union(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """What lies in either set."""
    return normalise([*one, *other])


def intersect(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """What lies in both sets, in time proportional to their lengths."""
    found: list[Interval] = []
    i = j = 0
    while i < len(one) and j < len(other):
        starts = max(one[i].starts, other[j].starts)
        ends = min(one[i].ends, other[j].ends)
        if starts < ends:
            found.append(Interval(starts, ends))
        if one[i].ends <= other[j].ends:
            i += 1
        else:
            j += 1
    return found


def subtract(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """What lies in the first set and not in the second, in time proportional to their lengths."""
    left: list[Interval] = []
    j = 0
    for each in one:
        starts = each.starts
        while j < len(other) and other[j].ends <= starts:
            j += 1
        k = j
        while k < len(other) and other[k].starts < each.ends:
            if starts < other[k].starts:
                left.append(Interval(starts, other[k].starts))
            starts = other[k].ends
            k += 1
        if starts < each.ends:
            left.append(Interval(starts, each.ends))
    return left


def covers(times: Sequence[Interval], wanted: Interval) -> bool:
    """Whether all of `wanted` lies in the set, in logarithmic time."""
    at = bisect_right(times, wanted.starts, key=lambda each: each.starts) - 1
    return at >= 0 and times[at].contains(wanted)


def overlaps(times: Sequence[Interval], wanted: Interval) -> bool:
    """Whether any of `wanted` lies in the set, in logarithmic time."""
    at = bisect_right(times, wanted.starts, key=lambda each: each.starts)
    return any(each.overlaps(wanted) for each in times[max(at - 1, 0) : at + 1])


def total(times: Iterable[Interval]) -> timedelta:
    """How much time the set holds."""
    return sum((each.length for each in times), timedelta())
