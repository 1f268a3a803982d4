"""The polish keeps every rule, never gives back less than it got, and is the same again for the same seed."""

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from callout.core.routing import vroom
from callout.core.routing.answers import plan_of
from callout.core.routing.check import check
from callout.core.routing.lanes import prepare
from callout.core.routing.model import Break, Plan, Problem
from callout.core.routing.polish import polish
from callout.core.routing.search import search
from tests.core.routing_problems import HOUR, job, problem, problems, shift

SPOTS = [(number * 37 % 50, number * 23 % 41) for number in range(60)]


def lost(asked: Problem, plan: Plan) -> int:
    return sum(each.priority for each in asked.jobs if each.id in plan.left_out)


def polished(asked: Problem, orders, steps=400, seed=0) -> Plan:
    ground = prepare(asked)
    for better in polish(ground, orders, seconds=0, seed=seed, steps=steps):
        orders = better
    return plan_of(ground, orders)


@settings(max_examples=120)
@given(problems(), st.integers(0, 3), st.booleans())
def test_random_days_keep_every_rule_and_lose_no_more_priority(asked, seed, from_nothing):
    ground = prepare(asked)
    begun = [list(lane.fixed) for lane in ground.lanes] if from_nothing else vroom.orders(ground, seconds=0.2)
    before, after = plan_of(ground, begun), polished(asked, begun, seed=seed)
    assert check(asked, after) == []
    assert lost(asked, after) <= lost(asked, before)
    if lost(asked, after) == lost(asked, before):
        assert after.travel <= before.travel


def busy_day() -> Problem:
    lunch = (Break(12 * HOUR, 14 * HOUR, 2700),)
    shifts = [shift(number, home_from=number, home_to=number, breaks=lunch, ways_inside=True) for number in range(6)]
    fixed = [job(100 + n, 50 + n, 0.5, fixed=(n, (9 + n) * HOUR)) for n in range(6)]
    return problem(shifts, [*(job(n, n % 50, 0.8, priority=1 + n % 5) for n in range(70)), *fixed], SPOTS)


def test_the_same_seed_gives_the_same_plan_and_a_better_one_than_vroom():
    asked = busy_day()
    begun = vroom.orders(prepare(asked), seconds=5)
    first, again = (polished(asked, begun, 20_000, seed=4) for _ in range(2))
    assert first == again
    before = plan_of(prepare(asked), begun)
    assert check(asked, first) == []
    assert (lost(asked, first), first.travel) < (lost(asked, before), before.travel)


def test_jobs_with_several_windows_are_done_in_any_of_them():
    windows = ((8 * HOUR, 8 * HOUR), (15 * HOUR, 15 * HOUR))
    asked = problem([shift()], [job(1, hours=2, windows=windows), job(2, hours=2, windows=windows)])
    assert polished(asked, [[]], 50).left_out == {}


def test_plans_of_a_search_become_better():
    asked = busy_day()
    plans = list(search(asked, seconds=2))
    assert all(check(asked, plan) == [] for plan in plans)
    assert (lost(asked, plans[-1]), plans[-1].travel) <= (lost(asked, plans[0]), plans[0].travel)


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NUMBA_CACHE_DIR", "CALLOUT_VAR")}
    return kept | {"CALLOUT_VAR": str(folder), "XDG_CACHE_HOME": str(folder)}


WHERE = """
import os
from callout.core.routing import compiled
compiled.keep_in()
print(os.environ["NUMBA_CACHE_DIR"])
"""


def chosen(folder: Path) -> str:
    command = [sys.executable, "-c", WHERE]
    return subprocess.run(command, env=environment(folder), capture_output=True, text=True, check=True).stdout.strip()


def test_a_folder_that_cannot_be_written_stops_nothing():
    assert "callout-routing-" in chosen(Path("/proc/nothing"))


def test_compiled_code_is_kept_below_the_data_folder_and_not_in_one_that_others_can_write(tmp_path):
    assert chosen(tmp_path) == str(tmp_path / "cache" / "routing")
    (tmp_path / "cache" / "routing").chmod(0o777)
    assert chosen(tmp_path) == str(tmp_path / "callout" / "routing")
