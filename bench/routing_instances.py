"""What the benchmark of dispatching asks: the day of a file, days made like it by seed, published instances."""

import csv
import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np

from callout.core.routing.lanes import prepare, times
from callout.core.routing.model import Break, Job, Problem, Shift

SPEED = 72
"""Seconds for a kilometre."""
WINDOWS = [(8, 17)] * 6 + [(13, 17), (8, 12), (10, 13), (8, 11), (14, 17), (12, 15)]
NEAR = 15_000
"""So many metres from home people have fixed work at most."""
FIXED_AT = (9, 10, 15, 16)
SERVICE = (1200, 1800, 2700, 3600, 5400)
REQUIRED = 100
"""The priority of a job that an instance does not allow to leave out."""


def day(path: Path) -> Problem:
    """The dispatch day of a JSON file."""
    plain = json.loads(path.read_text())
    people, work = plain["technicians"], plain["jobs"]
    shifts = [
        Shift(
            each["id"], *each["shift"], frozenset(each["skills"]), place, place,
            (Break(*each["break_earliest_latest_start_duration"]),), ways_inside=True,
        )
        for place, each in enumerate(people)
    ]  # fmt: skip
    return _problem(shifts, [_job(each, len(people) + n) for n, each in enumerate(work)], [*people, *work])


def _job(each: dict[str, Any], place: int) -> Job:
    pinned = each["pinned_technician"]
    fixed = None if pinned is None else (pinned, each["start_window"][0])
    window, skills = (tuple(each["start_window"]),), frozenset([each["skill"]])
    return Job(each["id"], place, each["service_s"], window, skills, each["priority"], fixed)


def _problem(shifts: list[Shift], jobs: list[Job], spots: list[dict[str, Any]]) -> Problem:
    xy = np.array([each["xy"] for each in spots])
    far = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(-1))
    return Problem(shifts, jobs, np.rint(SPEED * far).astype(np.int32), np.rint(1000 * far).astype(np.int32))


def made_day(seed: int, people: int = 60, work: int = 560, fixed: int = 80) -> Problem:
    """A day like that of the file: as many skills, windows, priorities, breaks; `fixed` of its jobs are fixed."""
    chance = random.Random(seed)
    towns = [(chance.uniform(5, 55), chance.uniform(5, 55)) for _ in range(12)]
    spots = [{"xy": _spot(chance, towns)} for _ in range(people + work)]
    shifts = [
        Shift(
            number, 28800, 61200, frozenset(chance.sample(range(10), chance.choice((2, 3, 3, 4)))), number, number,
            (Break(43200, 50400, 2700),), ways_inside=True,
        )
        for number in range(people)
    ]  # fmt: skip
    jobs = [
        Job(
            number, people + number, chance.choice(SERVICE), (_window(chance),), frozenset([chance.randrange(10)]),
            chance.choice((1, 1, 1, 1, 3, 3, 5, 10)),
        )
        for number in range(work)
    ]  # fmt: skip
    return _fix(_problem(shifts, jobs, spots), chance, fixed)


def _spot(chance: random.Random, towns: list[tuple[float, float]]) -> tuple[float, float]:
    """Half of the places are in or around a town, the others anywhere on a square of 60 kilometres."""
    if chance.random() < 0.5:
        return chance.uniform(0, 60), chance.uniform(0, 60)
    x, y = chance.choice(towns)
    return chance.gauss(x, 3), chance.gauss(y, 3)


def _window(chance: random.Random) -> tuple[int, int]:
    opens, closes = chance.choice(WINDOWS)
    return opens * 3600, closes * 3600


def _fix(asked: Problem, chance: random.Random, wanted: int) -> Problem:
    """Fix some of the jobs with people who can do all that is theirs."""
    jobs, held, ground = list(asked.jobs), dict.fromkeys(range(len(asked.shifts)), ()), prepare(asked)
    for number, job in [*enumerate(asked.jobs)] * 4:
        if wanted == 0 or jobs[number].fixed is not None:
            continue
        shift, start = chance.choice(asked.shifts), chance.choice(FIXED_AT) * 3600
        if not job.skills <= shift.skills or asked.metres[shift.home_from, job.place] > NEAR:
            continue
        pinned = Job(job.id, job.place, job.seconds, ((start, start),), job.skills, 100, (shift.id, start))
        tried = [*jobs[:number], pinned, *jobs[number + 1 :]]
        order = sorted((*held[shift.id], number), key=lambda each: tried[each].fixed[1])
        if times(tried, ground.ways, ground.lanes[shift.id], order) is not None:
            jobs, held[shift.id], wanted = tried, tuple(order), wanted - 1
    return Problem(asked.shifts, jobs, asked.seconds, asked.metres)


def instance(path: Path) -> Problem:
    """A Solomon or Homberger instance in tenths, each distance cut to one decimal; every job is required."""
    lines = [line.split() for line in path.read_text().splitlines()]
    vehicles, capacity = (int(cell) for cell in lines[4])
    rows = [[int(float(cell)) for cell in line] for line in lines[7:] if len(line) == 7]
    xy = [(row[1], row[2]) for row in rows]
    ways = np.array([[math.floor(10 * math.dist(a, b) + 1e-9) for b in xy] for a in xy], np.int32)
    opens, closes = rows[0][4] * 10, rows[0][5] * 10
    shifts = [
        Shift(number, opens, closes, frozenset(), 0, 0, ways_inside=True, capacity=capacity)
        for number in range(vehicles)
    ]
    jobs = [
        Job(row[0], row[0], row[6] * 10, ((row[4] * 10, row[5] * 10),), priority=REQUIRED, load=row[3])
        for row in rows[1:]
    ]
    return Problem(shifts, jobs, ways, ways)


def best_known(folder: Path) -> dict[str, float]:
    """The shortest distance that anybody found for each instance."""
    with (folder / "best_known.csv").open() as lines:
        return {row["instance"]: float(row["bks_distance_dimacs_trunc1"]) for row in csv.DictReader(lines)}
