"""One number for everything in the database: equal content, equal digest, on either database and in any order."""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from retrain.database import portable

_MODULUS = 1 << 256


class TableDigest:
    """The digest of a table's rows, whatever order they come in: the sum of their hashes, and how many."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, line: bytes) -> None:
        """Take one more row in."""
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(line).digest())) % _MODULUS

    @property
    def value(self) -> str:
        """The digest so far."""
        return f"{self.rows}:{self._sum:064x}"


def of_tables(
    connection: Connection, without: Mapping[str, Collection[str] | None] | None = None
) -> dict[str, str]:
    """table → digest. *without* leaves out columns of a table, or with None the whole table."""
    left_out = without or {}
    found = {}
    for name, table in portable.tables(connection).items():
        columns = left_out.get(name, ())
        if columns is None:
            continue
        digest = TableDigest()
        for row in portable.rows(connection, table):
            digest.add(portable.line(_without(row, columns)))
        found[name] = digest.value
    return found


def of(connection: Connection, without: Mapping[str, Collection[str] | None] | None = None) -> str:
    """The digest of all of them."""
    return together(of_tables(connection, without))


def together(tables: Mapping[str, str]) -> str:
    """One digest of many."""
    return hashlib.sha256("\n".join(f"{name} {tables[name]}" for name in sorted(tables)).encode()).hexdigest()


def _without(row: dict[str, Any], columns: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns} if columns else row
