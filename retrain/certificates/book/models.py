"""What the register book holds beside certificates: notes, documents from before, and what a national register was sent."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from retrain.catalogue.states import DocumentType
from retrain.certificates.states import RegistryState
from retrain.database import words
from retrain.extensions import db


class BookNote(db.Model):
    """A line added under a document's line in the book: the book is only ever added to."""

    __tablename__ = "book_note"
    __table_args__ = (CheckConstraint("text <> ''", name="text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class OldDocument(db.Model):
    """A document issued before Retrain was used here, entered from the office's own list and never changed."""

    __tablename__ = "old_document"
    __table_args__ = (
        UniqueConstraint("provider_id", "series", "year", "number", name="uq_old_document_number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    document_type: Mapped[DocumentType] = mapped_column(words(DocumentType))
    series: Mapped[str] = mapped_column(String(8))
    year: Mapped[int]
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    workplace: Mapped[str] = mapped_column(String(300), default="")
    course: Mapped[str] = mapped_column(String(300))
    hours: Mapped[int | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    issued_on: Mapped[date]
    order_number: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(String(255))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class RegistrySending(db.Model):
    """One file made for a national register."""

    __tablename__ = "registry_sending"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class RegistryLine(db.Model):
    """A document in such a file: what was said of it, and what the register answered."""

    __tablename__ = "registry_line"
    __table_args__ = (
        CheckConstraint("(state = 'sent') = (answered_at IS NULL)", name="answered"),
        Index("ix_registry_line_certificate", "certificate_id", "sending_id"),
    )

    sending_id: Mapped[int] = mapped_column(ForeignKey("registry_sending.id"), primary_key=True)
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificate.id"), primary_key=True, autoincrement=False
    )
    said: Mapped[str] = mapped_column(String(16))
    """Whether it was valid, replaced or revoked when it was sent: a change is sent again."""
    state: Mapped[RegistryState] = mapped_column(words(RegistryState), default=RegistryState.SENT)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
