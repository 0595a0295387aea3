"""Certificates, the counter of their numbers, how they were handed over, the paper under them, what they are signed with."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.catalogue.models import Run
from retrain.catalogue.states import DocumentType
from retrain.certificates.paper.blank_rules import sheet_name
from retrain.certificates.states import (
    ActState,
    BlankState,
    CertificateState,
    Entry,
    EventKind,
    Fate,
    KeyPlace,
    NameCheckState,
    PrintingState,
    ReceivedBy,
)
from retrain.database import words
from retrain.enrolment.models import Enrolment
from retrain.extensions import db

_WAITING = text("fate = 'waiting'")
_LIVING = text("state IN ('prepared', 'issued', 'handed_over')")
_PREPARED = text("state = 'prepared'")
_IN_USE = text("retired_at IS NULL")


class NumberCounter(db.Model):
    """The next number of a series in a year; raised in the transaction that issues, so there are no gaps."""

    __tablename__ = "number_counter"
    __table_args__ = (CheckConstraint("next_number >= 1", name="next_number"),)

    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    series: Mapped[str] = mapped_column(String(8), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    next_number: Mapped[int] = mapped_column(default=1)


class Certificate(db.Model):
    """A document as issued: frozen data with its digest, a number, and a token that opens the check page."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("provider_id", "series", "year", "number", name="uq_certificate_number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(end_order IS NULL) = (end_order_on IS NULL)", name="end_order"),
        Index(
            "uq_certificate_living",
            "enrolment_id",
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        ),
        Index("ix_certificate_enrolment_id", "enrolment_id"),
        Index("ix_certificate_series_number_code", "series", "number", "check_code"),
        Index("ix_certificate_file_digest", "file_digest"),
        Index("ix_certificate_prepared", "provider_id", sqlite_where=_PREPARED, postgresql_where=_PREPARED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    document_type: Mapped[DocumentType] = mapped_column(words(DocumentType))
    series: Mapped[str] = mapped_column(String(8))
    year: Mapped[int]
    number: Mapped[int]
    registration_number: Mapped[str] = mapped_column(String(40))
    token: Mapped[str] = mapped_column(String(32), unique=True)
    check_code: Mapped[str] = mapped_column(String(8))
    state: Mapped[CertificateState] = mapped_column(words(CertificateState))
    frozen: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    design: Mapped[str] = mapped_column(String(40))
    design_version: Mapped[str] = mapped_column(String(16))
    file_digest: Mapped[str | None] = mapped_column(String(64))
    overlay_digest: Mapped[str | None] = mapped_column(String(64))
    """Of what was printed on the blank it stands on, moved as that printer needed."""
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    end_order: Mapped[str | None] = mapped_column(String(40))
    end_order_on: Mapped[date | None]

    enrolment: Mapped[Enrolment] = relationship()
    run: Mapped[Run] = relationship()


class HandOver(db.Model):
    """Who took a document, when and how."""

    __tablename__ = "hand_over"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), unique=True)
    on_date: Mapped[date]
    received_by: Mapped[ReceivedBy] = mapped_column(words(ReceivedBy))
    who: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class BlankAct(db.Model):
    """The act by which a commission writes off spoiled blanks; drafted from the data, then signed on paper."""

    __tablename__ = "blank_act"
    __table_args__ = (
        CheckConstraint("state = 'draft' OR number <> ''", name="number"),
        Index(
            "uq_blank_act_draft",
            "provider_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[ActState] = mapped_column(words(ActState), default=ActState.DRAFT)
    number: Mapped[str] = mapped_column(String(40), default="")
    on_date: Mapped[date | None]
    members: Mapped[str] = mapped_column(Text, default="")
    """Who sits on the commission, one a line."""
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Printing(db.Model):
    """One stack of documents sent to a printer with numbered paper in its tray."""

    __tablename__ = "printing"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        CheckConstraint("right_mm BETWEEN -50 AND 50 AND down_mm BETWEEN -50 AND 50", name="shift"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[PrintingState] = mapped_column(words(PrintingState), default=PrintingState.OPEN)
    begun_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    right_mm: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    down_mm: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    """How far its printer must move the text, so that the file opened again is the one that was printed."""

    run: Mapped[Run] = relationship()


class Blank(db.Model):
    """One numbered sheet: who keeps it, or what it was used for."""

    __tablename__ = "blank"
    __table_args__ = (
        UniqueConstraint("provider_id", "series", "number", name="uq_blank_number"),
        UniqueConstraint("certificate_id", name="uq_blank_certificate"),
        CheckConstraint("number >= 0", name="number"),
        CheckConstraint("(state = 'used') = (certificate_id IS NOT NULL)", name="used"),
        CheckConstraint("(state = 'set_aside') = (printing_id IS NOT NULL)", name="set_aside"),
        CheckConstraint("act_id IS NULL OR state = 'spoiled'", name="act"),
        Index("ix_blank_holder", "holder_id", "document_type", "state", "series", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    document_type: Mapped[DocumentType] = mapped_column(words(DocumentType))
    series: Mapped[str] = mapped_column(String(8))
    number: Mapped[int]
    state: Mapped[BlankState] = mapped_column(words(BlankState), default=BlankState.UNUSED)
    holder_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    printing_id: Mapped[int | None] = mapped_column(ForeignKey("printing.id"), index=True)
    act_id: Mapped[int | None] = mapped_column(ForeignKey("blank_act.id"), index=True)

    @property
    def name(self) -> str:
        """Series and number as they stand on the sheet."""
        return sheet_name(self.series, self.number)


class BlankEntry(db.Model):
    """A line of the book of blanks. Lines are only added."""

    __tablename__ = "blank_entry"
    __table_args__ = (
        CheckConstraint("first_number <= last_number", name="range"),
        Index("ix_blank_entry_provider", "provider_id", "document_type", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    document_type: Mapped[DocumentType] = mapped_column(words(DocumentType))
    kind: Mapped[Entry] = mapped_column(words(Entry))
    series: Mapped[str] = mapped_column(String(8))
    first_number: Mapped[int]
    last_number: Mapped[int]
    on_date: Mapped[date]
    giver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PrintedSheet(db.Model):
    """A document's place in a printing, and the blank it was to come out on."""

    __tablename__ = "printed_sheet"
    __table_args__ = (
        CheckConstraint("position >= 1", name="position"),
        Index(
            "uq_printed_sheet_waiting",
            "certificate_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    printing_id: Mapped[int] = mapped_column(ForeignKey("printing.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    blank_id: Mapped[int] = mapped_column(ForeignKey("blank.id"), index=True)
    fate: Mapped[Fate] = mapped_column(words(Fate), default=Fate.WAITING)

    certificate: Mapped[Certificate] = relationship()
    blank: Mapped[Blank] = relationship()


class NameCheck(db.Model):
    """What a teacher said of the lines their document is to bear, and what the office answered."""

    __tablename__ = "name_check"
    __table_args__ = (
        CheckConstraint("state <> 'asked' OR request <> ''", name="request"),
        CheckConstraint("state NOT IN ('corrected', 'declined') OR decided_at IS NOT NULL", name="decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    state: Mapped[NameCheckState] = mapped_column(words(NameCheckState))
    lines: Mapped[dict[str, Any]]
    """What stood on the page when it was confirmed or objected to."""
    said_at: Mapped[datetime]
    request: Mapped[str] = mapped_column(Text, default="")
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    enrolment: Mapped[Enrolment] = relationship()


class SigningKey(db.Model):
    """A key that a provider signs documents with; the secret half is a file or in a device, never here.

    *chain* is PEM, the key's own certificate first. *place* names the file in the folder of keys, or is
    the PKCS#11 address of the key. One without *retired_at* is in use; a retired one stays for checking.
    """

    __tablename__ = "signing_key"
    __table_args__ = (
        CheckConstraint("not_before < not_after", name="validity"),
        UniqueConstraint("provider_id", "fingerprint", name="uq_signing_key_fingerprint"),
        Index(
            "uq_signing_key_in_use",
            "provider_id",
            unique=True,
            sqlite_where=_IN_USE,
            postgresql_where=_IN_USE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    algorithm: Mapped[str] = mapped_column(String(16))
    kept_in: Mapped[KeyPlace] = mapped_column(words(KeyPlace))
    place: Mapped[str] = mapped_column(String(300))
    chain: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64))
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[datetime | None]


class CertificateEvent(db.Model):
    """A document was issued, replaced or revoked, as the public log has it once sealed under *position*.

    The log holds only the hash of it, and the *salt* keeps that from being guessed.
    """

    __tablename__ = "certificate_event"
    __table_args__ = (
        UniqueConstraint("certificate_id", "kind", name="uq_certificate_event_kind"),
        Index("ix_certificate_event_position", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    kind: Mapped[EventKind] = mapped_column(words(EventKind))
    at: Mapped[datetime]
    salt: Mapped[str] = mapped_column(String(32))
    position: Mapped[int | None]


class PublishedHead(db.Model):
    """What the public log was on a day: the signed root that others keep, so that nothing before it can change."""

    __tablename__ = "published_head"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    log: Mapped[str] = mapped_column(String(32), primary_key=True)
    on_date: Mapped[date] = mapped_column(primary_key=True)
    size: Mapped[int]
    root: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    signature: Mapped[str] = mapped_column(String(128))
