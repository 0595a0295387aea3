"""Enrolments, nominations and official orders, with the constraints that keep them true."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from retrain.database import words
from retrain.enrolment.states import LIVING, Funding, OrderKind, OrderState, Source, State
from retrain.extensions import db


def _in(states: frozenset[State] | frozenset[OrderState]) -> str:
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
    order_id: Mapped[int | None] = mapped_column(ForeignKey("official_order.id"))


class OfficialOrder(db.Model):
    """The rector's order that makes a group's list or its end official. Registered, it is frozen.

    While it is sent for signature it says what was sent, so that nobody signs what changes behind them.
    """

    __tablename__ = "official_order"
    __table_args__ = (
        UniqueConstraint("provider_id", "kind", "year", "number", name="uq_official_order_number"),
        # A form sent twice makes one draft.
        Index(
            "uq_official_order_one_draft",
            "run_id",
            "kind",
            unique=True,
            sqlite_where=text(_in(frozenset({OrderState.DRAFT, OrderState.SENT}))),
            postgresql_where=text(_in(frozenset({OrderState.DRAFT, OrderState.SENT}))),
        ),
        Index("ix_official_order_run_id_kind", "run_id", "kind"),
        CheckConstraint(
            "state <> 'registered' OR (number IS NOT NULL AND year IS NOT NULL"
            " AND registered_on IS NOT NULL AND effective_on IS NOT NULL AND signer_name IS NOT NULL)",
            name="registered_is_complete",
        ),
        CheckConstraint("state <> 'draft' OR signed_at IS NULL", name="draft_is_unsigned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[OrderKind] = mapped_column(words(OrderKind))
    state: Mapped[OrderState] = mapped_column(words(OrderState), default=OrderState.DRAFT)
    number: Mapped[str | None]
    # Of registered_on: numbers start again each year.
    year: Mapped[int | None]
    registered_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signer_name: Mapped[str | None]
    signer_post: Mapped[str | None]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Signed off here by the signatory, or by whoever stands in for them; ink leaves these empty.
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    returned_at: Mapped[datetime | None]
    returned_why: Mapped[str | None]
    # Whom it names and what it says, frozen when it is sent or registered.
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changes_id: Mapped[int | None] = mapped_column(ForeignKey("official_order.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    registered_at: Mapped[datetime | None]


class OrderCounter(db.Model):
    """The next of our own numbers for a kind of order in a year; raised in the transaction that registers it."""

    __tablename__ = "order_counter"
    __table_args__ = (CheckConstraint("next_number >= 1", name="next_number"),)

    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    kind: Mapped[OrderKind] = mapped_column(words(OrderKind), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_number: Mapped[int] = mapped_column(default=1)
