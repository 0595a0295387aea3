"""What a provider wants its printed journals and statements to look like."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from retrain.attendance.sheets.states import SheetKind
from retrain.database import NUMBERED_ONCE, words
from retrain.extensions import db


class SheetTemplate(db.Model):
    """A named way to print one kind of sheet: its title, its columns in their order, who signs, what stands below."""

    __tablename__ = "sheet_template"
    __table_args__ = (
        UniqueConstraint("provider_id", "kind", "name", name="uq_sheet_template_provider_id_kind_name"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[SheetKind] = mapped_column(words(SheetKind))
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200), default="")
    columns: Mapped[list[str]]
    signers: Mapped[list[str]] = mapped_column(default=list)
    foot: Mapped[str] = mapped_column(String(500), default="")
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
