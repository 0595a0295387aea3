"""Rooms, lecturers, sessions, and the clock slots that sessions occupy."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.catalogue.models import Module, Run, Topic
from retrain.catalogue.states import HourKind
from retrain.database import NUMBERED_ONCE, words
from retrain.extensions import db
from retrain.timetable.states import Resource, SessionState


class Room(db.Model):
    """Where a provider teaches."""

    __tablename__ = "room"
    __table_args__ = (
        UniqueConstraint("provider_id", "site", "name", name="uq_room_provider_id_site_name"),
        CheckConstraint("capacity > 0", name="capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    site: Mapped[str] = mapped_column(String(120), default="")
    capacity: Mapped[int]
    equipment: Mapped[list[str]] = mapped_column(default=list)
    closed_on: Mapped[date | None]


class Lecturer(db.Model):
    """Who may teach for a provider; one person may teach for several."""

    __tablename__ = "lecturer"
    __table_args__ = (
        UniqueConstraint("person_id", "provider_id", name="uq_lecturer_person_id_provider_id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    post: Mapped[str] = mapped_column(String(120), default="")


class ClassSession(db.Model):
    """One meeting of a run: a topic, taught by a lecturer in a room, in one pair of one day.

    ``minutes`` is what it counts for, in minutes of academic hours; ``starts_at`` to ``ends_at`` is the clock.
    """

    __tablename__ = "class_session"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="interval"),
        CheckConstraint("minutes > 0", name="minutes"),
        Index("ix_class_session_run_id_starts_at", "run_id", "starts_at"),
        Index("ix_class_session_lecturer_id_on_date", "lecturer_id", "on_date"),
        Index("ix_class_session_room_id_on_date", "room_id", "on_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    module_id: Mapped[int | None] = mapped_column(ForeignKey("module.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    kind: Mapped[HourKind] = mapped_column(words(HourKind))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    lecturer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    on_date: Mapped[date]
    pair: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    minutes: Mapped[int]
    state: Mapped[SessionState] = mapped_column(words(SessionState), default=SessionState.PLANNED)
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    sequence: Mapped[int] = mapped_column(default=0)
    lock: Mapped[int] = mapped_column(default=0)

    run: Mapped[Run] = relationship()
    module: Mapped[Module | None] = relationship()
    topic: Mapped[Topic | None] = relationship()
    room: Mapped[Room | None] = relationship()


class Occupancy(db.Model):
    """Five minutes of a room, a lecturer or a run, taken by one session.

    The primary key is what makes a clash impossible, whoever writes at the same time. Slots count from the
    epoch, because providers ring different bells and one person teaches at two of them.
    """

    __tablename__ = "occupancy"
    __table_args__ = (Index("ix_occupancy_session_id", "session_id"),)

    resource_kind: Mapped[Resource] = mapped_column(words(Resource), primary_key=True)
    resource_id: Mapped[int] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id", ondelete="CASCADE"))
