"""A run in its own process: answers, progress, stopping, and every way in which it can end badly."""

import os
import signal
import subprocess
import sys
import time

import pytest

from callout.core.routing import process, wire
from callout.core.routing.check import check
from callout.core.routing.errors import RoutingFailed
from callout.core.routing.model import Problem, Reason
from tests.core.routing_problems import HOUR, job, problem, shift
from tests.core.support import refused

SPOTS = [(number % 7 * 3, number // 7 * 3) for number in range(40)]


def day(jobs=30, shifts=4) -> Problem:
    return problem([shift(number) for number in range(shifts)], [job(n, n % 40) for n in range(jobs)], SPOTS)


def children() -> list[str]:
    found = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True, check=False
    )
    return [line for line in found.stdout.splitlines() if "callout.core.routing" in line]


def test_a_day_is_planned_and_the_process_is_gone():
    asked = day()
    plan = process.solve(asked, seconds=3)
    assert check(asked, plan) == []
    assert sum(len(route.visits) for route in plan.routes) >= 24
    assert not children()


def test_progress_is_told_about_every_half_second():
    told = []
    process.solve(day(), seconds=3, progress=lambda each: told.append(each) or True)
    assert told
    assert all(each.seconds == 3 for each in told)
    assert [each.elapsed for each in told] == sorted(each.elapsed for each in told)


def test_a_run_that_is_stopped_before_it_has_a_plan_is_refused():
    error = refused(RoutingFailed, process.solve, day(), seconds=30, progress=lambda each: False)
    assert error.code == "routing.failed"
    assert not children()


def test_a_child_that_is_killed_is_a_clear_failure():
    def kill(progress):
        if progress.left_out is None:
            found = subprocess.run(
                ["pgrep", "-P", str(os.getpid()), "-f", "callout.core.routing"],
                capture_output=True,
                text=True,
                check=True,
            )
            os.kill(int(found.stdout), signal.SIGKILL)
        return True

    started = time.monotonic()
    try:
        process.solve(day(400, 30), seconds=30, progress=kill)
    except RoutingFailed as error:
        assert error.facts["detail"]
    assert time.monotonic() - started < 20
    assert not children()


def test_a_question_without_sense_is_a_clear_failure():
    asked = problem([shift()], [job(1, 99)])
    refused(RoutingFailed, process.solve, asked, seconds=2)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (problem([], []), {}),
        (problem([shift()], []), {}),
        (problem([], [job(1)]), {1: Reason.SKILL}),
        (problem([shift()], [job(1, skills=frozenset({9}))]), {1: Reason.SKILL}),
        (problem([shift()], [job(1, windows=())]), {1: Reason.WINDOW}),
        (problem([shift()], [job(1, windows=((20 * HOUR, 21 * HOUR),))]), {1: Reason.WINDOW}),
        (problem([shift()], [job(1, hours=9), job(2, hours=9, priority=5)]), {1: Reason.FULL}),
        (problem([shift(home_from=None, home_to=None)], [job(1), job(2)]), {}),
    ],
    ids=["nothing", "no jobs", "no shifts", "no skill", "no window", "late window", "full", "no home"],
)
def test_what_cannot_be_planned_is_left_out_for_a_reason(asked, left):
    plan = process.solve(asked, seconds=1.5)
    assert check(asked, plan) == []
    assert dict(plan.left_out) == left


def test_times_far_from_zero_and_several_days_are_planned():
    base = 1_800_000_000
    asked = problem(
        [shift(day, starts=base + day * 86400, ends=base + day * 86400 + 8 * HOUR) for day in range(3)],
        [job(n, n, 6, ((base, base + 3 * 86400),)) for n in range(3)],
        SPOTS,
    )
    plan = process.solve(asked, seconds=2)
    assert check(asked, plan) == []
    assert len(plan.routes) == 3


def test_the_child_ends_with_its_parent():
    parent = subprocess.Popen(
        [
            sys.executable, "-c",
            "from tests.core.test_routing_process import day\n"
            "from callout.core.routing.process import solve\n"
            "def told(each):\n"
            "    print('running', flush=True)\n"
            "    return True\n"
            "solve(day(), seconds=60, progress=told)",
        ],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert parent.stdout is not None
    assert parent.stdout.readline()
    found = subprocess.run(["pgrep", "-P", str(parent.pid)], capture_output=True, text=True, check=False).stdout.split()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 5
    while any(os.path.exists(f"/proc/{child}") for child in found) and time.monotonic() < until:
        time.sleep(0.05)
    assert found
    assert not any(os.path.exists(f"/proc/{child}") for child in found)


def test_question_and_answer_survive_the_wire():
    asked = day(5, 2)
    back, seconds, seed = wire.problem(wire.question(asked, 4.5, 7))
    assert (list(back.jobs), seconds, seed) == ([*asked.jobs], 4.5, 7)
    assert (back.seconds == asked.seconds).all()
    assert [each.id for each in back.shifts] == [0, 1]
    plan = process.solve(asked, seconds=1.5)
    again, last = wire.plan(wire.answer(plan, last=True))
    assert last
    assert check(asked, again) == []
    assert again.travel == plan.travel
