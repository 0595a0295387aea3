"""What a teacher has to show: hours earned and specialities obtained."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from retrain.database import NUMBERED_ONCE, words
from retrain.extensions import db
from retrain.record.states import CreditKind, ExternalState


class Credit(db.Model):
    """Hours a teacher earned once. *source* names what they were earned by, so that nothing counts twice."""

    __tablename__ = "credit"

    id: Mapped[int] = mapped_column(primary_key=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id"))
    source: Mapped[str] = mapped_column(String(120), unique=True)
    hours: Mapped[int]
    kind: Mapped[CreditKind] = mapped_column(words(CreditKind))
    title: Mapped[dict[str, str]]
    on: Mapped[date]
    year: Mapped[int]
    document: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("hours >= 0", name="hours"),
        CheckConstraint("source <> ''", name="source"),
        Index(None, "teacher_id", "on"),
        NUMBERED_ONCE,
    )


class Qualification(db.Model):
    """A speciality a teacher may teach by a diploma of retraining."""

    __tablename__ = "qualification"

    id: Mapped[int] = mapped_column(primary_key=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id"), index=True)
    source: Mapped[str] = mapped_column(String(120), unique=True)
    speciality: Mapped[str] = mapped_column(Text)
    titles: Mapped[dict[str, str]]
    on: Mapped[date]
    document: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("speciality <> ''", name="speciality"),
        CheckConstraint("source <> ''", name="source"),
        NUMBERED_ONCE,
    )


class ExternalCertificate(db.Model):
    """A document from elsewhere that a teacher shows; their college recognises its hours or says why not."""

    __tablename__ = "external_certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id"), index=True)
    # The college that is asked: where the teacher works on the day of asking.
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(300))
    issuer: Mapped[str] = mapped_column(String(300))
    number: Mapped[str] = mapped_column(String(80), default="")
    issued_on: Mapped[date]
    hours: Mapped[int]
    scan_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[ExternalState] = mapped_column(words(ExternalState), default=ExternalState.SHOWN)
    shown_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    recognised_hours: Mapped[int | None]
    why: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("recognised_hours > 0 AND recognised_hours <= hours", name="recognised_hours"),
        CheckConstraint("title <> '' AND issuer <> ''", name="named"),
        CheckConstraint(
            "(state = 'recognised') = (recognised_hours IS NOT NULL)", name="recognised_has_hours"
        ),
        Index("ix_external_certificate_organisation_id", "organisation_id", "state"),
        NUMBERED_ONCE,
    )
