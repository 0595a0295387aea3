"""Who says that they are in the room."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from retrain.attendance.checkin.states import CheckInState
from retrain.database import words
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.timetable.models import ClassSession


class CheckIn(db.Model):
    """Somebody says that they are in a class: one row a person and class, however often they say it.

    ``device`` and ``network`` are digests: they only tell whether two are the same, and go when the lecturer has
    settled it. ``other_device`` says that they came again from another one.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("session_id", "enrolment_id", name="uq_check_in_session_id_enrolment_id"),
        CheckConstraint("(state = 'proposed') = (settled_at IS NULL)", name="settled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    came_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(64), default="")
    network: Mapped[str] = mapped_column(String(64), default="")
    other_device: Mapped[bool] = mapped_column(default=False)
    state: Mapped[CheckInState] = mapped_column(words(CheckInState), default=CheckInState.PROPOSED)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]

    session: Mapped[ClassSession] = relationship()
    enrolment: Mapped[Enrolment] = relationship()
