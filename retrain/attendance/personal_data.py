"""What registers hold about a person."""

from datetime import date

from sqlalchemy import func, select, update

from retrain.attendance.models import Mark, MarkChange, Register
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people import holdings
from retrain.people.models import Teacher
from retrain.people.privacy_erasing import forgetter
from retrain.people.privacy_keeping import Kept, end_of, keeper
from retrain.timetable.models import ClassSession

WIPED = "—"
"""In place of a reason: one was given, as the rules want it."""

holdings.did(Mark.marked_by_id, MarkChange.changed_by_id, Register.signed_by_id)
holdings.hangs(Mark.enrolment_id, MarkChange.mark_id)


@keeper
def kept(person_id: int, teacher_id: int | None) -> list[Kept]:
    """Registers stay, under the name: hours, decisions and documents rest on them."""
    last = select(func.max(ClassSession.on_date)).join(Register, Register.session_id == ClassSession.id)
    marked = last.join(Mark).join(Enrolment).where(Enrolment.teacher_id == teacher_id)
    signed = last.where(Register.signed_by_id == person_id)
    days: dict[str, date | None] = {
        "attendance": db.session.scalar(marked),
        "teaching": db.session.scalar(signed),
    }
    return [Kept(code, end_of("register_years", day), named=True) for code, day in days.items() if day]


@forgetter
def forget(person_id: int) -> None:
    """Why somebody was away is often their health, and no hour rests on it: the mark stays, the reason goes."""
    teacher = select(Teacher.id).where(Teacher.person_id == person_id).scalar_subquery()
    theirs = select(Mark.id).join(Enrolment).where(Enrolment.teacher_id == teacher)
    for wipe in (
        update(Mark).where(Mark.id.in_(theirs), Mark.reason != "").values(reason=WIPED),
        update(MarkChange).where(MarkChange.mark_id.in_(theirs)).values(why=WIPED),
    ):
        db.session.execute(wipe.execution_options(synchronize_session=False))
    db.session.expire_all()
