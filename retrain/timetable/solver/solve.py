"""The solver as others call it: a problem in, ever better timetables out, for a while or until told to stop.

Several threads search each by themselves, for what is compiled holds no lock; at the end of each round all go on from
the best that one has. By seconds it depends on the machine what they find; by steps, the same seed gives the same
timetable anywhere.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial

from retrain.timetable.solver import arrays, start
from retrain.timetable.solver.cost import Cost, cost
from retrain.timetable.solver.problem import Ints, Problem, Timetable
from retrain.timetable.solver.rounds import ROUNDS, cool, mend
from retrain.timetable.solver.search import Kept, Search

PAUSE = 0.1
"""Seconds between two looks at what the threads have."""


@dataclass
class Budget:
    """How long to search: until a moment of the machine's clock, or for a number of steps in each thread."""

    until: float | None = None
    steps: int | None = None
    since: float = field(default_factory=time.monotonic)
    is_stopped: bool = False

    def gone(self, search: Search) -> float:
        """How much of it is gone: 1 is all."""
        if self.is_stopped:
            return 1.0
        if self.steps is not None:
            return search.steps / self.steps
        assert self.until is not None
        return (time.monotonic() - self.since) / max(self.until - self.since, 0.001)


@dataclass(frozen=True)
class Better:
    """A timetable in which nothing is wrong, better than all before it. *waiting* events have no place in it."""

    timetable: Timetable
    cost: int
    seconds: float
    waiting: int = 0


@dataclass(frozen=True)
class Result:
    """What came out: the best, which is the last that was told, unless some event waits even in that.

    There is no best at all when some event has no place that is open to it.
    """

    best: Better | None
    cost: Cost | None
    """Part by part, when nothing waits."""
    first_feasible_seconds: float | None
    seconds: float
    steps: int
    curve: tuple[tuple[float, int], ...]
    """Seconds and cost of each better timetable."""

    @property
    def timetable(self) -> Timetable | None:
        """The whole timetable, if there is one in which nothing waits."""
        return self.best.timetable if self.best and not self.best.waiting else None


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    seed: int = 1,
    threads: int = 2,
    on_better: Callable[[Better], None] = lambda _: None,
    on_waiting: Callable[[int], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Result:
    """The best timetable found in *seconds*, or in *steps* of each of the *threads*.

    *on_waiting* is called with the number of wrongs that are left while there are any, *on_better* with each better
    timetable without; *stop* is asked many times a second. All are called in the thread that called this.
    """
    began = time.monotonic()
    if not problem.has_a_place_for_each:
        return Result(None, None, None, 0.0, 0, ())
    budget = Budget(None if seconds is None else began + seconds, steps, began)
    told = _Told(began, on_better, on_waiting)
    with ThreadPoolExecutor(threads) as pool:
        seeds = [seed * 1009 + number for number in range(threads)]
        working = [pool.submit(Search, problem, each) for each in seeds]
        searches = [each.result() for each in working]

        def together(work: Callable[[Search, Callable[[], float]], Iterator[None]]) -> None:
            doing = [pool.submit(_do, work, search, budget) for search in searches]
            while _are_busy(doing):
                told.look(searches)
                budget.is_stopped = budget.is_stopped or stop()
            told.look(searches)
            _meet(searches)

        try:
            while searches[0].model.is_limited and not _best(searches) and budget.gone(searches[0]) < 1.0:
                together(mend)
            for each in ROUNDS:
                together(partial(cool, each))
        finally:
            # Whatever happened here, no thread goes on for long.
            budget.is_stopped = True
    best = _last(told, searches) or _nearest(problem, searches, began)
    return Result(
        best=best,
        cost=cost(problem, best.timetable) if not best.waiting else None,
        first_feasible_seconds=told.curve[0][0] if told.curve else None,
        seconds=round(time.monotonic() - began, 3),
        steps=sum(search.steps for search in searches),
        curve=tuple(told.curve),
    )


def by_hand(problem: Problem, of_run: Ints) -> Better:
    """What a coordinator gets who takes run by run and for each class the earliest free place; the rest waits."""
    began = time.monotonic()
    found = start.by_hand(problem, arrays.model(problem), of_run)
    return _counted(problem, found, began)


def _do(
    work: Callable[[Search, Callable[[], float]], Iterator[None]], search: Search, budget: Budget
) -> None:
    for _ in work(search, partial(budget.gone, search)):
        pass


def _are_busy(doing: Sequence[Future[None]]) -> bool:
    """Whether some still work, after a pause; what went wrong in one is raised here."""
    done, busy = wait(doing, PAUSE)
    for each in done:
        each.result()
    return bool(busy)


def _best(searches: Sequence[Search]) -> Kept | None:
    kept = [search.kept for search in searches]
    return min((each for each in kept if each), key=lambda each: each.cost, default=None)


def _meet(searches: Sequence[Search]) -> None:
    """All go on from the best, if there is one."""
    if best := _best(searches):
        for search in searches:
            search.take(best)


def _last(told: "_Told", searches: Sequence[Search]) -> Better | None:
    """The best. Where two searches have found equally good ones, which was told first hangs on the machine."""
    found = _best(searches)
    return replace(told.best, timetable=found.timetable) if told.best and found else None


def _nearest(problem: Problem, searches: Sequence[Search], began: float) -> Better:
    """The least wrong timetable, without what is wrong in it."""
    model = searches[0].model
    least = min(searches, key=lambda each: each.least_wrongs)
    return _counted(problem, start.without_wrongs(problem, model, least.least_wrong), began)


def _counted(problem: Problem, timetable: Timetable, began: float) -> Better:
    waiting = int((timetable.period < 0).sum())
    total = cost(problem, timetable).total
    return Better(timetable, total, round(time.monotonic() - began, 3), waiting)


@dataclass
class _Told:
    """The best so far, told on as it gets better."""

    began: float
    on_better: Callable[[Better], None]
    on_waiting: Callable[[int], None]
    best: Better | None = None
    wrongs: int | None = None
    curve: list[tuple[float, int]] = field(default_factory=list)

    def look(self, searches: Sequence[Search]) -> None:
        found, now = _best(searches), round(time.monotonic() - self.began, 3)
        if found is None:
            wrongs = min(search.least_wrongs for search in searches)
            if self.wrongs is None or wrongs < self.wrongs:
                self.wrongs = wrongs
                self.on_waiting(wrongs)
        elif self.best is None or found.cost < self.best.cost:
            self.best = Better(found.timetable, found.cost, now)
            self.curve.append((now, found.cost))
            self.on_better(self.best)
