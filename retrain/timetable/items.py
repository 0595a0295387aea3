"""What a term has to place: classes that are alike together, those that stay, and who gives them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import numpy as np

from retrain.calendar.bells import Pair
from retrain.calendar.slots import overlap
from retrain.catalogue.models import Module, Run
from retrain.catalogue.states import HourKind
from retrain.timetable import choosing, item_order
from retrain.timetable.facts import room as as_facts
from retrain.timetable.fitting import ON_SOME_DAYS, Need, Said, When, room_refusals
from retrain.timetable.models import ClassSession, Lecturer
from retrain.timetable.solver.problem import Flags
from retrain.timetable.states import HALVES, Part, Stance, Standing
from retrain.timetable.terms import Calendar, Facts

IN_CLASS = (HourKind.LECTURE, HourKind.PRACTICAL)


@dataclass(frozen=True)
class Item:
    """Classes of a run that are alike: *count* of them, each of so many minutes. Fixed ones are kept classes."""

    run_id: int
    module_id: int | None
    kind: HourKind
    part: Part
    minutes: int
    count: int
    lecturer_id: int | None
    kept: tuple[ClassSession, ...] = ()


@dataclass(frozen=True)
class Placement:
    """One class as the solver placed it."""

    run_id: int
    module_id: int
    kind: HourKind
    part: Part
    minutes: int
    lecturer_id: int | None
    room_id: int | None
    on_date: date
    pair: int


class Given(Protocol):
    """A class of which it is known who gives it."""

    run_id: Any
    module_id: Any
    kind: Any
    lecturer_id: Any


def items_of(facts: Facts, chosen: Iterable[Given] | None = None) -> tuple[Item, ...]:
    """All that is to be placed, and all that is kept. Who gives what is known when it is *chosen* already."""
    to_place = _to_place(facts)
    given = _choose(facts, to_place) if chosen is None else _given(chosen)
    placed = [
        Item(
            each.run_id,
            each.module_id,
            each.kind,
            each.part,
            each.minutes,
            each.count,
            given.get(_duty(each)),
        )
        for each in to_place
    ]
    return (*placed, *_kept(facts))


def left_to_place(facts: Facts, run: Run, module: Module, kind: HourKind) -> dict[Part, int]:
    """Minutes that each part of the group still lacks, kept classes counted."""
    placed = dict.fromkeys(HALVES, 0)
    for row in facts.classes:
        if row.run_id == run.id and row.module_id == module.id and row.kind is kind and facts.is_kept(row):
            for half in row.part.halves:
                placed[half] += row.minutes
    planned = int(module.hours.get(kind, 0)) * facts.hour
    lacks = {half: max(0, planned - placed[half]) for half in HALVES}
    need = facts.needs.get((module.id, kind), Need())
    if need.in_halves:
        return {Part(half): minutes for half, minutes in lacks.items() if minutes}
    both = min(lacks.values())
    found = {Part.WHOLE: both} | {half: minutes - both for half, minutes in lacks.items()}
    return {part: minutes for part, minutes in found.items() if minutes}


def pair_minutes(facts: Facts) -> int:
    """Academic minutes that every pair of the term holds."""
    return min((pair.hours for _, _, pair in facts.calendar.periods()), default=2) * facts.hour


def _to_place(facts: Facts) -> list[Item]:
    full, found = pair_minutes(facts), []
    for run in facts.runs.values():
        for module in facts.modules[run.course_version_id]:
            for kind in IN_CLASS:
                for part, minutes in left_to_place(facts, run, module, kind).items():
                    number, rest = divmod(minutes, full)
                    for count, each in ((number, full), (1, rest)):
                        if count and each:
                            found.append(Item(run.id, module.id, kind, part, each, count, None))
    return found


def _kept(facts: Facts) -> list[Item]:
    """Classes that stay, those that are alike together. What stands in no pair of the term is busy time instead."""
    alike: dict[tuple[object, ...], list[ClassSession]] = defaultdict(list)
    for row in facts.classes:
        if facts.is_kept(row) and facts.calendar.period(row.on_date, row.pair) is not None:
            alike[
                row.run_id, row.module_id or 0, row.kind, row.part, row.minutes, row.lecturer_id or 0
            ].append(row)
    return [
        Item(
            first.run_id, first.module_id, first.kind, first.part, first.minutes, len(rows), first.lecturer_id,
            tuple(rows),
        )
        for rows in alike.values()
        for first in rows[:1]
    ]  # fmt: skip


def _duty(item: Item) -> tuple[int, ...]:
    return item.run_id, item.module_id or 0, IN_CLASS.index(item.kind)


def _given(chosen: Iterable[Given]) -> dict[tuple[int, ...], int]:
    return {
        (each.run_id, each.module_id or 0, IN_CLASS.index(each.kind)): each.lecturer_id for each in chosen
    }


def _choose(facts: Facts, items: Sequence[Item]) -> dict[tuple[int, ...], int]:
    """Who gives what is to be placed: whoever gives the kept classes of the same, else as is fair."""
    has: dict[tuple[int, ...], int] = {}
    people = {person: _lecturing(facts, row) for person, row in facts.lecturers.items()}
    for row in facts.classes:
        if row.lecturer_id in people and facts.is_kept(row):
            week = (row.on_date - facts.calendar.monday).days // 7
            of = people[row.lecturer_id].has
            of[week] = of.get(week, 0.0) + 1
            if row.kind in IN_CLASS:
                has[row.run_id, row.module_id or 0, IN_CLASS.index(row.kind)] = row.lecturer_id
    duties: dict[tuple[int, ...], choosing.Duty] = {}
    for item, weeks in zip(items, item_order.weeks(facts, items), strict=True):
        key, run = _duty(item), facts.runs[item.run_id]
        teachers = facts.needs.get((item.module_id or 0, item.kind), Need()).teachers or set(facts.lecturers)
        allowed = {has[key]} if has.get(key) in teachers else set(teachers)
        allowed -= {person for person in allowed if run.id in facts.learning.get(person, ())}
        before, whole = (duties[key].pairs, duties[key].weeks) if key in duties else (0, weeks)
        whole = range(min(whole[0], weeks[0]), max(whole[-1], weeks[-1]) + 1)
        duties[key] = choosing.Duty(key, before + item.count, whole, frozenset(allowed))
    return choosing.choose(list(duties.values()), people)


def _lecturing(facts: Facts, row: Lecturer) -> choosing.Lecturing:
    """What a lecturer can take in each week, by limits and by what was agreed of their time."""
    free: dict[tuple[int, date], int] = defaultdict(int)
    said = facts.said.get(row.person_id, [])
    for _, day, pair in facts.calendar.periods():
        if not _away(said, When.of(day, pair)):
            free[(day - facts.calendar.monday).days // 7, day] += 1
    weeks: dict[int, int] = defaultdict(int)
    for (week, _), number in free.items():
        weeks[week] += min(number, row.pairs_a_day or number)
    most = {week: min(number, row.pairs_a_week or number) for week, number in weeks.items()}
    norm = float("inf") if row.hours_a_year is None else row.hours_a_year / 2
    return choosing.Lecturing(most, norm)


def _away(said: Iterable[Said], at: When) -> bool:
    return any(
        each.stance is Stance.UNAVAILABLE and each.standing is Standing.AGREED and each.meets(at)
        for each in said
    )


def away(facts: Facts, person: int) -> Flags:
    """The periods in which somebody can't come, or is elsewhere."""
    calendar = facts.calendar
    found = np.zeros(calendar.days * calendar.slots, np.bool_)
    said = facts.said.get(person, [])
    busy = [(each.starts, each.ends) for each in facts.busy if each.person_id == person]
    busy += odd(facts, lambda row: row.lecturer_id == person)
    for period, day, pair in calendar.periods():
        found[period] = _away(said, When.of(day, pair)) or meets(calendar, busy, day, pair)
    return found


def odd(facts: Facts, wanted: Callable[[ClassSession], bool]) -> list[tuple[datetime, datetime]]:
    """Kept classes that stand in no pair of the term."""
    return [
        (row.starts_at, row.ends_at)
        for row in facts.classes
        if wanted(row) and facts.is_kept(row) and facts.calendar.period(row.on_date, row.pair) is None
    ]


def meets(calendar: Calendar, busy: list[tuple[datetime, datetime]], day: date, pair: Pair) -> bool:
    if not busy:
        return False
    at = pair.interval(day, calendar.zone)
    return any(overlap(at, each) for each in busy)


def suiting_rooms(facts: Facts, item: Item) -> list[int]:
    """The rooms with seats, equipment and site for a class, whatever the day; by their numbers among the facts'."""
    run = facts.runs[item.run_id]
    people = item.part.share_of(run.taken)
    need = facts.needs.get((item.module_id or 0, item.kind), Need())
    found = []
    for index, room in enumerate(facts.rooms):
        seen = as_facts(room)
        on = min(facts.ask.first, room.closed_on or facts.ask.first)
        if not [each for each in room_refusals(seen, need, people, on) if each.code not in ON_SOME_DAYS]:
            found.append(index)
    return found
