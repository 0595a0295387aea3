"""A person's marks class by class, and classes whose signed register lacks somebody who was due."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from retrain.attendance import moved, queries
from retrain.attendance.models import Mark, Register
from retrain.attendance.states import CLOSED
from retrain.catalogue.models import Run
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.timetable import halves
from retrain.timetable.models import ClassSession
from retrain.timetable.states import Part, SessionState


def of_enrolment(row: Enrolment) -> list[tuple[ClassSession, Register, Mark]]:
    """The marks in signed registers that count, latest class first; those of a group before come along."""
    found = (
        select(ClassSession, Register, Mark)
        .join(Register, Register.session_id == ClassSession.id)
        .join(Mark, Mark.register_id == Register.id)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .where(Mark.enrolment_id.in_(moved.with_earlier(row)), Register.state.in_(CLOSED))
        .where(ClassSession.state == SessionState.PUBLISHED, queries.within_dates())
        .options(joinedload(ClassSession.topic))
        .order_by(ClassSession.starts_at.desc(), ClassSession.id.desc())
    )
    return list(db.session.execute(found).tuples())


def lacking(run: Run, rows: Sequence[tuple[ClassSession, Register | None]]) -> dict[int, int]:
    """class → how many were due in it by today's list and have no mark in its signed register.

    So it is with who joined when the register was signed already, with a first day before that.
    """
    closed = {sheet.id: meeting for meeting, sheet in rows if sheet is not None and sheet.state in CLOSED}
    marked: dict[int, set[int]] = defaultdict(set)
    wanted = select(Mark.register_id, Mark.enrolment_id).where(Mark.register_id.in_(closed))
    for register_id, number in db.session.execute(wanted).tuples():
        marked[register_id].add(number)
    members = [member for member, _name in queries.named_members(run)]
    parts = {meeting.part for meeting in closed.values()} - {Part.WHOLE}
    coming = {part: halves.who_comes(run, part) for part in parts}
    found = {}
    for register_id, meeting in closed.items():
        due = {member.enrolment_id for member in members if member.covers(meeting.on_date)}
        if (half := coming.get(meeting.part)) is not None:
            due &= half
        if missing := due - marked[register_id]:
            found[meeting.id] = len(missing)
    return found
