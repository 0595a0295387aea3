"""Statements that everybody sends in the same minute: sent to the connection itself.

The session's own ``execute`` makes entities of what it finds; for plain columns that work is most of the time.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Dialect, Executable, Select, inspect
from sqlalchemy.orm import Session, SessionTransaction, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict

from retrain.extensions import db

S = TypeVar("S", bound=Select[Any])

_HELD = "retrain.hot-connection"

_kept: set[Executable] = set()


def kept(make: Callable[..., S]) -> Callable[..., S]:
    """The statement that *make* puts together is made once for its arguments, and worded once for each database.

    Both take longer than the database's answer.
    """

    @cache
    def statement(*asked: Hashable) -> S:
        found = make(*asked)
        _kept.add(found)
        return found

    return statement


@cache
def _worded(statement: Any, dialect: Dialect) -> Any:
    return statement.compile(dialect=dialect)


def execute(
    statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> CursorResult[Any]:
    """What *statement* over columns finds or changes, in the session's transaction, after what it still holds."""
    session = db.session()
    session.flush()
    connection = _connection(session)
    if statement in _kept:
        statement = _worded(statement, connection.dialect)
    return connection.execute(statement, values)


def _connection(session: Session) -> Connection:
    """The connection of the session's transaction; asked anew, the session goes a long way to find the same one."""
    transaction = session.get_transaction()
    held: tuple[SessionTransaction, Connection] | None = session.info.get(_HELD)
    if held is None or held[0] is not transaction:
        connection = session.connection()
        begun = session.get_transaction()
        assert begun is not None
        held = session.info[_HELD] = (begun, connection)
    return held[1]


def columns(*kinds: type[Any]) -> list[Any]:
    """All columns of these models, for a statement whose rows :func:`shown` reads."""
    return [column for kind in kinds for column in kind.__table__.columns]


def shown(row: Sequence[Any], *kinds: type[Any]) -> list[Any]:
    """One object of each of *kinds* out of a row of their :func:`columns`, to be looked at and no more.

    No session knows them, so changing one changes nothing: for pages that everybody opens at once, where the session
    takes longer to make an object than the database to find it.
    """
    found, at = [], 0
    for kind in kinds:
        names = kind.__table__.columns.keys()
        made = inspect(kind).class_manager.new_instance()
        instance_dict(made).update(zip(names, row[at : at + len(names)], strict=True))
        found.append(made)
        at += len(names)
    return found


def add(row: Any) -> None:
    """Insert a new *row* now and have the session know it, as ``add`` and ``flush`` would.

    Those sort all that is new and changed first; a single row has nothing to be sorted against. What was not set
    is empty or left to its column's default, which is read when it is asked for.
    """
    mapper, given = inspect(row).mapper, inspect(row).dict
    for name, column in mapper.columns.items():
        if name not in given and column.nullable and column.default is None:
            setattr(row, name, None)
    values = {name: given[name] for name in mapper.columns.keys() if name in given}  # noqa: SIM118 (no mapping)
    (number,) = execute(mapper.local_table.insert(), values).inserted_primary_key or (None,)
    row.id = number
    make_transient_to_detached(row)
    db.session.add(row)
