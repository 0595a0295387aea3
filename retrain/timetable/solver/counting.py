"""Compiled: what a change costs, and counting it. Held against ``cost.py`` by the tests.

Whatever the compiler keeps is thrown away only by a change of the file of the function that is called; `make setup`
throws it away when any of these files changes.
"""

from typing import Any

import numpy as np
from numba import njit

from retrain.timetable.solver.arrays import EMPTY, Model, State
from retrain.timetable.solver.problem import Ints

# Without reference counts for each array that is looked at, the kernel is six times as fast. It makes no arrays.
compiled: Any = njit(cache=True, nogil=True, _nrt=False)  # type: ignore[call-overload]
inlined: Any = njit(cache=True, inline="always")


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
def own_days_delta(m: Model, s: State, c: int, d1: int, d2: int) -> Any:
    """What the spread of subject *c* over days costs more when an event of it goes from one day to another."""
    delta = 0
    lost, won = s.on_day[c, d1] == 1, s.on_day[c, d2] == 0
    if lost and not won and s.days[c] <= m.least_days[c]:
        delta += m.spread_weight
    elif won and not lost and s.days[c] < m.least_days[c]:
        delta -= m.spread_weight
    if s.on_day[c, d1] > m.most_on_day[c]:
        delta -= m.crowding_weight
    if s.on_day[c, d2] >= m.most_on_day[c]:
        delta += m.crowding_weight
    return delta


@inlined
def days_delta(m: Model, s: State, c: int, other: int, p1: int, p2: int) -> Any:
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
        delta += own_days_delta(m, s, c, d1, d2)
    return delta


@inlined
def home_delta(m: Model, event: int, p1: int, p2: int) -> Any:
    """What it costs more that *event* goes from *p1* to *p2*, for it has left its home or comes back."""
    if m.home[event] < 0:
        return 0
    return m.leaving * ((p2 != m.home[event]) - np.int64(p1 != m.home[event]))


@inlined
def room_delta(m: Model, s: State, c: int, r1: int, r2: int) -> Any:
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
        if m.is_limited:
            s.day_load[q, d1] -= m.loads[k]
            s.day_load[q, d2] += m.loads[k]
            s.week_load[q, d1 // m.days_in_week] -= m.loads[k]
            s.week_load[q, d2 // m.days_in_week] += m.loads[k]
    s.on_day[c, d1] -= 1
    if s.on_day[c, d1] == 0:
        s.days[c] -= 1
    if s.on_day[c, d2] == 0:
        s.days[c] += 1
    s.on_day[c, d2] += 1


@inlined
def note_ends(m: Model, s: State, c: int, p1: int, p2: int) -> None:
    """Keep the first and last period of subject *c*, of which an event has gone from *p1* to *p2*."""
    if p1 == s.first[c] or p1 == s.last[c]:
        first, last = p2, p2
        for event in range(m.events_from[c], m.events_from[c + 1]):
            first, last = min(first, s.period[event]), max(last, s.period[event])
        s.first[c], s.last[c] = first, last
    else:
        s.first[c], s.last[c] = min(s.first[c], p2), max(s.last[c], p2)


@inlined
def put(m: Model, s: State, event: int, p: int, r: int) -> None:
    """Count *event* at *p* in *r*; the place it leaves is empty, if nothing else has come there."""
    c, p1, r1 = m.subject[event], s.period[event], s.room[event]
    if p != p1:
        shift(m, s, c, p1, p)
    s.in_room[c, r1] -= 1
    s.in_room[c, r] += 1
    s.period[event], s.room[event] = p, r
    if m.is_limited:
        if p != p1:
            note_ends(m, s, c, p1, p)
        for k in range(m.parties_from[c], m.parties_from[c + 1]):
            s.where[m.parties[k], p1] -= m.site[r1]
            s.where[m.parties[k], p] += m.site[r]
    if s.grid[p1, r1] == event:
        s.grid[p1, r1] = EMPTY
    if not m.room_shared[r]:
        s.grid[p, r] = event


@compiled
def hurried(m: Model, s: State, q: int, d: int) -> Any:
    """How often party *q* has too few empty slots between two sites on day *d*."""
    found, last, here = 0, -1, 0
    for p in range(d * m.slots, (d + 1) * m.slots):
        if s.meeting[q, p] == 1 and s.where[q, p] > 0:
            if last >= 0 and p - last - 1 < m.travel[here, s.where[q, p]]:
                found += 1
            last, here = p, s.where[q, p]
    return found


@inlined
def overlap(m: Model, s: State, first: int, second: int) -> Any:
    """By how many days, begun ones counted, *first* goes on after *second* has begun."""
    last, begin = s.last[first], s.first[second]
    return 1 + m.day[last] - m.day[begin] if last >= begin else 0


@inlined
def beyond(load: int, most: int, unit: int) -> Any:
    """How many events too many."""
    return (load - most + unit - 1) // unit if load > most else 0


@inlined
def window(m: Model, s: State, c: int) -> Any:
    """After which period, and before which, subject *c* may meet for all that comes before it and after it."""
    after, until = -1, len(m.day)
    for k in range(m.ahead_from[c], m.ahead_from[c + 1]):
        after = max(after, s.last[m.ahead[k]])
    for k in range(m.after_from[c], m.after_from[c + 1]):
        until = min(until, s.first[m.after[k]])
    return after, until


@inlined
def too_much(m: Model, s: State, c: int, d1: int, d2: int) -> Any:
    """Whether some party would have too much on *d2*, or in its week, with an event of *c* that was on *d1*."""
    w1, w2 = d1 // m.days_in_week, d2 // m.days_in_week
    for k in range(m.parties_from[c], m.parties_from[c + 1]):
        q = m.parties[k]
        if s.day_load[q, d2] + m.loads[k] > m.day_most[q, d2]:
            return True
        if w1 != w2 and s.week_load[q, w2] + m.loads[k] > m.week_most[q, w2]:
            return True
    return False


@compiled
def wrongs(m: Model, s: State, event: int, p1: int, p2: int) -> Any:
    """The violations of limits, ways and order that *event* may have a part in, going from *p1* to *p2* or having gone."""
    c, d1, d2, found = m.subject[event], m.day[p1], m.day[p2], 0
    w1, w2 = d1 // m.days_in_week, d2 // m.days_in_week
    for k in range(m.parties_from[c], m.parties_from[c + 1]):
        q = m.parties[k]
        found += beyond(s.day_load[q, d1], m.day_most[q, d1], m.unit[q])
        found += beyond(s.week_load[q, w1], m.week_most[q, w1], m.unit[q])
        if m.is_far:
            found += max(0, hurried(m, s, q, d1) - m.hurries[q, d1])
        if d1 != d2:
            found += beyond(s.day_load[q, d2], m.day_most[q, d2], m.unit[q])
            if m.is_far:
                found += max(0, hurried(m, s, q, d2) - m.hurries[q, d2])
        if w1 != w2:
            found += beyond(s.week_load[q, w2], m.week_most[q, w2], m.unit[q])
    for k in range(m.after_from[c], m.after_from[c + 1]):
        found += overlap(m, s, c, m.after[k])
    for k in range(m.ahead_from[c], m.ahead_from[c + 1]):
        found += overlap(m, s, m.ahead[k], c)
    for k in range(m.later_from[event], m.later_from[event + 1]):
        found += s.period[event] >= s.period[m.later[k]]
    for k in range(m.sooner_from[event], m.sooner_from[event + 1]):
        found += s.period[m.sooner[k]] >= s.period[event]
    return found


@inlined
def is_pressed(m: Model, s: State, c: int, d: int) -> Any:
    """Whether somebody has too much that day or week, or too little time on the way."""
    w = d // m.days_in_week
    for k in range(m.parties_from[c], m.parties_from[c + 1]):
        q = m.parties[k]
        if s.day_load[q, d] > m.day_most[q, d] or s.week_load[q, w] > m.week_most[q, w]:
            return True
        if m.is_far and hurried(m, s, q, d) > m.hurries[q, d]:
            return True
    return False


@compiled
def troubled(m: Model, s: State, found: Ints) -> int:
    """The events that have a part in something wrong, written into *found*; how many."""
    count, of, after, until = 0, -1, -1, -1
    for at in range(len(m.movable)):
        event = m.movable[at]
        c, p = m.subject[event], s.period[event]
        wrong = m.room_hard[s.room[event]] > 0 or s.clash[c, p] > 1
        if m.is_limited and not wrong:
            if c != of:
                of = c
                after, until = window(m, s, c)
            wrong = p <= after or p >= until or is_pressed(m, s, c, m.day[p])
            for k in range(m.later_from[event], m.later_from[event + 1]):
                wrong |= p >= s.period[m.later[k]]
            for k in range(m.sooner_from[event], m.sooner_from[event + 1]):
                wrong |= s.period[m.sooner[k]] >= p
        if wrong:
            found[count] = event
            count += 1
    return count
