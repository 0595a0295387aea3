"""Courses, their versions with modules and thematic plans, and the runs that are given of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.catalogue.states import (
    CourseKind,
    CourseState,
    DocumentType,
    HourKind,
    RunState,
    StudyForm,
)
from retrain.database import words
from retrain.extensions import db


class Course(db.Model):
    """What can be learnt; a university's event is a kind of course."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[CourseKind] = mapped_column(words(CourseKind))
    state: Mapped[CourseState] = mapped_column(words(CourseState), default=CourseState.DRAFT)
    created_at: Mapped[datetime]
    versions: Mapped[list["CourseVersion"]] = relationship(
        back_populates="course", order_by="CourseVersion.number", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("code <> ''", name="code"),
        Index(None, "provider_id", "state"),
    )


class CourseVersion(db.Model):
    """One wording of a course. Once published it is never edited: the next one is made."""

    __tablename__ = "course_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    number: Mapped[int]
    titles: Mapped[dict[str, str]]
    summary: Mapped[dict[str, str]] = mapped_column(default=dict)
    languages: Mapped[list[str]]
    form: Mapped[StudyForm] = mapped_column(words(StudyForm))
    document_type: Mapped[DocumentType] = mapped_column(words(DocumentType))
    audience: Mapped[list[str]] = mapped_column(default=list)
    policy: Mapped[dict[str, Any]]
    hours: Mapped[int] = mapped_column(default=0)
    search_key: Mapped[str] = mapped_column(Text, default="")
    sort_key: Mapped[str] = mapped_column(Text, default="")
    version_lock: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]
    course: Mapped[Course] = relationship(back_populates="versions")
    modules: Mapped[list["Module"]] = relationship(
        back_populates="version", order_by="Module.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("course_id", "number", name="uq_course_version_course_id_number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("hours >= 0", name="hours"),
    )


class Module(db.Model):
    """A part of a course with its hours by kind."""

    __tablename__ = "module"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    titles: Mapped[dict[str, str]]
    hours: Mapped[dict[str, int]]
    version: Mapped[CourseVersion] = relationship(back_populates="modules")
    topics: Mapped[list["Topic"]] = relationship(
        back_populates="module", order_by="Topic.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("course_version_id", "position", name="uq_module_course_version_id_position"),
        CheckConstraint("position >= 1", name="position"),
    )


class Topic(db.Model):
    """A line of a module's thematic plan: what is taught, how, and in how many hours."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    position: Mapped[int]
    titles: Mapped[dict[str, str]]
    kind: Mapped[HourKind] = mapped_column(words(HourKind))
    hours: Mapped[int]
    module: Mapped[Module] = relationship(back_populates="topics")

    __table_args__ = (
        UniqueConstraint("module_id", "position", name="uq_topic_module_id_position"),
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("hours >= 1", name="hours"),
    )


class Run(db.Model):
    """One dated offering of a course, with the course's policy as it was when the run was published.

    *kind*, *region* and *hours* repeat what the course and the provider say, so that the public list
    filters and sorts on one table.
    """

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[RunState] = mapped_column(words(RunState), default=RunState.DRAFT)
    kind: Mapped[CourseKind] = mapped_column(words(CourseKind))
    region: Mapped[str] = mapped_column(String(8))
    hours: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    waiting_seq: Mapped[int] = mapped_column(default=0)
    enrolment_opens: Mapped[datetime]
    enrolment_closes: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(8))
    form: Mapped[StudyForm] = mapped_column(words(StudyForm))
    group_name: Mapped[str] = mapped_column(String(80), default="")
    curator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    place_text: Mapped[str] = mapped_column(Text, default="")
    policy: Mapped[dict[str, Any]] = mapped_column(default=dict)
    term: Mapped[str] = mapped_column(String(16))
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"))
    search_key: Mapped[str] = mapped_column(Text, default="")
    sort_key: Mapped[str] = mapped_column(Text, default="")
    lock: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[CourseVersion] = relationship()

    __table_args__ = (
        CheckConstraint("places >= 1", name="places"),
        CheckConstraint("taken >= 0 AND taken <= places", name="taken"),
        CheckConstraint("starts_on <= ends_on", name="dates"),
        CheckConstraint("enrolment_opens < enrolment_closes", name="enrolment_window"),
        CheckConstraint("waiting_seq >= 0", name="waiting_seq"),
        CheckConstraint("language IN ('uz', 'uz-Cyrl', 'ru', 'en')", name="language"),
        Index(None, "state", "starts_on"),
        Index(None, "provider_id", "term"),
        Index(None, "state", "provider_id", "region"),
        Index(None, "copied_from_id"),
    )

    @property
    def free(self) -> int:
        """How many places nobody holds."""
        return self.places - self.taken
