"""A first timetable in one pass, as a coordinator would make it: each event at the first place where it is least wrong."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrain.timetable.solver.arrays import Model
from retrain.timetable.solver.problem import FREE, Flags, Ints, Problem, Timetable

WRONG, NO_PLACE = 1_000_000, 10**12


def first_timetable(problem: Problem, model: Model, seed: int) -> Timetable:
    """Every event has a period that is open to it, and a room that is open to it and free, or none (-1).

    What comes before others is placed before them, and where there is an order, everything as early as may be;
    else those with least choice come first, at random places.
    """
    chance = np.random.default_rng(seed)
    depth = _depth(problem)
    free = problem.fixed_period == FREE
    order = np.lexsort((chance.random(problem.events), _choice(problem, model), depth[problem.subject], free))
    plan = _Plan.of(problem, model, in_order=bool(depth.any()))
    for event in order.tolist():
        plan.place(event, chance)
    return Timetable(plan.period, np.where(plan.room == problem.rooms, -1, plan.room).astype(np.int32))


@dataclass
class _Plan:
    """What is placed so far."""

    problem: Problem
    model: Model
    in_order: bool
    period: Ints
    room: Ints
    free: Flags
    clash: Ints
    first: Ints  # subject → its first period so far
    last: Ints  # and its last
    of_day: Ints  # party × day → events
    of_week: Ints
    where: Ints  # party × period → site from 1

    @classmethod
    def of(cls, problem: Problem, model: Model, *, in_order: bool) -> "_Plan":
        weeks = -(-problem.days // problem.days_in_week)
        return cls(
            problem=problem,
            model=model,
            in_order=in_order,
            period=problem.fixed_period.copy(),
            room=problem.fixed_room.copy(),
            free=np.column_stack([problem.room_free, np.ones(problem.periods, np.bool_)]),
            clash=np.zeros((problem.subjects, problem.periods), np.int32),
            first=np.full(problem.subjects, problem.periods, np.int32),
            last=np.full(problem.subjects, -1, np.int32),
            of_day=np.zeros((problem.parties, problem.days), np.int32),
            of_week=np.zeros((problem.parties, weeks), np.int32),
            where=np.zeros((problem.parties, problem.periods), np.int32),
        )

    def place(self, event: int, chance: np.random.Generator) -> None:
        problem, model, subject = self.problem, self.model, self.problem.subject[event]
        fixed = self.period[event]
        options = np.flatnonzero(problem.period_open[subject]) if fixed == FREE else np.array([fixed])
        own = (
            np.flatnonzero(problem.room_open[subject])
            if self.room[event] == FREE
            else self.room[event : event + 1]
        )
        rooms = np.append(chance.permutation(own), problem.rooms)
        bad = (self._wrongs(event, options) * WRONG)[:, None] + (model.room_hard[rooms] * WRONG)[None, :]
        if model.is_far:
            bad = bad + self._hurries(subject, options, rooms) * WRONG
        bad = bad + model.room_cost[subject, rooms][None, :] + ~self.free[np.ix_(options, rooms)] * NO_PLACE
        bad = bad + (options * 100 if self.in_order else chance.random(len(options)) * 0.5)[:, None]
        at, which = np.unravel_index(bad.argmin(), bad.shape)
        self._take(event, int(options[at]), int(rooms[which]))

    def _wrongs(self, event: int, options: NDArray[np.int64]) -> NDArray[np.int64]:
        """What would be wrong at each of the periods."""
        problem, model, subject = self.problem, self.model, self.problem.subject[event]
        wrong: NDArray[np.int64] = self.clash[subject, options].astype(np.int64)
        if not model.is_limited:
            return wrong
        day = options // problem.slots
        for party in np.flatnonzero(problem.takes_part[subject]):
            wrong += self.of_day[party, day] >= model.day_limit[party]
            wrong += self.of_week[party, day // problem.days_in_week] >= model.week_limit[party]
        ahead = model.ahead[model.ahead_from[subject] : model.ahead_from[subject + 1]]
        sooner = model.sooner[model.sooner_from[event] : model.sooner_from[event + 1]]
        after = max([-1, *self.last[ahead], *self.period[sooner]])
        wrong += 2 * (options <= after)
        behind = model.after[model.after_from[subject] : model.after_from[subject + 1]]
        later = self.period[model.later[model.later_from[event] : model.later_from[event + 1]]]
        until = min([problem.periods, *self.first[behind], *later[later != FREE]])
        wrong += 2 * (options >= until)
        return wrong

    def _hurries(
        self, subject: int, options: NDArray[np.int64], rooms: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """How often somebody would have too little time on the way, at each period in each room."""
        problem, model = self.problem, self.model
        found = np.zeros((len(options), len(rooms)), np.int64)
        farthest = int(model.travel.max())
        for slots in (*range(-farthest, 0), *range(1, farthest + 1)):
            near = np.clip(options + slots, 0, problem.periods - 1)
            same_day = near // problem.slots == options // problem.slots
            for party in np.flatnonzero(problem.takes_part[subject]):
                site = np.where(same_day & (near != options), self.where[party, near], 0)
                found += model.travel[site][:, model.site[rooms]] >= abs(slots)
        return found

    def _take(self, event: int, period: int, room: int) -> None:
        problem, model, subject = self.problem, self.model, self.problem.subject[event]
        self.period[event], self.room[event] = period, room
        if not model.room_shared[room]:
            self.free[period, room] = False
        self.clash[model.rivals[model.rivals_from[subject] : model.rivals_from[subject + 1]], period] += 1
        self.first[subject] = min(self.first[subject], period)
        self.last[subject] = max(self.last[subject], period)
        parties, day = problem.takes_part[subject], period // problem.slots
        self.where[parties, period] = model.site[room]
        self.of_day[parties, day] += 1
        self.of_week[parties, day // problem.days_in_week] += 1


def _choice(problem: Problem, model: Model) -> NDArray[np.int64]:
    """For each event how much choice it has: its open periods against those it clashes with."""
    open_to = problem.period_open.sum(axis=1).astype(np.int64)
    choice: NDArray[np.int64] = (open_to - 2 * model.clashes.sum(axis=1))[problem.subject]
    return choice


def _depth(problem: Problem) -> NDArray[np.int64]:
    """How many subjects in a row come before each. Where they go round in a circle, it ends somewhere."""
    pairs = np.concatenate([problem.before, problem.subject[problem.event_before]])
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    depth = np.zeros(problem.subjects, np.int64)
    for _ in range(problem.subjects if len(pairs) else 0):
        deeper = depth.copy()
        np.maximum.at(deeper, pairs[:, 1], depth[pairs[:, 0]] + 1)
        if (deeper == depth).all():
            break
        depth = deeper
    return depth
