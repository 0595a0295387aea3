"""The lines of colleges' annual plans."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from retrain.database import NUMBERED_ONCE
from retrain.extensions import db


class PlanItem(db.Model):
    """A college means to send one of its teachers to a course in a month of a year."""

    __tablename__ = "plan_item"
    __table_args__ = (
        UniqueConstraint("teacher_id", "course_id", "year", name="uq_plan_item_teacher_id_course_id_year"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint("year BETWEEN 2000 AND 2200", name="year"),
        Index(None, "organisation_id", "year"),
        Index(None, "course_id", "year"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    year: Mapped[int]
    month: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    # What the line led to; a report compares plan and fact by it.
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
