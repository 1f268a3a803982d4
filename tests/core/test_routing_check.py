"""The check of plans finds each rule that is broken, and random days are planned without breaking any."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from callout.core.routing import vroom
from callout.core.routing.answers import plan_of, route
from callout.core.routing.check import check
from callout.core.routing.lanes import prepare
from callout.core.routing.model import Break, Plan, Reason
from tests.core.routing_problems import HOUR, job, problem, problems, shift

SPOTS = ((0, 0), (10, 0), (0, 30))


def planned(asked, *starts) -> Plan:
    """The first shift's route with jobs (position, start); others left out."""
    visits = [(start, number) for number, start in starts]
    left = {each.id for number, each in enumerate(asked.jobs) if number not in {n for n, _ in starts}}
    return Plan([route(asked, asked.shifts[0], visits)], dict.fromkeys(left, Reason.FULL))


def test_a_good_plan_has_nothing_wrong():
    asked = problem([shift(breaks=(Break(12 * HOUR, 13 * HOUR, 1800),))], [job(1), job(2, 1), job(3, 2)], SPOTS)
    assert check(asked, planned(asked, (0, 8 * HOUR), (1, 10 * HOUR), (2, 14 * HOUR))) == []


LUNCH = (Break(12 * HOUR, 13 * HOUR, 1800),)


@pytest.mark.parametrize(
    ("asked", "starts", "said"),
    [
        (problem([shift()], [job(1, windows=((9 * HOUR, 10 * HOUR),))]), [(0, 8 * HOUR)], "outside its windows"),
        (problem([shift()], [job(1, skills=frozenset({3}))]), [(0, 8 * HOUR)], "skills"),
        (problem([shift()], [job(1, windows=((6 * HOUR, 9 * HOUR),))]), [(0, 7 * HOUR)], "outside shift"),
        (problem([shift()], [job(1), job(2, 1)], SPOTS), [(0, 8 * HOUR), (1, 9 * HOUR + 60)], "for a way"),
        (problem([shift()], [job(1), job(2)]), [(0, 8 * HOUR), (1, 8 * HOUR + 60)], "for a way of 0"),
        (problem([shift(breaks=LUNCH)], [job(1, hours=4)]), [(0, 10 * HOUR)], "breaks"),
        (problem([shift(capacity=2)], [job(1, load=3)]), [(0, 9 * HOUR)], "carries"),
        (problem([shift()], [job(1, fixed=(1, 9 * HOUR))]), [(0, 10 * HOUR)], "is fixed"),
        (problem([shift()], [job(1, fixed=(1, 9 * HOUR))]), [], "fixed job 1 is left out"),
        (problem([shift(ways_inside=True)], [job(1, 1)], SPOTS), [(0, 8 * HOUR)], "for a way"),
    ],
    ids=["window", "skill", "presence", "way", "overlap", "break", "load", "moved", "left", "home"],
)
def test_a_broken_rule_is_said(asked, starts, said):
    assert any(said in sentence for sentence in check(asked, planned(asked, *starts)))


def test_a_job_planned_twice_or_nowhere_is_said():
    asked = problem([shift()], [job(1), job(2)])
    assert any("2 times" in said for said in check(asked, planned(asked, (0, 8 * HOUR), (0, 9 * HOUR))))
    assert any("neither" in said for said in check(asked, replace(planned(asked), left_out={1: Reason.FULL})))


def test_work_that_was_fixed_against_the_rules_stays_and_the_rest_is_planned_around_it():
    fixed = [
        job(1, 0, fixed=(1, 9 * HOUR), windows=()),
        job(2, 2, fixed=(1, 10 * HOUR + 60), skills=frozenset({9})),
        job(3, 0, 4, fixed=(1, 11 * HOUR)),
        job(4, 0, fixed=(1, 20 * HOUR)),
    ]
    asked = problem([shift(breaks=LUNCH)], [*fixed, job(5), job(6, hours=2)], SPOTS)
    ground = prepare(asked)
    plan = plan_of(ground, vroom.orders(ground, seconds=1))
    assert check(asked, plan) == []
    assert {visit.job for visit in plan.routes[0].visits} == {1, 2, 3, 4, 5}


@settings(max_examples=100)
@given(problems())
def test_random_days_are_planned_without_breaking_a_rule(asked):
    ground = prepare(asked)
    assert check(asked, plan_of(ground, [lane.fixed for lane in ground.lanes])) == []
    assert check(asked, plan_of(ground, vroom.orders(ground, seconds=0.2))) == []
