"""Compiled: simulated annealing. An event goes to a random place; what was there takes the place it leaves."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrain.timetable.solver.arrays import CLOSED, Model, State
from retrain.timetable.solver.chains import chain, chain_delta, swing
from retrain.timetable.solver.counting import (
    compiled,
    days_delta,
    draw,
    home_delta,
    inlined,
    put,
    room_delta,
    too_much,
    troubled,
    window,
    wrongs,
)
from retrain.timetable.solver.problem import Ints

PATIENCES = 4096
PATIENCE = np.array([round(-math.log((at + 0.5) / PATIENCES), 6) for at in range(PATIENCES)])
"""A random entry times the temperature is how much worse a move may be. Rounded, so that it is the same anywhere."""

UNLESS_GAINED = 20
"""A move that adds violations is not looked at closer unless it could be made up for by so much of soft cost."""

KEEP_PERIOD, KEEP_ROOM, BY_CHAIN = 100, 400, 200
"""Of 1024 moves: those within a period, those within a room, and chains."""


class Best(NamedTuple):
    """The best without violations so far, or with least of them: then they are what it costs."""

    cost: NDArray[np.int64]
    period: Ints
    room: Ints


@inlined
def keep_best(s: State, best: Best) -> None:
    """Keep the timetable if it is without violations and better than the best."""
    if s.total[1] == 0 and s.total[0] < best.cost[0]:
        best.cost[0] = s.total[0]
        for event in range(len(best.period)):
            best.period[event] = s.period[event]
            best.room[event] = s.room[event]


@compiled
def change_places(m: Model, s: State, e1: int, e2: int, p2: int, r2: int) -> Any:
    """Put *e1* to *p2* in *r2*, and *e2*, if there is one, to where it was; how many more wrongs that makes.

    Where there was none before, only those after it are looked at, and some may be counted twice: any is too many.
    """
    p1, r1, more = s.period[e1], s.room[e1], 0
    clean = s.total[1] == 0
    if m.is_limited and not clean:
        more -= wrongs(m, s, e1, p1, p2)
    put(m, s, e1, p2, r2)
    if m.is_limited and not (clean and e2 >= 0):
        more += wrongs(m, s, e1, p1, p2)
    if e2 >= 0:
        if m.is_limited and not clean:
            more -= wrongs(m, s, e2, p2, p1)
        put(m, s, e2, p1, r1)
        if m.is_limited:
            more += wrongs(m, s, e2, p2, p1)
            if clean:
                more += wrongs(m, s, e1, p1, p2)
    return more


@inlined
def any_period(m: Model, s: State, chance: Any, event: int) -> Any:
    """A period open to *event*: where there is an order, one in it as often as there is."""
    c = m.subject[event]
    begin, end = m.periods_from[c], m.periods_from[c + 1]
    if m.is_limited:
        if m.home[event] >= 0 and s.period[event] != m.home[event] and draw(chance, 4) == 0:
            return m.home[event]
        after, until = window(m, s, c)
        if after >= 0 or until < len(m.day):
            low = begin + np.searchsorted(m.periods[begin:end], after + 1)
            high = begin + np.searchsorted(m.periods[begin:end], until)
            if low < high and (s.total[1] == 0 or draw(chance, 2) > 0):
                begin, end = low, high
    return m.periods[begin + draw(chance, end - begin)]


@compiled
def anneal(  # noqa: C901 (one loop: whatever is called in it is copied into it)
    m: Model,
    s: State,
    chance: Any,
    patience: Any,
    links: Ints,
    best: Best,
    movable: Ints,
    steps: int,
    temperature: float,
    hard: int,
) -> int:
    """Try *steps* moves of *movable* events at one temperature; how many were made. A violation costs *hard*."""
    made = 0
    for _ in range(steps):
        e1 = movable[draw(chance, len(movable))]
        c1, p1, r1 = m.subject[e1], s.period[e1], s.room[e1]
        p2, r2 = p1, r1
        way = draw(chance, 1024)
        allowed = temperature * patience[draw(chance, PATIENCES)]
        # While there are violations, a move may undo some that are counted only when it is made.
        slack = hard if m.is_limited and s.total[1] > 0 else 0
        # Once there are none, a move that makes any is not made.
        clean = m.is_limited and s.total[1] == 0
        if way >= KEEP_PERIOD:
            p2 = any_period(m, s, chance, e1)
        if way >= 1024 - BY_CHAIN:
            if p1 == p2:
                continue
            length = chain(m, s, links, e1, p1, p2)
            if length == 0:
                continue
            delta = chain_delta(m, s, links, length, p1, p2)
            if delta > allowed + slack:
                continue
            dh = swing(m, s, links, length, p1, p2)
            if m.is_limited and (delta + hard * dh > allowed or (clean and dh > 0)):
                swing(m, s, links, length, p1, p2)
                continue
            made += 1
            s.total[0] += delta
            s.total[1] += dh
            keep_best(s, best)
            continue
        if way < 1024 - BY_CHAIN - KEEP_ROOM:
            if draw(chance, 32) > 0:
                begin = m.rooms_from[c1]
                r2 = m.rooms[begin + draw(chance, m.rooms_from[c1 + 1] - begin)]
            else:
                r2 = draw(chance, len(m.room_shared) - 1)
                if not m.room_open[c1, r2]:
                    continue
        if p1 == p2 and r1 == r2:
            continue
        e2 = s.grid[p2, r2]
        if e2 == CLOSED or (m.roomed[e1] and r1 != r2):
            continue
        c2 = -1
        dh = m.room_hard[r2] - m.room_hard[r1]
        if p1 != p2:
            dh += s.clash[c1, p2] - s.clash[c1, p1] + 1
        if e2 >= 0:
            c2 = m.subject[e2]
            if c2 == c1 or m.fixed[e2] or not m.room_open[c2, r1] or s.grid[p1, r1] == CLOSED:
                continue
            if m.roomed[e2] and r1 != r2:
                continue
            dh += m.room_hard[r1] - m.room_hard[r2]
            if p1 != p2:
                if not m.period_open[c2, p1]:
                    continue
                dh += s.clash[c2, p1] - s.clash[c2, p2] + 1
                if m.clashes[c1, c2]:
                    dh -= 2
        if hard * dh > allowed + slack + UNLESS_GAINED:
            continue
        if clean and (
            dh > 0 or (e2 < 0 and m.day[p1] != m.day[p2] and too_much(m, s, c1, m.day[p1], m.day[p2]))
        ):
            continue
        delta = 0
        if r1 != r2:
            delta += room_delta(m, s, c1, r1, r2)
            if e2 >= 0:
                delta += room_delta(m, s, c2, r2, r1)
        if p1 != p2:
            meet = e2 >= 0 and m.clashes[c1, c2]
            delta += days_delta(m, s, c1, c2 if meet else -1, p1, p2)
            if e2 >= 0:
                delta += days_delta(m, s, c2, c1 if meet else -1, p2, p1)
            if m.leaving:
                delta += home_delta(m, e1, p1, p2)
                if e2 >= 0:
                    delta += home_delta(m, e2, p2, p1)
        # Limits, ways and order are looked at last, with the change made: they cost more to count.
        if delta + hard * dh > allowed + slack:
            continue
        dh += change_places(m, s, e1, e2, p2, r2)
        if m.is_limited and (delta + hard * dh > allowed or (clean and dh > 0)):
            change_places(m, s, e1, e2, p1, r1)
            continue
        made += 1
        s.total[0] += delta
        s.total[1] += dh
        keep_best(s, best)
    return made


@compiled
def mend(
    m: Model,
    s: State,
    chance: Any,
    patience: Any,
    links: Ints,
    best: Best,
    least: Best,
    found: Ints,
    bursts: int,
    steps: int,
    temperature: float,
    few: int,
    loose: int,
    firm: int,
) -> int:
    """Try *bursts* of *steps* with the events that are then in trouble; how many bursts it took until none is.

    They are written into *found*, and the timetable with least wrong into *least*. Where they are *few*, a violation
    costs them only *loose*, else *firm*.
    """
    for burst in range(bursts):
        count = troubled(m, s, found)
        if count == 0:
            return burst
        hard = loose if count <= few else firm
        anneal(m, s, chance, patience, links, best, found[:count], steps, temperature, hard)
        if s.total[1] < least.cost[0]:
            least.cost[0] = s.total[1]
            for event in range(len(least.period)):
                least.period[event] = s.period[event]
                least.room[event] = s.room[event]
    return bursts
