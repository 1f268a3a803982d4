"""How good is automatic dispatch beside VROOM, OR-Tools and PyVRP on the same days, and how fast is an urgent call?

Everybody works with one thread, on the same input, in the same run: VROOM at its exploration levels 0 and 5 as long as
it likes; then OR-Tools, PyVRP and Callout for a quarter of what level 5 took. Every answer goes through the same check.
Callout's time is that of its search, from VROOM's first answer on; what starting and compiling it costs is told apart.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import routing_instances, routing_rivals
from bench.support import measure
from callout.core.routing import compiled, vroom
from callout.core.routing.answers import plan_of
from callout.core.routing.check import check
from callout.core.routing.lanes import Ground, prepare
from callout.core.routing.model import Job, Plan, Problem
from callout.core.routing.search import search
from callout.core.routing.urgent import fit

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "vrptw"
LONG = 1_000_000.0
"""Seconds for those who end by themselves."""


def main() -> None:
    """Days, urgent calls into them, published instances."""
    options = measure.arguments(
        __doc__ or "",
        **{
            "--data": {"type": Path, "default": DATA, "help": "the folder with day_example.json and the instances"},
            "--days": {"type": int, "default": None, "help": "so many days made by seed"},
            "--instances": {"type": int, "default": None, "help": "so many of the published instances"},
            "--seconds": {"type": float, "default": 20.0, "help": "for each instance"},
        },
    )
    smoke = options.size == "smoke"
    compiled.keep_in()
    figures: dict[str, Any] = starting(smoke)
    problems: list[str] = []
    plans = []
    for name, asked in days(options, smoke):
        found, wrong, plan = a_day(name, asked)
        figures[name], plans = found, [*plans, (name, asked, plan)]
        problems += wrong
    print()
    for name, asked, plan in plans[: 1 if smoke else 3]:
        figures[f"urgent {name}"], wrong = urgent(name, asked, plan, 5 if smoke else 40)
        problems += wrong
    figures["gaps"], wrong = instances(options, smoke)
    measure.finish(options, figures, problems + wrong)


def starting(smoke: bool) -> dict[str, Any]:
    """What the process costs before it searches: on a machine that never compiled (not in a smoke run), and later."""
    took: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "callout.core.routing", "warm", *([] if smoke else [folder])]
        for name in ("first start", "next start"):
            took[name] = measure.timed(lambda: subprocess.run(command, check=True), 1, 0)[0] / 1000
    list(search(routing_instances.made_day(0, 2, 4, 0), seconds=0.1))
    measure.table(["starting", "seconds"], [[name, seconds] for name, seconds in took.items()])
    print(flush=True)
    return {name.replace(" ", "_"): seconds for name, seconds in took.items()}


def days(options: Any, smoke: bool) -> Iterator[tuple[str, Problem]]:
    """The day of the file when it is there, and days made by seed."""
    file = options.data / "day_example.json"
    if file.exists() and not smoke:
        yield "day_example", routing_instances.day(file)
    for seed in range(1, 1 + (options.days if options.days is not None else 1 if smoke else 3)):
        size = (12, 110, 16) if smoke else (60, 560, 80)
        yield f"day {seed}", routing_instances.made_day(seed, *size)


def a_day(name: str, asked: Problem) -> tuple[dict[str, Any], list[str], Plan]:
    """Everybody on one day."""
    ground = prepare(asked)
    answers: dict[str, tuple[Plan, float]] = {}
    for level in (0, 5):
        orders, took = routing_rivals.timed(lambda level=level: vroom.orders(ground, seconds=LONG, level=level))
        answers[f"VROOM {level}"] = plan_of(ground, orders), took
    limit = answers["VROOM 5"][1] / 4
    for who, solver in (("OR-Tools", routing_rivals.ortools_orders), ("PyVRP", routing_rivals.pyvrp_orders)):
        orders, took = routing_rivals.timed(lambda solver=solver: solver(ground, limit))
        answers[who] = plan_of(ground, orders), took
    answers["Callout"] = routing_rivals.timed(lambda: last(search(asked, seconds=limit)))
    return compared(name, asked, answers)


def last(plans: Iterator[Plan]) -> Plan:
    """The best of them."""
    *_, best = plans
    return best


def lost(asked: Problem, plan: Plan) -> int:
    """The priority that is left out."""
    return sum(job.priority for job in asked.jobs if job.id in plan.left_out)


def compared(
    name: str, asked: Problem, answers: dict[str, tuple[Plan, float]]
) -> tuple[dict[str, Any], list[str], Plan]:
    """Print and keep what everybody found; only a broken rule is wrong."""
    base = answers["VROOM 5"]
    wrong = [f"{name}, {who}: {said}" for who, (plan, _) in answers.items() for said in check(asked, plan)]
    rows = [
        [who, len(plan.left_out), lost(asked, plan), plan.travel, plan.travel / base[0].travel, took, took / base[1]]
        for who, (plan, took) in answers.items()
    ]
    measure.table([name, "left out", "lost priority", "travel, s", "to VROOM 5", "seconds", "to VROOM 5"], rows)
    ours = answers["Callout"][0]
    best = min(lost(asked, plan) for who, (plan, _) in answers.items() if who != "Callout")
    print(f"lost priority {lost(asked, ours)} where the best of the others has {best}\n", flush=True)
    columns = ("left_out", "lost", "travel", "ratio", "seconds", "share")
    figures = {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}
    return figures, wrong, ours


def urgent(name: str, asked: Problem, plan: Plan, calls: int) -> tuple[dict[str, Any], list[str]]:
    """Calls into the plan one by one, each of them taken from the jobs of another place, with a high priority."""
    ground = prepare(asked)
    first = min(measure.timed(lambda: vroom.orders(ground, seconds=LONG, level=0), 3, 0))
    took, wrong, fitted, moved, dropped = [], [], 0, [], 0
    for number in range(calls):
        like = asked.jobs[number * 7 % len(asked.jobs)]
        call = replace(like, id=1_000_000 + number, windows=((28800, 61200),), priority=50, fixed=None, seconds=2700)
        began = time.perf_counter()
        answer = fit(asked, plan, call)
        took.append((time.perf_counter() - began) * 1000)
        if answer is None:
            continue
        fitted += 1
        wrong += [f"{name}, urgent: {said}" for said in check(with_call(asked, call), answer)]
        moved.append(shifted(plan, answer))
        dropped += len(answer.left_out.keys() - plan.left_out.keys())
        wrong += [f"{name}, urgent: job {job} changed its shift" for job in other_shift(plan, answer)]
    figures = {
        "calls": calls, "fitted": fitted, "moved": statistics.mean(moved) if moved else 0.0, "dropped": dropped,
        "p50_ms": measure.median(took), "worst_ms": max(took), "vroom_0_ms": first,
    }  # fmt: skip
    measure.table(
        [f"urgent calls, {name}", "fitted", "others moved", "left out for it", "median ms", "worst ms", "VROOM 0, ms",
         "to VROOM 0"],
        [[calls, fitted, figures["moved"], dropped, figures["p50_ms"], max(took), first, max(took) / first]],
    )  # fmt: skip
    print()
    return figures, wrong


def with_call(asked: Problem, call: Job) -> Problem:
    """The question with the call in it."""
    return replace(asked, jobs=[*asked.jobs, call])


def shifted(before: Plan, after: Plan) -> int:
    """How many jobs begin at another time than before."""
    starts = {visit.job: visit.starts for route in before.routes for visit in route.visits}
    return sum(starts.get(v.job, v.starts) != v.starts for route in after.routes for v in route.visits)


def other_shift(before: Plan, after: Plan) -> list[int]:
    """Jobs that are with somebody else than before."""
    shifts = {visit.job: route.shift for route in before.routes for visit in route.visits}
    return [v.job for route in after.routes for v in route.visits if shifts.get(v.job, route.shift) != route.shift]


def instances(options: Any, smoke: bool) -> tuple[dict[str, Any], list[str]]:
    """Published instances: how far everybody's distance is from the best known, in percent."""
    known = routing_instances.best_known(options.data) if (options.data / "best_known.csv").exists() else {}
    files = sorted(file for each in ("solomon", "homberger") for file in (options.data / each).glob("*.txt"))
    files = [file for file in files if file.stem in known][: 1 if smoke else options.instances]
    seconds = 2.0 if smoke else options.seconds
    rows, wrong = [], []
    for file in files:
        asked = routing_instances.instance(file)
        row, said = an_instance(file.stem, asked, prepare(asked), known[file.stem], seconds)
        rows, wrong = [*rows, row], wrong + said
        print(".", end="", flush=True)
    if not rows:
        return {}, wrong
    print()
    mean = ["mean", *(statistics.mean(row[column] for row in rows) for column in range(1, len(rows[0])))]
    heads = [f"percent over best known, {seconds:g} s each", *NAMES, "VROOM 5, s"]
    measure.table(heads, [*rows, mean])
    return {row[0]: dict(zip([*NAMES, "vroom_5_s"], row[1:], strict=True)) for row in [*rows, mean]}, wrong


NAMES = ["VROOM 0", "VROOM 5", "OR-Tools", "PyVRP", "Callout, 1/4", "Callout"]


def an_instance(
    name: str, asked: Problem, ground: Ground, known: float, seconds: float
) -> tuple[Sequence[Any], list[str]]:
    """Everybody on one instance; VROOM as long as it likes, Callout also with a quarter of the time."""
    level_5, took = routing_rivals.timed(lambda: vroom.orders(ground, seconds=LONG, level=5))
    plans = {
        "VROOM 0": plan_of(ground, vroom.orders(ground, seconds=LONG, level=0)),
        "VROOM 5": plan_of(ground, level_5),
        "OR-Tools": plan_of(ground, routing_rivals.ortools_orders(ground, seconds)),
        "PyVRP": plan_of(ground, routing_rivals.pyvrp_orders(ground, seconds)),
        "Callout, 1/4": last(search(asked, seconds=seconds / 4)),
        "Callout": last(search(asked, seconds=seconds)),
    }
    wrong = [f"{name}, {who}: {said}" for who, plan in plans.items() for said in check(asked, plan)]
    wrong += [f"{name}: Callout leaves out {len(plans['Callout'].left_out)}"] * bool(plans["Callout"].left_out)
    return [name, *((plans[who].travel / 10 / known - 1) * 100 for who in NAMES), took], wrong


if __name__ == "__main__":
    main()
