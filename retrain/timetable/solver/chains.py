"""Compiled: chains. Two periods are given, and an event goes from one to the other in the room it has.

Whatever clashes with one that comes, or stands in its room, goes the opposite way, until nothing clashes. So an event
gets to where alone it could not go (Kempe's chains, with rooms among what clashes).
"""

from typing import Any

from retrain.timetable.solver.arrays import CLOSED, EMPTY, Model, State
from retrain.timetable.solver.counting import (
    compiled,
    home_delta,
    inlined,
    note_ends,
    own_days_delta,
    shift,
    wrongs,
)


@inlined
def linked(links: Any, length: int, event: int) -> Any:
    """The length of the chain with *event* in it, once; one too many when it has no room for it."""
    for k in range(length):
        if links[k] == event:
            return length
    if length < len(links):
        links[length] = event
    return length + 1


@inlined
def may_swing(m: Model, s: State, event: int, to: int) -> Any:
    """Whether *event* may go to period *to* as far as it alone is concerned, and clashes with nothing where it is."""
    c, r = m.subject[event], s.room[event]
    free = not m.fixed[event] and m.period_open[c, to] and not m.room_shared[r] and s.grid[to, r] != CLOSED
    return free and s.clash[c, s.period[event]] == 1


@inlined
def chain(m: Model, s: State, links: Any, event: int, p1: int, p2: int) -> Any:
    """How many events change between *p1* and *p2* when *event* goes; they are in *links*. 0 when it may not be."""
    links[0] = event
    length, at = 1, 0
    while at < length:
        to = p2 if s.period[links[at]] == p1 else p1
        if not may_swing(m, s, links[at], to):
            return 0
        c, r = m.subject[links[at]], s.room[links[at]]
        at += 1
        left, other = s.clash[c, to], 0
        if s.grid[to, r] >= 0:
            length = linked(links, length, s.grid[to, r])
        while left > 0 and other < len(m.room_shared):
            found = s.grid[to, other]
            if found >= 0 and m.clashes[c, m.subject[found]]:
                left -= 1
                length = linked(links, length, found)
            other += 1
        # What clashes may also stand in a room that many share, where it is not to be found.
        if left > 0 or length > len(links):
            return 0
    return length


@inlined
def chain_delta(m: Model, s: State, links: Any, length: int, p1: int, p2: int) -> Any:
    """What days cost more when all *links* change between the periods. Of a party no two go the same way."""
    delta = 0
    for k in range(length):
        c, a = m.subject[links[k]], s.period[links[k]]
        b = p2 if a == p1 else p1
        d1, d2, b1, b2 = m.day[a], m.day[b], m.bit[a], m.bit[b]
        delta += m.period_cost[c, b] - m.period_cost[c, a]
        if m.leaving:
            delta += home_delta(m, links[k], a, b)
        for j in range(m.parties_from[c], m.parties_from[c + 1]):
            q = m.parties[j]
            there = s.busy[q, d2]
            if there & b2:
                continue
            kind, was = m.shape[q], s.busy[q, d1]
            if d1 == d2:
                delta += m.shapes[kind, (was & ~b1) | b2] - m.shapes[kind, was]
            else:
                delta += m.shapes[kind, was & ~b1] - m.shapes[kind, was]
                delta += m.shapes[kind, there | b2] - m.shapes[kind, there]
        if d1 != d2:
            both = False
            for j in range(length):
                both |= s.period[links[j]] == b and m.subject[links[j]] == c
            if not both:
                delta += own_days_delta(m, s, c, d1, d2)
    return delta


@compiled
def swing(m: Model, s: State, links: Any, length: int, p1: int, p2: int) -> Any:
    """Make that change; how many violations of limits, ways and order there are more by it.

    Where there was none before, only those after it are looked at, and some may be counted twice: any is too many.
    """
    more, clean = 0, m.is_limited and s.total[1] == 0
    for k in range(length):
        s.grid[s.period[links[k]], s.room[links[k]]] = EMPTY
    for k in range(length):
        event, p = links[k], s.period[links[k]]
        to = p2 if p == p1 else p1
        if m.is_limited:
            more -= 0 if clean else wrongs(m, s, event, p, to)
            for j in range(m.parties_from[m.subject[event]], m.parties_from[m.subject[event] + 1]):
                s.where[m.parties[j], p] -= m.site[s.room[event]]
                s.where[m.parties[j], to] += m.site[s.room[event]]
        shift(m, s, m.subject[event], p, to)
        s.period[event] = to
        s.grid[to, s.room[event]] = event
        if m.is_limited:
            note_ends(m, s, m.subject[event], p, to)
            more += 0 if clean else wrongs(m, s, event, p, to)
    if clean:
        for k in range(length):
            more += wrongs(m, s, links[k], p1, p2)
    return more
