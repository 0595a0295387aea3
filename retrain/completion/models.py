"""Assessments, results, and the decision on each person with what it rested on."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.completion.states import AssessmentKind, Outcome
from retrain.database import words
from retrain.enrolment.models import Enrolment
from retrain.extensions import db


class Assessment(db.Model):
    """Something people are given points for, on a scale to 100."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("weight > 0", name="weight"),
        CheckConstraint("pass_mark BETWEEN 0 AND 100", name="pass_mark"),
        Index("ix_assessment_run_id", "run_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    module_id: Mapped[int | None] = mapped_column(ForeignKey("module.id"))
    titles: Mapped[dict[str, str]]
    kind: Mapped[AssessmentKind] = mapped_column(words(AssessmentKind))
    weight: Mapped[int] = mapped_column(default=1)
    pass_mark: Mapped[int]


class Result(db.Model):
    """The points of one person in one assessment."""

    __tablename__ = "result"
    __table_args__ = (
        UniqueConstraint("assessment_id", "enrolment_id", name="uq_result_assessment_id_enrolment_id"),
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    points: Mapped[int]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]


class Decision(db.Model):
    """What was decided about one person, by which numbers; ``reasons`` are codes with facts, never text."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    outcome: Mapped[Outcome] = mapped_column(words(Outcome))
    reasons: Mapped[list[Any]]
    facts: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    enrolment: Mapped[Enrolment] = relationship()
