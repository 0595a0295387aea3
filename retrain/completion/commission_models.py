"""Commissions, their sessions with protocols, and appeals."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.completion.states import AppealState, Purpose, Seat
from retrain.database import NUMBERED_ONCE, words
from retrain.extensions import db

_OPEN = text("state = 'filed'")
_CHAIR = text("seat = 'chair'")
_LIVES = text("called_off_at IS NULL")


class Commission(db.Model):
    """Who hears final works, or appeals, of a run; one of each. An order makes it official."""

    __tablename__ = "commission"
    __table_args__ = (UniqueConstraint("run_id", "purpose", name="uq_commission_run_id_purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    purpose: Mapped[Purpose] = mapped_column(words(Purpose))
    members: Mapped[list["CommissionMember"]] = relationship(
        order_by="CommissionMember.id", cascade="all, delete-orphan"
    )


class CommissionMember(db.Model):
    """One seat. Who comes from elsewhere has no account: they are written to at their mailbox, if they have one."""

    __tablename__ = "commission_member"
    __table_args__ = (
        UniqueConstraint("commission_id", "name", name="uq_commission_member_commission_id_name"),
        Index(
            "uq_commission_member_chair", "commission_id",
            unique=True, sqlite_where=_CHAIR, postgresql_where=_CHAIR,
        ),
        CheckConstraint("name <> ''", name="name"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id", ondelete="CASCADE"))
    seat: Mapped[Seat] = mapped_column(words(Seat))
    name: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(200), default="")
    workplace: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="", server_default="")
    language: Mapped[str] = mapped_column(String(8), default="uz", server_default="uz")
    # The account of who works here; they are told there, in the language they read.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class Invitation(db.Model):
    """A session that a commission and those it is to hear are called to, at an hour in a place."""

    __tablename__ = "commission_invitation"
    __table_args__ = (
        Index(
            "uq_commission_invitation_at", "commission_id", "at",
            unique=True, sqlite_where=_LIVES, postgresql_where=_LIVES,
        ),
        CheckConstraint("sequence >= 0", name="sequence"),
        CheckConstraint("place <> ''", name="place"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200))
    # Rises with each change, so that calendars put the new state in place of the old one.
    sequence: Mapped[int] = mapped_column(default=0)
    # Who was told, to be told again when it is moved or called off: enrolments, and members as they were then.
    enrolments: Mapped[list[int]]
    members: Mapped[list[dict[str, Any]]]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]
    called_off_at: Mapped[datetime | None]


class Sitting(db.Model):
    """One session of a commission. Closed, it has a number of the provider's year and changes no more."""

    __tablename__ = "sitting"
    __table_args__ = (
        UniqueConstraint("provider_id", "year", "number", name="uq_sitting_number"),
        CheckConstraint(
            "closed_at IS NULL OR (number IS NOT NULL AND year IS NOT NULL)", name="closed_has_number"
        ),
        CheckConstraint("number >= 1", name="number"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    held_on: Mapped[date]
    # Names as they sat there, with their seats: {"name", "post", "workplace", "seat", "present"}.
    members: Mapped[list[dict[str, Any]]]
    # Once it is closed: what the protocol says of each person heard, by enrolment. Later names don't change it.
    heard: Mapped[dict[str, Any] | None]
    year: Mapped[int | None]
    number: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lines: Mapped[list["ProtocolLine"]] = relationship(
        order_by="ProtocolLine.id", cascade="all, delete-orphan"
    )


class ProtocolLine(db.Model):
    """What the commission decided on one person: the title of the work, the votes, the points it gives."""

    __tablename__ = "protocol_line"
    __table_args__ = (
        UniqueConstraint("sitting_id", "enrolment_id", name="uq_protocol_line_sitting_id_enrolment_id"),
        CheckConstraint("votes_for >= 0 AND votes_against >= 0 AND abstained >= 0", name="votes"),
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    title: Mapped[str] = mapped_column(Text, default="")
    votes_for: Mapped[int]
    votes_against: Mapped[int]
    abstained: Mapped[int]
    chair_for: Mapped[bool] = mapped_column(default=True)
    points: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")


class Appeal(db.Model):
    """A teacher's appeal against the decision on them, with the days its terms gave when it was filed."""

    __tablename__ = "appeal"
    __table_args__ = (
        Index(
            "uq_appeal_open", "enrolment_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        CheckConstraint("(state IN ('upheld', 'rejected')) = (decided_on IS NOT NULL)", name="decided"),
        CheckConstraint("why <> ''", name="why"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    state: Mapped[AppealState] = mapped_column(words(AppealState), default=AppealState.FILED)
    why: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime]
    decide_by: Mapped[date]
    decided_on: Mapped[date | None]
    copy_by: Mapped[date | None]
    copied_on: Mapped[date | None]
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
