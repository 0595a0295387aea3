"""What registers hold about a person."""

from typing import Any

from sqlalchemy import exists, select

from retrain.attendance.models import Mark, MarkChange, Register
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.people import holdings
from retrain.people.privacy import exporter, keeper

holdings.did(Mark.marked_by_id, MarkChange.changed_by_id, Register.signed_by_id)


@exporter
def held(_person_id: int, teacher_id: int | None) -> dict[str, Any]:
    """The teacher's marks, and what they were before they were put right."""
    marks = select(Mark.id).join(Enrolment).where(Enrolment.teacher_id == teacher_id)
    return {
        "mark": holdings.rows(select(Mark.__table__).where(Mark.id.in_(marks))),
        "mark_change": holdings.rows(select(MarkChange.__table__).where(MarkChange.mark_id.in_(marks))),
    }


@keeper
def kept(person_id: int, teacher_id: int | None) -> list[str]:
    """Registers stay: hours, decisions and documents rest on them."""
    marked = exists().where(Mark.enrolment_id == Enrolment.id, Enrolment.teacher_id == teacher_id)
    signed = exists().where(Register.signed_by_id == person_id)
    found = db.session.execute(select(marked, signed)).one()
    return [code for code, there in zip(("attendance", "teaching"), found, strict=True) if there]
