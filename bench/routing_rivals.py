"""OR-Tools and PyVRP on the same question: what they cannot say is simplified, and put right in their answers.

PyVRP knows no breaks: they are put into its routes afterwards, and jobs that then have no time are left out, the least
important first. Both get single windows and ways inside the shift only, which is what the benchmark asks.
"""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyvrp
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from callout.core.routing.answers import may
from callout.core.routing.lanes import Ground, Lane, times
from callout.core.routing.model import Job
from callout.core.routing.vroom import kept

POINT = 50_000
"""What both are told that a point of priority is worth in seconds: more than any detour."""
FAR = 10_000_000
"""The way to where somebody may not go."""


def window(job: Job) -> tuple[int, int]:
    """When the job may begin."""
    return (job.fixed[1], job.fixed[1]) if job.fixed is not None else (job.windows[0][0], job.windows[-1][1])


def allowed(ground: Ground, number: int) -> list[int]:
    """The lanes that may have the job."""
    job, shifts = ground.problem.jobs[number], ground.problem.shifts
    if job.fixed is not None:
        return [index for index, lane in enumerate(ground.lanes) if number in lane.fixed]
    return [index for index, lane in enumerate(ground.lanes) if may(shifts[lane.shift], job)]


def with_breaks(ground: Ground, index: int, order: Sequence[int]) -> list[int]:
    """The order without what the lane may not have, and without the least important jobs that leave no time."""
    jobs, lane = ground.problem.jobs, ground.lanes[index]
    left = [number for number in order if index in allowed(ground, number)]
    while set(lane.fixed) <= set(left) and times(jobs, ground.ways, lane, left) is None:
        movable = [number for number in left if jobs[number].fixed is None]
        if not movable:
            break
        left.remove(min(movable, key=lambda number: (jobs[number].priority, -jobs[number].seconds)))
    return kept(ground, lane, left)


def pyvrp_orders(ground: Ground, seconds: float, seed: int = 1) -> list[list[int]]:
    """PyVRP's answer: a profile of ways for each set of jobs that a lane may have, prizes for priority."""
    jobs, lanes, cost = ground.problem.jobs, ground.lanes, ground.ways.cost.astype(np.int64)
    homes = sorted({lane.start for lane in lanes})
    nodes = np.array([*homes, *(job.place for job in jobs)])
    base = cost[np.ix_(nodes, nodes)]
    able = [set(allowed(ground, number)) for number in range(len(jobs))]
    profiles: dict[tuple[bool, ...], int] = {}
    matrices, kinds = [], []
    for index, lane in enumerate(lanes):
        mask = tuple(index in each for each in able)
        if mask not in profiles:
            profiles[mask] = len(matrices)
            ways = base.copy()
            ways[:, len(homes) :][:, ~np.array(mask, bool)] = FAR
            np.fill_diagonal(ways, 0)
            matrices.append(ways)
        kinds.append(
            pyvrp.VehicleType(
                1, [] if lane.capacity is None else [lane.capacity], homes.index(lane.start), homes.index(lane.end),
                tw_early=lane.opens, tw_late=lane.closes, profile=profiles[mask],
            )
        )  # fmt: skip
    loads = all(lane.capacity is not None for lane in lanes)
    asked = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in nodes],
        [_client(job, len(homes) + number, loads) for number, job in enumerate(jobs)],
        [pyvrp.Depot(number) for number in range(len(homes))],
        kinds, matrices, matrices,
    )  # fmt: skip
    found = pyvrp.solve(asked, pyvrp.stop.MaxRuntime(seconds), seed=seed, collect_stats=False, display=False).best
    orders: list[list[int]] = [[] for _ in lanes]
    for route in found.routes():
        orders[route.vehicle_type()] = [step.idx for step in route.schedule() if step.is_client()]
    return [with_breaks(ground, index, order) for index, order in enumerate(orders)]


def _client(job: Job, node: int, loads: bool) -> Any:
    first, last = window(job)
    needed = job.fixed is not None or job.priority == 100
    return pyvrp.Client(
        node, [job.load] if loads else [], service_duration=job.seconds, tw_early=first, tw_late=last,
        prize=0 if needed else job.priority * POINT, required=needed,
    )  # fmt: skip


def ortools_orders(ground: Ground, seconds: float) -> list[list[int]]:
    """OR-Tools' answer by guided local search from a parallel cheapest insertion; breaks are its own."""
    jobs, lanes = ground.problem.jobs, ground.lanes
    homes = sorted({lane.start for lane in lanes})
    nodes = np.array([*homes, *(job.place for job in jobs)])
    depots = [homes.index(lane.start) for lane in lanes]
    manager = pywrapcp.RoutingIndexManager(len(nodes), len(lanes), depots, depots)
    model = pywrapcp.RoutingModel(manager)
    ways = ground.ways.cost[np.ix_(nodes, nodes)].astype(np.int64)
    service = np.array([0] * len(homes) + [job.seconds for job in jobs], np.int64)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(ways.tolist()))
    base, horizon = min(lane.opens for lane in lanes), max(lane.closes for lane in lanes)
    transit = model.RegisterTransitMatrix((ways + service[:, None]).tolist())
    model.AddDimension(transit, horizon - base, horizon - base, False, "time")
    _loads(model, ground, len(homes))
    clock = model.GetDimensionOrDie("time")
    for number in range(len(jobs)):
        _visit(model, manager, clock, ground, number, len(homes), base)
    for index, lane in enumerate(lanes):
        for node in (model.Start(index), model.End(index)):
            clock.CumulVar(node).SetRange(lane.opens - base, lane.closes - base)
        _breaks(model, manager, clock, lane, index, service, base)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(max(1, int(seconds * 1000)))
    answer = model.SolveWithParameters(parameters)
    if answer is None:
        return [list(lane.fixed) for lane in lanes]
    orders = [_order(model, manager, answer, index, len(homes)) for index in range(len(lanes))]
    return [with_breaks(ground, index, order) for index, order in enumerate(orders)]


def _loads(model: Any, ground: Ground, homes: int) -> None:
    rooms = [lane.capacity for lane in ground.lanes if lane.capacity is not None]
    if len(rooms) == len(ground.lanes):
        loads = [0] * homes + [job.load for job in ground.problem.jobs]
        model.AddDimensionWithVehicleCapacity(model.RegisterUnaryTransitVector(loads), 0, rooms, True, "load")


def _visit(model: Any, manager: Any, clock: Any, ground: Ground, number: int, homes: int, base: int) -> None:
    job, index = ground.problem.jobs[number], manager.NodeToIndex(homes + number)
    first, last = window(job)
    clock.CumulVar(index).SetRange(max(0, first - base), last - base)
    lanes = allowed(ground, number)
    if len(lanes) < len(ground.lanes):
        model.VehicleVar(index).SetValues([-1, *lanes])
    if job.fixed is None:
        model.AddDisjunction([index], job.priority * POINT)


def _breaks(model: Any, manager: Any, clock: Any, lane: Lane, vehicle: int, service: Any, base: int) -> None:
    if not lane.breaks:
        return
    solver = model.solver()
    rests = [
        solver.FixedDurationIntervalVar(each.earliest - base, each.latest - base, each.seconds, False, f"{vehicle}")
        for each in lane.breaks
    ]
    by_index = [int(service[manager.IndexToNode(index)]) for index in range(model.Size())]
    clock.SetBreakIntervalsOfVehicle(rests, vehicle, by_index)


def _order(model: Any, manager: Any, answer: Any, vehicle: int, homes: int) -> list[int]:
    index, order = answer.Value(model.NextVar(model.Start(vehicle))), []
    while not model.IsEnd(index):
        order.append(manager.IndexToNode(index) - homes)
        index = answer.Value(model.NextVar(index))
    return order


def timed(call: Any) -> tuple[Any, float]:
    """The answer and the seconds it took."""
    began = time.perf_counter()
    return call(), time.perf_counter() - began
