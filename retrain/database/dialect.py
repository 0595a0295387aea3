"""Everything in which SQLite and PostgreSQL differ for us; nothing else in the program asks which one it is on."""

import errno
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Table, event, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from retrain.database.turns import Turns

BUSY_MILLISECONDS = 15_000

RESTED = 2.0
"""Seconds after which a connection that nobody used is tried before it is used again: its server may be another."""

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""True inside a use case: SQLite then takes the write lock at BEGIN, where waiting works."""

# deadlock, serialisation failure, lock not available
_RETRY_SQLSTATES = {"40P01", "40001", "55P03"}


def prepare_engine(engine: Engine) -> None:
    """Set what each connection of *engine* needs."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "checkin", _rest)
        event.listen(engine, "checkout", _wake)
        return
    event.listen(engine, "connect", _prepare_sqlite)
    file = engine.url.database
    event.listen(engine, "begin", _begin_sqlite(Turns(Path(file)) if file and file != ":memory:" else None))


def prepare_session(sessions: Any) -> None:
    """Set how each session begins; said again, it changes nothing."""
    if not event.contains(sessions, "after_begin", _read_apart):
        event.listen(sessions, "after_begin", _read_apart)


def _read_apart(session: Session, _transaction: object, connection: Connection) -> None:
    """Outside use cases PostgreSQL answers each question by itself, as it does at its usual isolation anyway.

    A transaction around them is two questions more for every page, and at its ROLLBACK the driver forgets every
    statement that the server has prepared.
    """
    if connection.dialect.name == "postgresql" and not writing.get():
        raw: Any = connection.connection.dbapi_connection
        raw.autocommit = True


def _rest(connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()
    if connection is not None and connection.autocommit:
        connection.autocommit = False


def _wake(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Whether the server still answers on a connection that rested; the pool opens another one if not.

    Asked of every connection each time, as the pool itself would, this is a question more for every request.
    """
    if time.monotonic() - record.info.get("rests_since", time.monotonic()) < RESTED:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except connection.OperationalError as error:
        raise DisconnectionError from error


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


def _begin_sqlite(turns: Turns | None) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        if not writing.get():
            connection.exec_driver_sql("BEGIN")
        elif turns is None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            raw: Any = connection.connection.dbapi_connection
            try:
                turns.begin(raw, BUSY_MILLISECONDS / 1000)
            except sqlite3.Error as error:
                # As SQLAlchemy words what a statement of its own comes back with.
                raise OperationalError("BEGIN IMMEDIATE", None, error) from error

    return begin


def may_retry(error: BaseException) -> bool:
    """Whether *error* says that the transaction lost a race and may simply be run again."""
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error, OperationalError) and "database is locked" in str(error.orig):
        return True
    return getattr(error.orig, "sqlstate", None) in _RETRY_SQLSTATES


def has_no_room(error: BaseException) -> bool:
    """Whether *error* says that nothing more can be written, because the disk is full."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if not isinstance(error, DBAPIError):
        return False
    # 53100 is PostgreSQL's disk_full.
    return getattr(error.orig, "sqlstate", None) == "53100" or "database or disk is full" in str(error.orig)


def can_not_hold(error: BaseException) -> bool:
    """Whether *error* says that a value came which no column can hold: too large, too long, of no calendar."""
    return isinstance(error, OverflowError | DataError)


def violated(error: DBAPIError, constraint: str, *columns: str) -> bool:
    """Whether *error* is a violation of the named constraint; SQLite names only ``table.column`` for unique keys."""
    text = str(error.orig)
    return constraint in text or (bool(columns) and all(column in text for column in columns))


def insert_ignoring(session: Session, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert *rows*, passing over those whose unique key is there already; how many went in."""
    values = [dict(row) for row in rows]
    if not values:
        return 0
    insert = _insert_ignoring(table, session.get_bind().dialect, tuple(values[0]))
    session.flush()
    return session.connection().execute(insert, values).rowcount


@lru_cache(maxsize=256)
def _insert_ignoring(table: Table, dialect: Dialect, columns: tuple[str, ...]) -> Any:
    """The statement in words of the database: SQLAlchemy puts one with this clause together anew each time."""
    kind = postgresql if dialect.name == "postgresql" else sqlite
    # Without being asked to keep it, SQLAlchemy forgets the count of an INSERT.
    found = kind.insert(table).inline().on_conflict_do_nothing()
    found = found.execution_options(preserve_rowcount=True)
    return found.compile(dialect=dialect, column_keys=list(columns))


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


def number_after(session: Session, table: Table, number: int) -> None:
    """The next row of *table*, which gives each number once, gets one that is higher than *number*."""
    if session.get_bind().dialect.name == "postgresql":
        counter = func.pg_get_serial_sequence(table.name, "id")
        session.execute(select(func.setval(counter, func.greatest(func.nextval(counter), number))))
        return
    facts = {"table": table.name, "number": number}
    given = session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :table"), facts)
    if number > (given or 0):
        session.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), facts)
        session.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :number)"), facts)


def count_anew(session: Session) -> None:
    """After many rows came at once, let PostgreSQL count them, so that it plans for what is there; SQLite's plans
    were no faster for it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is now for as long as it lives, and stops nobody from writing."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    # In SQLite's WAL mode every read transaction is one.
    with engine.connect().execution_options(**options) as connection:
        yield connection
        connection.rollback()


@contextmanager
def loading(engine: Engine) -> Iterator[Connection]:
    """One write transaction in which rows may come in any order; foreign keys are checked at its end."""
    token = writing.set(True)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                yield from _loading_postgresql(connection)
            else:
                yield from _loading_sqlite(connection)
    finally:
        writing.reset(token)


def _loading_sqlite(connection: Connection) -> Iterator[Connection]:
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction
    try:
        yield connection
        if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise ValueError(f"{lost[0][0]}: a row refers to one of {lost[0][2]} that is not there")
        connection.commit()
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys = ON")


def _loading_postgresql(connection: Connection) -> Iterator[Connection]:
    keys = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    ).fetchall()
    for table, name, _ in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield connection
    # Rows came with their numbers: the next one of each table follows the highest.
    counters = connection.exec_driver_sql(
        "SELECT quote_ident(table_name), quote_ident(column_name),"
        " pg_get_serial_sequence(quote_ident(table_name), column_name) FROM information_schema.columns"
        " WHERE table_schema = current_schema()"
        " AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
    ).fetchall()
    for table, column, counter in counters:
        connection.exec_driver_sql(
            f"SELECT setval('{counter}', (SELECT max({column}) FROM {table})) WHERE EXISTS (SELECT FROM {table})"  # noqa: S608
        )
    for table, name, definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    connection.commit()
