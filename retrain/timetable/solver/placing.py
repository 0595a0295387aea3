"""Compiled: events placed one after another, each where it is least wrong, or only where nothing is wrong.

So a first timetable is made, and what a coordinator would make who takes for each class the earliest free place.
"""

from typing import Any, NamedTuple

from retrain.timetable.solver.arrays import Model
from retrain.timetable.solver.counting import beyond, compiled, draw, inlined
from retrain.timetable.solver.problem import Flags, Ints

WRONG = 1 << 20
"""A wrong against what a place costs."""

NONE = -1


class Plan(NamedTuple):
    """What is placed so far."""

    period: Ints  # event; NONE
    room: Ints  # event
    free: Flags  # period × room; a shared room stays free
    clash: Ints  # subject × period → events there that clash with the subject
    first: Ints  # subject
    last: Ints  # subject
    day_load: Ints  # party × day
    week_load: Ints  # party × week
    where: Ints  # party × period → its site from 1


@inlined
def too_near(m: Model, plan: Plan, c: int, p: int, r: int) -> Any:
    """How often somebody would have too little time on the way to *r* in *p* and on from it."""
    found = 0
    if not m.is_far or m.site[r] == 0:
        return found
    begin = p - p % m.slots
    for k in range(m.parties_from[c], m.parties_from[c + 1]):
        q = m.parties[k]
        for way in (-1, 1):
            at = p + way
            while begin <= at < begin + m.slots:
                if plan.where[q, at] > 0:
                    found += abs(at - p) - 1 < m.travel[plan.where[q, at], m.site[r]]
                    break
                at += way
    return found


@inlined
def wrong_then(m: Model, plan: Plan, e: int, c: int, p: int) -> Any:
    """How much would be wrong in *p*, whatever the room."""
    d = m.day[p]
    w, found = d // m.days_in_week, plan.clash[c, p]
    if m.is_limited:
        for k in range(m.parties_from[c], m.parties_from[c + 1]):
            q, load = m.parties[k], m.loads[k]
            found += beyond(plan.day_load[q, d] + load, m.day_most[q, d], m.unit[q]) > 0
            found += beyond(plan.week_load[q, w] + load, m.week_most[q, w], m.unit[q]) > 0
        for k in range(m.ahead_from[c], m.ahead_from[c + 1]):
            found += 2 * (plan.last[m.ahead[k]] >= p)
        for k in range(m.after_from[c], m.after_from[c + 1]):
            found += 2 * (plan.first[m.after[k]] <= p)
        for k in range(m.sooner_from[e], m.sooner_from[e + 1]):
            found += 2 * (plan.period[m.sooner[k]] >= p)
        for k in range(m.later_from[e], m.later_from[e + 1]):
            found += 2 * (0 <= plan.period[m.later[k]] <= p)
    return found


@inlined
def how_full(m: Model, plan: Plan, c: int, p: int) -> Any:
    """How much those who take part have in that week already, and on that day."""
    d, found = m.day[p], 0
    for k in range(m.parties_from[c], m.parties_from[c + 1]):
        q = m.parties[k]
        if m.is_limited:
            found += 64 * plan.week_load[q, d // m.days_in_week] // m.unit[q]
            found += 16 * plan.day_load[q, d] // m.unit[q]
    return found


@inlined
def best_room(m: Model, plan: Plan, e: int, c: int, p: int) -> Any:
    """The cheapest free room that is reached in time, and how much is wrong with it; none when none is free."""
    found, least = len(m.room_shared) - 1, 1 << 20
    for k in range(m.all_rooms_from[c], m.all_rooms_from[c + 1]):
        r = m.all_rooms[k]
        if plan.free[p, r] and (not m.roomed[e] or plan.room[e] == r):
            wrong = too_near(m, plan, c, p, r)
            if wrong < least:
                found, least = r, wrong
            if wrong == 0:
                break
    return found, min(least, 2)


@compiled
def take(m: Model, plan: Plan, e: int, p: int, r: int) -> None:
    """Give event *e* that place."""
    c, d = m.subject[e], m.day[p]
    plan.period[e], plan.room[e] = p, r
    if not m.room_shared[r]:
        plan.free[p, r] = False
    for k in range(m.rivals_from[c], m.rivals_from[c + 1]):
        plan.clash[m.rivals[k], p] += 1
    plan.first[c], plan.last[c] = min(plan.first[c], p), max(plan.last[c], p)
    for k in range(m.parties_from[c], m.parties_from[c + 1]):
        q = m.parties[k]
        plan.where[q, p] = m.site[r]
        plan.day_load[q, d] += m.loads[k]
        plan.week_load[q, d // m.days_in_week] += m.loads[k]


@compiled
def place(  # noqa: C901 (one loop: what is worked out is used at once)
    m: Model, plan: Plan, chance: Any, order: Ints, begin: Ints, end: Ints, strict: bool, early: bool
) -> int:
    """Place the events in *order*, of each subject rather from period *begin* until *end*; how many found no place.

    *strict*: only where nothing is wrong. *early*: the earliest of equally good places, else where most is free.
    """
    left, none = 0, len(m.room_shared) - 1
    for at in range(len(order)):
        e = order[at]
        c, least, best, room = m.subject[e], 1 << 60, NONE, none
        for k in range(m.periods_from[c], m.periods_from[c + 1]):
            p = m.periods[k]
            wrong = wrong_then(m, plan, e, c, p)
            if strict and wrong > 0:
                continue
            value = wrong * WRONG
            if not begin[c] <= p < end[c]:
                value += WRONG // 2
            if value >= least:
                continue
            if early:
                value += k
            else:
                value += 64 * how_full(m, plan, c, p) + draw(chance, 256)
            if m.home[e] == p:
                value = wrong * WRONG
            if value >= least:
                continue
            r, bad = best_room(m, plan, e, c, p)
            if strict and (bad > 0 or r == none):
                continue
            value += bad * WRONG
            if value < least:
                least, best, room = value, p, r
                if early and wrong + bad == 0:
                    break
        if best == NONE:
            left += 1
        else:
            take(m, plan, e, best, room)
    return left


@compiled
def keep_what_fits(m: Model, plan: Plan, order: Ints, period: Ints, room: Ints) -> int:
    """Give the events in *order* the places they have in *period* and *room* where nothing is wrong; how many."""
    kept = 0
    for at in range(len(order)):
        e = order[at]
        c, p, r = m.subject[e], period[e], room[e]
        if r == len(m.room_shared) - 1 or not m.period_open[c, p] or not m.room_open[c, r]:
            continue
        if not plan.free[p, r] or wrong_then(m, plan, e, c, p) > 0:
            continue
        if too_near(m, plan, c, p, r) > 0:
            continue
        take(m, plan, e, p, r)
        kept += 1
    return kept
