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
        self._blank: dict[Table, tuple[Row, dict[str, type]]] = {}
        self._written: dict[Table, int] = {}

    def add(self, model: Any, **values: Any) -> Row:
        """A row of *model* with its defaults filled in; it may be changed until it is written."""
        table = model.__table__
        if table not in self._of:
            self._of[table], self._blank[table] = [], _defaults(table)
        made, (blank, fresh) = self._of[table], self._blank[table]
        row = blank | values
        if len(row) != len(blank):
            raise TypeError(f"{table.name} has no {sorted(values.keys() - blank.keys())}")
        for name, kind in fresh.items():
            if row[name] is None:
                row[name] = kind()
        if "id" in row:
            row["id"] = len(made) + 1
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
        # What is read between the waves is planned for what is there: on statistics of empty tables it took minutes.
        dialect.count_anew(db.session())
        return written


def _defaults(table: Table) -> tuple[Row, dict[str, type]]:
    """What each column holds when nothing is said, and which columns want a list or a dictionary of their own."""
    blank: Row = {}
    fresh: dict[str, type] = {}
    for column in table.columns:
        default: Any = column.default
        blank[column.name] = None
        if default is not None and default.is_callable:
            fresh[column.name] = type(default.arg(None))
        elif default is not None:
            blank[column.name] = default.arg
    return blank, fresh
