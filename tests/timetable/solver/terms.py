"""Made-up problems like a provider's term: weeks, runs in halves, lecturers, rooms on several sites, order, limits."""

import numpy as np

from retrain.timetable.solver.problem import Problem, Weights, plain

WEIGHTS = Weights(
    seats_wasted=1, spread=3, crowding=2, alone=1, gaps=3, short_days=2, rooms=1, wishes=2, evenings=1
)


def term(
    seed: int, runs: int, weeks: int, lecturers: int, rooms: int, *, sites: int = 3, slots: int = 6
) -> Problem:
    """Each run lasts a quarter of the term or more; a module a week: a lecture for all, practicals by halves."""
    chance = np.random.default_rng(seed)
    days, periods = weeks * 6, weeks * 6 * slots
    lasts = chance.integers(max(weeks // 4, 1), weeks + 1, runs)
    subjects: list[tuple[int, tuple[int, ...], int, int]] = []  # run, halves, kind of room, events
    opens, before, event_before = [], [], []
    begins = 0
    for run in range(runs):
        first_week = int(chance.integers(0, weeks - lasts[run] + 1))
        for module in range(lasts[run]):
            lecture = len(subjects)
            for kind, halves, number in ((0, (0, 1), 10), (1, (0,), 5), (1, (1,), 5)):
                if kind:
                    of_lecture = begins - 10 - (5 if halves == (1,) else 0)
                    event_before += [(of_lecture + at, begins + at) for at in range(number)]
                if module >= 3:
                    before.append((lecture - 9, len(subjects)))
                subjects.append((run, halves, kind, number))
                opens.append((first_week, first_week + lasts[run]))
                begins += number
    of_run = np.array([run for run, *_ in subjects])
    kinds = np.array([kind for _, _, kind, _ in subjects])
    takes_part = np.zeros((len(subjects), 2 * runs + lecturers), np.bool_)
    for subject, (run, halves, _, _) in enumerate(subjects):
        takes_part[subject, [2 * run + half for half in halves]] = True
        takes_part[subject, 2 * runs + (subject + run * 7) % lecturers] = True
    period_open = np.zeros((len(subjects), periods), np.bool_)
    for subject, (begin, end) in enumerate(opens):
        period_open[subject, begin * 6 * slots : end * 6 * slots] = True
    site = np.arange(rooms) % sites
    room_kind = np.arange(rooms) // sites % 2
    seats = chance.integers(2, 7, rooms)
    people = np.where(kinds == 0, 2, 1)
    at_home = site[None, :] == (of_run % sites)[:, None]
    fits = (room_kind[None, :] == kinds[:, None]) & (at_home | (chance.random((len(subjects), 1)) < 0.1))
    is_group = np.arange(2 * runs + lecturers) < 2 * runs
    return plain(
        name=f"Term {seed}",
        subject=np.repeat(np.arange(len(subjects), dtype=np.int32), [number for *_, number in subjects]),
        takes_part=takes_part,
        days=days,
        days_in_week=6,
        slots=slots,
        rooms=rooms,
        weights=WEIGHTS,
        period_open=period_open,
        room_open=fits,
        room_free=chance.random((periods, rooms)) > 0.03,
        day_limit=np.where(is_group, 4, 5).astype(np.int32),
        week_limit=np.where(is_group, 20, 18).astype(np.int32),
        site=site.astype(np.int32),
        travel=(1 - np.eye(sites)).astype(np.int32),
        before=np.array(before, np.int32).reshape(-1, 2),
        event_before=np.array(event_before, np.int32).reshape(-1, 2),
        seats_wasted=np.maximum(seats[None, :] - people[:, None], 0).astype(np.int32),
        least_days=np.full(len(subjects), 4, np.int32),
        most_on_day=np.full(len(subjects), 2, np.int32),
        alone=np.zeros(2 * runs + lecturers, np.bool_),
        gaps=np.ones(2 * runs + lecturers, np.bool_),
        least_a_day=np.where(is_group, 2, 0).astype(np.int32),
        unwelcome=(chance.random((len(subjects), periods)) < 0.05).astype(np.int32),
        evening=np.arange(periods) % slots == slots - 1,
    )


def anything(seed: int) -> Problem:
    """A small problem with everything in it at once, sensible or not."""
    chance = np.random.default_rng(seed)
    subjects, parties, rooms, days, slots = 9, 7, 5, 8, 4
    periods = days * slots
    subject = np.repeat(np.arange(subjects, dtype=np.int32), chance.integers(1, 5, subjects))
    events = len(subject)

    def some(*shape: int, part: float) -> np.ndarray:
        return chance.random(shape) < part

    def numbers(below: int, *shape: int) -> np.ndarray:
        return chance.integers(0, below, shape).astype(np.int32)

    period_open, room_open = some(subjects, periods, part=0.8), some(subjects, rooms, part=0.7)
    period_open[:, 0] = room_open[:, 0] = True
    fixed = np.where(some(events, part=0.1), numbers(periods, events), -1).astype(np.int32)
    travel = numbers(3, 3, 3) * (1 - np.eye(3, dtype=np.int32))
    pairs = chance.permutation(subjects)[:6].reshape(-1, 2).astype(np.int32)
    return plain(
        name="Anything", subject=subject, takes_part=some(subjects, parties, part=0.35), days=days, slots=slots,
        rooms=rooms, days_in_week=3, clash=some(subjects, subjects, part=0.05), period_open=period_open,
        room_open=room_open, room_free=some(periods, rooms, part=0.9), room_shared=np.arange(rooms) == rooms - 1,
        weights=Weights(*(int(each) for each in chance.integers(0, 6, 10))),
        day_limit=numbers(4, parties), week_limit=numbers(6, parties), site=numbers(3, rooms), travel=travel,
        before=pairs, event_before=chance.permutation(events)[:6].reshape(-1, 2).astype(np.int32),
        fixed_period=fixed, fixed_room=np.where(some(events, part=0.1), numbers(rooms, events), -1).astype(np.int32),
        seats_short=numbers(4, subjects, rooms), seats_wasted=numbers(4, subjects, rooms),
        least_days=numbers(4, subjects), most_on_day=numbers(3, subjects), alone=some(parties, part=0.5),
        gaps=some(parties, part=0.5), least_a_day=numbers(4, parties), unwelcome=numbers(3, subjects, periods),
        evening=np.arange(periods) % slots == slots - 1,
    )  # fmt: skip
