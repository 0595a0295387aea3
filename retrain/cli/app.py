"""The app for a command: made, entered, and left with the audit sealed."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, has_app_context
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from retrain import create_app
from retrain.extensions import db
from retrain.refusal import ChangedMeanwhile, Forbidden, NotThere, Refused

R = TypeVar("R")


def inside_app(call: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """The answer of *call*, run inside an app; what it did is sealed into the ledger before the program ends."""
    if has_app_context():
        return call(*args, **kwargs)
    app = create_app()
    with app.app_context():
        try:
            return call(*args, **kwargs)
        finally:
            _seal()


def _seal() -> None:
    from retrain.audit.sealing import seal_all

    db.session.rollback()
    if inspect(db.engine).has_table("audit_entry"):
        seal_all()


def out_of_reach(error: Exception) -> str | None:
    """What to say when the database can't be opened at all; None for another *error*."""
    # Without a statement it was the connection that failed, not a question put to the database.
    if not isinstance(error, OperationalError) or error.statement is not None:
        return None
    return f"RETRAIN_DATABASE_URL: the database can't be opened: {str(error.orig).splitlines()[0]}."


def sentences(error: Exception) -> str | None:
    """What *error* says to a person; None for one that nobody foresaw."""
    if isinstance(error, Refused):
        if has_app_context():
            return _worded(error)
        with create_app().app_context():
            return _worded(error)
    if isinstance(error, NotThere):
        return f"There is no such thing: {error}."
    if isinstance(error, Forbidden | ChangedMeanwhile):
        return f"Not allowed: {error}."
    return None


def _worded(refused: Refused) -> str:
    from flask_babel import force_locale

    from retrain.web.words import say

    with force_locale("en"):
        return "\n".join(say(refusal) for refusal in refused.why)


def is_on_sqlite(app: Flask | None = None) -> bool:
    """Whether the data is in SQLite."""
    config = (app or current_app).config
    return str(config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")
