"""Registers, marks, and what marks were before."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.attendance.states import GuestState, MarkKind, Outcome, RegisterState, What
from retrain.database import words
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.timetable.models import ClassSession


class Register(db.Model):
    """The attendance sheet of one session. Who taught is who signed; a coordinator who signs says who it was."""

    __tablename__ = "register"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"), unique=True)
    state: Mapped[RegisterState] = mapped_column(words(RegisterState), default=RegisterState.OPEN)
    topic: Mapped[str] = mapped_column(Text, default="")
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]
    taught_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lock: Mapped[int] = mapped_column(default=0)

    session: Mapped[ClassSession] = relationship()
    marks: Mapped[list["Mark"]] = relationship(back_populates="register", cascade="all, delete-orphan")


NOT_WHOLE = text("(mark.missed_minutes > 0 OR mark.kind = 'not_due')")
"""A mark that says something else than that somebody was there the whole time, in the words of its index."""


class Mark(db.Model):
    """One person's mark in one register; minutes missed are of academic hours."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("register_id", "enrolment_id", name="uq_mark_register_id_enrolment_id"),
        CheckConstraint("missed_minutes >= 0", name="missed_minutes"),
        # One mark of ten: what a year's dashboard reads by person.
        Index(
            "ix_mark_not_whole", "register_id", "enrolment_id", "kind", "missed_minutes",
            sqlite_where=text("missed_minutes > 0 OR kind = 'not_due'"),
            postgresql_where=text("missed_minutes > 0 OR kind = 'not_due'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind: Mapped[MarkKind] = mapped_column(words(MarkKind))
    missed_minutes: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
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
    was_reason: Mapped[str] = mapped_column(Text, default="")
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(500))


class RegisterOperation(db.Model):
    """One thing a device did to a register: a mark, the topic, a guest, the signature. Each is carried out once.

    ``base`` is the version that the device knew, ``number`` its own count, ``made_at`` its own clock, which is told
    and never relied on. ``version`` is what it led to: it counts up for each person of a register. An operation
    that is disputed or was refused waits until somebody has settled it.
    """

    __tablename__ = "register_operation"
    __table_args__ = (
        UniqueConstraint("client_id", name="uq_register_operation_client_id"),
        CheckConstraint("(what = 'mark') = (enrolment_id IS NOT NULL)", name="mark_of_somebody"),
        CheckConstraint("(outcome = 'applied') = (version IS NOT NULL)", name="applied_has_version"),
        Index("ix_register_operation_register_id_enrolment_id", "register_id", "enrolment_id"),
        Index(
            "uq_register_operation_version", "register_id", "what", "enrolment_id", "version", unique=True,
            sqlite_where=text("what = 'mark' AND version IS NOT NULL"),
            postgresql_where=text("what = 'mark' AND version IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36))
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id", ondelete="CASCADE"))
    what: Mapped[What] = mapped_column(words(What))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)
    # None takes the mark away: what is undone leaves nobody marked.
    kind: Mapped[MarkKind | None] = mapped_column(words(MarkKind))
    missed_minutes: Mapped[int] = mapped_column(default=0)
    # The reason of a mark, the topic, or the name of a guest.
    said: Mapped[str] = mapped_column(Text, default="")
    device: Mapped[str] = mapped_column(String(36))
    number: Mapped[int] = mapped_column(default=0)
    base: Mapped[int] = mapped_column(default=0)
    version: Mapped[int | None]
    outcome: Mapped[Outcome] = mapped_column(words(Outcome))
    why: Mapped[list[Any]] = mapped_column(default=list)
    made_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Guest(db.Model):
    """Somebody in the room who was not on the list, with how they were marked, until the coordinator has settled it."""

    __tablename__ = "register_guest"
    __table_args__ = (
        UniqueConstraint("client_id", name="uq_register_guest_client_id"),
        CheckConstraint("(state = 'taken') = (enrolment_id IS NOT NULL)", name="taken_is_somebody"),
        CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled"),
        CheckConstraint("missed_minutes >= 0", name="missed_minutes"),
        Index(None, "register_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36))
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    workplace: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[MarkKind] = mapped_column(words(MarkKind))
    missed_minutes: Mapped[int] = mapped_column(default=0)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    state: Mapped[GuestState] = mapped_column(words(GuestState), default=GuestState.WAITING)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]

    register: Mapped[Register] = relationship()


class Substitution(db.Model):
    """Somebody who takes the class of another: its register is theirs for one day."""

    __tablename__ = "substitution"
    __table_args__ = (
        UniqueConstraint(
            "session_id", "person_id", "valid_on", name="uq_substitution_session_id_person_id_valid_on"
        ),
        Index(None, "person_id", "valid_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    valid_on: Mapped[date]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]

    session: Mapped[ClassSession] = relationship()
