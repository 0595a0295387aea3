"""The solver as others call it: a problem in, ever better timetables out, for a while or until told to stop.

Several processes search each by themselves, and at the end of each round all go on from the best that one has.
By seconds it depends on the machine what they find; by steps, the same seed gives the same timetable anywhere.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from retrain.timetable.solver.cost import Cost, cost
from retrain.timetable.solver.problem import Problem, Timetable
from retrain.timetable.solver.rounds import ROUNDS, cool
from retrain.timetable.solver.search import NOTHING, Search

PAUSE = 0.1
"""Seconds between two timetables that one process tells another of, within a round."""


@dataclass(frozen=True)
class Budget:
    """How long to search: until a moment of the machine's clock, or for a number of steps in each process."""

    until: float | None = None
    steps: int | None = None
    since: float = field(default_factory=time.monotonic)

    def gone(self, search: Search) -> float:
        """How much of it is gone: 1 is all."""
        if self.steps is not None:
            return search.steps / self.steps
        assert self.until is not None
        return (time.monotonic() - self.since) / max(self.until - self.since, 0.001)


@dataclass(frozen=True)
class Better:
    """A timetable without violations, better than all before it."""

    timetable: Timetable
    cost: int
    seconds: float


@dataclass(frozen=True)
class Result:
    """What came out; without *timetable* when none without violations was found."""

    timetable: Timetable | None
    cost: Cost | None
    first_feasible_seconds: float | None
    seconds: float
    steps: int
    curve: tuple[tuple[float, int], ...]
    """Seconds and cost of each better timetable."""


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    seed: int = 1,
    processes: int = 2,
    on_better: Callable[[Better], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Result:
    """The best timetable found in *seconds*, or in *steps* of each of the *processes*.

    *on_better* is called with each better one; *stop* is asked many times a second.
    """
    began = time.monotonic()
    if not problem.has_a_place_for_each:
        return Result(None, None, None, 0.0, 0, ())
    until = None if seconds is None else began + seconds
    team = _Team(problem, seed, Budget(until, steps, began), processes)
    found = _Found(began, on_better)
    try:
        for _ in team.work():
            found.look(team)
            if stop():
                break
    finally:
        team.dismiss()
    found.look(team)
    best = found.best
    return Result(
        timetable=best.timetable if best else None,
        cost=cost(problem, best.timetable) if best else None,
        first_feasible_seconds=found.curve[0][0] if best else None,
        seconds=round(time.monotonic() - began, 3),
        steps=team.steps,
        curve=tuple(found.curve),
    )


@dataclass
class _Found:
    """The best so far, told on as it gets better."""

    began: float
    on_better: Callable[[Better], None]
    best: Better | None = None
    curve: list[tuple[float, int]] = field(default_factory=list)

    def look(self, team: "_Team") -> None:
        now, (at, timetable) = time.monotonic() - self.began, team.best()
        if at >= (self.best.cost if self.best else NOTHING):
            return
        self.best = Better(timetable(), at, round(now, 3))
        self.curve.append((self.best.seconds, at))
        self.on_better(self.best)


@dataclass
class _Helper:
    """Another process that searches: what it has said of itself."""

    process: Any
    pipe: Connection
    best: tuple[int, Timetable] | None = None
    steps: int = 0
    at_end_of: int = -1

    def listen(self) -> None:
        """Take in what it has said by now."""
        while not self.pipe.closed and self.pipe.poll():
            self.hear()

    def hear(self) -> None:
        try:
            self.at_end_of, self.steps, best = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            # It was killed: the others go on without it.
            self.at_end_of = len(ROUNDS)
            self.pipe.close()
            return
        self.best = best or self.best


class _Team:
    """This process's own search, and those of its helpers."""

    def __init__(self, problem: Problem, seed: int, budget: Budget, processes: int) -> None:
        context = get_context("spawn")
        self.budget, self.helpers = budget, []
        for number in range(1, processes):
            ours, theirs = context.Pipe()
            given = (problem, _own(seed, number), budget, theirs)
            process = context.Process(target=_help, args=given, daemon=True)
            process.start()
            theirs.close()
            self.helpers.append(_Helper(process, ours))
        self.search = Search(problem, _own(seed, 0))

    @property
    def steps(self) -> int:
        return self.search.steps + sum(helper.steps for helper in self.helpers)

    def best(self) -> tuple[int, Callable[[], Timetable]]:
        """The cost of the best, or NOTHING, and how to get it."""
        told = [helper.best for helper in self.helpers if helper.best]
        at, timetable = min(told, key=lambda each: each[0], default=(NOTHING, None))
        if timetable is not None and at < self.search.best_cost:
            return at, lambda: timetable
        return self.search.best_cost, lambda: self.search.best

    def work(self) -> Iterator[None]:
        """Search, and come up for air many times a second."""
        yield
        for number, each in enumerate(ROUNDS):
            for _ in cool(self.search, each, self._gone):
                self._listen()
                yield
            yield from self._meet(number)
            if number + 1 < len(ROUNDS):
                self._go_on()

    def _gone(self) -> float:
        return self.budget.gone(self.search)

    def _listen(self) -> None:
        for helper in self.helpers:
            if not helper.pipe.closed:
                helper.listen()

    def _meet(self, number: int) -> Iterator[None]:
        """Wait until every helper is at the end of the round."""
        for helper in self.helpers:
            while helper.at_end_of < number:
                if helper.pipe.poll(PAUSE):
                    helper.hear()
                yield

    def _go_on(self) -> None:
        """All go on from the best, if there is one."""
        at, place = self.best()
        best = None if at == NOTHING else (place(), at)
        for helper in self.helpers:
            if not helper.pipe.closed:
                helper.pipe.send(best)
        if best:
            self.search.take(*best)

    def dismiss(self) -> None:
        for helper in self.helpers:
            helper.process.kill()
            helper.process.join()
            helper.pipe.close()


def _own(seed: int, number: int) -> int:
    """The seed of one of the processes."""
    return seed * 1009 + number


def _help(problem: Problem, seed: int, budget: Budget, pipe: Connection) -> None:
    """What a helper does: search, tell what it finds, and wait at the end of each round for the best of all."""
    try:
        _helping(Search(problem, seed), budget, pipe)
    except (EOFError, OSError):
        # Whom it helped is no longer there.
        return


def _helping(search: Search, budget: Budget, pipe: Connection) -> None:
    told, told_at = NOTHING, 0.0
    for number, each in enumerate(ROUNDS):
        for _ in cool(search, each, lambda: budget.gone(search)):
            if pipe.poll():
                pipe.recv()
            if search.best_cost < told and time.monotonic() - told_at > PAUSE:
                told, told_at = search.best_cost, time.monotonic()
                pipe.send((number - 1, search.steps, (told, search.best)))
        found = (search.best_cost, search.best) if search.is_feasible else None
        pipe.send((number, search.steps, found))
        if best := pipe.recv():
            search.take(*best)
