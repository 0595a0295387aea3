"""What registers hold about a person."""

from datetime import date

from sqlalchemy import func, select

from retrain.attendance.models import Mark, MarkChange, Register
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people import holdings
from retrain.people.privacy_keeping import Kept, end_of, keeper
from retrain.timetable.models import ClassSession

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
