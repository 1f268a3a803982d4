"""Questions and answers between the two processes: frames of JSON, the matrices as plain numbers behind it."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from callout.core.routing.model import Break, Job, Plan, Problem, Reason, Route, Shift, Visit

_LENGTH = struct.Struct(">Q")


def frame(message: bytes) -> bytes:
    """The message with its length in front."""
    return _LENGTH.pack(len(message)) + message


class Reader:
    """Puts messages together from the pieces that arrive."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The messages that are complete now."""
        self._held += piece
        while len(self._held) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._held)
            if len(self._held) < _LENGTH.size + length:
                return
            yield bytes(self._held[_LENGTH.size : _LENGTH.size + length])
            del self._held[: _LENGTH.size + length]


def question(problem: Problem, seconds: float, seed: int) -> bytes:
    """The problem, and the seconds that there are for it."""
    plain = {
        "shifts": [asdict(each) | {"skills": sorted(each.skills)} for each in problem.shifts],
        "jobs": [asdict(each) | {"skills": sorted(each.skills)} for each in problem.jobs],
        "places": len(problem.seconds),
        "limit": seconds,
        "seed": seed,
    }
    matrices = [np.ascontiguousarray(each, "<i4").tobytes() for each in (problem.seconds, problem.metres)]
    return frame(json.dumps(plain).encode()) + b"".join(matrices)


def problem(message: bytes) -> tuple[Problem, float, int]:
    """What `question` wrote: the problem, the seconds, the seed."""
    (length,) = _LENGTH.unpack_from(message)
    start = _LENGTH.size + length
    plain = json.loads(message[_LENGTH.size : start])
    size = plain["places"]
    numbers = np.frombuffer(message, "<i4", offset=start).astype(np.int32).reshape(2, size, size)
    shifts = [
        Shift(**each | {"skills": frozenset(each["skills"]), "breaks": tuple(Break(**b) for b in each["breaks"])})
        for each in plain["shifts"]
    ]
    return (
        Problem(shifts, [_job(each) for each in plain["jobs"]], numbers[0], numbers[1]),
        plain["limit"],
        plain["seed"],
    )


def _job(plain: dict[str, Any]) -> Job:
    fixed = None if plain["fixed"] is None else (plain["fixed"][0], plain["fixed"][1])
    windows = tuple((first, last) for first, last in plain["windows"])
    return Job(**plain | {"skills": frozenset(plain["skills"]), "windows": windows, "fixed": fixed})


def answer(plan: Plan, *, last: bool) -> bytes:
    """A plan, and whether another one will come."""
    left = {str(job): reason.value for job, reason in plan.left_out.items()}
    return json.dumps({"routes": [asdict(route) for route in plan.routes], "left_out": left, "last": last}).encode()


def plan(message: bytes) -> tuple[Plan, bool]:
    """What `answer` wrote."""
    plain = json.loads(message)
    routes = [Route(**each | {"visits": tuple(Visit(**v) for v in each["visits"])}) for each in plain["routes"]]
    return Plan(routes, {int(job): Reason(reason) for job, reason in plain["left_out"].items()}), plain["last"]
