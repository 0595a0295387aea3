"""What one person does in a week: the classes they teach, and those of their own half of a group they learn in."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP
from retrain.extensions import db
from retrain.people.models import Teacher
from retrain.timetable import halves
from retrain.timetable.models import ClassSession
from retrain.timetable.states import HALVES, Part, SessionState


def shown(since: datetime | None = None) -> ColumnElement[bool]:
    """Classes everybody may know of: public ones, and with *since* those called off since then."""
    public = ClassSession.state == SessionState.PUBLISHED
    if since is None:
        return public & (Run.state != RunState.CANCELLED)
    called_off = and_(
        ClassSession.state == SessionState.CANCELLED,
        ClassSession.published_at.is_not(None),
        ClassSession.changed_at >= since,
    )
    return or_(public, called_off)


def is_called_off(meeting: ClassSession) -> bool:
    """Whether a class that was public will not take place; a run that was called off takes its classes along."""
    return meeting.state is SessionState.CANCELLED or meeting.run.state is RunState.CANCELLED


def of_person(person_id: int) -> ColumnElement[bool]:
    """Classes that a person teaches, or that their half of a group comes to."""
    taking = db.session.execute(
        select(Enrolment.id, Enrolment.run_id, ClassSession.run_id.label("split"))
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(
            ClassSession,
            (ClassSession.run_id == Enrolment.run_id) & (ClassSession.part != Part.WHOLE),
            isouter=True,
        )
        .where(Teacher.person_id == person_id, Enrolment.state.in_(IN_GROUP))
        .distinct()
    ).all()
    in_half: dict[Part, list[int]] = {half: [] for half in HALVES}
    for number, run_id, split in taking:
        if split is not None:
            in_half[halves.of_group(db.session.get_one(Run, run_id))[number]].append(run_id)
    learnt: list[ColumnElement[bool]] = [
        ClassSession.run_id.in_([run_id for _number, run_id, split in taking if split is None])
    ]
    learnt += [
        ClassSession.run_id.in_(run_ids) & ClassSession.part.in_((Part.WHOLE, half))
        for half, run_ids in in_half.items()
        if run_ids
    ]
    return or_(ClassSession.lecturer_id == person_id, *learnt)


def classes(
    whose: ColumnElement[bool], first: date, last: date | None = None, since: datetime | None = None
) -> Sequence[ClassSession]:
    """Whose classes from day to day, in order, with all that is shown of them; see :func:`shown`."""
    wanted = (
        select(ClassSession)
        .join(Run, Run.id == ClassSession.run_id)
        .options(
            contains_eager(ClassSession.run).joinedload(Run.version),
            joinedload(ClassSession.room),
            joinedload(ClassSession.topic),
        )
        .where(whose, shown(since), ClassSession.on_date >= first)
        .order_by(ClassSession.starts_at, ClassSession.id)
    )
    if last is not None:
        wanted = wanted.where(ClassSession.on_date <= last)
    return db.session.scalars(wanted).all()
