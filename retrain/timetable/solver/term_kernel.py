"""The search in a term, compiled: a coordinator's way, and annealing that keeps every hard rule at each step.

An event has a place that breaks no rule, or none. One that waits may push others out; one that has a place goes to a
free one, or changes with whoever is there. Chance is drawn as in ``counting``; all else that is compiled stands here.
"""

# What is compiled has the types of its machine numbers.
# mypy: disable-error-code="untyped-decorator,no-any-return"

from typing import Any

from retrain.timetable.solver.counting import compiled, draw
from retrain.timetable.solver.problem import Ints
from retrain.timetable.solver.term import NO_LIMIT, NONE, Model, State

WAITS = 400
"""What an event without a place costs."""

MOST_PUSHED = 5
"""So many an event may push out for a place."""


@compiled
def lift(m: Model, s: State, e: int) -> int:  # noqa: C901 (one place, given back whole)
    """Take the place of event *e* away; what that costs."""
    c, p, r = m.subject[e], s.period[e], s.room[e]
    d = m.day[p]
    delta = -m.period_cost[c, p] - m.room_cost[c, r]
    if m.home[e] >= 0 and m.home[e] != p:
        delta -= m.leaving
    for k in range(m.parties.shape[1]):
        q = m.parties[c, k]
        if q < 0:
            break
        s.at[q, p] = NONE
        delta -= m.shapes[m.shape[q], s.busy[q, d]]
        s.busy[q, d] &= ~m.bit[p]
        delta += m.shapes[m.shape[q], s.busy[q, d]]
        amount = m.tenths[c] if m.in_hours[q] else 1
        s.day_load[q, d] -= amount
        s.week_load[q, m.week[p]] -= amount
    if m.most_on_day[c] > 0 and s.on_day[c, d] > m.most_on_day[c]:
        delta -= m.crowding_weight
    s.on_day[c, d] -= 1
    if s.on_day[c, d] == 0:
        if s.days[c] <= m.least_days[c]:
            delta += m.spread_weight
        s.days[c] -= 1
    s.in_room[c, r] -= 1
    if s.in_room[c, r] == 0:
        s.in_rooms[c] -= 1
        if s.in_rooms[c] > 0:
            delta -= m.rooms_weight
    if not m.room_shared[r]:
        s.there[p, r] = NONE
    s.period[e], s.room[e] = NONE, NONE
    s.waiting[s.total[1]] = e
    s.waits_at[e] = s.total[1]
    s.total[1] += 1
    if p == s.begins[c] or p == s.ends[c]:
        begins, ends = NO_LIMIT, NONE
        for other in range(m.first_event[c], m.first_event[c + 1]):
            at = s.period[other]
            if at >= 0:
                begins, ends = min(begins, at), max(ends, at)
        s.begins[c], s.ends[c] = begins, ends
    s.total[0] += delta
    return delta


@compiled
def drop(m: Model, s: State, e: int, p: int, r: int) -> int:
    """Give event *e* that place; what it costs."""
    c, d = m.subject[e], m.day[p]
    delta = m.period_cost[c, p] + m.room_cost[c, r]
    if m.home[e] >= 0 and m.home[e] != p:
        delta += m.leaving
    for k in range(m.parties.shape[1]):
        q = m.parties[c, k]
        if q < 0:
            break
        s.at[q, p] = e
        delta -= m.shapes[m.shape[q], s.busy[q, d]]
        s.busy[q, d] |= m.bit[p]
        delta += m.shapes[m.shape[q], s.busy[q, d]]
        amount = m.tenths[c] if m.in_hours[q] else 1
        s.day_load[q, d] += amount
        s.week_load[q, m.week[p]] += amount
    s.on_day[c, d] += 1
    if m.most_on_day[c] > 0 and s.on_day[c, d] > m.most_on_day[c]:
        delta += m.crowding_weight
    if s.on_day[c, d] == 1:
        if s.days[c] < m.least_days[c]:
            delta -= m.spread_weight
        s.days[c] += 1
    s.in_room[c, r] += 1
    if s.in_room[c, r] == 1:
        if s.in_rooms[c] > 0:
            delta += m.rooms_weight
        s.in_rooms[c] += 1
    if not m.room_shared[r]:
        s.there[p, r] = e
    s.period[e], s.room[e] = p, r
    s.total[1] -= 1
    last, at = s.waiting[s.total[1]], s.waits_at[e]
    s.waiting[at], s.waits_at[last] = last, at
    s.begins[c], s.ends[c] = min(s.begins[c], p), max(s.ends[c], p)
    s.total[0] += delta
    return delta


@compiled
def in_time(m: Model, s: State, q: int, p: int, r: int) -> bool:
    """Whether party *q* gets to *r* in period *p* from where it was, and on to where it will be."""
    if m.room_shared[r]:
        return True
    for way in (-1, 1):
        for far in range(1, m.reach + 1):
            other = p + way * far
            if other < 0 or other >= len(m.day) or m.day[other] != m.day[p]:
                break
            e = s.at[q, other]
            if e >= 0 and not m.room_shared[s.room[e]]:
                if far - 1 < m.travel[m.site[s.room[e]], m.site[r]]:
                    return False
                break
    return True


@compiled
def in_order(m: Model, s: State, c: int, p: int) -> bool:
    """Whether subject *c* may meet in *p* for all that comes before it and after it."""
    for k in range(m.earlier_from[c], m.earlier_from[c + 1]):
        if s.ends[m.earlier[k]] >= p:
            return False
    for k in range(m.later_from[c], m.later_from[c + 1]):  # noqa: SIM110 (compiled)
        if s.begins[m.later[k]] <= p:
            return False
    return True


@compiled
def within_limits(m: Model, s: State, c: int, p: int) -> bool:
    """Whether none of its parties has too much that day or week."""
    for k in range(m.parties.shape[1]):
        q = m.parties[c, k]
        if q < 0:
            break
        amount = m.tenths[c] if m.in_hours[q] else 1
        if s.day_load[q, m.day[p]] + amount > m.day_most[q]:
            return False
        if s.week_load[q, m.week[p]] + amount > m.week_most[q]:
            return False
    return True


@compiled
def is_free(m: Model, s: State, c: int, p: int) -> bool:
    """Whether nobody who takes part in *c* has anything in *p*."""
    for k in range(m.parties.shape[1]):
        q = m.parties[c, k]
        if q < 0:
            break
        if s.at[q, p] >= 0:
            return False
    return True


@compiled
def reached(m: Model, s: State, c: int, p: int, r: int) -> bool:
    """Whether all who take part get there and on in time."""
    if m.reach == 0:
        return True
    for k in range(m.parties.shape[1]):
        q = m.parties[c, k]
        if q < 0:
            break
        if not in_time(m, s, q, p, r):
            return False
    return True


@compiled
def fits(m: Model, s: State, c: int, p: int, r: int) -> bool:
    """Whether an event of *c* may be in *p* and *r* by every hard rule."""
    if not m.period_open[c, p] or not m.room_open[c, r]:
        return False
    if not m.room_shared[r] and s.there[p, r] != NONE:
        return False
    return (
        is_free(m, s, c, p) and within_limits(m, s, c, p) and in_order(m, s, c, p) and reached(m, s, c, p, r)
    )


@compiled
def room_for(m: Model, s: State, c: int, p: int) -> int:
    """The room that suits best of those free then, or NONE."""
    for k in range(m.rooms_from[c], m.rooms_from[c + 1]):
        r = m.rooms[k]
        if (m.room_shared[r] or s.there[p, r] == NONE) and reached(m, s, c, p, r):
            return r
    return NONE


@compiled
def place_greedily(m: Model, s: State, order: Ints) -> int:
    """Each event in *order* takes the earliest free place in the smallest room that fits; how many found none."""
    left = 0
    for at in range(len(order)):
        e = order[at]
        c, found = m.subject[e], False
        for k in range(m.periods_from[c], m.periods_from[c + 1]):
            p = m.periods[k]
            if not (is_free(m, s, c, p) and within_limits(m, s, c, p) and in_order(m, s, c, p)):
                continue
            r = room_for(m, s, c, p)
            if r != NONE:
                drop(m, s, e, p, r)
                found = True
                break
        left += not found
    return left


@compiled
def note(pushed: Ints, count: int, e: int) -> int:
    """One more that stands in the way, each once; how many there are."""
    if e < 0:
        return count
    for k in range(min(count, len(pushed))):
        if pushed[k] == e:
            return count
    if count < len(pushed):
        pushed[count] = e
    return count + 1


@compiled
def in_the_way(m: Model, s: State, e: int, p: int, r: int, pushed: Ints) -> int:
    """Which events have what *e* wants; how many, which may be more than *pushed* holds."""
    c, count = m.subject[e], 0
    for k in range(m.parties.shape[1]):
        q = m.parties[c, k]
        if q < 0:
            break
        if s.at[q, p] != e:
            count = note(pushed, count, s.at[q, p])
    if not m.room_shared[r] and s.there[p, r] != e:
        count = note(pushed, count, s.there[p, r])
    return count


@compiled
def out_of_order(m: Model, s: State, c: int, p: int, pushed: Ints, count: int) -> int:
    """Adds the events that would stand in the wrong order."""
    for k in range(m.earlier_from[c], m.earlier_from[c + 1]):
        other = m.earlier[k]
        if s.ends[other] >= p:
            for e in range(m.first_event[other], m.first_event[other + 1]):
                if s.period[e] >= p:
                    count = note(pushed, count, e)
    for k in range(m.later_from[c], m.later_from[c + 1]):
        other = m.later[k]
        if s.begins[other] <= p:
            for e in range(m.first_event[other], m.first_event[other + 1]):
                if 0 <= s.period[e] <= p:
                    count = note(pushed, count, e)
    return count


@compiled
def push_in(m: Model, s: State, e: int, p: int, r: int, allowed: float, pushed: Ints, was: Ints) -> bool:
    """Give a waiting event a place, at the cost of whoever has it; whether it was done."""
    c = m.subject[e]
    if s.there[p, r] < NONE:
        return False
    count = out_of_order(m, s, c, p, pushed, in_the_way(m, s, e, p, r, pushed))
    if count > len(pushed):
        return False
    for k in range(count):
        if m.fixed[pushed[k]]:
            return False
    delta = WAITS * (count - 1)
    for k in range(count):
        was[k, 0], was[k, 1] = s.period[pushed[k]], s.room[pushed[k]]
        delta += lift(m, s, pushed[k])
    done = fits(m, s, c, p, r)
    if done:
        delta += drop(m, s, e, p, r)
        if delta <= allowed:
            return True
        lift(m, s, e)
    for k in range(count):
        drop(m, s, pushed[k], was[k, 0], was[k, 1])
    return False


@compiled
def go(m: Model, s: State, e: int, p: int, r: int, allowed: float, pushed: Ints) -> bool:
    """Move an event to a place, or change it with the one that is there; whether it was done."""
    count = in_the_way(m, s, e, p, r, pushed)
    p1, r1 = s.period[e], s.room[e]
    if count > 1 or s.there[p, r] < NONE or (count == 1 and m.fixed[pushed[0]]):
        return False
    c = m.subject[e]
    if count == 0:
        delta = lift(m, s, e)
        if fits(m, s, c, p, r):
            delta += drop(m, s, e, p, r)
            if delta <= allowed:
                return True
            lift(m, s, e)
        drop(m, s, e, p1, r1)
        return False
    other = pushed[0]
    p2, r2 = s.period[other], s.room[other]
    if not m.period_open[m.subject[other], p1]:
        return False
    delta = lift(m, s, e) + lift(m, s, other)
    if fits(m, s, c, p, r):
        delta += drop(m, s, e, p, r)
        back = r2 if fits(m, s, m.subject[other], p1, r2) else r1
        if back == r2 or fits(m, s, m.subject[other], p1, r1):
            delta += drop(m, s, other, p1, back)
            if delta <= allowed:
                return True
            lift(m, s, other)
        lift(m, s, e)
    drop(m, s, other, p2, r2)
    drop(m, s, e, p1, r1)
    return False


@compiled
def anneal(
    m: Model,
    s: State,
    chance: Any,
    patience: Any,
    movable: Ints,
    steps: int,
    temperature: float,
    pushed: Ints,
    was: Ints,
) -> int:
    """Try *steps* moves at one temperature; how many were made."""
    made = 0
    for _ in range(steps):
        allowed = temperature * patience[draw(chance, len(patience))]
        waits = s.total[1] > 0 and draw(chance, 4) == 0
        e = s.waiting[draw(chance, s.total[1])] if waits else movable[draw(chance, len(movable))]
        c, r = m.subject[e], s.room[e]
        p = s.period[e]
        first, room = m.periods_from[c], m.rooms_from[c]
        rooms = m.rooms_from[c + 1] - room
        if p < 0 or draw(chance, 4) > 0:
            p = m.periods[first + draw(chance, m.periods_from[c + 1] - first)]
        if r < 0 or p == s.period[e] or draw(chance, 2) > 0:
            # The rooms that fit best come first, and are tried more often.
            r = m.rooms[room + min(draw(chance, rooms), draw(chance, rooms))]
        if s.period[e] < 0:
            made += push_in(m, s, e, p, r, allowed, pushed, was)
        elif p != s.period[e] or r != s.room[e]:
            made += go(m, s, e, p, r, allowed, pushed)
    return made
