"""What register pages and completion read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, and_, bindparam, case, func, or_, select

from retrain.attendance import named
from retrain.attendance.models import Mark, MarkChange, Register
from retrain.attendance.moved import brought_along
from retrain.attendance.rules import HalfMark, Membership, Tally, marks_that_count, tally
from retrain.attendance.states import CLOSED, MarkKind
from retrain.calendar.hours import to_tenths
from retrain.catalogue.models import Run
from retrain.catalogue.states import ON_OFFER, HourKind
from retrain.database import hot
from retrain.enrolment import queries as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.people.models import Person, Teacher
from retrain.timetable import halves
from retrain.timetable.models import ClassSession
from retrain.timetable.states import HALVES, Part, SessionState


@dataclass(frozen=True)
class Line:
    """One person in a register."""

    enrolment_id: int
    name: str
    mark: Mark | None


def register_of(session_id: int) -> Register | None:
    """The session's register, if one was begun."""
    return db.session.scalar(select(Register).where(Register.session_id == session_id))


@dataclass(frozen=True)
class Group:
    """Everybody who is or was in the group of a class with the full name, in the order of its list.

    *half* are the enrolments that the class is for, where it is not for all of them.
    """

    named: Sequence[tuple[Membership, str]]
    half: frozenset[int] | None

    @property
    def everyone(self) -> set[int]:
        """The enrolments of everybody, of whichever half."""
        return {member.enrolment_id for member, _name in self.named}

    def coming(self, register: Register | None) -> list[tuple[Membership, str]]:
        """Whom the class is for. Whose marks are in the register was there, in whichever half they are since."""
        if self.half is None:
            return list(self.named)
        coming = self.half | {mark.enrolment_id for mark in register.marks} if register else self.half
        return [(member, name) for member, name in self.named if member.enrolment_id in coming]


def group_of(meeting: ClassSession) -> Group:
    """The group that a class is held for."""
    return Group(named_members(meeting.run), halves.who_comes(meeting.run, meeting.part))


def memberships(
    meeting: ClassSession, register: Register | None = None, group: Group | None = None
) -> list[Membership]:
    """Who is or was in the group, or in the half of it that the class is for, with the dates.

    With *register*, also whose marks are in it: who has changed halves since was there all the same.
    """
    return [member for member, _name in (group or group_of(meeting)).coming(register)]


def lines(meeting: ClassSession, register: Register | None, group: Group | None = None) -> list[Line]:
    """Everyone due at *meeting* in the order of the group list, each with the mark so far."""
    marks = {mark.enrolment_id: mark for mark in register.marks} if register else {}
    return [
        Line(member.enrolment_id, name, marks.get(member.enrolment_id))
        for member, name in (group or group_of(meeting)).coming(register)
        if member.covers(meeting.on_date)
    ]


def named_members(run: Run) -> list[tuple[Membership, str]]:
    """Who is or was in the group with the full name, in the order of the group list."""
    return [
        (Membership(member.enrolment_id, member.since, member.until), member.name)
        for member in enrolment.group(run, everyone=True)
    ]


def registers(session_ids: Sequence[int]) -> dict[int, Register]:
    """session id → register, for those begun."""
    rows = db.session.scalars(select(Register).where(Register.session_id.in_(session_ids)))
    return {row.session_id: row for row in rows}


def held_and_unsigned(run_ids: Sequence[int], until: date) -> dict[int, tuple[int, int]]:
    """run id → (published sessions, those of them up to *until* that have no signed register)."""
    still_open = or_(Register.id.is_(None), Register.state.not_in(CLOSED))
    rows = db.session.execute(
        select(
            ClassSession.run_id,
            func.count(),
            func.sum(case((and_(ClassSession.on_date <= until, still_open), 1), else_=0)),
        )
        .outerjoin(Register, Register.session_id == ClassSession.id)
        .where(ClassSession.run_id.in_(run_ids), ClassSession.state == SessionState.PUBLISHED)
        .group_by(ClassSession.run_id)
    )
    return {run_id: (held, int(unsigned)) for run_id, held, unsigned in rows}


def unsigned(run_ids: Sequence[int], until: date) -> dict[int, int]:
    """run id → how many published sessions up to *until* have no signed register, for runs with any."""
    found = held_and_unsigned(run_ids, until).items()
    return {run_id: lacking for run_id, (_held, lacking) in found if lacking}


def tallies(run_id: int) -> dict[int, Tally]:
    """enrolment id → hours over the run's signed registers; of a group's halves, each has its own.

    Only classes within a person's dates in the group count. Who came from another group of the same course brings
    along what they did there until that day.
    """
    rows = hot.execute(_summed(), {"run": run_id}).all()
    if any(row.part is not Part.WHOLE for row in rows):
        found = _tallies_in_halves(run_id, signed_marks(run_id))
    else:
        by_person: dict[int, list[tuple[MarkKind, int, int]]] = defaultdict(list)
        for number, kind, _part, minutes, lost in rows:
            by_person[number].append((kind, int(minutes), int(lost)))
        found = {number: tally(marks) for number, marks in by_person.items()}
    for number, brought in brought_along(run_id, tallies).items():
        found[number] = found.get(number, Tally()) + brought
    return found


@hot.kept
def _summed() -> Any:
    """Marks that count, added up by person and kind of mark: a big group has tens of thousands."""
    return (
        select(
            Mark.enrolment_id, Mark.kind, ClassSession.part, func.sum(ClassSession.minutes),
            func.sum(Mark.missed_minutes),
        )
        .join(Register, Register.id == Mark.register_id)
        .join(ClassSession, ClassSession.id == Register.session_id)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .where(_is_signed(bindparam("run")), within_dates())
        .group_by(Mark.enrolment_id, Mark.kind, ClassSession.part)
    )  # fmt: skip


def signed_marks(run_id: int) -> Sequence[Row[tuple[int, MarkKind, int, int, Part, int | None, HourKind]]]:
    """Enrolment, kind of mark, minutes, minutes missed, part, module and kind of hours of each mark that counts."""
    found = (
        select(
            Mark.enrolment_id, Mark.kind, ClassSession.minutes, Mark.missed_minutes,
            ClassSession.part, ClassSession.module_id, ClassSession.kind,
        )
        .join(Register, Register.id == Mark.register_id)
        .join(ClassSession, ClassSession.id == Register.session_id)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .where(_is_signed(run_id), within_dates())
        .order_by(ClassSession.starts_at, ClassSession.id)
    )  # fmt: skip
    return db.session.execute(found).all()


def held_in_halves(run_id: int) -> dict[Part, dict[tuple[int | None, str], int]]:
    """half → (module, kind of hours) → minutes of signed classes it was due in."""
    held: dict[Part, dict[tuple[int | None, str], int]] = {half: defaultdict(int) for half in HALVES}
    classes = db.session.execute(
        select(ClassSession.part, ClassSession.module_id, ClassSession.kind, func.sum(ClassSession.minutes))
        .join(Register, Register.session_id == ClassSession.id)
        .where(_is_signed(run_id))
        .group_by(ClassSession.part, ClassSession.module_id, ClassSession.kind)
    )
    for part, module_id, kind, minutes in classes:
        for half in part.halves:
            held[half][module_id, kind] += minutes
    return held


def within_dates() -> ColumnElement[bool]:
    """A class on a day on which its mark's person was in the group; the query joins class and enrolment."""
    return and_(
        or_(Enrolment.since.is_(None), ClassSession.on_date >= Enrolment.since),
        or_(Enrolment.until.is_(None), ClassSession.on_date <= Enrolment.until),
    )


def _is_signed(run_id: int | BindParameter[int]) -> ColumnElement[bool]:
    return and_(
        ClassSession.run_id == run_id,
        ClassSession.state == SessionState.PUBLISHED,
        Register.state.in_(CLOSED),
    )


def _tallies_in_halves(run_id: int, rows: Iterable[Any]) -> dict[int, Tally]:
    half_of = halves.of_group(db.session.get_one(Run, run_id))
    held = held_in_halves(run_id)
    by_person: dict[int, list[HalfMark]] = defaultdict(list)
    for number, mark, minutes, lost, part, module_id, kind in rows:
        is_own = part in (Part.WHOLE, half_of.get(number))
        by_person[number].append(HalfMark(mark, minutes, lost, (module_id, kind), is_own))
    return {
        number: tally(marks_that_count(marks, held[half_of[number]] if number in half_of else {}))
        for number, marks in by_person.items()
    }


def changes(register_id: int) -> list[tuple[MarkChange, int]]:
    """What marks of a register were before corrections, latest first, each with its enrolment."""
    rows = db.session.execute(
        select(MarkChange, Mark.enrolment_id)
        .join(Mark, Mark.id == MarkChange.mark_id)
        .where(Mark.register_id == register_id)
        .order_by(MarkChange.changed_at.desc())
    )
    return [(change, number) for change, number in rows]


def hours_by_person(run: Run, hour: int) -> list[tuple[str, float, float, float]]:
    """Name, academic hours due, missed without and with an excuse; in the order of the group list."""
    hours = tallies(run.id)
    rows = [
        (member.name, hours.get(member.enrolment_id, Tally())) for member in named.group(run, everyone=True)
    ]
    return [
        (name, to_tenths(sums.due, hour), to_tenths(sums.unexcused, hour), to_tenths(sums.excused, hour))
        for name, sums in rows
    ]


@dataclass(frozen=True)
class Away:
    """Somebody of a group who was absent from its last two classes."""

    run_code: str
    person_id: int
    name: str


def away_from(run_id: int) -> list[Away]:
    """Who of a run's group was absent from the last two classes whose registers are signed."""
    return _away(Run.id == run_id)


def away_from_groups(curator_id: int, today: date) -> list[Away]:
    """The same for all of a curator's groups that are under way, in one query."""
    return _away(
        (Run.curator_id == curator_id)
        & Run.state.in_(ON_OFFER)
        & (Run.starts_on <= today)
        & (Run.ends_on >= today)
    )


def _away(runs: ColumnElement[bool]) -> list[Away]:
    latest = func.row_number().over(partition_by=Mark.enrolment_id, order_by=ClassSession.starts_at.desc())
    marks = (
        select(Mark.enrolment_id, Mark.kind, latest.label("back"))
        .join(Register, Register.id == Mark.register_id)
        .join(ClassSession, ClassSession.id == Register.session_id)
        .join(Run, Run.id == ClassSession.run_id)
        .where(runs, ClassSession.state == SessionState.PUBLISHED, Register.state.in_(CLOSED))
        .where(Mark.kind != MarkKind.NOT_DUE)
        .subquery()
    )
    absent = func.sum(case((marks.c.kind == MarkKind.ABSENT, 1), else_=0))
    both = (
        select(marks.c.enrolment_id)
        .where(marks.c.back <= 2)
        .group_by(marks.c.enrolment_id)
        .having(absent == 2)
    )
    found = (
        select(Run.code, Person)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .where(Enrolment.id.in_(both), Enrolment.state == State.ENROLLED)
        .order_by(Run.starts_on, Run.code, Person.sort_key)
    )
    return [Away(code, person.id, person.full_name) for code, person in db.session.execute(found).tuples()]
