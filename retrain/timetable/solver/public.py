"""Solving a public instance: stopped by hand, and reported in the competition's words."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from retrain.timetable.solver.ctt import PUBLIC, Instance
from retrain.timetable.solver.solve import Better, Result
from retrain.timetable.solver.solve import solve as solve_problem


def solve(
    instance: Instance,
    *,
    seconds: float | None,
    steps: int | None,
    seed: int,
    threads: int,
    on_better: Callable[[Better], None],
) -> Result:
    """The best timetable, found in the time or until somebody interrupts."""
    told: list[int] = []

    def interrupted(number: int, _frame: FrameType | None) -> None:
        told.append(number)

    before = [(each, signal.signal(each, interrupted)) for each in (signal.SIGINT, signal.SIGTERM)]
    try:
        return solve_problem(
            instance.problem,
            seconds=seconds,
            steps=steps,
            seed=seed,
            threads=threads,
            on_better=on_better,
            stop=lambda: bool(told),
        )
    finally:
        for each, handler in before:
            signal.signal(each, handler)


def report(instance: Instance, found: Result, seed: int) -> dict[str, Any]:
    """What is printed of *found*."""
    by_part = {name: found.cost.soft[part] for name, part in PUBLIC.items()} if found.cost else None
    return {
        "instance": instance.problem.name,
        "feasible": found.timetable is not None,
        "cost": found.cost.total if found.cost else None,
        "cost_by_part": by_part,
        "first_feasible_seconds": found.first_feasible_seconds,
        "seconds": found.seconds,
        "steps": found.steps,
        "seed": seed,
        "curve": [list(point) for point in found.curve],
    }
