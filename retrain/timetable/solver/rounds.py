"""How hot it is when: a first timetable is sought, cooled down slowly, then twice warmed up a little and cooled again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from retrain.timetable.solver.search import Search

HOT, WARM, MILD, COLD = 4.0, 0.8, 0.5, 0.15

MENDING = 8.0
"""How hot it is while what is wrong is mended."""

MENDING_CHUNKS = 8
"""After so many chunks each search looks whether another has a timetable without violations."""

SEEKING = 40
"""Chunks of the first quick cooling, which looks for a timetable without violations only; each next one is longer."""


@dataclass(frozen=True)
class Round:
    """A cooling, from one part of the whole time to another."""

    begin: float
    end: float
    hot: float
    cold: float


ROUNDS = (Round(0.0, 0.6, HOT, COLD), Round(0.6, 0.8, WARM, COLD), Round(0.8, 1.0, MILD, COLD))
"""To warm up twice from the best is worth more than to cool down once more slowly."""


def cool(each: Round, search: Search, gone: Callable[[], float]) -> Iterator[None]:
    """Do this round; *gone* says how much of the whole time is over. Comes up for air after each chunk."""
    if each.begin == 0.0 and not search.model.is_limited:
        yield from _seek(search, each.end / 2, gone)
        if search.kept:
            search.take(search.kept)
    begin = gone()
    while (now := gone()) < each.end:
        search.anneal(_temperature((now - begin) / (each.end - begin), each))
        yield


def mend(search: Search, gone: Callable[[], float]) -> Iterator[None]:
    """Mend for a while, if there are limits and an order. Comes up for air after each chunk.

    The first timetable is then nearly right: what is wrong is mended, and all else may move for it.
    """
    for _ in range(MENDING_CHUNKS):
        if search.is_feasible or gone() >= 1.0:
            return
        search.mend(MENDING)
        yield


def _seek(search: Search, until: float, gone: Callable[[], float]) -> Iterator[None]:
    quick, chunks, chunk = Round(0.0, 1.0, HOT, 0.3), SEEKING, 0
    while not search.is_feasible and gone() < until:
        search.anneal(_temperature(chunk / chunks, quick))
        chunk += 1
        if chunk == chunks:
            chunks, chunk = 2 * chunks, 0
        yield


def _temperature(part: float, each: Round) -> float:
    """How hot it is when *part* of the round is over; rounded, so that it is the same anywhere."""
    return round(float(each.hot * (each.cold / each.hot) ** part), 6)
