"""Simulated annealing, compiled. An event goes to a random place; what was there takes the place it leaves.

All that is compiled stands in this one file, for what the compiler keeps is thrown away by the change of the file
of the function that is called. The costs of moves are held against ``cost.py`` by the tests.
"""

import math
from typing import Any

import numpy as np
from numba import njit

from retrain.timetable.solver.arrays import CLOSED, EMPTY, Model, State
from retrain.timetable.solver.problem import Ints

# Without reference counts for each array that is looked at, the kernel is six times as fast. It makes no arrays.
inlined: Any = njit(cache=True, inline="always")
compiled: Any = njit(cache=True, nogil=True, _nrt=False)  # type: ignore[call-overload]

PATIENCES = 4096
PATIENCE = np.array([round(-math.log((at + 0.5) / PATIENCES), 6) for at in range(PATIENCES)])
"""A random entry times the temperature is how much worse a move may be. Rounded, so that it is the same anywhere."""

UNLESS_GAINED = 20
"""A move that adds violations is not looked at closer unless it could be made up for by so much of soft cost."""


@inlined
def draw(chance: Any, below: int) -> Any:
    """A random number from 0 to *below*, the same on every machine."""
    x = chance[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    chance[0] = x
    high = (x * np.uint64(2685821657736338717)) >> np.uint64(32)
    return np.int64((high * np.uint64(below)) >> np.uint64(32))


@inlined
def days_delta(m: Model, s: State, c: int, other: int, p1: int, p2: int) -> int:
    """What days cost more when an event of subject *c* goes from *p1* to *p2*.

    Parties that *other* belongs to as well are left out: an event of *other* goes the opposite way.
    """
    d1, d2, b1, b2 = m.day[p1], m.day[p2], m.bit[p1], m.bit[p2]
    delta = m.period_cost[c, p2] - m.period_cost[c, p1]
    for k in range(m.parties_from[c], m.parties_from[c + 1]):
        q = m.parties[k]
        if other >= 0 and m.belongs[other, q]:
            continue
        kind, was = m.shape[q], s.busy[q, d1]
        left = was & ~b1 if s.meeting[q, p1] == 1 else was
        if d1 == d2:
            delta += m.shapes[kind, left | b2] - m.shapes[kind, was]
        else:
            there = s.busy[q, d2]
            delta += m.shapes[kind, left] - m.shapes[kind, was]
            delta += m.shapes[kind, there | b2] - m.shapes[kind, there]
    if d1 != d2:
        lost, won = s.on_day[c, d1] == 1, s.on_day[c, d2] == 0
        if lost and not won and s.days[c] <= m.least_days[c]:
            delta += m.spread_weight
        elif won and not lost and s.days[c] < m.least_days[c]:
            delta -= m.spread_weight
    return delta


@inlined
def room_delta(m: Model, s: State, c: int, r1: int, r2: int) -> int:
    """What rooms cost more when an event of subject *c* goes from *r1* to *r2*."""
    delta = m.room_cost[c, r2] - m.room_cost[c, r1]
    if s.in_room[c, r1] == 1:
        delta -= m.rooms_weight
    if s.in_room[c, r2] == 0:
        delta += m.rooms_weight
    return delta


@inlined
def shift(m: Model, s: State, c: int, p1: int, p2: int) -> None:
    """Count an event of subject *c* at *p2* instead of *p1*."""
    d1, d2 = m.day[p1], m.day[p2]
    for k in range(m.rivals_from[c], m.rivals_from[c + 1]):
        s.clash[m.rivals[k], p1] -= 1
        s.clash[m.rivals[k], p2] += 1
    for k in range(m.parties_from[c], m.parties_from[c + 1]):
        q = m.parties[k]
        s.meeting[q, p1] -= 1
        s.meeting[q, p2] += 1
        if s.meeting[q, p1] == 0:
            s.busy[q, d1] &= ~m.bit[p1]
        s.busy[q, d2] |= m.bit[p2]
    s.on_day[c, d1] -= 1
    if s.on_day[c, d1] == 0:
        s.days[c] -= 1
    if s.on_day[c, d2] == 0:
        s.days[c] += 1
    s.on_day[c, d2] += 1


@inlined
def put(m: Model, s: State, event: int, p: int, r: int) -> None:
    """Count *event* at *p* in *r*; the place it leaves is empty."""
    c, p1, r1 = m.subject[event], s.period[event], s.room[event]
    if p != p1:
        shift(m, s, c, p1, p)
    s.in_room[c, r1] -= 1
    s.in_room[c, r] += 1
    s.period[event], s.room[event] = p, r
    if s.grid[p1, r1] == event:
        s.grid[p1, r1] = EMPTY
    if not m.room_shared[r]:
        s.grid[p, r] = event


@compiled
def anneal(  # noqa: C901 (one loop: whatever is called in it is copied into it)
    m: Model,
    s: State,
    chance: Any,
    patience: Any,
    steps: int,
    temperature: float,
    hard: int,
    keep_period: int,
    keep_room: int,
    best: Ints,
    best_period: Ints,
    best_room: Ints,
) -> int:
    """Try *steps* moves at one temperature; how many were made. The best without violations stays in *best…*.

    Of 1024 moves *keep_period* keep their period and *keep_room* their room. A violation costs *hard*.
    """
    made = 0
    for _ in range(steps):
        e1 = m.movable[draw(chance, len(m.movable))]
        c1, p1, r1 = m.subject[e1], s.period[e1], s.room[e1]
        p2, r2 = p1, r1
        way = draw(chance, 1024)
        if way >= keep_period:
            begin = m.periods_from[c1]
            p2 = m.periods[begin + draw(chance, m.periods_from[c1 + 1] - begin)]
        if way < 1024 - keep_room:
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
        if e2 == CLOSED:
            continue
        c2 = -1
        dh = m.room_hard[r2] - m.room_hard[r1]
        if p1 != p2:
            dh += s.clash[c1, p2] - s.clash[c1, p1] + 1
        if e2 >= 0:
            c2 = m.subject[e2]
            if c2 == c1 or m.fixed[e2] or not m.room_open[c2, r1] or s.grid[p1, r1] == CLOSED:
                continue
            dh += m.room_hard[r1] - m.room_hard[r2]
            if p1 != p2:
                if not m.period_open[c2, p1]:
                    continue
                dh += s.clash[c2, p1] - s.clash[c2, p2] + 1
                if m.clashes[c1, c2]:
                    dh -= 2
        allowed = temperature * patience[draw(chance, 4096)]
        if hard * dh > allowed + UNLESS_GAINED:
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
        if delta + hard * dh > allowed:
            continue
        made += 1
        put(m, s, e1, p2, r2)
        if e2 >= 0:
            put(m, s, e2, p1, r1)
        s.total[0] += delta
        s.total[1] += dh
        if s.total[1] == 0 and s.total[0] < best[0]:
            best[0] = s.total[0]
            for event in range(len(best_period)):
                best_period[event] = s.period[event]
                best_room[event] = s.room[event]
    return made
