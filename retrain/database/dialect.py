"""Everything in which SQLite and PostgreSQL differ for us; nothing else in the program asks which one it is on."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, Table, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

BUSY_MILLISECONDS = 15_000

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""True inside a use case: SQLite then takes the write lock at BEGIN, where waiting works."""

# deadlock, serialisation failure, lock not available
_RETRY_SQLSTATES = {"40P01", "40001", "55P03"}


def prepare_engine(engine: Engine) -> None:
    """Set what each connection of *engine* needs."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction control opens write transactions late; we say BEGIN ourselves.
    connection.isolation_level = None
    for pragma in (
        "foreign_keys = ON",
        "journal_mode = WAL",
        "synchronous = FULL",
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "cache_size = -32000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def may_retry(error: BaseException) -> bool:
    """Whether *error* says that the transaction lost a race and may simply be run again."""
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error, OperationalError) and "database is locked" in str(error.orig):
        return True
    return getattr(error.orig, "sqlstate", None) in _RETRY_SQLSTATES


def violated(error: DBAPIError, constraint: str, *columns: str) -> bool:
    """Whether *error* is a violation of the named constraint; SQLite names only ``table.column`` for unique keys."""
    text = str(error.orig)
    return constraint in text or (bool(columns) and all(column in text for column in columns))


def insert_ignoring(session: Session, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert *rows*, passing over those whose unique key is there already; how many went in."""
    values = [dict(row) for row in rows]
    if not values:
        return 0
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    # Without being asked to keep it, SQLAlchemy forgets the count of an INSERT.
    insert = kind.insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return int(session.execute(insert, values).rowcount)  # type: ignore[attr-defined]


def continue_numbers(session: Session, tables: Iterable[Table]) -> None:
    """After rows came with numbers of their own, let the next number follow the largest; SQLite does so itself."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in tables:
        key = table.autoincrement_column
        if key is None:
            continue
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        session.execute(select(func.setval(sequence, func.coalesce(func.max(key), 1))).select_from(table))
