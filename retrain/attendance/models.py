"""Registers, marks, and what marks were before."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.attendance.states import MarkKind, RegisterState
from retrain.database import words
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.timetable.models import ClassSession


class Register(db.Model):
    """The attendance sheet of one session."""

    __tablename__ = "register"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"), unique=True)
    state: Mapped[RegisterState] = mapped_column(words(RegisterState), default=RegisterState.OPEN)
    topic: Mapped[str] = mapped_column(Text, default="")
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]
    lock: Mapped[int] = mapped_column(default=0)

    session: Mapped[ClassSession] = relationship()
    marks: Mapped[list["Mark"]] = relationship(back_populates="register", cascade="all, delete-orphan")


class Mark(db.Model):
    """One person's mark in one register; minutes missed are of academic hours."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("register_id", "enrolment_id", name="uq_mark_register_id_enrolment_id"),
        CheckConstraint("missed_minutes >= 0", name="missed_minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind: Mapped[MarkKind] = mapped_column(words(MarkKind))
    missed_minutes: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime]

    register: Mapped[Register] = relationship(back_populates="marks")
    enrolment: Mapped[Enrolment] = relationship()


class MarkChange(db.Model):
    """What a mark was before somebody corrected it in a signed register, and why."""

    __tablename__ = "mark_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("mark.id", ondelete="CASCADE"), index=True)
    was: Mapped[MarkKind] = mapped_column(words(MarkKind))
    was_missed_minutes: Mapped[int]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(500))
