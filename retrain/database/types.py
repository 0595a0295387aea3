"""Column types and the declarative base every table stands on."""

import enum
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Enum, MetaData, String, Table, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator, TypeEngine

from retrain.refusal import Refusal, Refused

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


OURS = "retrain"
"""Marks the tables that are ours, beside what a migration or a backup reads from a database."""


NUMBERED_ONCE = {"sqlite_autoincrement": True}
"""For a table whose rows may go while the audit trail names them: no number is given a second time, or the next
row would inherit the history of one that went. PostgreSQL's counters never turn back; SQLite's do, unless told."""


def is_numbered_once(table: Table) -> bool:
    """Whether *table* gives no number a second time."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Takes only aware datetimes, stores UTC, gives aware UTC back on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class NotHeld(Refused, DontWrapMixin):
    """A text that its column does not hold; refused alike on both databases, before either is asked."""


class Held(TypeDecorator[str]):
    """A text as its column holds it: no longer than that, and of signs that both databases keep.

    SQLite takes any length and any sign, PostgreSQL refuses in words of its own; every way in, a form or a file or
    the command line, comes through here.
    """

    impl = String
    cache_ok = True

    def __init__(self, kept: String, column: str) -> None:
        super().__init__()
        self.impl = kept  # type: ignore[assignment]
        self.most, self.column = kept.length, column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if self.most is not None and len(value) > self.most:
            facts = {"most": self.most, "begins": value[:40].strip()}
            raise NotHeld(Refusal.of("text-not-held", field=self.column, **facts))
        if "\x00" in value or (not value.isascii() and _HALF.search(value)):
            raise NotHeld(Refusal.of("text-unreadable", field=self.column))
        return value

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """What a text is compared with may be of any length: it is found nowhere, and that is no refusal."""
        return self.impl_instance


_HALF = re.compile("[\ud800-\udfff]")
"""Halves of signs, which JSON can say and no file of text holds."""


@event.listens_for(Column, "after_parent_attach")
def _hold(column: Column[Any], table: Any) -> None:
    """Every column of a text in our tables holds what it says."""
    kind = column.type
    if not (isinstance(table, Table) and table.metadata.info.get(OURS)):
        return
    if isinstance(kind, String) and not isinstance(kind, Enum):
        column.type = Held(kind, column.name)


def words(kind: type[enum.StrEnum], check: str | None = None) -> Enum:
    """A column for a ``StrEnum``, stored by value under a check that both databases hold.

    A second column of the same kind in one table needs a *check* of its own name.
    """
    return Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=32,
        name=check or kind.__name__.lower(),
    )


class Base(DeclarativeBase):
    """Every table's base: named constraints, aware moments, JSON for dictionaries and lists."""

    # Given as a registry, because Flask-SQLAlchemy copies this class and its attributes into its own base.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING, info={OURS: True}),
        type_annotation_map={
            datetime: UtcDateTime,
            dict[str, Any]: JSON,
            list[Any]: JSON,
            list[str]: JSON,
            list[int]: JSON,
            list[dict[str, Any]]: JSON,
            dict[str, str]: JSON,
            dict[str, int]: JSON,
        },
    )
