"""What timetable pages, reports and rules read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from retrain.calendar.slots import slots
from retrain.catalogue.models import Module, Run, Topic
from retrain.catalogue.states import HourKind
from retrain.database.rows import only
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP
from retrain.extensions import db
from retrain.people.models import Person, Teacher
from retrain.refusal import NotThere
from retrain.timetable.models import ClassSession, Lecturer, Occupancy, Room
from retrain.timetable.states import HALVES, Part, Resource, SessionState

IN_CLASS = (HourKind.LECTURE, HourKind.PRACTICAL)
"""Kinds of hours that are put into the week; the others have evidence instead of a session."""

_SHOWN = (
    joinedload(ClassSession.run),
    joinedload(ClassSession.room),
    joinedload(ClassSession.topic),
    joinedload(ClassSession.module),
)


@dataclass(frozen=True)
class Need:
    """Hours of one kind that a module still lacks in the timetable.

    *placed* is what the half of the group that has least has; *by_half* says it for each.
    """

    module: Module
    kind: HourKind
    planned: float
    placed: float
    by_half: tuple[float, float] = (0, 0)

    @property
    def left(self) -> float:
        """Academic hours still to place, to a tenth: half an hour of 45 minutes is no whole minute."""
        return round(self.planned - self.placed, 1)

    def left_for(self, part: Part) -> float:
        """Hours that may still be placed for this part of the group; what one half has, the whole can't have."""
        most = max(placed for half, placed in zip(HALVES, self.by_half, strict=True) if half in part.halves)
        return round(self.planned - most, 1)


def session(session_id: int, *, for_update: bool = False) -> ClassSession:
    """The session with what its page shows, or :class:`NotThere`; *for_update* keeps other writers waiting."""
    wanted = select(ClassSession).options(*_SHOWN).where(ClassSession.id == session_id)
    if for_update:
        wanted = wanted.with_for_update(of=ClassSession).execution_options(populate_existing=True)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotThere(session_id)
    return found


def run_code_of(session_id: int) -> str:
    """The code of the run a session belongs to, or :class:`NotThere`: a run is locked before its sessions."""
    code = select(Run.code).join(ClassSession, ClassSession.run_id == Run.id)
    if (found := db.session.scalar(code.where(ClassSession.id == session_id))) is None:
        raise NotThere(session_id)
    return found


def run_by_number(run_id: int, *, for_update: bool = False) -> Run:
    """The run by its row's number, or :class:`NotThere`."""
    return only(select(Run).where(Run.id == run_id), run_id, for_update=for_update)


def sessions(run_id: int, first: date | None = None, last: date | None = None) -> list[ClassSession]:
    """The run's sessions from day to day that are not cancelled, in order."""
    wanted = (
        select(ClassSession)
        .options(*_SHOWN)
        .where(ClassSession.run_id == run_id, ClassSession.state != SessionState.CANCELLED)
        .order_by(ClassSession.starts_at)
    )
    if first and last:
        wanted = wanted.where(ClassSession.on_date.between(first, last))
    return list(db.session.scalars(wanted))


def taught_by(person_id: int, first: date, last: date) -> list[ClassSession]:
    """Published sessions that a person teaches from day to day, in order."""
    return list(
        db.session.scalars(
            select(ClassSession)
            .options(*_SHOWN)
            .where(
                ClassSession.lecturer_id == person_id,
                ClassSession.on_date.between(first, last),
                ClassSession.state == SessionState.PUBLISHED,
            )
            .order_by(ClassSession.starts_at)
        )
    )


def rooms(provider_id: int) -> list[Room]:
    """The provider's open rooms by site and name."""
    return list(
        db.session.scalars(
            select(Room)
            .where(Room.provider_id == provider_id, Room.closed_on.is_(None))
            .order_by(Room.site, Room.name)
        )
    )


def lecturers(provider_id: int) -> list[Person]:
    """Who may teach for the provider, by name."""
    return list(
        db.session.scalars(
            select(Person)
            .join(Lecturer, Lecturer.person_id == Person.id)
            .where(Lecturer.provider_id == provider_id)
            .order_by(Person.sort_key)
        )
    )


def occupants(
    resources: Iterable[tuple[Resource, int]], starts: datetime, ends: datetime, but: int | None = None
) -> list[tuple[Resource, ClassSession]]:
    """Which sessions hold which of *resources* anywhere between the two moments, leaving out session *but*."""
    clock = slots(starts, ends)
    mine = or_(
        *(
            and_(Occupancy.resource_kind == kind, Occupancy.resource_id == number)
            for kind, number in dict.fromkeys(resources)
        )
    )
    rows = db.session.execute(
        select(Occupancy.resource_kind, Occupancy.session_id)
        .where(mine, Occupancy.slot.between(clock[0], clock[-1]), Occupancy.session_id != (but or 0))
        .distinct()
        .order_by(Occupancy.session_id, Occupancy.resource_kind)
    ).all()
    taking = {session_id for _, session_id in rows}
    if not taking:
        return []
    held = {
        row.id: row
        for row in db.session.scalars(
            select(ClassSession).options(*_SHOWN).where(ClassSession.id.in_(taking))
        )
    }
    return [(kind, held[number]) for kind, number in rows]


def needs(run: Run, hour: int, but: int | None = None) -> list[Need]:
    """Hours by module and kind that belong in the week, and how many are placed; *hour* in minutes.

    Session *but* counts as not placed.
    """
    placed: dict[tuple[int | None, HourKind], dict[Part, int]] = defaultdict(lambda: dict.fromkeys(Part, 0))
    rows = db.session.execute(
        select(ClassSession.module_id, ClassSession.kind, ClassSession.part, func.sum(ClassSession.minutes))
        .where(
            ClassSession.run_id == run.id,
            ClassSession.state != SessionState.CANCELLED,
            ClassSession.id != (but or 0),
        )
        .group_by(ClassSession.module_id, ClassSession.kind, ClassSession.part)
    )
    for module_id, kind, part, minutes in rows:
        placed[module_id, kind][part] = minutes
    return [
        _need(module, kind, placed[module.id, kind], hour)
        for module in modules(run)
        for kind in IN_CLASS
        if module.hours.get(kind)
    ]


def _need(module: Module, kind: HourKind, minutes: dict[Part, int], hour: int) -> Need:
    first, second = ((minutes[Part.WHOLE] + minutes[half]) / hour for half in HALVES)
    return Need(module, kind, module.hours[kind], min(first, second), (first, second))


def modules(run: Run) -> list[Module]:
    """The modules of the run's course version, with topics, in order."""
    return list(
        db.session.scalars(
            select(Module)
            .options(joinedload(Module.topics))
            .where(Module.course_version_id == run.course_version_id)
            .order_by(Module.position)
        ).unique()
    )


def topic(run: Run, topic_id: int) -> Topic:
    """A topic of the run's own thematic plan, or :class:`NotThere`."""
    found = db.session.scalar(
        select(Topic)
        .join(Module, Module.id == Topic.module_id)
        .where(Topic.id == topic_id, Module.course_version_id == run.course_version_id)
    )
    if found is None:
        raise NotThere(topic_id)
    return found


def groups(run_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """run → everybody who has a place on it, as enrolment and person, in the order of the persons' numbers."""
    found: dict[int, list[tuple[int, int]]] = {run_id: [] for run_id in run_ids}
    rows = db.session.execute(
        select(Enrolment.run_id, Enrolment.id, Teacher.person_id)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .where(Enrolment.run_id.in_(found), Enrolment.state.in_(IN_GROUP))
        .order_by(Enrolment.run_id, Teacher.person_id)
    )
    for run_id, enrolment_id, person_id in rows:
        found[run_id].append((enrolment_id, person_id))
    return found


def people_of(run_id: int) -> list[int]:
    """The people who have a place on the run."""
    return [person_id for _enrolment_id, person_id in groups([run_id])[run_id]]


def coverage(run_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """run id → (planned, published) session counts, for the term board."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    rows = db.session.execute(
        select(ClassSession.run_id, ClassSession.state, func.count())
        .where(ClassSession.run_id.in_(run_ids), ClassSession.state != SessionState.CANCELLED)
        .group_by(ClassSession.run_id, ClassSession.state)
    )
    for run_id, state, count in rows:
        counts[run_id][state is SessionState.PUBLISHED] += count
    return {run_id: (planned, published) for run_id, (planned, published) in counts.items()}


def lecturers_of_run(run_id: int) -> list[int]:
    """The persons who teach the run's classes that are not cancelled."""
    found = select(ClassSession.lecturer_id).where(
        ClassSession.run_id == run_id,
        ClassSession.lecturer_id.is_not(None),
        ClassSession.state != SessionState.CANCELLED,
    )
    return [number for number in db.session.scalars(found.distinct()) if number is not None]
