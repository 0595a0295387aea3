"""What a teacher has to show: hours earned and specialities obtained."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from retrain.database import NUMBERED_ONCE, words
from retrain.extensions import db
from retrain.record.states import CreditKind


class Credit(db.Model):
    """Hours a teacher earned once. *source* names what they were earned by, so that nothing counts twice."""

    __tablename__ = "credit"

    id: Mapped[int] = mapped_column(primary_key=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id"))
    source: Mapped[str] = mapped_column(String(120), unique=True)
    hours: Mapped[int]
    kind: Mapped[CreditKind] = mapped_column(words(CreditKind))
    title: Mapped[dict[str, str]]
    on: Mapped[date]
    year: Mapped[int]
    document: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("hours >= 0", name="hours"),
        CheckConstraint("source <> ''", name="source"),
        Index(None, "teacher_id", "on"),
        NUMBERED_ONCE,
    )


class Qualification(db.Model):
    """A speciality a teacher may teach by a diploma of retraining."""

    __tablename__ = "qualification"

    id: Mapped[int] = mapped_column(primary_key=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id"), index=True)
    source: Mapped[str] = mapped_column(String(120), unique=True)
    speciality: Mapped[str] = mapped_column(Text)
    titles: Mapped[dict[str, str]]
    on: Mapped[date]
    document: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("speciality <> ''", name="speciality"),
        CheckConstraint("source <> ''", name="source"),
        NUMBERED_ONCE,
    )
