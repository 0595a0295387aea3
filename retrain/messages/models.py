"""The outbox: what is to be said to whom, over which channels, and how that went."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.database import words
from retrain.extensions import db
from retrain.messages.states import Channel, DeliveryState


class Message(db.Model):
    """One thing to be said to one person, as a kind and its facts; it becomes text when it is read or sent.

    ``key`` says once and for all which message this is: a second one with the same key is not written.
    ``secret`` holds facts such as one-time links, encrypted, and is wiped when they have gone out.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "person_id", "read_at"),
        Index(None, "person_id", "created_at"),
        Index(None, "expanded_at"),
        Index(None, "about_type", "about_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(128), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]]
    secret: Mapped[str | None] = mapped_column(Text)
    about_type: Mapped[str | None] = mapped_column(String(64))
    about_id: Mapped[str | None] = mapped_column(String(64))
    calendar: Mapped[dict[str, Any] | None]
    address: Mapped[str | None] = mapped_column(String(254))
    # Somebody without an account who reads it: {"name", "language"}; the person is then the one who had it sent.
    outsider: Mapped[dict[str, Any] | None]
    in_app: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    expanded_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    deliveries: Mapped[list["Delivery"]] = relationship(
        back_populates="message", cascade="all, delete-orphan"
    )


class Delivery(db.Model):
    """One message on its way over one channel."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(None, "state", "next_at"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(words(Channel), primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    state: Mapped[DeliveryState] = mapped_column(words(DeliveryState), default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    worker: Mapped[str | None] = mapped_column(String(80))
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(300))
    message: Mapped[Message] = relationship(back_populates="deliveries")


class MessagePreference(db.Model):
    """Whether a person wants a channel used; without a row they do. All refused leaves the app alone."""

    __tablename__ = "message_preference"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(words(Channel), primary_key=True)
    wanted: Mapped[bool]
