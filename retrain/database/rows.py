"""One row of the database, or the word that there is none."""

from typing import Any, TypeVar

from sqlalchemy import Select

from retrain.extensions import db
from retrain.refusal import NotThere

T = TypeVar("T")


def only(wanted: Select[tuple[T]], name: Any, *, for_update: bool = False) -> T:
    """The row that is wanted; :class:`NotThere` with its *name* when there is none.

    *for_update* keeps others from it until the transaction ends, and reads it afresh.
    """
    if for_update:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotThere(name)
    return found
