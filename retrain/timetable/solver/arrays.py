"""What the compiled kernel works on: a problem with its weights worked in, and a timetable with all its counts."""

from typing import Any, NamedTuple

import numpy as np

from retrain.timetable.solver import limits
from retrain.timetable.solver.cost import cost, hurries_of_fixed
from retrain.timetable.solver.problem import FREE, Flags, Ints, Problem, Timetable
from retrain.timetable.solver.shapes import holes, lonely

EMPTY, CLOSED = -1, -2


class Model(NamedTuple):
    """The problem. What is called ``…_from`` says where the list of each subject begins in the one before it."""

    subject: Ints  # event → subject
    movable: Ints  # the events that are not fixed to a period
    fixed: Flags  # event
    day: Ints  # period → day
    bit: Ints  # period → the bit of its slot in the day
    clashes: Flags  # subject × subject
    rivals: Ints  # the subjects each clashes with, itself among them
    rivals_from: Ints
    parties: Ints  # the parties of each subject whose days cost something
    parties_from: Ints
    belongs: Flags  # subject × party
    shape: Ints  # party → its row of shapes
    shapes: Ints  # kind of party × busy slots of a day → cost
    period_open: Flags  # subject × period
    periods: Ints  # the periods open to each subject
    periods_from: Ints
    period_cost: Ints  # subject × period
    room_open: Flags  # subject × room
    room_shared: Flags  # room
    rooms: Ints  # the rooms worth trying first for each subject
    rooms_from: Ints
    all_rooms: Ints  # the rooms open to each subject, those that fit best first
    all_rooms_from: Ints
    room_cost: Ints  # subject × room
    room_hard: Ints  # room → 1 for the one that is none
    least_days: Ints  # subject
    most_on_day: Ints  # subject
    spread_weight: int
    crowding_weight: int
    rooms_weight: int
    roomed: Flags  # event: fixed to its room
    # What is counted only when *is_limited*; ways only when *is_far* as well.
    is_limited: bool
    is_far: bool
    slots: int
    days_in_week: int
    loads: Ints  # what an event weighs for each of *parties*
    unit: Ints  # party → its largest event
    day_most: Ints  # party × day
    week_most: Ints  # party × week
    hurries: Ints  # party × day → how often it is hurried by what is fixed
    site: Ints  # room → its site from 1, or 0 where there is none
    travel: Ints  # site × site → empty slots between
    events_from: Ints  # subject → its first event
    after: Ints  # the subjects that come after each
    after_from: Ints
    ahead: Ints  # the subjects that come before each
    ahead_from: Ints
    later: Ints  # the events that come after each
    later_from: Ints
    sooner: Ints  # the events that come before each
    sooner_from: Ints
    home: Ints  # event
    leaving: int


class State(NamedTuple):
    """A timetable. The kernel changes it in place."""

    period: Ints  # event
    room: Ints  # event
    grid: Ints  # period × room → event, EMPTY or CLOSED
    clash: Ints  # subject × period → events there that clash with the subject
    meeting: Ints  # party × period → events there
    busy: Ints  # party × day → bits of the slots that are taken
    on_day: Ints  # subject × day → events
    days: Ints  # subject → days with an event
    in_room: Ints  # subject × room → events
    day_load: Ints  # party × day
    week_load: Ints  # party × week
    where: Ints  # party × period → the site from 1, if one event is there
    first: Ints  # subject → its first period
    last: Ints  # subject → its last period
    total: Ints  # [soft cost, hard violations]


def model(problem: Problem) -> Model:
    """*problem* for the kernel."""
    weights = problem.weights
    clashes = problem.clashes()
    shape, shapes = _shapes(problem)
    counted: Flags = np.any(shapes, axis=1)[shape]
    limited = _limits(problem)
    if limited["is_limited"]:
        counted = np.ones(problem.parties, np.bool_)
    parties = problem.takes_part & counted[None, :]
    room_cost = weights.seats_short * problem.seats_short + weights.seats_wasted * problem.seats_wasted
    room_hard = np.zeros(problem.rooms + 1, np.int32)
    room_hard[-1] = 1
    best = np.where(problem.room_open, room_cost, np.iinfo(np.int32).max).min(axis=1, keepdims=True)
    period_cost = weights.wishes * problem.unwelcome + weights.evenings * problem.evening[None, :]
    fixed = problem.fixed_period != FREE
    periods = np.arange(problem.periods)
    given = Model(
        subject=problem.subject,
        movable=np.flatnonzero(~fixed).astype(np.int32),
        fixed=fixed,
        day=(periods // problem.slots).astype(np.int32),
        bit=(1 << (periods % problem.slots)).astype(np.int32),
        clashes=clashes,
        **_lists("rivals", clashes),
        **_lists("parties", parties),
        belongs=problem.takes_part,
        shape=shape,
        shapes=shapes,
        period_open=problem.period_open,
        **_lists("periods", problem.period_open),
        period_cost=period_cost.astype(np.int32),
        room_open=_with_none(problem.room_open, True),
        room_shared=np.append(problem.room_shared, True),
        **_lists("rooms", problem.room_open & (room_cost == best)),
        **_by_cost("all_rooms", problem.room_open, room_cost),
        room_cost=_with_none(room_cost.astype(np.int32), 0),
        room_hard=room_hard,
        least_days=problem.least_days,
        most_on_day=np.where(problem.most_on_day > 0, problem.most_on_day, problem.slots + 1).astype(
            np.int32
        ),
        spread_weight=weights.spread,
        crowding_weight=weights.crowding,
        rooms_weight=weights.rooms,
        roomed=problem.fixed_room != FREE,
        loads=limits.weights(problem)[np.nonzero(parties)],
        home=problem.home,
        leaving=problem.leaving,
        **limited,
    )
    return Model(*(_own(each) for each in given))


def _limits(problem: Problem) -> dict[str, Any]:
    """Limits, ways and order as the kernel wants them."""
    is_far = bool(np.any(problem.travel))
    site = np.append(np.where(problem.room_shared, 0, problem.site + 1), 0)
    parts = (problem.day_limit, problem.week_limit, problem.before, problem.event_before)
    most = limits.most(problem)
    hurries = np.zeros((problem.parties, problem.days), np.int32)
    if is_far:
        for at, number in hurries_of_fixed(problem).items():
            hurries[at] = number
    return {
        "is_limited": is_far or any(bool(np.any(part)) for part in parts),
        "is_far": is_far,
        "slots": problem.slots,
        "days_in_week": problem.days_in_week,
        "unit": limits.units(problem),
        "day_most": most.day,
        "week_most": most.week,
        "hurries": hurries,
        "site": site.astype(np.int32),
        "travel": np.pad(problem.travel, ((1, 0), (1, 0))).astype(np.int32),
        "events_from": np.searchsorted(problem.subject, np.arange(problem.subjects + 1)).astype(np.int32),
        **_pairs("after", problem.before, problem.subjects),
        **_pairs("ahead", problem.before[:, ::-1], problem.subjects),
        **_pairs("later", problem.event_before, problem.events),
        **_pairs("sooner", problem.event_before[:, ::-1], problem.events),
    }


def _pairs(name: str, pairs: Ints, rows: int) -> dict[str, Any]:
    """The second of each pair, in the order of the first, and where those of each first begin."""
    ordered = pairs[np.argsort(pairs[:, 0], kind="stable")]
    begins = np.searchsorted(ordered[:, 0], np.arange(rows + 1))
    return {name: ordered[:, 1].astype(np.int32), f"{name}_from": begins.astype(np.int32)}


def _own(each: Any) -> Any:
    """Arrays of one kind, whoever made them: for each other kind the kernel would be compiled anew."""
    return np.array(each, order="C") if isinstance(each, np.ndarray) else each


def _with_none(of_rooms: Any, value: int) -> Any:
    """One more room, which is none: what can't be placed waits there, and it is a violation."""
    return np.pad(of_rooms, ((0, 0), (0, 1)), constant_values=value)


def state(problem: Problem, model: Model, timetable: Timetable) -> State:
    """*timetable* with all that the kernel counts. No two may share a room that is not shared, unless both are fixed."""
    parties, days, events = problem.parties, problem.days, np.arange(problem.events)
    period = timetable.period.astype(np.int32)
    room = np.where(timetable.room < 0, problem.rooms, timetable.room).astype(np.int32)
    grid = np.full((problem.periods, problem.rooms + 1), EMPTY, np.int32)
    grid[:, :-1][~problem.room_free] = CLOSED
    alone = ~model.room_shared[room]
    grid[period[alone], room[alone]] = events[alone]
    of_period = np.zeros((problem.subjects, problem.periods), np.int32)
    np.add.at(of_period, (problem.subject, period), 1)
    in_room = np.zeros((problem.subjects, problem.rooms + 1), np.int32)
    np.add.at(in_room, (problem.subject, room), 1)
    count = problem.takes_part.T.astype(np.int32) @ of_period
    busy = ((count > 0) * model.bit[None, :]).reshape(parties, days, problem.slots).sum(axis=2)
    on_day = of_period.reshape(problem.subjects, days, problem.slots).sum(axis=2)
    where = np.zeros((parties, problem.periods), np.int32)
    if model.is_limited:
        for event in events:
            where[problem.takes_part[problem.subject[event]], period[event]] += model.site[room[event]]
    has, found = limits.loads(problem, timetable), cost(problem, timetable)
    first, last = (
        np.full(problem.subjects, limits.NO_LIMIT, np.int32),
        np.full(problem.subjects, -1, np.int32),
    )
    np.minimum.at(first, problem.subject, period)
    np.maximum.at(last, problem.subject, period)
    given = State(
        period=period,
        room=room,
        grid=grid,
        clash=model.clashes.astype(np.int32) @ of_period,
        meeting=count,
        busy=busy.astype(np.int32),
        on_day=on_day.astype(np.int32),
        days=(on_day > 0).sum(axis=1).astype(np.int32),
        in_room=in_room,
        day_load=has.day,
        week_load=has.week,
        where=where,
        first=first,
        last=last,
        total=np.array([found.total, found.violations], np.int64),
    )
    return State(*(_own(each) for each in given))


def timetable(problem: Problem, period: Ints, room: Ints) -> Timetable:
    """What the kernel holds, as others read it."""
    return Timetable(period.copy(), np.where(room == problem.rooms, -1, room).astype(np.int32))


def _lists(name: str, chosen: Flags) -> dict[str, Any]:
    """The columns chosen in each row, one row after another, and where each begins."""
    begins = np.zeros(len(chosen) + 1, np.int32)
    begins[1:] = np.cumsum(chosen.sum(axis=1))
    return {name: np.nonzero(chosen)[1].astype(np.int32), f"{name}_from": begins}


def _by_cost(name: str, chosen: Flags, costs: Ints) -> dict[str, Any]:
    """The columns chosen in each row, the cheapest first, and where each row begins."""
    found = _lists(name, chosen)
    begins = found[f"{name}_from"]
    for row in range(len(chosen)):
        own = found[name][begins[row] : begins[row + 1]]
        own[:] = own[np.argsort(costs[row, own], kind="stable")]
    return found


def _shapes(problem: Problem) -> tuple[Ints, Ints]:
    """The kind of each party's days, and for each kind what a day costs by the slots that are busy."""
    kinds: dict[tuple[bool, bool, int], int] = {}
    shape = [
        kinds.setdefault((bool(alone), bool(gaps), int(least)), len(kinds))
        for alone, gaps, least in zip(problem.alone, problem.gaps, problem.least_a_day, strict=True)
    ]
    costs = np.zeros((max(len(kinds), 1), 1 << problem.slots), np.int32)
    weights = problem.weights
    for (alone, gaps, least), row in kinds.items():
        for busy in range(1, 1 << problem.slots):
            cost = weights.alone * lonely(busy) if alone else 0
            cost += weights.gaps * holes(busy) if gaps else 0
            cost += weights.short_days * max(0, least - busy.bit_count())
            costs[row, busy] = cost
    return np.array(shape, np.int32), costs
