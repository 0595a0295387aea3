"""A term put together: a coordinator's way first, then ever better, for a while or until told to stop.

Two threads search, each by itself, and go on from the better one now and then; compiled code holds no lock. By steps,
the same seed gives the same timetable anywhere.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from retrain.timetable.solver import term_kernel
from retrain.timetable.solver.annealing import PATIENCE
from retrain.timetable.solver.cost import Cost, cost
from retrain.timetable.solver.problem import FREE, Ints, Timetable
from retrain.timetable.solver.term import NONE, Term, empty, model

CHUNK = 20_000
"""Steps at one temperature."""

HOT, COLD = 30.0, 0.5

MEETINGS = (0.5, 0.65, 0.75, 0.85, 0.95)
"""At these parts of the whole the threads go on from the better one."""

NOBODY_WAITS = 0


@dataclass(frozen=True)
class Found:
    """A timetable; *waiting* events have no place in it (period and room -1)."""

    timetable: Timetable
    cost: int
    waiting: int
    seconds: float

    @property
    def score(self) -> tuple[int, int]:
        return self.waiting, self.cost


@dataclass(frozen=True)
class Result:
    """The best that was found. Without *timetable* when some event has no place that is open to it."""

    best: Found | None
    cost: Cost | None
    first_complete_seconds: float | None
    seconds: float
    steps: int
    curve: tuple[tuple[float, int], ...]
    """Seconds and cost of each better timetable in which nobody waits."""


def order_of(term: Term) -> Ints:
    """The events as a coordinator takes them: run by run, what comes first in the course first."""
    problem = term.problem
    depth = np.zeros(problem.subjects, np.int64)
    for _ in range(problem.subjects):
        deeper = depth.copy()
        for first, second in problem.before:
            deeper[second] = max(deeper[second], depth[first] + 1)
        if np.array_equal(deeper, depth):
            break
        depth = deeper
    subject = problem.subject
    order = np.lexsort((np.arange(problem.events), subject, depth[subject], term.run[subject]))
    free: Ints = order[problem.fixed_period[order] == FREE].astype(np.int32)
    return free


@dataclass
class Search:
    """One thread's timetable being improved."""

    term: Term
    seed: int
    start: Timetable | None = None
    steps: int = 0
    _pushed: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.model = model(self.term)
        self.state = empty(self.term.problem)
        self._chance = np.array([(self.seed * 0x9E3779B97F4A7C15) % (1 << 64) or 1], np.uint64)
        self._pushed = np.zeros(term_kernel.MOST_PUSHED, np.int32)
        self._was = np.zeros((term_kernel.MOST_PUSHED, 2), np.int32)
        self._put(self.term.problem.fixed_period, self.term.problem.fixed_room)
        if self.start is not None:
            self._put(self.start.period, self.start.room)
        else:
            term_kernel.place_greedily(self.model, self.state, order_of(self.term))
        self.best = self._now()

    def _put(self, period: Ints, room: Ints) -> None:
        """Events that have a place there and none here get it."""
        for event in np.flatnonzero((period >= 0) & (self.state.period < 0)):
            term_kernel.drop(self.model, self.state, event, period[event], room[event])

    def _now(self) -> tuple[int, int, Ints, Ints]:
        cost, waiting = self.state.total
        return int(waiting), int(cost), self.state.period.copy(), self.state.room.copy()

    def anneal(self, temperature: float, movable: Ints | None = None, steps: int = CHUNK) -> None:
        """Try *steps* moves at *temperature*, and keep the timetable if none was better."""
        chosen = self.model.movable if movable is None else movable
        if len(chosen):
            term_kernel.anneal(
                self.model, self.state, self._chance, PATIENCE, chosen, steps, temperature, self._pushed, self._was
            )  # fmt: skip
        self.steps += steps
        cost, waiting = self.state.total
        if (waiting, cost) < self.best[:2]:
            self.best = self._now()

    def take(self, better: tuple[int, int, Ints, Ints]) -> None:
        """Go on from *better*, which another thread has found."""
        self.best, self.state = better, empty(self.term.problem)
        self._put(better[2], better[3])


def make(
    term: Term,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    seed: int = 1,
    threads: int = 2,
    on_better: Callable[[Found], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Result:
    """The best timetable found in *seconds*, or in *steps* of each of the *threads*."""
    began = time.monotonic()
    if not can_be_placed(term):
        return Result(None, None, None, 0.0, 0, ())
    searches = [Search(term, seed * 1009 + number) for number in range(threads)]
    told = _Told(began, on_better)
    told.look(searches)
    gone, met = 0.0, 0
    with ThreadPoolExecutor(threads) as pool:
        while gone < 1.0 and not stop():
            temperature = round(float(HOT * (COLD / HOT) ** gone), 6)
            list(pool.map(lambda search, hot=temperature: search.anneal(hot), searches))
            told.look(searches)
            gone = _gone(began, seconds, steps, searches[0].steps)
            if met < len(MEETINGS) and gone >= MEETINGS[met]:
                met += 1
                _meet(searches)
    best = told.best
    whole = best is not None and best.waiting == NOBODY_WAITS
    return Result(
        best=best,
        cost=cost(term.problem, best.timetable) if best and whole else None,
        first_complete_seconds=told.first_complete,
        seconds=round(time.monotonic() - began, 3),
        steps=sum(search.steps for search in searches),
        curve=tuple(told.curve),
    )


def greedily(term: Term) -> Found | None:
    """What a coordinator gets who takes run by run and for each class the earliest free place."""
    began = time.monotonic()
    if not can_be_placed(term):
        return None
    waiting, cost, period, room = Search(term, 1).best
    return Found(Timetable(period, room), cost, waiting, round(time.monotonic() - began, 3))


def can_be_placed(term: Term) -> bool:
    """Whether each event that is not fixed has a period and a room that are open to it, the others left aside."""
    problem = term.problem
    needed = np.bincount(problem.subject[problem.fixed_period == FREE], minlength=problem.subjects) > 0
    has_place = np.any(problem.period_open, axis=1) & np.any(problem.room_open, axis=1)
    return bool(np.all(has_place[needed]))


def _gone(began: float, seconds: float | None, steps: int | None, done: int) -> float:
    if steps is not None:
        return done / steps
    assert seconds is not None
    return (time.monotonic() - began) / max(seconds, 0.001)


def _meet(searches: list[Search]) -> None:
    best = min(searches, key=lambda each: each.best[:2])
    for search in searches:
        search.take(best.best)


@dataclass
class _Told:
    """The best so far, told on as it gets better."""

    began: float
    on_better: Callable[[Found], None]
    best: Found | None = None
    first_complete: float | None = None
    curve: list[tuple[float, int]] = field(default_factory=list)

    def look(self, searches: list[Search]) -> None:
        waiting, cost, period, room = min((each.best for each in searches), key=lambda best: best[:2])
        if self.best and (waiting, cost) >= self.best.score:
            return
        now = round(time.monotonic() - self.began, 3)
        self.best = Found(Timetable(period, room), cost, waiting, now)
        if waiting == NOBODY_WAITS:
            self.first_complete = now if self.first_complete is None else self.first_complete
            self.curve.append((now, cost))
        self.on_better(self.best)


__all__ = ["NONE", "Found", "Result", "Search", "can_be_placed", "greedily", "make"]
