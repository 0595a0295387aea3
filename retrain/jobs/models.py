"""Long work: what is wanted, how far it is, and who is at it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from retrain.database import NUMBERED_ONCE, words
from retrain.extensions import db
from retrain.jobs.states import JobState, Lane


class Job(db.Model):
    """One piece of long work, written in the transaction that wants it.

    The queue carries only the id. ``worker`` names the claim that holds the job until ``lease_until``;
    ``cursor`` says where the next chunk begins and is committed with the chunk's effect.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("done >= 0", name="done"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(None, "state", "not_before"),
        Index(None, "wanted_by_id", "created_at"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(words(JobState), default=JobState.QUEUED)
    lane: Mapped[Lane] = mapped_column(words(Lane), default=Lane.LIGHT)
    key: Mapped[str | None] = mapped_column(String(128), unique=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    cursor: Mapped[dict[str, Any] | None]
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str | None] = mapped_column(String(64))
    error_facts: Mapped[dict[str, Any] | None]
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    enqueued_at: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    wanted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Worker(db.Model):
    """A worker process that was alive at ``seen_at``; read by the health page."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
