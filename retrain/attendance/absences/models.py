"""Who was warned of how many missed hours, and whose exclusion was proposed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.attendance.absences.states import Answer
from retrain.database import words
from retrain.enrolment.models import Enrolment
from retrain.extensions import db


class AbsenceWarning(db.Model):
    """One step of missed hours that somebody has reached and was told of. Each step is told once."""

    __tablename__ = "absence_warning"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "hours", name="uq_absence_warning_enrolment_id_hours"),
        CheckConstraint("hours > 0", name="hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    hours: Mapped[int]
    missed_minutes: Mapped[int]
    given_at: Mapped[datetime]

    enrolment: Mapped[Enrolment] = relationship()


class ExclusionProposal(db.Model):
    """Somebody who has reached the limit of missed hours: proposed by the program, decided by a person."""

    __tablename__ = "exclusion_proposal"
    __table_args__ = (
        UniqueConstraint("enrolment_id", name="uq_exclusion_proposal_enrolment_id"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("answer IS NULL OR why <> ''", name="answer_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    missed_minutes: Mapped[int]
    limit_minutes: Mapped[int]
    proposed_at: Mapped[datetime]
    answer: Mapped[Answer | None] = mapped_column(words(Answer))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(500), default="")

    enrolment: Mapped[Enrolment] = relationship()
