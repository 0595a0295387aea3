"""Bytes that no row names: what a killed worker or a transaction that failed left in the store. They go after a day."""

from datetime import timedelta

import structlog

from retrain import clock
from retrain.extensions import db
from retrain.files import store
from retrain.files.models import StoredFile
from retrain.jobs import every

PATIENCE = timedelta(days=1)
"""For so long a row may be on its way: far longer than any transaction lasts."""


@every(timedelta(days=1), thread="files")
def sweep() -> None:
    """Delete what nobody names, once a day."""
    if gone := forget_orphans():
        structlog.get_logger().info("bytes that no row named were deleted", files=gone)


def forget_orphans() -> int:
    """Delete what has lain in the store for a day and no row names; how many files that were.

    Several may sweep beside any number that write: bytes brought again in that moment stay, see `store.take_away`.
    What was there before a backup came back stays too, for the rows of it may be in a newer backup.
    """
    before, gone = (clock.now() - PATIENCE).timestamp(), 0
    for part in store.parts():
        old = store.brought_before(part, before)
        named = _named(part) if old else frozenset()
        for digest in old:
            if digest in named:
                store.put_back(digest)
            else:
                gone += store.take_away(digest, before)
    return gone


def _named(part: str) -> frozenset[str]:
    """The digests that begin with *part* and have a row."""
    wanted = db.select(StoredFile.digest).where(StoredFile.digest.startswith(part)).distinct()
    found = frozenset(db.session.scalars(wanted))
    db.session.rollback()  # no transaction is held while files are deleted
    return found
