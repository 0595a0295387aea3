"""A provider's term for the solver: a problem, and in which order a coordinator would take it."""

from dataclasses import dataclass

import numpy as np

from retrain.timetable.solver.limits import NO_LIMIT
from retrain.timetable.solver.problem import Flags, Ints, Problem

NONE = -1
"""No place, nobody there."""


@dataclass(frozen=True)
class Term:
    """A term's *problem*: groups' limits are tenths of hours, lecturers' are pairs."""

    problem: Problem
    run: Ints  # [S] in which order a coordinator takes them: run by run

    @property
    def tenths(self) -> Ints:
        """[S] tenths of an academic hour that an event lasts."""
        return self.problem.load

    @property
    def in_hours(self) -> Flags:
        """[Q] whether the limits of a party count tenths of hours, or events."""
        return self.problem.by_load

    @property
    def day_most(self) -> Ints:
        """[Q] a day, or NO_LIMIT."""
        return _limit(self.problem.day_limit)

    @property
    def week_most(self) -> Ints:
        """[Q] a week, or NO_LIMIT."""
        return _limit(self.problem.week_limit)


def _limit(limit: Ints) -> Ints:
    found: Ints = np.where(limit > 0, limit, NO_LIMIT).astype(np.int32)
    return found


__all__ = ["NONE", "NO_LIMIT", "Term"]
