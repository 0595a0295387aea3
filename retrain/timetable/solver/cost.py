"""The whole cost of a timetable, part by part, counted from nothing: what the compiled deltas are held against."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retrain.timetable.solver import limits
from retrain.timetable.solver.problem import FREE, PARTS, Flags, Problem, Timetable, of_events
from retrain.timetable.solver.shapes import holes, lonely

HARD = ("clashes", "places", "limits", "travel", "order")
"""The kinds of hard rules."""


@dataclass(frozen=True)
class Cost:
    """Violations of hard rules by kind, the weighted soft cost by part, and what left its home."""

    hard: dict[str, int]
    soft: dict[str, int]
    left: int = 0

    @property
    def violations(self) -> int:
        return sum(self.hard.values())

    @property
    def total(self) -> int:
        return sum(self.soft.values()) + self.left


def cost(problem: Problem, timetable: Timetable) -> Cost:
    """What *timetable* costs. A room of -1 is none; events that wait are left out."""
    if (timetable.period < 0).any():
        placed: Flags = timetable.period >= 0
        return cost(of_events(problem, placed), Timetable(timetable.period[placed], timetable.room[placed]))
    day, busy = timetable.period // problem.slots, _busy(problem, timetable)
    counts = {
        "seats_short": _of_rooms(problem, timetable, problem.seats_short),
        "seats_wasted": _of_rooms(problem, timetable, problem.seats_wasted),
        "spread": _lacking(problem, day),
        "crowding": _crowded(problem, day),
        "alone": _by_day(busy, problem.alone, lambda bits, _: lonely(bits)),
        "gaps": _by_day(busy, problem.gaps, lambda bits, _: holes(bits)),
        "short_days": _by_day(
            busy, problem.least_a_day > 0, lambda bits, party: max(0, problem.least_a_day[party] - bits.bit_count())
        ),
        "rooms": _spare_rooms(problem, timetable),
        "wishes": int(problem.unwelcome[problem.subject, timetable.period].sum()),
        "evenings": int(problem.evening[timetable.period].sum()),
    }  # fmt: skip
    hard = {
        "clashes": _clashes(problem, timetable),
        "places": _misplaced(problem, timetable),
        "limits": limits.beyond(problem, timetable),
        "travel": _hurried(problem, timetable),
        "order": _out_of_order(problem, timetable),
    }
    soft = {part: int(getattr(problem.weights, part) * counts[part]) for part in PARTS}
    gone = (problem.home != FREE) & (problem.home != timetable.period)
    return Cost(hard, soft, problem.leaving * int(gone.sum()))


def _busy(problem: Problem, timetable: Timetable) -> dict[tuple[int, int], int]:
    """(party, day) → the bits of the slots in which they have something."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    for subject, period in zip(problem.subject, timetable.period, strict=True):
        day, slot = divmod(int(period), problem.slots)
        for party in np.flatnonzero(problem.takes_part[subject]):
            found[int(party), day] |= 1 << slot
    return found


def _by_day(busy: dict[tuple[int, int], int], of: Flags, count: Callable[[int, int], int]) -> int:
    return sum(int(count(bits, party)) for (party, _), bits in busy.items() if of[party])


def _of_rooms(problem: Problem, timetable: Timetable, counted: np.ndarray) -> int:
    placed = timetable.room >= 0
    return int(counted[problem.subject[placed], timetable.room[placed]].sum())


def _lacking(problem: Problem, day: np.ndarray) -> int:
    used = [len(np.unique(day[problem.subject == subject])) for subject in range(problem.subjects)]
    return int(np.maximum(problem.least_days - used, 0).sum())


def _crowded(problem: Problem, day: np.ndarray) -> int:
    found = 0
    for subject in np.flatnonzero(problem.most_on_day):
        each = np.bincount(day[problem.subject == subject])
        found += int(np.maximum(each - problem.most_on_day[subject], 0).sum())
    return found


def _spare_rooms(problem: Problem, timetable: Timetable) -> int:
    pairs = {(int(s), int(r)) for s, r in zip(problem.subject, timetable.room, strict=True)}
    return len(pairs) - len({subject for subject, _ in pairs})


def _clashes(problem: Problem, timetable: Timetable) -> int:
    """Pairs of events that may not meet and do, unless both are fixed."""
    clashes, fixed, found = problem.clashes(), problem.fixed_period != FREE, 0
    for period in np.unique(timetable.period):
        here = timetable.period == period
        for events in (here, here & fixed):
            met = problem.subject[events]
            pairs = int(clashes[np.ix_(met, met)].sum() - len(met)) // 2
            found += pairs if events is here else -pairs
    return found


def _misplaced(problem: Problem, timetable: Timetable) -> int:
    """Events without a room, in a room or period that is not for them, moved from where they are fixed, or not alone.

    What is fixed to both is where it is, come what may.
    """
    found, taken = 0, set()
    bound = (problem.fixed_period != FREE) & (problem.fixed_room != FREE)
    for event in np.argsort(~bound, kind="stable").tolist():
        subject = problem.subject[event]
        period, room = int(timetable.period[event]), int(timetable.room[event])
        wrong = room < 0 or not problem.room_open[subject, room] or (period, room) in taken
        wrong = wrong or not (problem.period_open[subject, period] and problem.room_free[period, room])
        wrong = wrong and not bound[event]
        wrong = wrong or problem.fixed_period[event] not in (FREE, period)
        found += wrong or problem.fixed_room[event] not in (FREE, room)
        if room >= 0 and not problem.room_shared[room]:
            taken.add((period, room))
    return int(found)


def _hurried(problem: Problem, timetable: Timetable) -> int:
    """How often parties have too few empty slots between two sites on a day, beyond what is fixed so."""
    if not problem.travel.any():
        return 0
    fixed = hurries_of_fixed(problem)
    return sum(max(0, number - fixed[at]) for at, number in hurries(problem, timetable).items())


def hurries_of_fixed(problem: Problem) -> Counter[tuple[int, int]]:
    """The same of what is fixed, alone."""
    fixed = (problem.fixed_period != FREE) & (problem.fixed_room != FREE)
    there = Timetable(problem.fixed_period[fixed], problem.fixed_room[fixed])
    return hurries(of_events(problem, fixed), there)


def hurries(problem: Problem, timetable: Timetable) -> Counter[tuple[int, int]]:
    """(party, day) → how often; what clashes or has no site left out."""
    found: Counter[tuple[int, int]] = Counter()
    for party in range(problem.parties):
        of_party = problem.takes_part[problem.subject, party]
        places = _places(problem, timetable, np.flatnonzero(of_party).tolist())
        for one, other in pairwise(places):
            found[party, one[0] // problem.slots] += _too_near(problem, one, other)
    return found


def _places(problem: Problem, timetable: Timetable, events: list[int]) -> list[tuple[int, int]]:
    """Period and site, one after another."""
    at: dict[int, list[int]] = defaultdict(list)
    for event in events:
        at[int(timetable.period[event])].append(int(timetable.room[event]))
    alone = {period: rooms[0] for period, rooms in at.items() if len(rooms) == 1 and rooms[0] >= 0}
    return [
        (p, int(problem.site[room])) for p, room in sorted(alone.items()) if not problem.room_shared[room]
    ]


def _too_near(problem: Problem, one: tuple[int, int], other: tuple[int, int]) -> bool:
    (before, here), (after, there) = one, other
    same_day = before // problem.slots == after // problem.slots
    return same_day and after - before - 1 < problem.travel[here, there]


def _out_of_order(problem: Problem, timetable: Timetable) -> int:
    """Days by which subjects that follow one another overlap, begun ones counted, and pairs of events turned round."""
    period, found = timetable.period, 0
    for first, second in problem.before:
        mine, others = period[problem.subject == first], period[problem.subject == second]
        last, begin = mine.max(initial=-1), others.min(initial=problem.periods)
        if last >= begin:
            found += 1 + int(last // problem.slots - begin // problem.slots)
    return found + sum(int(period[one] >= period[other]) for one, other in problem.event_before)
