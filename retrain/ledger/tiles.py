"""Proofs out of a log of any length: a few hundred hashes are read instead of all of it.

The root of each full subtree of 256 leaves is kept, and of 256 of those, and so on. A proof needs roots of ranges
that begin where such a subtree begins, so it is put together from those and the leaves at its ragged edges.
"""

from collections.abc import Sequence

from sqlalchemy import func, insert, select

from retrain.extensions import db
from retrain.ledger import tree
from retrain.ledger.models import LedgerLeaf, LedgerTile

WIDTH = 256


def grow(log: str, size: int) -> None:
    """Keep the tiles that are full now that the log has *size* leaves; called by whoever appends."""
    level, unit = 1, WIDTH
    while unit <= size:
        kept = select(func.count()).where(LedgerTile.log == log, LedgerTile.level == level)
        have, full = db.session.scalar(kept) or 0, size // unit
        rows = [
            {"log": log, "level": level, "place": place, "hash": tree.root(_row(log, level - 1, place)).hex()}
            for place in range(have, full)
        ]
        if rows:
            db.session.execute(insert(LedgerTile), rows)
        level, unit = level + 1, unit * WIDTH


def inclusion(log: str, position: int, size: int) -> list[bytes]:
    """The hashes that lead from leaf *position* to the root over the first *size* leaves."""
    return tree.inclusion_by(_Reader(log).root, position, size)


def consistency(log: str, before: int, size: int) -> list[bytes]:
    """The hashes that show the first *size* leaves to begin with the first *before* ones."""
    return tree.consistency_by(_Reader(log).root, before, size)


def root(log: str, size: int) -> bytes:
    """The root over the first *size* leaves."""
    return _Reader(log).root(0, size) if size else tree.EMPTY


class _Reader:
    """Roots of ranges of a log's leaves; what was read once is kept while a proof is made."""

    def __init__(self, log: str) -> None:
        self.log = log
        self._rows: dict[tuple[int, int], list[bytes]] = {}

    def root(self, start: int, end: int) -> bytes:
        """The root over the leaves from *start* to before *end*, where a subtree begins at *start*."""
        count = end - start
        level, unit = 0, 1
        while unit * WIDTH <= count and start % (unit * WIDTH) == 0:
            level, unit = level + 1, unit * WIDTH
        if count & (count - 1) == 0:
            return tree.root(self._units(level, start // unit, count // unit))
        half = tree.split(count)
        return tree.node_hash(self.root(start, start + half), self.root(start + half, end))

    def _units(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Hashes number *first* and following of a level; they are of one tile, or a power of two of whole ones."""
        found: list[bytes] = []
        while len(found) < count:
            place, inside = divmod(first + len(found), WIDTH)
            if (level, place) not in self._rows:
                self._rows[level, place] = _row(self.log, level, place)
            row = self._rows[level, place][inside : inside + count - len(found)]
            if not row:
                raise LookupError(f"the log {self.log} lacks hashes at level {level}")
            found += row
        return found


def _row(log: str, level: int, place: int) -> list[bytes]:
    """The hashes under tile *place*: leaves at level 0, tiles above."""
    first, last = place * WIDTH, (place + 1) * WIDTH
    if level == 0:
        query = select(LedgerLeaf.leaf_hash).where(
            LedgerLeaf.log == log, LedgerLeaf.position >= first, LedgerLeaf.position < last
        ).order_by(LedgerLeaf.position)  # fmt: skip
    else:
        query = select(LedgerTile.hash).where(
            LedgerTile.log == log, LedgerTile.level == level, LedgerTile.place >= first, LedgerTile.place < last
        ).order_by(LedgerTile.place)  # fmt: skip
    return [bytes.fromhex(each) for each in db.session.scalars(query)]
