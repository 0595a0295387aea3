"""Enrolments and nominations, with the constraints that keep them true."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from retrain.database import NUMBERED_ONCE, words
from retrain.enrolment.states import LIVING, Funding, Source, State
from retrain.extensions import db


def _in(states: frozenset[State]) -> str:
    return "state IN ({})".format(", ".join(f"'{state}'" for state in sorted(states)))


class Nomination(db.Model):
    """A college puts its teachers forward for a run, under an order of its own."""

    __tablename__ = "nomination"
    __table_args__ = (Index("ix_nomination_run_id_organisation_id", "run_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    order_number: Mapped[str | None]
    order_date: Mapped[date | None]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class Enrolment(db.Model):
    """One person and one run. Its state changes; past rows are never rewritten into another run or person."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index(
            "uq_enrolment_living",
            "run_id",
            "teacher_id",
            unique=True,
            sqlite_where=text(_in(LIVING)),
            postgresql_where=text(_in(LIVING)),
        ),
        UniqueConstraint("run_id", "position", name="uq_enrolment_run_id_position"),
        Index("ix_enrolment_run_id_state_position", "run_id", "state", "position"),
        Index("ix_enrolment_teacher_id_state", "teacher_id", "state"),
        Index("ix_enrolment_organisation_id_state", "organisation_id", "state"),
        CheckConstraint("state <> 'waitlisted' OR position IS NOT NULL", name="waiting_has_position"),
        CheckConstraint(
            "state NOT IN ('enrolled', 'completed', 'not_completed') OR since IS NOT NULL",
            name="member_has_first_day",
        ),
        CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name="until_after_since"),
        CheckConstraint("attempt >= 1 AND (attempt = 1) = (repeat_of_id IS NULL)", name="repeat_is_linked"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id"))
    # The college of that day: whoever changes college keeps this past where it happened.
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[State] = mapped_column(words(State))
    # From run.waiting_seq, kept after promotion: the proof that nobody was passed over.
    position: Mapped[int | None]
    source: Mapped[Source] = mapped_column(words(Source))
    nomination_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"))
    requested_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    # First and last day in the group; the run's own dates bound them.
    since: Mapped[date | None]
    until: Mapped[date | None]
    attempt: Mapped[int] = mapped_column(default=1)
    repeat_of_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    funding: Mapped[Funding] = mapped_column(words(Funding), default=Funding.BUDGET)


class EnrolmentChange(db.Model):
    """One move of an enrolment's state: what it was, what it became, who did it and why."""

    __tablename__ = "enrolment_change"
    __table_args__ = (Index("ix_enrolment_change_enrolment_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    before: Mapped[State] = mapped_column(words(State))
    after: Mapped[State] = mapped_column(words(State, "after"))
    reason: Mapped[str | None]
    # Written by orders, the next stage, when one makes the move official.
    order_id: Mapped[int | None] = mapped_column(ForeignKey("official_order.id"))
