"""One process's search: from a first timetable to ever better ones, cooling down and warming up again."""

from dataclasses import dataclass, field

import numpy as np

from retrain.timetable.solver import arrays
from retrain.timetable.solver.annealing import PATIENCE, Best, anneal
from retrain.timetable.solver.problem import Problem, Timetable
from retrain.timetable.solver.start import first_timetable

CHUNK = 50_000
"""Steps at one temperature."""

HARD, FIRM = 20, 1000
"""What a violation costs until there is a timetable without any, and from then on: chains then lead around it."""

LINKS = 8
"""The most events in a chain."""

NOTHING = 1 << 60
"""More than any cost: there is no timetable without violations yet."""


@dataclass
class Search:
    """A timetable being improved."""

    problem: Problem
    seed: int
    steps: int = 0
    model: arrays.Model = field(init=False)
    state: arrays.State = field(init=False)

    def __post_init__(self) -> None:
        self.model = arrays.model(self.problem)
        start = first_timetable(self.problem, self.model, self.seed)
        self.state = arrays.state(self.problem, self.model, start)
        self._chance = np.array([self.seed * 0x9E3779B97F4A7C15 % (1 << 64) or 1], np.uint64)
        self._links = np.zeros(LINKS, np.int32)
        self._best = np.array([NOTHING], np.int64)
        self._period, self._room = self.state.period.copy(), self.state.room.copy()
        if not self.state.total[1]:
            self._best[0] = self.state.total[0]

    @property
    def is_feasible(self) -> bool:
        """Whether it has found a timetable without violations."""
        return self.best_cost != NOTHING

    @property
    def best_cost(self) -> int:
        """What the best costs, or NOTHING."""
        return int(self._best[0])

    @property
    def best(self) -> Timetable:
        return arrays.timetable(self.problem, self._period, self._room)

    def anneal(self, temperature: float, steps: int = CHUNK) -> None:
        """Try *steps* moves at *temperature*."""
        hard = FIRM if self.is_feasible else HARD
        best = Best(self._best, self._period, self._room)
        anneal(self.model, self.state, self._chance, PATIENCE, self._links, best, steps, temperature, hard)
        self.steps += steps

    def take(self, better: Timetable, cost: int) -> None:
        """Go on from *better*, which another search has found."""
        self.state = arrays.state(self.problem, self.model, better)
        self._best[0], self._period, self._room = cost, self.state.period.copy(), self.state.room.copy()
