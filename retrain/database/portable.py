"""Rows as lines of JSON that mean the same on both databases."""

import base64
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Time,
    inspect,
    select,
)

FOREIGN = ("alembic_version", "worker")
"""Tables that hold no content: at which migration the database is, and who is at work this minute."""

QUEUE = "huey_"
"""How the tables of the queue begin; it is made anew from the jobs."""

AT_ONCE = 1000


def tables(connection: Connection) -> dict[str, Table]:
    """The tables with content, as they are in the database: columns and keys, for more costs seconds to look up."""
    found, looking = MetaData(), inspect(connection)
    columns, keys = looking.get_multi_columns(), looking.get_multi_pk_constraint()
    return {
        name: Table(name, found, *_columns(columns[place], keys[place]["constrained_columns"]))
        for place in sorted(columns, key=lambda place: place[1])
        if (name := place[1]) not in FOREIGN and not name.startswith(QUEUE)
    }


def _columns(columns: Sequence[Any], key: Collection[str]) -> Iterator[Column[Any]]:
    for each in columns:
        kind = JSON(none_as_null=True) if isinstance(each["type"], JSON) else each["type"]
        yield Column(each["name"], kind, primary_key=each["name"] in key)


def rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """Every row, as values that JSON can hold."""
    writers = {column.name: _writer(column.type) for column in table.columns}
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
    for row in connection.execute(query).mappings():
        yield {name: None if row[name] is None else write(row[name]) for name, write in writers.items()}


def readers(table: Table) -> dict[str, Callable[[Any], Any]]:
    """For each column, what turns a value out of JSON into one for the database."""
    return {column.name: _reader(column.type) for column in table.columns}


def line(row: dict[str, Any]) -> bytes:
    """The same bytes for the same row on both databases."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _same(value: Any) -> Any:
    return value


def _moment(value: datetime) -> str:
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.isoformat(timespec="microseconds")


def _writer(kind: Any) -> Callable[[Any], Any]:
    if isinstance(kind, DateTime):
        return _moment
    if isinstance(kind, Date | Time):
        return lambda value: value.isoformat()
    if isinstance(kind, LargeBinary):
        return lambda value: base64.b64encode(value).decode()
    return lambda value: format(value.normalize(), "f") if isinstance(value, Decimal) else value


def _reader(kind: Any) -> Callable[[Any], Any]:
    if isinstance(kind, DateTime):
        # SQLite's hold UTC without saying so.
        return lambda text: (
            datetime.fromisoformat(text)
            if kind.timezone
            else datetime.fromisoformat(text).replace(tzinfo=None)
        )
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, Time):
        return time.fromisoformat
    if isinstance(kind, LargeBinary):
        return base64.b64decode
    if isinstance(kind, Numeric) and kind.asdecimal:
        return Decimal
    return _same
