"""Evidence of hours that have no register, and the letters in which mentors are asked to confirm them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.attendance.evidence.states import EvidenceSource, EvidenceState
from retrain.catalogue.models import Module
from retrain.catalogue.states import HourKind
from retrain.database import words
from retrain.enrolment.models import Enrolment
from retrain.extensions import db

_FROM_PLATFORM = text("source = 'platform'")


class Evidence(db.Model):
    """Hours of one kind of a module that somebody did without a class, and what shows it.

    What is returned stays, with the reason; what is handed in again is a new row.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'returned' OR why <> ''", name="returned_with_reason"),
        CheckConstraint("source <> 'report' OR file_id IS NOT NULL", name="report_has_file"),
        # The same line of an export, imported again, is the same hours.
        Index(
            "uq_evidence_platform_line",
            "enrolment_id", "module_id", "kind", "on_date", "reference",
            unique=True, sqlite_where=_FROM_PLATFORM, postgresql_where=_FROM_PLATFORM,
        ),
        Index("ix_evidence_module_id", "module_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    kind: Mapped[HourKind] = mapped_column(words(HourKind))
    minutes: Mapped[int]
    source: Mapped[EvidenceSource] = mapped_column(words(EvidenceSource))
    state: Mapped[EvidenceState] = mapped_column(words(EvidenceState), default=EvidenceState.WAITING)
    on_date: Mapped[date]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    reference: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    handed_in_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handed_in_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(500), default="")

    enrolment: Mapped[Enrolment] = relationship()
    module: Mapped[Module] = relationship()


class MentorLetter(db.Model):
    """A mentor at a workplace, asked by mail for somebody's hours. The link is kept as a digest, and is good once."""

    __tablename__ = "mentor_letter"
    __table_args__ = (
        UniqueConstraint("digest", name="uq_mentor_letter_digest"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("evidence_id IS NULL OR used_at IS NOT NULL", name="confirmed_is_used"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), index=True)
    kind: Mapped[HourKind] = mapped_column(words(HourKind))
    minutes: Mapped[int]
    mentor: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(254))
    digest: Mapped[str] = mapped_column(String(64))
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(500), default="")

    enrolment: Mapped[Enrolment] = relationship()
    module: Mapped[Module] = relationship()
