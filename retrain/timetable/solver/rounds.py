"""How hot it is when: a first timetable is sought, cooled down once slowly, then warmed up a little and cooled again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from retrain.timetable.solver.search import Search

HOT, WARM, COLD = 6.0, 0.4, 0.12

SEEKING = 40
"""Chunks of the first quick cooling, which looks for a timetable without violations only; each next one is longer."""


@dataclass(frozen=True)
class Round:
    """A cooling, from one part of the whole time to another."""

    begin: float
    end: float
    hot: float
    cold: float


ROUNDS = (Round(0.0, 0.88, HOT, COLD), Round(0.88, 1.0, WARM, COLD))


def cool(search: Search, each: Round, gone: Callable[[], float]) -> Iterator[None]:
    """Do this round; *gone* says how much of the whole time is over. Comes up for air after each chunk."""
    if each.begin == 0.0:
        yield from _seek(search, each.end / 2, gone)
        if search.is_feasible:
            search.take(search.best, search.best_cost)
    begin = gone()
    while (now := gone()) < each.end:
        search.anneal(_temperature((now - begin) / (each.end - begin), each))
        yield


def _seek(search: Search, until: float, gone: Callable[[], float]) -> Iterator[None]:
    # Where there are limits and an order, the first timetable is nearly right, and heat would only spoil it.
    hot = 1.0 if search.model.is_limited else HOT
    quick, chunks, chunk = Round(0.0, 1.0, hot, 0.3), SEEKING, 0
    while not search.is_feasible and gone() < until:
        search.anneal(_temperature(chunk / chunks, quick))
        chunk += 1
        if chunk == chunks:
            chunks, chunk = 2 * chunks, 0
        yield


def _temperature(part: float, each: Round) -> float:
    """How hot it is when *part* of the round is over; rounded, so that it is the same anywhere."""
    return round(float(each.hot * (each.cold / each.hot) ** part), 6)
