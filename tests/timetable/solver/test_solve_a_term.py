"""A term of weeks, runs in halves, sites, limits and order: solved, kept where it is fixed, and of a university's size."""

import resource
import time
from dataclasses import replace

import numpy as np
import pytest

from retrain.timetable.solver import arrays
from retrain.timetable.solver.cost import cost
from retrain.timetable.solver.rounds import MENDING
from retrain.timetable.solver.search import Search
from retrain.timetable.solver.solve import by_hand, solve
from retrain.timetable.solver.start import first_timetable
from tests.timetable.solver.terms import term


def test_a_small_term_gets_better_than_its_first_timetable():
    problem = term(1, runs=6, weeks=6, lecturers=12, rooms=12)
    first = cost(problem, first_timetable(problem, arrays.model(problem), 1))
    found = solve(problem, steps=600_000, threads=1)
    assert found.cost is not None
    assert found.timetable is not None
    assert found.cost.violations == 0
    assert found.cost == cost(problem, found.timetable)
    assert found.cost.total < 0.7 * first.total


def test_what_is_fixed_stays_where_it_is():
    problem = term(2, runs=4, weeks=4, lecturers=10, rooms=12)
    before = solve(problem, steps=200_000, threads=1).timetable
    assert before is not None
    kept = np.arange(problem.events) % 3 == 0
    fixed = replace(
        problem,
        fixed_period=np.where(kept, before.period, -1).astype(np.int32),
        fixed_room=np.where(kept, before.room, -1).astype(np.int32),
    )
    after = solve(fixed, steps=400_000, threads=1, seed=3).timetable
    assert after is not None
    assert after.period[kept].tolist() == before.period[kept].tolist()
    assert after.room[kept].tolist() == before.room[kept].tolist()


def test_two_searches_find_the_same_term_by_the_same_steps():
    problem = term(3, runs=4, weeks=4, lecturers=10, rooms=12)
    one, other = (solve(problem, steps=200_000, seed=7).best for _ in range(2))
    assert one is not None
    assert other is not None
    assert (one.cost, one.waiting) == (other.cost, other.waiting)
    assert one.timetable.period.tolist() == other.timetable.period.tolist()
    assert one.timetable.room.tolist() == other.timetable.room.tolist()


def test_of_a_term_without_enough_rooms_the_rest_waits_and_nothing_is_wrong_in_what_is_placed():
    problem = term(4, runs=8, weeks=4, lecturers=4, rooms=6)
    told: list[int] = []
    found = solve(problem, steps=200_000, threads=1, on_waiting=told.append)
    assert found.timetable is None
    assert found.best is not None
    assert found.best.waiting == (found.best.timetable.period < 0).sum() > 0
    assert cost(problem, found.best.timetable).violations == 0
    assert told == sorted(told, reverse=True)


def test_a_coordinator_gets_by_hand_what_breaks_no_rule():
    problem = term(5, runs=6, weeks=6, lecturers=12, rooms=12)
    found = by_hand(problem, np.zeros(problem.subjects, np.int32))
    assert cost(problem, found.timetable).violations == 0
    assert cost(problem, found.timetable).total == found.cost


@pytest.mark.slow
def test_a_university_s_term_has_a_timetable_in_seconds():
    problem = term(1, runs=60, weeks=16, lecturers=90, rooms=45)
    assert problem.events > 11_000
    Search(term(1, runs=2, weeks=4, lecturers=4, rooms=6), 1).mend(1.0)
    began = time.process_time()
    search = Search(problem, 1)
    while not search.is_feasible and time.process_time() - began < 30:
        search.mend(MENDING)
    assert search.is_feasible
    assert time.process_time() - began < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000
