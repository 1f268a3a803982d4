"""An urgent job into a live plan: what is fixed stays, nobody changes hands, and as little as possible moves."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings

from callout.core.routing import vroom
from callout.core.routing.answers import plan_of
from callout.core.routing.check import check
from callout.core.routing.lanes import prepare
from callout.core.routing.model import Plan, Problem, Reason
from callout.core.routing.urgent import fit
from tests.core.routing_problems import HOUR, job, problem, problems, shift

SPOTS = ((0, 0), (10, 0), (0, 30), (20, 20))


def live(asked: Problem) -> Plan:
    ground = prepare(asked)
    return plan_of(ground, vroom.orders(ground, seconds=2))


def holders(plan: Plan) -> dict[int, int]:
    return {visit.job: route.shift for route in plan.routes for visit in route.visits}


def starts(plan: Plan) -> dict[int, int]:
    return {visit.job: visit.starts for route in plan.routes for visit in route.visits}


def with_call(asked: Problem, call) -> Problem:
    return replace(asked, jobs=[*asked.jobs, call])


def test_where_there_is_room_nothing_moves():
    asked = problem([shift()], [job(1, windows=((10 * HOUR, 10 * HOUR),)), job(2, windows=((8 * HOUR, 8 * HOUR),))])
    plan, call = live(asked), job(9, hours=1, priority=50)
    answer = fit(asked, plan, call)
    assert answer is not None
    assert check(with_call(asked, call), answer) == []
    assert starts(answer) == starts(plan) | {9: 9 * HOUR}


def test_what_must_move_moves_within_its_shift_and_window():
    asked = problem([shift()], [job(1, hours=4, windows=((8 * HOUR, 12 * HOUR),))])
    plan, call = live(asked), job(9, hours=1, windows=((8 * HOUR, 9 * HOUR),), priority=50)
    answer = fit(asked, plan, call)
    assert answer is not None
    assert starts(answer) == {9: 8 * HOUR, 1: 9 * HOUR}


def test_the_least_important_job_makes_way_when_nothing_else_works():
    asked = problem([shift()], [job(1, hours=4, priority=3), job(2, hours=5, priority=2)])
    plan, call = live(asked), job(9, hours=4, priority=50)
    answer = fit(asked, plan, call)
    assert answer is not None
    assert check(with_call(asked, call), answer) == []
    assert dict(answer.left_out) == {2: Reason.FULL}


@pytest.mark.parametrize(
    "call",
    [
        job(9, skills=frozenset({5}), priority=50),
        job(9, hours=9, priority=50),
        job(9, windows=((3 * HOUR, 4 * HOUR),), priority=50),
        job(9, windows=(), priority=50),
    ],
    ids=["skill", "fixed work", "outside", "no window"],
)
def test_what_does_not_fit_beside_fixed_work_is_refused(call):
    asked = problem([shift()], [job(1, fixed=(1, 12 * HOUR))])
    assert fit(asked, live(asked), call) is None


def test_jobs_that_matter_as_much_are_not_left_out():
    asked = problem([shift()], [job(1, hours=9, priority=50)])
    assert fit(asked, live(asked), job(9, priority=50)) is None


@settings(max_examples=150)
@given(problems())
def test_random_plans_keep_every_rule_and_everybody_their_work(asked):
    if not asked.jobs:
        return
    call = replace(asked.jobs[-1], fixed=None)
    asked = replace(asked, jobs=asked.jobs[:-1])
    plan = live(asked)
    answer = fit(asked, plan, call)
    if answer is None:
        return
    assert check(with_call(asked, call), answer) == []
    assert call.id in holders(answer)
    kept = holders(plan)
    assert all(shift == kept[job] for job, shift in holders(answer).items() if job != call.id)
    lower = {each.id for each in asked.jobs if each.priority < call.priority and each.fixed is None}
    assert answer.left_out.keys() - plan.left_out.keys() <= lower


def test_a_whole_day_takes_a_call_in_a_moment():
    spots = [(number * 37 % 61, number * 23 % 53) for number in range(200)]
    shifts = [shift(number, home_from=number, home_to=number) for number in range(30)]
    asked = problem(shifts, [job(100 + n, n % 200, 0.8) for n in range(280)], spots)
    plan, call = live(asked), job(9, 5, priority=50)
    began = time.perf_counter()
    answer = fit(asked, plan, call)
    assert time.perf_counter() - began < 1
    assert answer is not None
    assert check(with_call(asked, call), answer) == []
