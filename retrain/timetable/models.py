"""Rooms, lecturers and their time, what modules need, sessions, and the clock slots that sessions occupy."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from retrain import clock
from retrain.catalogue.models import Module, Run, Topic
from retrain.catalogue.states import HourKind
from retrain.database import NUMBERED_ONCE, words
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.timetable.states import (
    CalendarOf,
    ChangeSort,
    ChangeState,
    Keep,
    Part,
    Resource,
    ScenarioState,
    SessionState,
    Stance,
    Standing,
)

END_OF_DAY = 24 * 60
"""The minute at which a day ends, counted on the provider's own clocks."""


class Room(db.Model):
    """Where a provider teaches. *outages* are stretches of days without it: ``{"first": …, "last": …, "note": …}``."""

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
    outages: Mapped[list[Any]] = mapped_column(default=list)
    lock: Mapped[int] = mapped_column(default=0)


class Travel(db.Model):
    """Minutes on the way between two sites of a provider; both ways take the same.

    The sites stand in the order in which Python sorts them, so that a pair of them has one row. A pair without a
    row is reached within any break.
    """

    __tablename__ = "travel"
    __table_args__ = (
        CheckConstraint("one_site <> other_site", name="two_sites"),
        CheckConstraint("minutes BETWEEN 0 AND 600", name="minutes"),
    )

    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    one_site: Mapped[str] = mapped_column(String(120), primary_key=True)
    other_site: Mapped[str] = mapped_column(String(120), primary_key=True)
    minutes: Mapped[int]


class Lecturer(db.Model):
    """Who may teach for a provider; one person may teach for several. A limit that is not given does not hold."""

    __tablename__ = "lecturer"
    __table_args__ = (
        UniqueConstraint("person_id", "provider_id", name="uq_lecturer_person_id_provider_id"),
        CheckConstraint("pairs_a_day >= 1", name="pairs_a_day"),
        CheckConstraint("pairs_a_week >= 1", name="pairs_a_week"),
        CheckConstraint("hours_a_year >= 1", name="hours_a_year"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    post: Mapped[str] = mapped_column(String(120), default="")
    pairs_a_day: Mapped[int | None]
    pairs_a_week: Mapped[int | None]
    hours_a_year: Mapped[int | None]
    lock: Mapped[int] = mapped_column(default=0)


class Availability(db.Model):
    """A time about which a lecturer says something: each week on a weekday, or on every day from one to another.

    Minutes count from midnight on the provider's clocks; the whole day is 0 to 1440. Only what a lecturer can't
    do waits for the coordinator; a wish is a wish.
    """

    __tablename__ = "availability"
    __table_args__ = (
        CheckConstraint("(weekday IS NULL) <> (first_on IS NULL)", name="weekday_or_dates"),
        CheckConstraint("(first_on IS NULL) = (last_on IS NULL)", name="both_dates"),
        CheckConstraint("first_on <= last_on", name="dates"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("0 <= from_minute AND from_minute < to_minute AND to_minute <= 1440", name="minutes"),
        CheckConstraint("standing = 'agreed' OR stance = 'unavailable'", name="wishes_need_nobody"),
        Index("ix_availability_lecturer_id", "lecturer_id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lecturer_id: Mapped[int] = mapped_column(ForeignKey("lecturer.id", ondelete="CASCADE"))
    stance: Mapped[Stance] = mapped_column(words(Stance))
    standing: Mapped[Standing] = mapped_column(words(Standing), default=Standing.AGREED)
    weekday: Mapped[int | None]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    from_minute: Mapped[int] = mapped_column(default=0)
    to_minute: Mapped[int] = mapped_column(default=END_OF_DAY)
    note: Mapped[str] = mapped_column(String(200), default="")


class MayTeach(db.Model):
    """A lecturer who may give one kind of hours of a module; where nobody is named, every lecturer may."""

    __tablename__ = "may_teach"
    __table_args__ = (Index("ix_may_teach_lecturer_id", "lecturer_id"),)

    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[HourKind] = mapped_column(words(HourKind), primary_key=True)
    lecturer_id: Mapped[int] = mapped_column(ForeignKey("lecturer.id", ondelete="CASCADE"), primary_key=True)


class TeachingNeed(db.Model):
    """What one kind of hours of a module needs; without a row: any room, anywhere, the whole group at once."""

    __tablename__ = "teaching_need"

    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[HourKind] = mapped_column(words(HourKind), primary_key=True)
    equipment: Mapped[list[str]] = mapped_column(default=list)
    site: Mapped[str] = mapped_column(String(120), default="")
    in_halves: Mapped[bool] = mapped_column(default=False)


class ModuleOrder(db.Model):
    """One module begins only when another one's classes are over."""

    __tablename__ = "module_order"
    __table_args__ = (
        CheckConstraint("module_id <> after_id", name="two_modules"),
        Index("ix_module_order_after_id", "after_id"),
    )

    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"), primary_key=True)
    after_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"), primary_key=True)


class TeachingOrder(db.Model):
    """How a course version is taught in time; one without a row has both, as is the custom."""

    __tablename__ = "teaching_order"

    course_version_id: Mapped[int] = mapped_column(
        ForeignKey("course_version.id", ondelete="CASCADE"), primary_key=True
    )
    lectures_first: Mapped[bool] = mapped_column(default=True)
    last_module_last: Mapped[bool] = mapped_column(default=True)
    lock: Mapped[int] = mapped_column(default=0)


class HalfOfGroup(db.Model):
    """In which half of a split group somebody is."""

    __tablename__ = "half_of_group"
    __table_args__ = (CheckConstraint("part <> 'whole'", name="one_half"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id, ondelete="CASCADE"), primary_key=True)
    part: Mapped[Part] = mapped_column(words(Part))


class ClassSession(db.Model):
    """One meeting of a run or of half of it: a topic, taught by a lecturer in a room, in one pair of one day.

    A pinned one stays where it is when a timetable is made anew. ``minutes`` is what it counts for, in minutes of
    academic hours; ``starts_at`` to ``ends_at`` is the clock. What was once shown to everyone keeps ``published_at``
    when it is cancelled: calendars that hold it have to be told.
    """

    __tablename__ = "class_session"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="interval"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="shown_since"),
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
    part: Mapped[Part] = mapped_column(words(Part), default=Part.WHOLE)
    pinned: Mapped[bool] = mapped_column(default=False)
    state: Mapped[SessionState] = mapped_column(words(SessionState), default=SessionState.PLANNED)
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    sequence: Mapped[int] = mapped_column(default=0)
    lock: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)

    run: Mapped[Run] = relationship()
    module: Mapped[Module | None] = relationship()
    topic: Mapped[Topic | None] = relationship()
    room: Mapped[Room | None] = relationship()

    @validates("state")
    def _shown(self, _name: str, state: SessionState) -> SessionState:
        """A class that becomes public remembers when; whoever publishes with a statement says it there."""
        if state is SessionState.PUBLISHED and self.published_at is None:
            self.published_at = clock.now()
        return state


class SecretAddress(db.Model):
    """A calendar or a screen that is opened by its address alone, and is somebody's or something's own.

    The address is made of the nonce and the program's secret key (``feeds.token_of``), so it can be shown again
    and yet is not in the database; what is looked up is its digest. Renewing is another nonce.
    """

    __tablename__ = "secret_address"
    __table_args__ = (
        CheckConstraint("(kind = 'person') = (person_id IS NOT NULL)", name="of_a_person"),
        CheckConstraint("(kind = 'run') = (run_id IS NOT NULL)", name="of_a_run"),
        CheckConstraint("(kind IN ('room', 'screen')) = (room_id IS NOT NULL)", name="of_a_room"),
        UniqueConstraint("digest", name="uq_secret_address_digest"),
        UniqueConstraint("person_id", name="uq_secret_address_person_id"),
        UniqueConstraint("run_id", name="uq_secret_address_run_id"),
        UniqueConstraint("room_id", "kind", name="uq_secret_address_room_id_kind"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CalendarOf] = mapped_column(words(CalendarOf))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    nonce: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class Occupancy(db.Model):
    """Five minutes of a room, a lecturer or half a run, taken by one session.

    The primary key is what makes a clash impossible, whoever writes at the same time. Slots count from the
    epoch, because providers ring different bells and one person teaches at two of them.
    """

    __tablename__ = "occupancy"
    __table_args__ = (Index("ix_occupancy_session_id", "session_id"),)

    resource_kind: Mapped[Resource] = mapped_column(words(Resource), primary_key=True)
    resource_id: Mapped[int] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id", ondelete="CASCADE"))


class TimetableChange(db.Model):
    """One action of a coordinator, whatever number of classes it touched: it is taken back as one."""

    __tablename__ = "timetable_change"
    __table_args__ = (Index("ix_timetable_change_by_id_provider_id_state", "by_id", "provider_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sort: Mapped[ChangeSort] = mapped_column(words(ChangeSort))
    state: Mapped[ChangeState] = mapped_column(words(ChangeState), default=ChangeState.DONE)
    made_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    classes: Mapped[list["SessionChange"]] = relationship(
        back_populates="change", order_by="SessionChange.id", cascade="all, delete-orphan"
    )


class SessionChange(db.Model):
    """One class before and after an action; *before* is missing for a class that was put in."""

    __tablename__ = "session_change"
    __table_args__ = (
        UniqueConstraint("change_id", "session_id", name="uq_session_change_change_id_session_id"),
        Index("ix_session_change_session_id", "session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("timetable_change.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id", ondelete="CASCADE"))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any]]

    change: Mapped[TimetableChange] = relationship(back_populates="classes")


class Scenario(db.Model):
    """A timetable of a term beside the published one: asked for, made by the machine, shown or thrown away.

    It occupies nothing. *base* is the fingerprint of the term it was made from: when the term has another one, somebody
    changed it meanwhile. *cost* is by part, *curve* the cost as it fell: seconds and cost. One with an *outage* (see
    ``outages.Outage``) repairs what is published and has only the classes it changes. *change_id* is what publishing
    it did, and by which it can be taken back.
    """

    __tablename__ = "scenario"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="dates"),
        CheckConstraint("seconds BETWEEN 1 AND 3600", name="seconds"),
        Index("ix_scenario_provider_id", "provider_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    run_ids: Mapped[list[int]]
    keep: Mapped[Keep] = mapped_column(words(Keep))
    state: Mapped[ScenarioState] = mapped_column(words(ScenarioState), default=ScenarioState.WAITING)
    weights: Mapped[dict[str, int]]
    seed: Mapped[int] = mapped_column(default=1)
    seconds: Mapped[int]
    steps: Mapped[int] = mapped_column(BigInteger, default=0)
    cost: Mapped[dict[str, int]] = mapped_column(default=dict)
    curve: Mapped[list[Any]] = mapped_column(default=list)
    placed: Mapped[int] = mapped_column(default=0)
    wanted: Mapped[int] = mapped_column(default=0)
    why_not: Mapped[list[Any]] = mapped_column(default=list)
    base: Mapped[str] = mapped_column(String(32), default="")
    stop: Mapped[bool] = mapped_column(default=False)
    job_id: Mapped[int | None]
    outage: Mapped[dict[str, Any]] = mapped_column(default=dict)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("timetable_change.id"))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]

    @property
    def total(self) -> int:
        """The whole cost."""
        return sum(self.cost.values())


class ScenarioClass(db.Model):
    """Where a scenario puts one class. A repair says which class it is, and the lock by which it knew it."""

    __tablename__ = "scenario_class"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("(session_id IS NULL) = (seen_lock IS NULL)", name="of_a_class"),
        Index("ix_scenario_class_scenario_id", "scenario_id", "run_id", "on_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id", ondelete="CASCADE"))
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    kind: Mapped[HourKind] = mapped_column(words(HourKind))
    part: Mapped[Part] = mapped_column(words(Part))
    minutes: Mapped[int]
    lecturer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    on_date: Mapped[date]
    pair: Mapped[int]
    session_id: Mapped[int | None] = mapped_column(ForeignKey("class_session.id", ondelete="CASCADE"))
    seen_lock: Mapped[int | None]

    run: Mapped[Run] = relationship()
    room: Mapped[Room | None] = relationship()
