"""Changes of many rows at once, past the objects that the session holds."""

from typing import Any

from sqlalchemy import ColumnElement, delete

from retrain.extensions import db


def delete_where(model: Any, *conditions: ColumnElement[bool]) -> None:
    """The rows of *model* for which all *conditions* hold are gone; objects read before are not looked at."""
    db.session.execute(delete(model).where(*conditions).execution_options(synchronize_session=False))
