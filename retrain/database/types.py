"""Column types and the declarative base every table stands on."""

import enum
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Enum, MetaData, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


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
        metadata=MetaData(naming_convention=NAMING),
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
