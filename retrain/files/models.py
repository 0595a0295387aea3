"""What the content-addressed store holds, under which name, and who put it there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from retrain.extensions import db


class StoredFile(db.Model):
    """One file as somebody handed it in. Two rows may share their bytes, which are kept once under *digest*.

    *purpose* (``order.scan``) says which package's check decides who may read it; without one, only
    the person who brought it may.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint("length(digest) = 64", name="digest"),
        Index(None, "digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(127))
    size: Mapped[int]
    purpose: Mapped[str | None] = mapped_column(String(64))
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kept_at: Mapped[datetime]
