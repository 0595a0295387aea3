"""Statements that everybody sends in the same minute: sent to the connection itself.

The session's own ``execute`` makes entities of what it finds; for plain columns that work is most of the time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable

from retrain.extensions import db


def execute(
    statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> CursorResult[Any]:
    """What *statement* over columns finds or changes, in the session's transaction, after what it still holds."""
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values)
