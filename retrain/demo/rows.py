"""Rows on their way into the database: made in memory with numbers of our own, written in chunks."""

from collections.abc import Callable
from typing import Any, TypeAlias

from sqlalchemy import Table, insert

from retrain.database import dialect
from retrain.extensions import db

CHUNK = 5000

Row: TypeAlias = dict[str, Any]


class Rows:
    """Every row of the country by its table. Numbers count from 1 in the order the rows were made."""

    def __init__(self) -> None:
        self._of: dict[Table, list[Row]] = {}
        self._blank: dict[Table, Row] = {}
        self._written: dict[Table, int] = {}

    def add(self, model: Any, **values: Any) -> Row:
        """A row of *model* with its defaults filled in; it may be changed until it is written."""
        table = model.__table__
        if table not in self._of:
            self._of[table] = []
            self._blank[table] = _defaults(table)
        made = self._of[table]
        row = {name: value() if callable(value) else value for name, value in self._blank[table].items()}
        if "id" in row:
            row["id"] = len(made) + 1
        if strange := values.keys() - row.keys():
            raise TypeError(f"{table.name} has no {sorted(strange)}")
        row.update(values)
        made.append(row)
        return row

    def of(self, model: Any) -> list[Row]:
        """The rows of *model* so far."""
        return self._of.get(model.__table__, [])

    def write(self, tell: Callable[[str], None]) -> int:
        """Put what was made since into the database, tables in the order their keys ask for; how many rows."""
        tables = [
            table
            for table in db.metadata.sorted_tables
            if len(self._of.get(table, ())) > self._written.get(table, 0)
        ]
        written = 0
        for table in tables:
            rows = self._of[table][self._written.get(table, 0) :]
            tell(f"{len(rows):>7} {table.name}")
            for start in range(0, len(rows), CHUNK):
                db.session.execute(insert(table), rows[start : start + CHUNK])
            self._written[table] = len(self._of[table])
            written += len(rows)
        dialect.continue_numbers(db.session(), tables)
        return written


def _defaults(table: Table) -> Row:
    """What each column holds when nothing is said: its default, or nothing."""
    blank: Row = {}
    for column in table.columns:
        default: Any = column.default
        if default is None:
            blank[column.name] = None
        elif default.is_callable:
            kind = type(default.arg(None))
            blank[column.name] = kind
        else:
            blank[column.name] = default.arg
    return blank
