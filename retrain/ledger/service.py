"""Appends to a log and signs its heads; the only writer of the ledger's tables."""

from collections.abc import Sequence

from sqlalchemy import insert, select

from retrain import clock
from retrain.database.dialect import insert_ignoring
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.ledger import keys, tiles, tree
from retrain.ledger.models import LedgerHead, LedgerLeaf, LedgerLog


@use_case
def append(log: str, entries: Sequence[tuple[str, bytes]], *, provable: bool = False) -> int:
    """Put ``(subject, entry)`` pairs at the end of *log* and sign the new head; the position of the first.

    Appenders wait for one another on the log's row, so positions have no gap. Of a *provable* log proofs are given
    however long it grows.
    """
    row = locked(log)
    first, peaks = row.size, [bytes.fromhex(peak) for peak in row.peaks]
    leaves = []
    for position, (subject, entry) in enumerate(entries, start=first):
        leaf = tree.leaf_hash(entry)
        tree.append(peaks, position, leaf)
        leaves.append({"log": log, "position": position, "leaf_hash": leaf.hex(), "subject": subject})
    if leaves:
        db.session.execute(insert(LedgerLeaf), leaves)
        row.size, row.peaks = first + len(leaves), [peak.hex() for peak in peaks]
        db.session.add(_head(log, row.size, tree.root_of(peaks).hex()))
        if provable:
            db.session.flush()
            tiles.grow(log, row.size)
    return first


def locked(log: str) -> LedgerLog:
    """The log's row, held until the transaction ends."""
    query = select(LedgerLog).where(LedgerLog.name == log).with_for_update()
    row = db.session.scalars(query.execution_options(populate_existing=True)).first()
    if row is None:
        insert_ignoring(db.session(), LedgerLog.__table__, [{"name": log, "size": 0, "peaks": []}])
        row = db.session.scalars(query).one()
    return row


def _head(log: str, size: int, root: str) -> LedgerHead:
    at = clock.now()
    signature = keys.sign(keys.private(), keys.statement(log, size, root, at.isoformat()))
    return LedgerHead(log=log, size=size, root=root, at=at, signature=signature)
