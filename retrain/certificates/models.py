"""Certificates, the counter their numbers come from, and how they were handed over."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.catalogue.models import Run
from retrain.catalogue.states import DocumentType
from retrain.certificates.states import CertificateState, ReceivedBy
from retrain.database import words
from retrain.enrolment.models import Enrolment
from retrain.extensions import db

_LIVING = text("state IN ('prepared', 'issued', 'handed_over')")


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
        Index(
            "uq_certificate_living",
            "enrolment_id",
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        ),
        Index("ix_certificate_series_number", "series", "number"),
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
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None] = mapped_column(Text)

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
