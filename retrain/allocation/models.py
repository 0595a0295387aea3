"""Rounds, the runs in them, wishes, and what became of each, with the constraints that keep them true."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from retrain.allocation.states import MOST_WISHES, RoundState
from retrain.database import NUMBERED_ONCE, words
from retrain.extensions import db


class AllocationRound(db.Model):
    """A window in which teachers rank runs of one provider; at its close places are given together."""

    __tablename__ = "allocation_round"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="window"),
        CheckConstraint("seed <> ''", name="seed"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        Index(None, "provider_id", "state"),
        Index(None, "state", "closes_at"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    titles: Mapped[dict[str, str]]
    state: Mapped[RoundState] = mapped_column(words(RoundState), default=RoundState.DRAFT)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    # Published with the round, before anybody has ranked anything.
    seed: Mapped[str] = mapped_column(String(64))
    # Of all that went in and came out: who reckons it again can compare.
    digest: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None]
    lock: Mapped[int] = mapped_column(default=1)


class RoundRun(db.Model):
    """A run whose places the round gives. A run is in one round at most."""

    __tablename__ = "round_run"
    __table_args__ = (Index(None, "round_id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("allocation_round.id"))


class Wish(db.Model):
    """A run that a teacher wants in a round, the first one most."""

    __tablename__ = "wish"
    __table_args__ = (
        UniqueConstraint("round_id", "teacher_id", "number", name="uq_wish_round_id_teacher_id_number"),
        UniqueConstraint("round_id", "teacher_id", "run_id", name="uq_wish_round_id_teacher_id_run_id"),
        CheckConstraint(f"number BETWEEN 1 AND {MOST_WISHES}", name="number"),
        CheckConstraint("college_rank >= 1", name="college_rank"),
        Index(None, "run_id"),
        Index(None, "teacher_id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("allocation_round.id"))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    number: Mapped[int]
    # The place the college gave this teacher among its own who want the run.
    college_rank: Mapped[int | None]
    made_at: Mapped[datetime]


class RoundOutcome(db.Model):
    """What a teacher got in a round that is done, with a reason for each wish."""

    __tablename__ = "round_outcome"
    __table_args__ = (
        UniqueConstraint("round_id", "teacher_id", name="uq_round_outcome_round_id_teacher_id"),
        Index(None, "teacher_id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("allocation_round.id"))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id"))
    # None: no place. What it became afterwards stands in the enrolment.
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    # One entry a wish in the teacher's order: run, code, facts (see ``reasons``).
    reasons: Mapped[list[dict[str, Any]]]
