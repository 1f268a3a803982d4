"""Days for the tests of routing: small ones by hand, and random ones with everything that a day can have."""

import numpy as np
from hypothesis import strategies as st

from callout.core.routing.model import Break, Job, Problem, Shift

HOUR = 3600
DAY = (8 * HOUR, 17 * HOUR)
ANY = (DAY,)


def problem(shifts, jobs, spots=((0, 0),), speed=60) -> Problem:
    """Places on a plane, `speed` seconds for each unit of the way."""
    xy = np.array(spots, float).reshape(-1, 2)
    far = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(-1))
    return Problem(shifts, jobs, np.rint(far * speed).astype(np.int32), np.rint(far * 1000).astype(np.int32))


def shift(number=1, **more) -> Shift:
    return Shift(**{"id": number, "starts": DAY[0], "ends": DAY[1], "home_from": 0, "home_to": 0} | more)


def job(number, place=0, hours=1.0, windows=ANY, **more) -> Job:
    return Job(**{"id": number, "place": place, "seconds": int(hours * HOUR), "windows": windows} | more)


moments = st.integers(0, 40).map(lambda quarter: 8 * HOUR + quarter * 900)
lengths = st.sampled_from([600, 1800, 3600, 7200])
skills = st.frozensets(st.integers(1, 3), max_size=2)


@st.composite
def breaks(draw) -> Break:
    earliest = draw(moments)
    return Break(earliest, earliest + draw(st.sampled_from([0, 1800, 7200])), draw(st.sampled_from([900, 2700])))


@st.composite
def problems(draw, max_shifts=4, max_jobs=12) -> Problem:
    """Days with homes or none, breaks, skills, several windows, priorities, loads, fixed work that may contradict."""
    places = draw(st.integers(1, 8))
    shifts = [
        Shift(
            number * 7,
            starts := draw(moments),
            starts + draw(st.sampled_from([0, 4 * HOUR, 9 * HOUR])),
            draw(skills),
            draw(st.none() | st.integers(0, places - 1)),
            draw(st.none() | st.integers(0, places - 1)),
            draw(st.lists(breaks(), max_size=2)),
            draw(st.booleans()),
            draw(st.none() | st.integers(0, 5)),
        )
        for number in range(draw(st.integers(0, max_shifts)))
    ]
    jobs = []
    for number in range(draw(st.integers(0, max_jobs))):
        opens = draw(st.lists(moments, max_size=3, unique=True).map(sorted))
        windows = [(first, first + draw(st.sampled_from([0, 600, 3 * HOUR, 9 * HOUR]))) for first in opens]
        fixed = None
        if shifts and draw(st.integers(0, 4)) == 0:
            fixed = (draw(st.sampled_from(shifts)).id, draw(moments))
        jobs.append(
            Job(
                100 + number,
                draw(st.integers(0, places - 1)),
                draw(lengths),
                windows,
                draw(skills),
                draw(st.integers(1, 100)),
                fixed,
                draw(st.integers(0, 2)),
            )  # fmt: skip
        )
    ways = draw(st.lists(st.integers(0, 5400), min_size=places * places, max_size=places * places))
    seconds = np.array(ways, np.int32).reshape(places, places)
    np.fill_diagonal(seconds, 0)
    return Problem(shifts, jobs, seconds, seconds * 14)
