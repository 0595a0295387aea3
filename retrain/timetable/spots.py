"""Classes as plain values where they stand, read for a stretch of days together with whatever may stand in their way."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import func, or_, select

from retrain.calendar.slots import slots as clock_slots
from retrain.calendar.weeks import monday_of
from retrain.catalogue.models import Module, Run, Topic
from retrain.catalogue.states import HourKind
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP
from retrain.extensions import db
from retrain.people.models import Teacher
from retrain.timetable import occupying, queries
from retrain.timetable.models import ClassSession, Room
from retrain.timetable.states import Part, SessionState

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Spot:
    """A class where it stands, or where it is to stand; *number* is None before it exists."""

    number: int | None
    run_id: int
    module_id: int | None
    kind: HourKind
    part: Part
    topic: Mapping[str, str]
    on_date: date
    pair: int
    room_id: int | None
    lecturer_id: int | None
    minutes: int
    starts: datetime | None = None
    ends: datetime | None = None

    @cached_property
    def slots(self) -> range:
        """The clock slots it holds; see ``calendar.slots``. It must have its times."""
        if self.starts is None or self.ends is None:
            raise ValueError("a class that stands somewhere has its times")
        return clock_slots(self.starts, self.ends)

    @cached_property
    def held(self) -> list[occupying.Held]:
        """What it holds while it lasts."""
        return occupying.held(self.run_id, self.part, self.room_id, self.lecturer_id)


@dataclass(frozen=True)
class Scope:
    """Whose classes matter: of these runs, in these rooms, with these lecturers, from a day to a day."""

    provider_id: int
    run_ids: Collection[int]
    room_ids: Collection[int]
    lecturer_ids: Collection[int]
    first: date
    last: date

    @property
    def weeks(self) -> tuple[date, date]:
        """Whole weeks around it and a day more on each side: hours count by the week, and clocks differ."""
        monday = monday_of(self.first)
        sunday = monday_of(self.last) + timedelta(days=6)
        return monday - DAY, sunday + DAY


@dataclass(frozen=True)
class Site:
    """What is known of a room that some class stands in."""

    provider_id: int
    name: str
    site: str


def spot(meeting: ClassSession) -> Spot:
    """A class as it stands now."""
    topic = meeting.topic.titles if meeting.topic else {}
    return Spot(
        meeting.id, meeting.run_id, meeting.module_id, meeting.kind, meeting.part, topic, meeting.on_date,
        meeting.pair, meeting.room_id, meeting.lecturer_id, meeting.minutes, meeting.starts_at, meeting.ends_at,
    )  # fmt: skip


def moved(one: Spot, **where: Any) -> Spot:
    """The same class somewhere else."""
    return replace(one, **where)


def learning(lecturer_ids: Collection[int]) -> dict[int, set[int]]:
    """lecturer → the runs on which they have a place themselves."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = db.session.execute(
        select(Teacher.person_id, Enrolment.run_id)
        .join(Enrolment, Enrolment.teacher_id == Teacher.id)
        .where(Teacher.person_id.in_(lecturer_ids), Enrolment.state.in_(IN_GROUP))
    )
    for person_id, run_id in rows:
        found[person_id].add(run_id)
    return found


def members(run_ids: Collection[int]) -> dict[int, set[int]]:
    """run → the persons who have a place on it."""
    return {
        run_id: {person_id for _number, person_id in group}
        for run_id, group in queries.groups(run_ids).items()
    }


def around(scope: Scope, learnt: Collection[int]) -> Iterable[Any]:
    """Classes of the scope, of the runs *learnt* by its lecturers, and those that people of its runs teach."""
    group = select(Teacher.person_id).join(Enrolment, Enrolment.teacher_id == Teacher.id)
    group = group.where(Enrolment.run_id.in_(scope.run_ids), Enrolment.state.in_(IN_GROUP))
    first, last = scope.weeks
    return db.session.execute(
        select(
            ClassSession.id, ClassSession.run_id, Run.code, Run.provider_id, ClassSession.module_id,
            ClassSession.kind, ClassSession.part, Topic.titles, ClassSession.on_date, ClassSession.pair,
            ClassSession.room_id, ClassSession.lecturer_id, ClassSession.minutes, ClassSession.starts_at,
            ClassSession.ends_at, Room.name.label("room"), Room.site, Room.provider_id.label("room_of"),
        )
        .join(Run, Run.id == ClassSession.run_id)
        .outerjoin(Topic, Topic.id == ClassSession.topic_id)
        .outerjoin(Room, Room.id == ClassSession.room_id)
        .where(
            or_(
                ClassSession.run_id.in_([*scope.run_ids, *learnt]),
                ClassSession.room_id.in_(scope.room_ids),
                ClassSession.lecturer_id.in_(scope.lecturer_ids),
                ClassSession.lecturer_id.in_(group),
            ),
            ClassSession.on_date.between(first, last),
            ClassSession.state != SessionState.CANCELLED,
        )
        .order_by(ClassSession.starts_at, ClassSession.id)
    )  # fmt: skip


def of_row(row: Any) -> Spot:
    """A class out of what :func:`around` reads."""
    return Spot(
        row.id, row.run_id, row.module_id, row.kind, row.part, row.titles or {}, row.on_date, row.pair,
        row.room_id, row.lecturer_id, row.minutes, row.starts_at, row.ends_at,
    )  # fmt: skip


Planned = dict[tuple[int, int | None], dict[str, int]]
Placed = dict[tuple[int, int | None, HourKind, Part], int]


def planned(version_ids: Collection[int]) -> Planned:
    """(course version, module) → its hours by kind."""
    modules = db.session.execute(
        select(Module.course_version_id, Module.id, Module.hours).where(
            Module.course_version_id.in_(version_ids)
        )
    )
    return {(version, number): hours for version, number, hours in modules}


def placed(run_ids: Collection[int]) -> Placed:
    """Minutes placed by run, module, kind and half of the group."""
    found: Placed = defaultdict(int)
    rows = db.session.execute(
        select(
            ClassSession.run_id, ClassSession.module_id, ClassSession.kind, ClassSession.part,
            func.sum(ClassSession.minutes),
        )
        .where(ClassSession.run_id.in_(run_ids), ClassSession.state != SessionState.CANCELLED)
        .group_by(ClassSession.run_id, ClassSession.module_id, ClassSession.kind, ClassSession.part)
    )  # fmt: skip
    for run_id, module_id, kind, part, minutes in rows:
        for half in part.halves:
            found[run_id, module_id, kind, half] += minutes
    return found
