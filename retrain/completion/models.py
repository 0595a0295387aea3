"""Assessments, results, and the decision on each person with what it rested on."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.completion import commission_models
from retrain.completion.states import AssessmentKind, Outcome, OverrideState
from retrain.database import words
from retrain.enrolment.models import Enrolment
from retrain.extensions import db

__all__ = [
    "Assessment", "Decision", "DecisionChange", "Override", "Result", "ResultChange", "Statement",
    "commission_models",
]  # fmt: skip


class Assessment(db.Model):
    """Something people are given points for, on a scale to 100.

    With a second examiner each gives points of their own, and their mean counts.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("weight > 0", name="weight"),
        CheckConstraint("pass_mark BETWEEN 0 AND 100", name="pass_mark"),
        CheckConstraint("attempts BETWEEN 1 AND 5", name="attempts"),
        CheckConstraint(
            "second_examiner_id IS NULL OR (examiner_id IS NOT NULL AND second_examiner_id <> examiner_id)",
            name="two_examiners",
        ),
        Index("ix_assessment_run_id", "run_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    module_id: Mapped[int | None] = mapped_column(ForeignKey("module.id"))
    titles: Mapped[dict[str, str]]
    kind: Mapped[AssessmentKind] = mapped_column(words(AssessmentKind))
    weight: Mapped[int] = mapped_column(default=1)
    pass_mark: Mapped[int]
    # How often one may sit it, the first time included, and until when a retake is possible.
    attempts: Mapped[int] = mapped_column(default=1)
    retake_by: Mapped[date | None]
    examiner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second_examiner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Result(db.Model):
    """What one person got in one attempt; *points* count, and are missing until both examiners gave theirs."""

    __tablename__ = "result"
    __table_args__ = (
        UniqueConstraint("assessment_id", "enrolment_id", "attempt", name="uq_result_attempt"),
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
        CheckConstraint("first_points BETWEEN 0 AND 100", name="first_points"),
        CheckConstraint("second_points BETWEEN 0 AND 100", name="second_points"),
        CheckConstraint("attempt >= 1", name="attempt"),
        CheckConstraint(
            "points IS NOT NULL OR first_points IS NOT NULL OR second_points IS NOT NULL",
            name="says_something",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    attempt: Mapped[int] = mapped_column(default=1)
    points: Mapped[int | None]
    first_points: Mapped[int | None]
    second_points: Mapped[int | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]


class ResultChange(db.Model):
    """What a result was before it was corrected under a closed statement, and why; it stays visible."""

    __tablename__ = "result_change"
    __table_args__ = (
        CheckConstraint("was BETWEEN 0 AND 100", name="was"),
        CheckConstraint("became BETWEEN 0 AND 100", name="became"),
        CheckConstraint("why <> ''", name="why"),
        Index("ix_result_change_assessment_id", "assessment_id", "enrolment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    attempt: Mapped[int]
    was: Mapped[int | None]
    became: Mapped[int]
    why: Mapped[str] = mapped_column(String(500))
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class Statement(db.Model):
    """The closed sheet (qaydnoma) of one attempt: what stood on it then. Open ones have no row."""

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("assessment_id", "attempt", name="uq_statement_assessment_id_attempt"),
        CheckConstraint("attempt >= 1", name="attempt"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    attempt: Mapped[int]
    lines: Mapped[list[Any]]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime]


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


class DecisionChange(db.Model):
    """What a decision was before an appeal or a second person changed it."""

    __tablename__ = "decision_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    was: Mapped[Outcome] = mapped_column(words(Outcome))
    reasons: Mapped[list[Any]]
    facts: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


_LIVES = text("state IN ('proposed', 'confirmed')")


class Override(db.Model):
    """An outcome other than the rules give: one person's proposal with its reason, another's confirmation."""

    __tablename__ = "completion_override"
    __table_args__ = (
        Index(
            "uq_completion_override_one", "enrolment_id",
            unique=True, sqlite_where=_LIVES, postgresql_where=_LIVES,
        ),
        CheckConstraint("answered_by_id IS NULL OR answered_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint(
            "(state = 'proposed') = (answered_at IS NULL)", name="answered"
        ),
        CheckConstraint("why <> ''", name="why"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(words(Outcome))
    state: Mapped[OverrideState] = mapped_column(words(OverrideState), default=OverrideState.PROPOSED)
    why: Mapped[str] = mapped_column(String(500))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
