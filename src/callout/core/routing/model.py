"""The question and the answer: shifts, jobs and the ways between places; routes, and the jobs that no route has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Break:
    """Time in which somebody does not work: it begins at `earliest` or later, at `latest` at the latest."""

    earliest: int
    latest: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Shift:
    """One stretch of a person's presence: visits and breaks lie in [starts, ends], the ways from and to home need not.

    `home_from` and `home_to` are places, None where no way counts. A person with several shifts on one day has several
    of these, and so has a person on several days. With `ways_inside` the ways from and to home lie in [starts, ends]
    too. The loads of its jobs are at most `capacity` together; None has no limit.
    """

    id: int
    starts: int
    ends: int
    skills: frozenset[int] = frozenset()
    home_from: int | None = None
    home_to: int | None = None
    breaks: Sequence[Break] = ()
    ways_inside: bool = False
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Work of `seconds` at a place, begun within one of `windows` (earliest and latest start), which are in order.

    Whoever does it has all of `skills`. Of two jobs the one with the higher `priority` (1 to 100) is left out later.
    A job with `fixed` (shift, start) stays exactly there, whatever rule it breaks: somebody decided so.
    """

    id: int
    place: int
    seconds: int
    windows: Sequence[tuple[int, int]]
    skills: frozenset[int] = frozenset()
    priority: int = 1
    fixed: tuple[int, int] | None = None
    load: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """All times are whole seconds on one clock.

    `seconds` and `metres` are square, [from, to], over the places; they may be asymmetric. A way is driven at any time
    of the shift, breaks interrupt nothing but the visits: between two visits there is time for the way and for the
    breaks that lie between them.
    """

    shifts: Sequence[Shift]
    jobs: Sequence[Job]
    seconds: Matrix
    metres: Matrix


class Reason(StrEnum):
    """Why a job is in no route."""

    SKILL = "skill"
    """Nobody who is there has the skills."""
    WINDOW = "window"
    """Whoever has the skills is not there in its windows long enough, empty days included."""
    FULL = "full"
    """It would fit into an empty day; there is not enough time beside what is fixed or more important."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A job begun at `starts`, after a way of `travel` seconds and `metres` from the stop before."""

    job: int
    starts: int
    ends: int
    travel: int
    metres: int


@dataclass(frozen=True, slots=True)
class Route:
    """A shift's visits in their order, and the way home behind the last."""

    shift: int
    visits: Sequence[Visit]
    home_travel: int = 0
    home_metres: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer: a route for each shift that has visits, and why every other job is left out."""

    routes: Sequence[Route]
    left_out: Mapping[int, Reason] = field(default_factory=dict)

    @property
    def travel(self) -> int:
        """Seconds on the road, ways from and to home included."""
        return sum(sum(visit.travel for visit in route.visits) + route.home_travel for route in self.routes)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: `elapsed` of `seconds`; jobs left out and travel of the best plan, None before there is one."""

    elapsed: float
    seconds: float
    left_out: int | None = None
    travel: int | None = None
