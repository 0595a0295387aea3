"""One thread's search: from a first timetable to ever better ones, cooling down and warming up again."""

from dataclasses import dataclass, field

import numpy as np

from retrain.timetable.solver import arrays
from retrain.timetable.solver.annealing import PATIENCE, Best, anneal, mend
from retrain.timetable.solver.problem import Ints, Problem, Timetable
from retrain.timetable.solver.start import first_timetable

CHUNK = 50_000
"""Steps at one temperature."""

HARD, FIRM = 20, 1000
"""What a violation costs until there is a timetable without any, and from then on: chains then lead around it.

Where there are limits and an order it always costs so much: its temperature is one at which only the rest moves.
"""

FEW, LOOSE, BURST, BURSTS = 48, 20, 500, 50
"""Once so few events are in trouble, they alone are moved in bursts of steps, and a wrong costs little: what is in the
way of them is pushed on, until it has a place. Then comes a while in which all else makes room."""

LINKS = 8
"""The most events in a chain."""

NOTHING = 1 << 60
"""More than any cost: there is no timetable without violations yet."""


@dataclass(frozen=True)
class Kept:
    """A timetable without violations; it is not changed any more, so that other threads may read it."""

    timetable: Timetable
    cost: int


@dataclass
class Search:
    """A timetable being improved."""

    problem: Problem
    seed: int
    steps: int = 0
    kept: Kept | None = None
    """The best without violations, if there is one."""
    model: arrays.Model = field(init=False)
    state: arrays.State = field(init=False)

    def __post_init__(self) -> None:
        self.model = arrays.model(self.problem)
        start = first_timetable(self.problem, self.model, self.seed)
        self.state = arrays.state(self.problem, self.model, start)
        self._chance = np.array([self.seed * 0x9E3779B97F4A7C15 % (1 << 64) or 1], np.uint64)
        self._troubled = np.zeros(self.problem.events, np.int32)
        self._links = np.zeros(LINKS, np.int32)
        self._best = np.array([NOTHING if self.wrongs else self.state.total[0]], np.int64)
        self._period, self._room = self.state.period.copy(), self.state.room.copy()
        self._least = self._as_it_is(self.wrongs)
        self._keep()

    @property
    def is_feasible(self) -> bool:
        """Whether it has found a timetable without violations."""
        return self.kept is not None

    @property
    def wrongs(self) -> int:
        """How many violations there are now."""
        return int(self.state.total[1])

    @property
    def least_wrongs(self) -> int:
        """How many there were when there were fewest."""
        return int(self._least.cost[0])

    @property
    def least_wrong(self) -> Timetable:
        """The timetable as it was then."""
        return arrays.timetable(self.problem, self._least.period, self._least.room)

    @property
    def now(self) -> Timetable:
        return arrays.timetable(self.problem, self.state.period, self.state.room)

    def anneal(self, temperature: float, steps: int = CHUNK) -> None:
        """Try *steps* moves at *temperature*."""
        hard = FIRM if self.is_feasible or self.model.is_limited else HARD
        self._anneal(temperature, steps, self.model.movable, hard)

    def mend(self, temperature: float) -> None:
        """Look for a timetable without violations: half of the steps with events that have a part in something wrong."""
        best = Best(self._best, self._period, self._room)
        done = mend(
            self.model, self.state, self._chance, PATIENCE, self._links, best, self._least, self._troubled,
            BURSTS, BURST, temperature, FEW, LOOSE, FIRM,
        )  # fmt: skip
        self.steps += BURST * done
        self._anneal(temperature, CHUNK // 2, self.model.movable, FIRM)
        if self.wrongs < self._least.cost[0]:
            self._least = self._as_it_is(self.wrongs)

    def _as_it_is(self, cost: int) -> Best:
        return Best(np.array([cost], np.int64), self.state.period.copy(), self.state.room.copy())

    def _anneal(self, temperature: float, steps: int, movable: Ints, hard: int) -> None:
        if len(movable):
            best = Best(self._best, self._period, self._room)
            anneal(
                self.model, self.state, self._chance, PATIENCE, self._links, best, movable, steps, temperature, hard
            )  # fmt: skip
        self.steps += steps
        self._keep()

    def take(self, better: Kept) -> None:
        """Go on from *better*, which another search has found."""
        self.state = arrays.state(self.problem, self.model, better.timetable)
        self._best[0], self._period, self._room = (
            better.cost,
            self.state.period.copy(),
            self.state.room.copy(),
        )
        self.kept = better

    def _keep(self) -> None:
        cost = int(self._best[0])
        if cost < (self.kept.cost if self.kept else NOTHING):
            self.kept = Kept(arrays.timetable(self.problem, self._period, self._room), cost)
