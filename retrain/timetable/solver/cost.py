"""The whole cost of a timetable, part by part, counted from nothing: what the compiled deltas are held against."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retrain.timetable.solver.problem import FREE, PARTS, Flags, Problem, Timetable
from retrain.timetable.solver.shapes import holes, lonely

HARD = ("clashes", "places", "limits", "travel", "order")
"""The kinds of hard rules."""


@dataclass(frozen=True)
class Cost:
    """Violations of hard rules by kind, and the weighted soft cost by part."""

    hard: dict[str, int]
    soft: dict[str, int]

    @property
    def violations(self) -> int:
        return sum(self.hard.values())

    @property
    def total(self) -> int:
        return sum(self.soft.values())


def cost(problem: Problem, timetable: Timetable) -> Cost:
    """What *timetable* costs. A room of -1 is none."""
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
        "limits": _beyond_limits(problem, busy),
        "travel": _hurried(problem, timetable),
        "order": _out_of_order(problem, timetable),
    }
    return Cost(hard, {part: int(getattr(problem.weights, part) * counts[part]) for part in PARTS})


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
    clashes, found = problem.clashes(), 0
    for period in np.unique(timetable.period):
        met = problem.subject[timetable.period == period]
        found += int(clashes[np.ix_(met, met)].sum() - len(met)) // 2
    return found


def _misplaced(problem: Problem, timetable: Timetable) -> int:
    """Events without a room, in a room or period that is not for them, moved from where they are fixed, or not alone."""
    found, taken = 0, set()
    for event, (subject, period, room) in enumerate(
        zip(problem.subject.tolist(), timetable.period.tolist(), timetable.room.tolist(), strict=True)
    ):
        wrong = room < 0 or not problem.room_open[subject, room] or (period, room) in taken
        wrong = wrong or not (problem.period_open[subject, period] and problem.room_free[period, room])
        wrong = wrong or problem.fixed_period[event] not in (FREE, period)
        found += wrong or problem.fixed_room[event] not in (FREE, room)
        if room >= 0 and not problem.room_shared[room]:
            taken.add((period, room))
    return int(found)


def _beyond_limits(problem: Problem, busy: dict[tuple[int, int], int]) -> int:
    found = 0
    by_week: dict[tuple[int, int], int] = defaultdict(int)
    for (party, day), bits in busy.items():
        by_week[party, day // problem.days_in_week] += bits.bit_count()
        if limit := problem.day_limit[party]:
            found += max(0, bits.bit_count() - limit)
    for (party, _), number in by_week.items():
        if limit := problem.week_limit[party]:
            found += max(0, number - limit)
    return int(found)


def _hurried(problem: Problem, timetable: Timetable) -> int:
    """How often a party has too few empty slots between two sites on a day; what clashes or has no site left out."""
    if not problem.travel.any():
        return 0
    found = 0
    for party in range(problem.parties):
        of_party = problem.takes_part[problem.subject, party]
        places = _places(problem, timetable, np.flatnonzero(of_party).tolist())
        found += sum(_too_near(problem, one, other) for one, other in pairwise(places))
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
        last, begin = period[problem.subject == first].max(), period[problem.subject == second].min()
        if last >= begin:
            found += 1 + int(last // problem.slots - begin // problem.slots)
    return found + sum(int(period[one] >= period[other]) for one, other in problem.event_before)
