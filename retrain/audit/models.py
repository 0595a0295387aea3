"""One row for every change of state, authenticated by a key that is not in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from retrain.extensions import db


class AuditEntry(db.Model):
    """Who did what to what, when and why.

    ``uid`` authenticates that the program made the row (random part plus its MAC), ``mac`` that nothing
    in it has changed since: an altered row has a good uid and a bad mac, a smuggled one has neither.
    ``position`` is its place in the ledger once sealed.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_type", "subject_id"),
        Index("ix_audit_entry_position", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str | None] = mapped_column(String(32))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    delegated_by: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(64), index=True)
    subject_type: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    why: Mapped[str | None] = mapped_column(Text)
    mac: Mapped[str] = mapped_column(String(64))
    position: Mapped[int | None]
