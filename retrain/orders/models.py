"""Official orders and the counters of our own numbers, with the constraints that keep them true."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from retrain.database import NUMBERED_ONCE, words
from retrain.extensions import db
from retrain.orders.states import OrderKind, OrderState

_ON_ITS_WAY = text("state IN ('draft', 'sent')")


class OfficialOrder(db.Model):
    """The rector's order that makes a group's list or its end official. Registered, it is frozen.

    While it is sent for signature it says what was sent, so that nobody signs what changes behind them.
    """

    __tablename__ = "official_order"
    __table_args__ = (
        UniqueConstraint("provider_id", "kind", "year", "number", name="uq_official_order_number"),
        # A form sent twice makes one draft.
        Index(
            "uq_official_order_one_draft",
            "run_id",
            "kind",
            unique=True,
            sqlite_where=_ON_ITS_WAY,
            postgresql_where=_ON_ITS_WAY,
        ),
        Index("ix_official_order_run_id_kind", "run_id", "kind"),
        CheckConstraint(
            "state <> 'registered' OR (number IS NOT NULL AND year IS NOT NULL"
            " AND registered_on IS NOT NULL AND effective_on IS NOT NULL AND signer_name IS NOT NULL)",
            name="registered_is_complete",
        ),
        CheckConstraint("state <> 'draft' OR signed_at IS NULL", name="draft_is_unsigned"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[OrderKind] = mapped_column(words(OrderKind))
    state: Mapped[OrderState] = mapped_column(words(OrderState), default=OrderState.DRAFT)
    number: Mapped[str | None]
    # Of registered_on: numbers start again each year.
    year: Mapped[int | None]
    registered_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signer_name: Mapped[str | None]
    signer_post: Mapped[str | None]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Signed off here by the signatory, or by whoever stands in for them; ink leaves these empty.
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    returned_at: Mapped[datetime | None]
    returned_why: Mapped[str | None]
    # Whom it names and what it says, frozen when it is sent or registered.
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changes_id: Mapped[int | None] = mapped_column(ForeignKey("official_order.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    registered_at: Mapped[datetime | None]


class OrderCounter(db.Model):
    """The next of our own numbers for a kind of order in a year; raised in the transaction that registers it."""

    __tablename__ = "order_counter"
    __table_args__ = (CheckConstraint("next_number >= 1", name="next_number"),)

    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    kind: Mapped[OrderKind] = mapped_column(words(OrderKind), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_number: Mapped[int] = mapped_column(default=1)
