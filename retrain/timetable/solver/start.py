"""A first timetable in one pass, and what a coordinator would make by hand."""

import numpy as np
from numpy.typing import NDArray

from retrain.timetable.solver import placing
from retrain.timetable.solver.arrays import Model
from retrain.timetable.solver.limits import NO_LIMIT, weeks
from retrain.timetable.solver.parts import longest, parts
from retrain.timetable.solver.problem import FREE, Ints, Problem, Timetable


def first_timetable(problem: Problem, model: Model, seed: int) -> Timetable:
    """Every event has a period that is open to it, and a room that is open to it and free, or none (-1).

    Those with least choice come first. What comes before others keeps to its part of the time, by how much comes
    before it and after it; so hardly anything is out of order.
    """
    chance = np.random.default_rng(seed)
    free = np.flatnonzero(problem.fixed_period == FREE)
    order = free[
        np.lexsort((chance.random(len(free)), _choice(problem, model)[free], problem.home[free] == FREE))
    ]
    plan = _plan(problem, model)
    drawn = np.array([seed * 0x9E3779B97F4A7C15 % (1 << 64) or 1], np.uint64)
    begin, end = parts(problem)
    _place(problem, model, plan, drawn, order, (begin, end), strict=False, early=False)
    return _timetable(problem, plan)


def by_hand(problem: Problem, model: Model, of_run: Ints) -> Timetable:
    """What a coordinator gets who takes run by run and for each class the earliest free place; the rest waits.

    *of_run* says of each subject which run it is of.
    """
    free = np.flatnonzero(problem.fixed_period == FREE)
    subject, depth = problem.subject[free], longest(problem.before, np.ones(problem.subjects, np.int64))
    order = free[np.lexsort((free, subject, depth[subject], of_run[subject]))]
    plan = _plan(problem, model)
    _place(problem, model, plan, _no_chance(), order, _whole(problem), strict=True, early=True)
    return _timetable(problem, plan)


def without_wrongs(problem: Problem, model: Model, timetable: Timetable) -> Timetable:
    """*timetable* with as little as need be taken out that nothing is wrong, and of that what fits elsewhere put back."""
    free = np.flatnonzero(problem.fixed_period == FREE)
    plan = _plan(problem, model)
    room = np.where(timetable.room < 0, problem.rooms, timetable.room).astype(np.int32)
    placing.keep_what_fits(model, plan, free.astype(np.int32), timetable.period, room)
    _place(
        problem,
        model,
        plan,
        _no_chance(),
        free[plan.period[free] < 0],
        _whole(problem),
        strict=True,
        early=True,
    )
    return _timetable(problem, plan)


def _place(
    problem: Problem, model: Model, plan: placing.Plan, chance: NDArray[np.uint64], order: NDArray[np.int64],
    within: tuple[Ints, Ints], *, strict: bool, early: bool,
) -> None:  # fmt: skip
    placing.place(model, plan, chance, order.astype(np.int32), *within, strict, early)


def _no_chance() -> NDArray[np.uint64]:
    return np.ones(1, np.uint64)


def _timetable(problem: Problem, plan: placing.Plan) -> Timetable:
    return Timetable(plan.period, np.where(plan.room == problem.rooms, FREE, plan.room).astype(np.int32))


def _plan(problem: Problem, model: Model) -> placing.Plan:
    """Only what is fixed is placed."""
    plan = placing.Plan(
        period=np.full(problem.events, placing.NONE, np.int32),
        room=problem.fixed_room.copy(),
        free=np.column_stack([problem.room_free, np.ones(problem.periods, np.bool_)]),
        clash=np.zeros((problem.subjects, problem.periods), np.int32),
        first=np.full(problem.subjects, NO_LIMIT, np.int32),
        last=np.full(problem.subjects, -1, np.int32),
        day_load=np.zeros((problem.parties, problem.days), np.int32),
        week_load=np.zeros((problem.parties, weeks(problem)), np.int32),
        where=np.zeros((problem.parties, problem.periods), np.int32),
    )
    fixed = np.flatnonzero(problem.fixed_period != FREE)
    for event in fixed[np.argsort(problem.fixed_room[fixed] == FREE, kind="stable")]:
        period, room = problem.fixed_period[event], problem.fixed_room[event]
        if room == FREE:
            own = np.flatnonzero(problem.room_open[problem.subject[event]] & plan.free[period, :-1])
            room = own[0] if len(own) else problem.rooms
        placing.take(model, plan, int(event), int(period), int(room))
    return plan


def _choice(problem: Problem, model: Model) -> NDArray[np.int64]:
    """For each event how much choice it has: its open periods against those it clashes with."""
    open_to = problem.period_open.sum(axis=1).astype(np.int64)
    choice: NDArray[np.int64] = (open_to - 2 * model.clashes.sum(axis=1))[problem.subject]
    return choice


def _whole(problem: Problem) -> tuple[Ints, Ints]:
    return np.zeros(problem.subjects, np.int32), np.full(problem.subjects, problem.periods, np.int32)
