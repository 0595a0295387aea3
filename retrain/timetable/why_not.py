"""Why a term has no timetable, counted: who or what is asked for more than there is of it, with what would help. Pure.

Each reason holds by itself and needs no search: so many pairs are wanted of these rooms, people or days, and there
are fewer. Of reasons that contain one another the smallest is given.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import numpy as np

from retrain.refusal import Refusal
from retrain.timetable.building import Built
from retrain.timetable.fitting import Need
from retrain.timetable.items import Item, away
from retrain.timetable.solver.problem import FREE, Flags
from retrain.timetable.solver.term import NO_LIMIT
from retrain.timetable.states import Part

DAY, MOMENT = "day of", "moment of"
"""By these a day or a moment among stored facts is known."""

MOST_NAMED = 6
"""So many of a kind are named; the others are counted with them."""


def reasons(built: Built) -> list[Refusal]:
    """Every reason that counting finds; empty when it finds none."""
    short = _short_runs(built)
    found = [*_nobody(built), *_no_room(built), *short]
    found += _never_free(built, {str(each.facts["run"]) for each in short})
    return found or [*_few_people(built), *_few_rooms(built)]


def left_over(built: Built, waiting: Mapping[int, int]) -> list[Refusal]:
    """What the search found no place for, when no count says why: together it does not fit."""
    found = [
        Refusal.of("classes-left-over", count=count, **_what(built, built.items[number]))
        for number, count in waiting.items()
    ]
    return found[:MOST_NAMED]


def stored(reason: Refusal) -> dict[str, Any]:
    """A reason as the database keeps it, days and the reasons inside it too."""
    return {"code": reason.code, "facts": {name: _stored(value) for name, value in reason.facts.items()}}


def restored(kept: Mapping[str, Any]) -> Refusal:
    """A reason out of its column."""
    return Refusal(str(kept["code"]), {name: _restored(value) for name, value in kept["facts"].items()})


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return {MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    if isinstance(value, list):
        return [stored(each) if isinstance(each, Refusal) else each for each in value]
    return value


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [restored(each) if isinstance(each, dict) else each for each in value]
    if isinstance(value, dict) and value.keys() == {MOMENT}:
        return datetime.fromisoformat(value[MOMENT])
    if isinstance(value, dict) and value.keys() == {DAY}:
        return date.fromisoformat(value[DAY])
    return value


def _free_items(built: Built) -> list[tuple[int, Item]]:
    return [(number, item) for number, item in enumerate(built.items) if not item.kept]


def _what(built: Built, item: Item) -> dict[str, Any]:
    run = built.facts.runs[item.run_id]
    titles = next(
        each.titles for each in built.facts.modules[run.course_version_id] if each.id == item.module_id
    )
    return {"run": run.code, "module": titles, "kind": item.kind.value}


def _nobody(built: Built) -> list[Refusal]:
    """Modules that no one can teach."""
    found: dict[tuple[int | None, str], Refusal] = {}
    for item in built.nobody:
        found.setdefault((item.module_id, item.kind), Refusal.of("nobody-may-give", **_what(built, item)))
    return list(found.values())[:MOST_NAMED]


def _no_room(built: Built) -> list[Refusal]:
    """Groups that no room holds, or hours that none is equipped for."""
    facts, found = built.facts, []
    for number, item in _free_items(built):
        if built.term.problem.room_open[number].any():
            continue
        run = facts.runs[item.run_id]
        need = facts.needs.get((item.module_id or 0, item.kind), Need())
        people = item.part.share_of(run.taken)
        equipped = [
            room for room in facts.rooms
            if need.equipment <= frozenset(room.equipment) and (not need.site or room.site == need.site)
        ]  # fmt: skip
        if not equipped:
            what = ", ".join(sorted(need.equipment)) or need.site
            code = "no-room-equipped" if what else "no-rooms"
            found.append(Refusal.of(code, what=what, **_what(built, item)))
        else:
            largest = max(equipped, key=lambda room: room.capacity)
            halved = item.part is Part.WHOLE and Part.FIRST_HALF.share_of(run.taken) <= largest.capacity
            found.append(
                Refusal.of(
                    "no-room-large-enough" if halved else "no-room-large-enough-for-a-half", name=largest.name,
                    seats=largest.capacity, people=people, lacking=people - largest.capacity, **_what(built, item),
                )
            )  # fmt: skip
    return _once(found)


def _never_free(built: Built, short: Collection[str]) -> list[Refusal]:
    """Hours whose lecturer has fewer free pairs in the run's dates than there are classes; *short* runs are left out."""
    found = []
    for number, item in _free_items(built):
        free = int(built.term.problem.period_open[number].sum())
        if free >= item.count or not item.lecturer_id or built.facts.runs[item.run_id].code in short:
            continue
        name = built.facts.names.get(item.lecturer_id, "")
        code = "lecturer-too-little-time" if free else "lecturer-never-free"
        found.append(Refusal.of(code, name=name, free=free, count=item.count, lacking=item.count - free,
                                **_what(built, item)))  # fmt: skip
    return _once(found)


def _short_runs(built: Built) -> list[Refusal]:
    """Runs whose dates hold fewer hours than their courses have, by the limits of a day and a week."""
    problem, found = built.term.problem, []
    for run in built.facts.runs.values():
        mine = [number for number, item in enumerate(built.items) if item.run_id == run.id]
        if not mine:
            continue
        # Of the days and pairs alone: whether lecturers have time in them is another reason.
        is_open: Flags = _in_dates(built, mine) | np.any(problem.period_open[mine], axis=0)
        parties = np.flatnonzero(problem.takes_part[mine].any(axis=0) & built.term.in_hours)
        for party in parties:
            own = [number for number in mine if problem.takes_part[number, party]]
            wanted = sum(built.items[number].count * int(built.term.tenths[number]) for number in own)
            room = _capacity(
                built, is_open, 20, int(built.term.day_most[party]), int(built.term.week_most[party])
            )
            if wanted > room:
                found.append(
                    Refusal.of(
                        "run-too-short", run=run.code, hours=wanted / 10, most=room / 10,
                        lacking=(wanted - room) / 10, days=_days_for(built, int(party), wanted - room),
                        starts=run.starts_on.isoformat(), ends=run.ends_on.isoformat(),
                    )
                )  # fmt: skip
                break
    return found


def _days_for(built: Built, party: int, lacking: int) -> int:
    """So many more days hold what a group lacks, each as full as a day may be and as its pairs allow."""
    a_day = min(int(built.term.day_most[party]), built.term.problem.slots * 20)
    return -(-lacking // max(a_day, 1))


def _few_people(built: Built) -> list[Refusal]:
    """People who alone may give more pairs than they are free for, by themselves or together."""
    facts = built.facts
    demand: dict[frozenset[int], list[int]] = defaultdict(list)
    for number, item in _free_items(built):
        need = facts.needs.get((item.module_id or 0, item.kind), Need())
        demand[frozenset(need.teachers or facts.lecturers)].append(number)
    found: list[tuple[frozenset[int], Refusal]] = []
    for people in sorted(demand, key=lambda each: (len(each), sorted(each))):
        if any(smaller <= people for smaller, _ in found):
            continue
        own = [number for other, numbers in demand.items() if other <= people for number in numbers]
        wanted = sum(built.items[number].count for number in own)
        is_open = _in_dates(built, own)
        free = sum(_time_of(built, person, is_open) for person in people)
        if wanted > free:
            names = ", ".join(sorted(facts.names.get(person, "") for person in people))
            found.append((people, Refusal.of(
                "people-too-few", names=names, wanted=wanted, free=free, lacking=wanted - free,
                **_what(built, built.items[own[0]]))))  # fmt: skip
    return [reason for _, reason in found][:MOST_NAMED]


def _in_dates(built: Built, numbers: Iterable[int]) -> Flags:
    """The periods that lie in the dates of these items' runs."""
    calendar, found = built.facts.calendar, np.zeros(built.term.problem.periods, np.bool_)
    runs = [built.facts.runs[built.items[number].run_id] for number in numbers]
    spans = {(max(run.starts_on, built.facts.ask.today), run.ends_on) for run in runs}
    for period, day, _ in calendar.periods():
        found[period] = any(first <= day <= last for first, last in spans)
    return found


def _time_of(built: Built, person: int, is_open: Flags) -> int:
    """Pairs that a person is free for in these periods, by limits and without the classes they keep."""
    facts, problem = built.facts, built.term.problem
    row = facts.lecturers.get(person)
    if row is None:
        return 0
    free = is_open & ~away(facts, person)
    kept = [number for number, item in enumerate(built.items) if item.kept and item.lecturer_id == person]
    taken = problem.fixed_period[np.isin(problem.subject, kept)]
    free[taken[taken >= 0]] = False
    return _capacity(built, free, 1, row.pairs_a_day or NO_LIMIT, row.pairs_a_week or NO_LIMIT)


def _capacity(built: Built, is_open: Flags, each: int, day_most: int, week_most: int) -> int:
    """How much fits into these periods, *each* holding so much, by the limits of a day and a week."""
    problem = built.term.problem
    by_day = is_open.reshape(problem.days, problem.slots).sum(axis=1).astype(np.int64) * each
    by_week = np.minimum(by_day, day_most).reshape(-1, problem.days_in_week).sum(axis=1)
    return int(np.minimum(by_week, week_most).sum())


def _few_rooms(built: Built) -> list[Refusal]:
    """Rooms that are wanted for more pairs than they are free for."""
    problem = built.term.problem
    demand: dict[frozenset[int], list[int]] = defaultdict(list)
    for number, _ in _free_items(built):
        if not problem.room_open[number, built.no_room]:
            demand[frozenset(np.flatnonzero(problem.room_open[number]).tolist())].append(number)
    taken = problem.room_free.copy()
    fixed = problem.fixed_period != FREE
    taken[problem.fixed_period[fixed], problem.fixed_room[fixed]] = False
    found: list[tuple[frozenset[int], Refusal]] = []
    for rooms in sorted(demand, key=lambda each: (len(each), sorted(each))):
        if any(smaller <= rooms for smaller, _ in found):
            continue
        own = [number for other, numbers in demand.items() if other <= rooms for number in numbers]
        wanted = sum(built.items[number].count for number in own)
        free = int(taken[_in_dates(built, own)][:, sorted(rooms)].sum())
        if wanted > free:
            found.append((rooms, _rooms_reason(built, rooms, own, wanted, free)))
    return [reason for _, reason in found][:MOST_NAMED]


def _rooms_reason(built: Built, rooms: frozenset[int], own: list[int], wanted: int, free: int) -> Refusal:
    facts = built.facts
    names = ", ".join(facts.rooms[index].name for index in sorted(rooms)[:MOST_NAMED])
    first = built.items[own[0]]
    need = facts.needs.get((first.module_id or 0, first.kind), Need())
    told = {"names": names, "wanted": wanted, "free": free, "lacking": wanted - free, **_what(built, first)}
    what = ", ".join(sorted(need.equipment))
    code = "room-alone-has" if what and len(rooms) == 1 else "rooms-alone-have" if what else "rooms-too-few"
    return Refusal.of(code, what=what, **told)


def _once(found: list[Refusal]) -> list[Refusal]:
    """Each sort of reason for each module once, and not too many of them."""
    seen: dict[tuple[str, str, str], Refusal] = {}
    for each in found:
        seen.setdefault((each.code, str(each.facts.get("name")), str(each.facts.get("module"))), each)
    return list(seen.values())[:MOST_NAMED]
