"""A first timetable in one pass: the subjects with least choice first, each event where it clashes least."""

import numpy as np

from retrain.timetable.solver.arrays import Model
from retrain.timetable.solver.problem import FREE, Problem, Timetable


def first_timetable(problem: Problem, model: Model, seed: int) -> Timetable:
    """Every event has a period that is open to it, and a room that is open to it and free, or none (-1)."""
    chance = np.random.default_rng(seed)
    free = np.column_stack([problem.room_free, np.ones(problem.periods, np.bool_)])
    clash = np.zeros((problem.subjects, problem.periods), np.int32)
    period, room = problem.fixed_period.copy(), problem.fixed_room.copy()
    for event in np.lexsort((chance.random(problem.events), _choice(problem, model))):
        subject = problem.subject[event]
        fixed = period[event] != FREE
        options = period[event : event + 1] if fixed else np.flatnonzero(problem.period_open[subject])
        rooms = _rooms(problem, model, subject, room[event], chance)
        # How bad a place is: a clash or having no room before all, then what the room costs.
        bad = clash[subject, options][:, None] + model.room_hard[rooms][None, :]
        bad = (
            bad * 1_000_000
            + model.room_cost[subject, rooms][None, :]
            + (~free[np.ix_(options, rooms)]) * 10**12
        )
        bad = bad + chance.random(len(options))[:, None] * 0.5
        at, which = np.unravel_index(bad.argmin(), bad.shape)
        period[event], room[event] = options[at], rooms[which]
        if not model.room_shared[rooms[which]]:
            free[options[at], rooms[which]] = False
        clash[model.rivals[model.rivals_from[subject] : model.rivals_from[subject + 1]], options[at]] += 1
    return Timetable(period, np.where(room == problem.rooms, -1, room).astype(np.int32))


def _choice(problem: Problem, model: Model) -> np.ndarray:
    """For each event how much choice it has: fixed ones none, others by open periods against those they clash with."""
    open_to = problem.period_open.sum(axis=1).astype(np.int64)
    choice = (open_to - 2 * model.clashes.sum(axis=1))[problem.subject]
    return np.where(problem.fixed_period != FREE, -(10**9), choice)


def _rooms(
    problem: Problem, model: Model, subject: int, fixed: int, chance: np.random.Generator
) -> np.ndarray:
    """The rooms to choose from, and none at last."""
    own = np.flatnonzero(problem.room_open[subject]) if fixed == FREE else np.array([fixed])
    return np.append(chance.permutation(own), problem.rooms)
