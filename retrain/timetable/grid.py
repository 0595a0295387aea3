"""What the week grid shows, read in a bounded number of queries: classes of a run, a room or a lecturer; what is
still to be placed; when lecturers are free."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from retrain.calendar.bells import Bells
from retrain.calendar.slots import slots
from retrain.catalogue.models import Module, Run, Topic
from retrain.catalogue.states import HourKind
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people.models import Person
from retrain.timetable import queries, times
from retrain.timetable.models import ClassSession, Lecturer, Room
from retrain.timetable.states import HALVES, Part, SessionState


@dataclass(frozen=True)
class Meeting:
    """One class as the grid shows it."""

    id: int
    run_id: int
    run_code: str
    provider_id: int
    topic_id: int | None
    titles: dict[str, str]
    kind: HourKind
    room: str
    room_id: int | None
    lecturer_id: int | None
    on_date: date
    pair: int
    starts_at: datetime
    ends_at: datetime
    minutes: int
    state: SessionState
    part: Part
    pinned: bool
    lock: int


@dataclass(frozen=True)
class Unplaced:
    """A topic with hours still to place; *left* and *planned* are academic hours."""

    topic_id: int
    module_id: int
    titles: dict[str, str]
    kind: HourKind
    left: float
    planned: float


@dataclass(frozen=True)
class ModuleHours:
    """Hours of one kind in a module: how many are planned, how many left, and which topics lack some."""

    module_id: int
    position: int
    titles: dict[str, str]
    kind: HourKind
    planned: float
    left: float
    topics: list[Unplaced]


@dataclass(frozen=True)
class Known:
    """What a provider has to choose from for a class of a run, read once for the grid and the form beside it."""

    rooms: list[Room]
    lecturers: dict[int, str]
    modules: list[Module]

    @classmethod
    def of(cls, run: Run) -> "Known":
        """In three queries."""
        return cls(queries.rooms(run.provider_id), lecturers(run.provider_id), queries.modules(run))


def classes(first: date, last: date, *where: ColumnElement[bool]) -> list[Meeting]:
    """Classes from day to day that are not cancelled and fit *where*, in order."""
    rows = db.session.execute(
        select(
            ClassSession.id, ClassSession.run_id, Run.code.label("run_code"), Run.provider_id, ClassSession.topic_id,
            Topic.titles, ClassSession.kind, Room.name.label("room"), ClassSession.room_id, ClassSession.lecturer_id,
            ClassSession.on_date, ClassSession.pair, ClassSession.starts_at, ClassSession.ends_at,
            ClassSession.minutes, ClassSession.state, ClassSession.part, ClassSession.pinned, ClassSession.lock,
        )
        .join(Run, Run.id == ClassSession.run_id)
        .outerjoin(Topic, Topic.id == ClassSession.topic_id)
        .outerjoin(Room, Room.id == ClassSession.room_id)
        .where(
            ClassSession.on_date.between(first, last), ClassSession.state != SessionState.CANCELLED, *where
        )
        .order_by(ClassSession.starts_at, ClassSession.id)
    )  # fmt: skip
    return [_meeting(row._mapping) for row in rows]


def _meeting(row: Mapping[Any, Any]) -> Meeting:
    return Meeting(**{**row, "titles": row["titles"] or {}, "room": row["room"] or ""})


def hours(run: Run, modules: Sequence[Module], hour: int) -> list[ModuleHours]:
    """Hours of the run that belong in the week, by module and kind; one query."""
    placed: Placed = defaultdict(int)
    rows = db.session.execute(
        select(
            ClassSession.module_id, ClassSession.kind, ClassSession.topic_id, ClassSession.part,
            func.sum(ClassSession.minutes),
        )
        .where(ClassSession.run_id == run.id, ClassSession.state != SessionState.CANCELLED)
        .group_by(ClassSession.module_id, ClassSession.kind, ClassSession.topic_id, ClassSession.part)
    )  # fmt: skip
    for module_id, kind, topic_id, part, minutes in rows:
        for half in part.halves:
            placed[module_id, kind, topic_id, half] += minutes
            placed[module_id, kind, ALL, half] += minutes
    return [
        _module_hours(module, kind, placed, hour)
        for module in modules
        for kind in queries.IN_CLASS
        if module.hours.get(kind)
    ]


ALL = -1
"""Stands for every topic of a module, also the classes without one."""

Placed = dict[tuple[int | None, HourKind, int | None, Part], int]


def _module_hours(module: Module, kind: HourKind, placed: Placed, hour: int) -> ModuleHours:
    def lacking(planned: float, topic_id: int) -> float:
        """Hours that the half of the group which has least still lacks."""
        least = min(placed.get((module.id, kind, topic_id, half), 0) for half in HALVES)
        return round(planned - least / hour, 1)

    left = lacking(module.hours[kind], ALL)
    topics = [
        Unplaced(topic.id, module.id, topic.titles, kind, min(lacks, left), topic.hours)
        for topic in module.topics
        if topic.kind == kind and left > 0 and (lacks := lacking(topic.hours, topic.id)) > 0
    ]
    return ModuleHours(module.id, module.position, module.titles, kind, module.hours[kind], left, topics)


@dataclass(frozen=True)
class FreePairs:
    """A lecturer's week: on each day the pairs at which they teach nowhere."""

    person_id: int
    name: str
    by_day: dict[date, list[int]]

    @property
    def count(self) -> int:
        """How many pairs are free in the week."""
        return sum(map(len, self.by_day.values()))


def lecturers(provider_id: int) -> dict[int, str]:
    """The provider's lecturers by name: person id → name."""
    rows = db.session.execute(
        select(Person.id, Person.family, Person.given)
        .join(Lecturer, Lecturer.person_id == Person.id)
        .where(Lecturer.provider_id == provider_id)
        .order_by(Person.sort_key)
    )
    return {number: f"{family} {given}".strip() for number, family, given in rows}


def free_pairs(provider_id: int, names: dict[int, str], days: Sequence[date]) -> list[FreePairs]:
    """When each lecturer is free on working days, wherever they teach; one query."""
    busy: dict[tuple[int, date], list[range]] = defaultdict(list)
    rows = db.session.execute(
        select(ClassSession.lecturer_id, ClassSession.on_date, ClassSession.starts_at, ClassSession.ends_at)
        .join(Lecturer, Lecturer.person_id == ClassSession.lecturer_id)
        .where(
            Lecturer.provider_id == provider_id,
            ClassSession.on_date.between(days[0], days[-1]),
            ClassSession.state != SessionState.CANCELLED,
        )
    )
    for person_id, day, starts, ends in rows:
        busy[person_id, day].append(slots(starts, ends))
    zone = people.zone_of(provider_id)
    bells: dict[date, list[tuple[int, range]]] = {
        day: [(pair.number, slots(*pair.interval(day, zone))) for pair in times.bells(provider_id, day)]
        for day in days
        if times.is_working_day(provider_id, day)
    }
    return [
        FreePairs(number, name, {day: _free(pairs, busy[number, day]) for day, pairs in bells.items()})
        for number, name in names.items()
    ]


def _free(pairs: list[tuple[int, range]], taken: list[range]) -> list[int]:
    return [
        number
        for number, clock in pairs
        if not any(one.start < clock.stop and clock.start < one.stop for one in taken)
    ]


def rung_at(bells: Bells, meeting: Meeting, zone: Any) -> int:
    """The pair of these bells in which a class of other bells stands: the first that it touches."""
    theirs = slots(meeting.starts_at, meeting.ends_at)
    for pair in bells:
        clock = slots(*pair.interval(meeting.on_date, zone))
        if clock.start < theirs.stop and theirs.start < clock.stop:
            return pair.number
    return meeting.pair
