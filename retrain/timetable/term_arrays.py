"""The arrays of a term, made of its facts and its items."""

from collections.abc import Iterable
from functools import partial

import numpy as np

from retrain.calendar.bells import minute_of
from retrain.catalogue.models import Run
from retrain.catalogue.states import StudyForm
from retrain.timetable import item_order, rules
from retrain.timetable.facts import room as as_facts
from retrain.timetable.fitting import When
from retrain.timetable.items import Item, away, meets, odd, suiting_rooms
from retrain.timetable.models import ClassSession
from retrain.timetable.solver.problem import FREE, Flags, Ints, Weights, plain
from retrain.timetable.solver.term import NONE, Term
from retrain.timetable.states import HALVES, Part, Stance
from retrain.timetable.terms import Calendar, Facts

UNWISHED, ASKED, NOT_WISHED = 2, 3, 1
"""How unwelcome a time is: one would rather not, one asks to be free, one wished for others."""

LATE = 17 * 60
"""A pair that begins at this minute of the day or later is an evening's."""

LEAST_PAIRS, MOST_PAIRS = 3, 2
"""Pairs that a group's day should have, if it has any; and pairs of one module and kind that a day should have at most."""


def _is_in(room_id: int, row: ClassSession) -> bool:
    return row.room_id == room_id


class Making:
    """The arrays of a term."""

    def __init__(self, facts: Facts, items: tuple[Item, ...], weights: Weights) -> None:
        self.facts, self.items, self.weights = facts, items, weights
        self.calendar: Calendar = facts.calendar
        self.periods = self.calendar.periods()
        self.size = self.calendar.days * self.calendar.slots
        self.subject = np.repeat(np.arange(len(items), dtype=np.int32), [each.count for each in items])
        self.parties: dict[tuple[str, int], int] = {}
        self.takes_part = self._parties()
        self.away = {person: away(facts, person) for person in self._people()}

    def term(self) -> Term:
        items, slots = self.items, self.calendar.slots
        parties = np.array([kind for kind, _ in self.parties], dtype="U8")
        is_group, is_lecturer = parties == "group", parties == "lecturer"
        fixed_period, fixed_room = self._fixed()
        day_most, week_most = self._limits()
        before = item_order.before(self.facts, self.items)
        problem = plain(
            name="term", subject=self.subject, takes_part=self.takes_part, days=self.calendar.days, slots=slots,
            load=np.array([round(each.minutes * 10 / self.facts.hour) for each in items], np.int32),
            by_load=is_group, day_limit=day_most, week_limit=week_most,
            rooms=len(self.facts.rooms) + 1, days_in_week=self.calendar.days_in_week, weights=self.weights,
            period_open=self._period_open(before, fixed_period), room_open=self._room_open(),
            room_free=self._room_free(), room_shared=np.arange(len(self.facts.rooms) + 1) == len(self.facts.rooms),
            **self._sites(), before=self._among_free(before), fixed_period=fixed_period, fixed_room=fixed_room,
            **self._seats(), least_days=self._least_days(),
            most_on_day=np.full(len(items), MOST_PAIRS, np.int32), gaps=is_group | is_lecturer,
            least_a_day=np.where(is_group, LEAST_PAIRS, 0).astype(np.int32), unwelcome=self._unwelcome(),
            evening=self._evening(),
        )  # fmt: skip
        order = list(self.facts.runs)
        runs = [order.index(each.run_id) if each.run_id in self.facts.runs else NONE for each in items]
        return Term(problem, np.array(runs, np.int32))

    def _party(self, kind: str, number: int) -> int:
        return self.parties.setdefault((kind, number), len(self.parties))

    def _parties(self) -> Flags:
        """Halves of groups (one party where a group is never split), lecturers, and lecturers who learn."""
        split = {each.run_id for each in self.items if each.part is not Part.WHOLE}
        own: list[set[int]] = []
        for item in self.items:
            halves = [HALVES.index(half) for half in item.part.halves] if item.run_id in split else [0]
            mine = {self._party("group", item.run_id * 2 + half) for half in halves}
            if item.lecturer_id:
                mine.add(self._party("lecturer", item.lecturer_id))
            own.append(mine)
        for person, runs in self.facts.learning.items():
            for item, mine in zip(self.items, own, strict=True):
                if item.lecturer_id == person or item.run_id in runs:
                    mine.add(self._party("learner", person))
        found = np.zeros((len(self.items), max(len(self.parties), 1)), np.bool_)
        for row, mine in enumerate(own):
            found[row, list(mine)] = True
        if not self.parties:
            self.parties["group", 0] = 0
        return found

    def _people(self) -> set[int]:
        return {each.lecturer_id for each in self.items if each.lecturer_id}

    def _period_open(self, before: list[tuple[int, int]], fixed: Ints) -> Flags:
        exists, past = np.zeros(self.size, np.bool_), np.zeros(self.size, np.bool_)
        long_enough: dict[int, Flags] = {}
        for minutes in {each.minutes for each in self.items}:
            row = long_enough[minutes] = np.zeros(self.size, np.bool_)
            for period, _, pair in self.periods:
                row[period] = pair.hours * self.facts.hour >= minutes
        for period, day, _ in self.periods:
            exists[period], past[period] = True, day < self.facts.ask.today
        of_run = {run_id: exists & ~past & self._in_run(run) for run_id, run in self.facts.runs.items()}
        found = np.zeros((len(self.items), self.size), np.bool_)
        for row_number, item in enumerate(self.items):
            if item.kept:
                found[row_number, fixed[self.subject == row_number]] = True
                continue
            found[row_number] = of_run[item.run_id] & long_enough[item.minutes]
            if item.lecturer_id:
                found[row_number] &= ~self.away[item.lecturer_id]
        self._around_kept(found, before, fixed)
        return found

    def _in_run(self, run: Run) -> Flags:
        found = np.zeros(self.size, np.bool_)
        busy = [(each.starts, each.ends) for each in self.facts.busy if each.run_id == run.id]
        busy += odd(self.facts, lambda row: row.run_id == run.id)
        for period, day, pair in self.periods:
            found[period] = run.starts_on <= day <= run.ends_on and not meets(self.calendar, busy, day, pair)
        return found

    def _around_kept(self, found: Flags, before: list[tuple[int, int]], fixed: Ints) -> None:
        """What comes before or after kept classes keeps to their side of them, where there is room for it there.

        A coordinator who has put a practical first had reasons; nothing is refused for it.
        """
        periods = np.arange(self.size)
        for first, second in before:
            one = self.items[first]
            if bool(one.kept) == bool(self.items[second].kept):
                continue
            if one.kept:
                mine, side = second, periods > fixed[self.subject == first].max()
            else:
                mine, side = first, periods < fixed[self.subject == second].min()
            narrowed = found[mine] & side
            if narrowed.sum() >= self.items[mine].count:
                found[mine] = narrowed

    def _fixed(self) -> tuple[Ints, Ints]:
        period, room = np.full(len(self.subject), FREE, np.int32), np.full(len(self.subject), FREE, np.int32)
        number = {row.id: index for index, row in enumerate(self.facts.rooms)}
        event = 0
        for item in self.items:
            for row in item.kept:
                at = self.calendar.period(row.on_date, row.pair)
                period[event] = FREE if at is None else at
                room[event] = number.get(row.room_id or 0, len(self.facts.rooms))
                event += 1
            event += item.count - len(item.kept)
        return period, room

    def _room_open(self) -> Flags:
        """The rooms that suit, whatever the day; distance hours and kept classes without a room need none."""
        rooms = self.facts.rooms
        found = np.zeros((len(self.items), len(rooms) + 1), np.bool_)
        for row, item in enumerate(self.items):
            if item.kept:
                found[row] = True
                continue
            run = self.facts.runs[item.run_id]
            if run.form is StudyForm.DISTANCE:
                found[row, -1] = True
                continue
            for index in suiting_rooms(self.facts, item):
                found[row, index] = True
        return found

    def _room_free(self) -> Flags:
        found = np.ones((self.size, len(self.facts.rooms) + 1), np.bool_)
        for index, room in enumerate(self.facts.rooms):
            busy, seen = odd(self.facts, partial(_is_in, room.id)), as_facts(room)
            for period, day, pair in self.periods:
                closed = (room.closed_on is not None and day >= room.closed_on) or seen.outage(
                    day
                ) is not None
                found[period, index] = not closed and not meets(self.calendar, busy, day, pair)
        return found

    def _sites(self) -> dict[str, Ints]:
        """The site of each room, and how many pairs must stay empty on the way between two."""
        names = sorted({room.site for room in self.facts.rooms})
        site = [names.index(room.site) for room in self.facts.rooms] + [0]
        travel = np.zeros((max(len(names), 1), max(len(names), 1)), np.int32)
        for one, here in enumerate(names):
            for other, there in enumerate(names):
                if minutes := self.facts.travel.get((here, there), 0):
                    travel[one, other] = self._pairs_on_the_way(minutes)
        return {"site": np.array(site, np.int32), "travel": travel}

    def _pairs_on_the_way(self, minutes: int) -> int:
        """So many pairs between two that, wherever in the day they stand, the way is no longer than the time."""
        most = self.calendar.slots
        bells = {tuple(each.pairs) for each in self.calendar.bells.values()}
        for between in range(most):
            spare = [
                minute_of(late.start) - minute_of(early.end)
                for pairs in bells
                for early, late in zip(pairs, pairs[between + 1 :], strict=False)
            ]
            if all(each >= minutes for each in spare):
                return between
        return most

    def _among_free(self, before: Iterable[tuple[int, int]]) -> Ints:
        free = [(one, two) for one, two in before if not self.items[one].kept and not self.items[two].kept]
        return np.array(sorted(free), np.int32).reshape(-1, 2)

    def _seats(self) -> dict[str, Ints]:
        """Seats that are too few for the places offered, and those that stay empty, by tens."""
        short = np.zeros((len(self.items), len(self.facts.rooms) + 1), np.int32)
        wasted = np.zeros_like(short)
        for row, item in enumerate(self.items):
            if item.run_id not in self.facts.runs:
                continue
            run = self.facts.runs[item.run_id]
            places = item.part.share_of(run.places)
            for index, room in enumerate(self.facts.rooms):
                short[row, index] = max(0, places - room.capacity)
                wasted[row, index] = max(0, room.capacity - places) // 10
        return {"seats_short": short, "seats_wasted": wasted}

    def _least_days(self) -> Ints:
        """Spread: as many days as there are classes, but no more than two a week of the run."""
        found = []
        for item in self.items:
            run = self.facts.runs.get(item.run_id)
            weeks = ((run.ends_on - run.starts_on).days // 7 + 1) if run else 0
            found.append(0 if item.kept else min(item.count, 2 * weeks))
        return np.array(found, np.int32)

    def _unwelcome(self) -> Ints:
        found = np.zeros((len(self.items), self.size), np.int32)
        of_person = {person: self._wishes(person) for person in self._people()}
        for row, item in enumerate(self.items):
            if item.lecturer_id and not item.kept:
                found[row] = of_person[item.lecturer_id]
        return found

    def _wishes(self, person: int) -> Ints:
        found, said = np.zeros(self.size, np.int32), self.facts.said.get(person, [])
        wishes = [each for each in said if each.stance is Stance.WISHED]
        for period, day, pair in self.periods:
            at = When.of(day, pair)
            mine = [each for each in said if each.meets(at)]
            if any(each.stance is Stance.UNAVAILABLE for each in mine):
                found[period] = ASKED
            elif any(each.stance is Stance.UNWISHED for each in mine):
                found[period] = UNWISHED
            elif wishes and not any(each.stance is Stance.WISHED for each in mine):
                found[period] = NOT_WISHED
        return found

    def _evening(self) -> Flags:
        found = np.zeros(self.size, np.bool_)
        for period, _, pair in self.periods:
            found[period] = minute_of(pair.start) >= LATE
        return found

    def _limits(self) -> tuple[Ints, Ints]:
        """Groups: hours a day and a week, in tenths; lecturers: pairs, where a limit is set."""
        day, week = np.zeros(len(self.parties), np.int32), np.zeros(len(self.parties), np.int32)
        for (kind, number), party in self.parties.items():
            if kind == "group":
                day[party], week[party] = rules.MOST_HOURS_A_DAY * 10, rules.MOST_HOURS_A_WEEK * 10
            elif kind == "lecturer" and (row := self.facts.lecturers.get(number)):
                day[party], week[party] = row.pairs_a_day or 0, row.pairs_a_week or 0
        return day, week
