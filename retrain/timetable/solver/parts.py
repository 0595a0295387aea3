"""Which part of the time is whose, where subjects follow one another."""

import numpy as np
from numpy.typing import NDArray

from retrain.timetable.solver.problem import Flags, Ints, Problem

SPARE = 1.1
"""So much more than its even share each may have at a time, so that what is at an end or a beginning is not crammed."""

IN_MOST = 1 / 3
"""Who takes part in so much of what hangs together is one of those whose time it is."""


def parts(problem: Problem) -> tuple[Ints, Ints]:
    """From which period until which each subject should be, so that it keeps out of the way of what follows it.

    Whoever takes part in most of it needs so much time for all that comes before a subject, and for all that comes
    after; between these it is cut in proportion to the time that each needs.
    """
    begin = np.zeros(problem.subjects, np.int32)
    end = np.full(problem.subjects, problem.periods, np.int32)
    for group in _hanging_together(problem):
        is_open = np.flatnonzero(problem.period_open[group].any(axis=0))
        if len(group) == 1 or not len(is_open):
            continue
        starts, stops = cut(_needs(problem, group), _follows(problem, group))
        edges = np.append(is_open, is_open[-1] + 1)
        begin[group] = edges[np.floor(starts * len(is_open)).astype(np.int64)]
        end[group] = edges[np.floor(stops * len(is_open)).astype(np.int64)]
    return begin, end


def cut(needs: NDArray[np.float64], follows: Flags) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where in the whole time, from 0 to 1, each begins and ends, by the time it *needs* and by which *follows* which."""
    reach = _closure(follows)
    whole = max(needs.sum() * SPARE, 1e-9)
    soonest, latest = (needs @ reach) / whole, 1 - (reach @ needs) / whole
    begin, end = np.zeros(len(needs)), np.ones(len(needs))
    for one in np.argsort(reach.sum(axis=0), kind="stable"):
        begin[one] = max(soonest[one], end[follows[:, one]].max(initial=0.0))
        end[one] = latest[one]
        for other in np.flatnonzero(follows[one]):
            share = needs[one] / max(needs[one] + needs[other], 1e-9)
            cut = begin[one] + (latest[other] - begin[one]) * share
            end[one] = min(end[one], max(cut, soonest[other]))
        begin[one] = min(begin[one], 1.0)
        end[one] = min(max(end[one], begin[one]), 1.0)
    return begin, end


def _needs(problem: Problem, group: NDArray[np.int64]) -> NDArray[np.float64]:
    """The time that each takes of those who take part in most."""
    count = np.bincount(problem.subject, minlength=problem.subjects)[group].astype(np.float64)
    takes_part = problem.takes_part[group]
    mostly: Flags = takes_part.mean(axis=0) >= IN_MOST
    if not mostly.any():
        return count
    found: NDArray[np.float64] = count * takes_part[:, mostly].mean(axis=1)
    return found


def _follows(problem: Problem, group: NDArray[np.int64]) -> Flags:
    """Which of *group* follows which at once."""
    place = np.full(problem.subjects, -1)
    place[group] = np.arange(len(group))
    found = np.zeros((len(group), len(group)), np.bool_)
    inside = place[problem.before]
    inside = inside[(inside >= 0).all(axis=1)]
    found[inside[:, 0], inside[:, 1]] = True
    np.fill_diagonal(found, False)
    return found


def _closure(follows: Flags) -> NDArray[np.float64]:
    """Which follows which, however long after."""
    found = follows.astype(np.float64)
    for _ in range(len(follows)):
        more = np.minimum(found + found @ found, 1.0)
        if np.array_equal(more, found):
            break
        found = more
    return found


def _hanging_together(problem: Problem) -> list[NDArray[np.int64]]:
    """The subjects that are ordered among one another, by groups."""
    label = np.arange(problem.subjects)
    for _ in range(problem.subjects if len(problem.before) else 0):
        lower = label.copy()
        for one, other in (problem.before.T, problem.before[:, ::-1].T):
            np.minimum.at(lower, one, label[other])
        if np.array_equal(lower, label):
            break
        label = lower
    ordered = np.argsort(label, kind="stable")
    return np.split(ordered, np.flatnonzero(np.diff(label[ordered])) + 1)


def longest(pairs: Ints, weight: NDArray[np.int64]) -> NDArray[np.int64]:
    """The most weight that stands in a row before each. Where they go round in a circle, it ends somewhere."""
    found = np.zeros(len(weight), np.int64)
    for _ in range(len(weight) if len(pairs) else 0):
        more = found.copy()
        np.maximum.at(more, pairs[:, 1], found[pairs[:, 0]] + weight[pairs[:, 0]])
        if np.array_equal(more, found):
            break
        found = more
    return found
