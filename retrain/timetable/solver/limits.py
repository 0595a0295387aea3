"""How much a party may have on a day and in a week, and what it has."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from retrain.timetable.solver.problem import FREE, Ints, Problem, Timetable, of_events

NO_LIMIT = 1 << 30
"""More than anybody has."""


class Loads(NamedTuple):
    """Something of each party by day and by week."""

    day: Ints  # party × day
    week: Ints  # party × week


def weeks(problem: Problem) -> int:
    """How many weeks there are, begun ones counted."""
    return -(-problem.days // problem.days_in_week)


def weights(problem: Problem) -> Ints:
    """Subject × party → what an event weighs for the party's limits; 0 for parties that take no part."""
    weight = np.where(problem.by_load[None, :], problem.load[:, None], 1)
    found: Ints = (weight * problem.takes_part).astype(np.int32)
    return found


def units(problem: Problem) -> Ints:
    """Party → its largest event: by so much a limit is broken once."""
    found: Ints = np.maximum(weights(problem).max(axis=0, initial=1), 1).astype(np.int32)
    return found


def loads(problem: Problem, timetable: Timetable) -> Loads:
    """What each party has in *timetable*."""
    found = Loads(
        np.zeros((problem.parties, problem.days), np.int32),
        np.zeros((problem.parties, weeks(problem)), np.int32),
    )
    weight, day = weights(problem), timetable.period // problem.slots
    for subject, at in zip(problem.subject, day, strict=True):
        found.day[:, at] += weight[subject]
        found.week[:, at // problem.days_in_week] += weight[subject]
    return found


def most(problem: Problem) -> Loads:
    """What each party may have: its limit, or what is fixed if that is more."""
    fixed = problem.fixed_period != FREE
    has = loads(of_events(problem, fixed), Timetable(problem.fixed_period[fixed], problem.fixed_room[fixed]))
    day, week = (
        np.where(limit > 0, limit, NO_LIMIT)[:, None] for limit in (problem.day_limit, problem.week_limit)
    )
    return Loads(np.maximum(has.day, day).astype(np.int32), np.maximum(has.week, week).astype(np.int32))


def beyond(problem: Problem, timetable: Timetable) -> int:
    """How many events too many parties have on their days and in their weeks."""
    has, may = loads(problem, timetable), most(problem)
    excess: Iterator[Ints] = (np.maximum(mine - limit, 0) for mine, limit in zip(has, may, strict=True))
    unit = units(problem)[:, None]
    return int(sum((-(-each // unit)).sum() for each in excess))
