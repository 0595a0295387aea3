"""A provider's term for the search that puts it together: a problem, and what only terms know.

In a term an event weighs as many hours as it lasts, a group's limits are hours and a lecturer's are pairs, and a
subject has few parties: half a group or both, its lecturer, somebody of the group who teaches elsewhere.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from retrain.timetable.solver.problem import FREE, Flags, Ints, Problem, Timetable
from retrain.timetable.solver.shapes import holes, lonely

NONE = -1
"""No place, nobody there."""

TAKEN = -2
"""A room that is not free in a period."""

NO_LIMIT = 1 << 30


@dataclass(frozen=True)
class Term:
    """A term's *problem*, which has no limits of its own; those of a term are here. S subjects, Q parties, E events."""

    problem: Problem
    run: Ints  # [S] in which order a coordinator takes them: run by run
    tenths: Ints  # [S] tenths of an academic hour that an event lasts
    in_hours: Flags  # [Q] whether the limits of a party count tenths of hours, or events
    day_most: Ints  # [Q] or NO_LIMIT
    week_most: Ints  # [Q] or NO_LIMIT
    home: Ints  # [E] the period that an event leaves only for *leaving*, or NONE
    leaving: int = 0


class Model(NamedTuple):
    """The term as the kernel reads it. What is called ``…_from`` says where the list of each subject begins."""

    subject: Ints
    first_event: Ints  # subject → its first event; one more at the end
    fixed: Flags
    movable: Ints
    parties: Ints  # subject × up to as many parties as one has; NONE
    day: Ints  # period → day
    week: Ints  # period → week
    bit: Ints  # period → the bit of its slot
    slots: int
    period_open: Flags
    periods: Ints
    periods_from: Ints
    period_cost: Ints
    rooms: Ints
    rooms_from: Ints
    room_open: Flags
    room_cost: Ints
    room_shared: Flags
    site: Ints
    travel: Ints
    reach: int
    tenths: Ints
    in_hours: Flags
    day_most: Ints
    week_most: Ints
    earlier: Ints  # the subjects that end before each begins
    earlier_from: Ints
    later: Ints
    later_from: Ints
    shape: Ints
    shapes: Ints
    least_days: Ints
    most_on_day: Ints
    spread_weight: int
    crowding_weight: int
    rooms_weight: int
    home: Ints
    leaving: int


class State(NamedTuple):
    """A timetable, with all that the kernel counts."""

    period: Ints
    room: Ints
    at: Ints  # party × period → event, or NONE
    there: Ints  # period × room → event, NONE or TAKEN
    busy: Ints  # party × day → bits
    day_load: Ints
    week_load: Ints
    on_day: Ints  # subject × day
    days: Ints  # subject → days with an event
    in_room: Ints  # subject × room
    in_rooms: Ints  # subject → rooms
    begins: Ints  # subject → its first period, or more than any
    ends: Ints  # subject → its last period, or NONE
    waiting: Ints  # the events without a place, the first total[1] of them
    waits_at: Ints  # event → where it stands among them
    total: Ints  # [soft cost, events without a place]


def model(term: Term) -> Model:
    """*term* for the kernel."""
    problem, weights = term.problem, term.problem.weights
    periods = np.arange(problem.periods)
    shape, shapes = _shapes(problem)
    room_cost = weights.seats_short * problem.seats_short + weights.seats_wasted * problem.seats_wasted
    period_cost = weights.wishes * problem.unwelcome + weights.evenings * problem.evening[None, :]
    fixed = problem.fixed_period != FREE
    earlier = np.zeros((problem.subjects, problem.subjects), np.bool_)
    for first, second in problem.before:
        earlier[second, first] = True
    first_event = np.searchsorted(problem.subject, np.arange(problem.subjects + 1))
    given = Model(
        subject=problem.subject,
        first_event=first_event.astype(np.int32),
        fixed=fixed,
        movable=np.flatnonzero(~fixed).astype(np.int32),
        parties=_parties(problem),
        day=(periods // problem.slots).astype(np.int32),
        week=(periods // (problem.slots * problem.days_in_week)).astype(np.int32),
        bit=(1 << (periods % problem.slots)).astype(np.int32),
        slots=problem.slots,
        period_open=problem.period_open,
        **_lists("periods", problem.period_open),
        period_cost=period_cost.astype(np.int32),
        **_rooms(problem.room_open, room_cost),
        room_open=problem.room_open,
        room_cost=room_cost.astype(np.int32),
        room_shared=problem.room_shared,
        site=problem.site,
        travel=problem.travel,
        reach=int(problem.travel.max()) if problem.travel.size else 0,
        tenths=term.tenths,
        in_hours=term.in_hours,
        day_most=term.day_most,
        week_most=term.week_most,
        **_lists("earlier", earlier),
        **_lists("later", earlier.T),
        shape=shape,
        shapes=shapes,
        least_days=problem.least_days,
        most_on_day=problem.most_on_day,
        spread_weight=weights.spread,
        crowding_weight=weights.crowding,
        rooms_weight=weights.rooms,
        home=term.home,
        leaving=term.leaving,
    )
    return Model(*(_own(each) for each in given))


def empty(problem: Problem) -> State:
    """Nothing has a place yet."""
    events, subjects, parties = problem.events, problem.subjects, problem.parties
    there = np.where(problem.room_free, NONE, TAKEN).astype(np.int32)
    costs = problem.weights.spread * int(
        np.minimum(problem.least_days, np.bincount(problem.subject, minlength=subjects)).sum()
    )
    weeks = -(-problem.days // problem.days_in_week)
    given = State(
        period=np.full(events, NONE, np.int32),
        room=np.full(events, NONE, np.int32),
        at=np.full((parties, problem.periods), NONE, np.int32),
        there=there,
        busy=np.zeros((parties, problem.days), np.int32),
        day_load=np.zeros((parties, problem.days), np.int32),
        week_load=np.zeros((parties, weeks), np.int32),
        on_day=np.zeros((subjects, problem.days), np.int32),
        days=np.zeros(subjects, np.int32),
        in_room=np.zeros((subjects, problem.rooms), np.int32),
        in_rooms=np.zeros(subjects, np.int32),
        begins=np.full(subjects, NO_LIMIT, np.int32),
        ends=np.full(subjects, NONE, np.int32),
        waiting=np.arange(events, dtype=np.int32),
        waits_at=np.arange(events, dtype=np.int32),
        total=np.array([costs, events], np.int64),
    )
    return State(*(_own(each) for each in given))


def violations(term: Term, timetable: Timetable) -> int:
    """How far *timetable* is beyond the limits that only a term knows; everything else is counted by ``cost``."""
    problem, found = term.problem, 0
    for party in range(problem.parties):
        mine = problem.takes_part[problem.subject, party]
        amount = (
            term.tenths[problem.subject[mine]] if term.in_hours[party] else np.ones(int(mine.sum()), np.int64)
        )
        day = timetable.period[mine] // problem.slots
        for at, most in ((day, term.day_most), (day // problem.days_in_week, term.week_most)):
            load = np.bincount(at, weights=amount)
            found += int(np.maximum(load - most[party], 0).sum())
    return found


def _parties(problem: Problem) -> Ints:
    most = int(problem.takes_part.sum(axis=1).max()) if problem.subjects else 0
    found = np.full((problem.subjects, most + 1), NONE, np.int32)
    for subject in range(problem.subjects):
        own = np.flatnonzero(problem.takes_part[subject])
        found[subject, : len(own)] = own
    return found


def _rooms(room_open: Flags, room_cost: Ints) -> dict[str, Ints]:
    """The rooms of each subject, those that fit best first."""
    begins = np.zeros(len(room_open) + 1, np.int32)
    begins[1:] = np.cumsum(room_open.sum(axis=1))
    found = [
        own[np.argsort(costs[own], kind="stable")]
        for own, costs in zip((np.flatnonzero(row) for row in room_open), room_cost, strict=True)
    ]
    rooms = np.concatenate(found) if found else np.zeros(0)
    return {"rooms": rooms.astype(np.int32), "rooms_from": begins}


def _lists(name: str, chosen: Flags) -> dict[str, Ints]:
    """The columns chosen in each row, one row after another, and where each begins."""
    begins = np.zeros(len(chosen) + 1, np.int32)
    begins[1:] = np.cumsum(chosen.sum(axis=1))
    return {name: np.nonzero(chosen)[1].astype(np.int32), f"{name}_from": begins}


def _shapes(problem: Problem) -> tuple[Ints, Ints]:
    """The kind of each party's days, and for each kind what a day costs by the slots that are busy."""
    weights = problem.weights
    kinds: dict[tuple[bool, bool, int], int] = {}
    shape = [
        kinds.setdefault((bool(alone), bool(gaps), int(least)), len(kinds))
        for alone, gaps, least in zip(problem.alone, problem.gaps, problem.least_a_day, strict=True)
    ]
    costs = np.zeros((max(len(kinds), 1), 1 << problem.slots), np.int32)
    for (alone, gaps, least), row in kinds.items():
        for busy in range(1, 1 << problem.slots):
            cost = weights.alone * lonely(busy) if alone else 0
            cost += weights.gaps * holes(busy) if gaps else 0
            costs[row, busy] = cost + weights.short_days * max(0, least - busy.bit_count())
    return np.array(shape, np.int32), costs


def _own(each: Any) -> Any:
    """Arrays of one kind, whoever made them: for each other kind the kernel would be compiled anew."""
    return np.array(each, order="C") if isinstance(each, np.ndarray) else each
