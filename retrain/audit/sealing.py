"""Puts audit entries into the ledger in the background, so that no writer ever waits for another.

The time between an entry and its seal is the stated limit of what the ledger proves; until then
the entry has its own mac.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select, update

from retrain.audit import authentic
from retrain.audit.models import AuditEntry
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs import every
from retrain.ledger import service as ledger

LOG = "audit"
BATCH = 500
TABLE = AuditEntry.__table__


def subject(entry_id: int, uid: str) -> str:
    """What the ledger calls an entry: enough to name it when its row is gone."""
    return f"{entry_id}:{uid}"


@every(timedelta(seconds=3), thread="seal")
def seal_all() -> None:
    """Seal every entry there is."""
    while seal():
        pass


def seal() -> int:
    """Seal the next entries; how many. What does not authenticate stays out, for ``audit verify`` to name."""
    waiting = db.session.execute(select(TABLE.c.id).where(TABLE.c.position.is_(None)).limit(1)).first()
    db.session.rollback()
    return _seal(authentic.key_of(current_app.config["SECRET_KEY"])) if waiting is not None else 0


@use_case
def _seal(key: bytes) -> int:
    ledger.locked(LOG)
    after = 0
    good: list[Mapping[str, Any]] = []
    # What does not authenticate stays unsealed for ever: look past it.
    while not good:
        unsealed = select(TABLE.c.id).where(TABLE.c.position.is_(None), TABLE.c.id > after)
        ids = db.session.scalars(unsealed.order_by(TABLE.c.id).limit(BATCH)).all()
        if not ids:
            return 0
        after = ids[-1]
        good = [row for _, row in rows(ids) if row is not None and is_authentic(key, row)]
    leaves = [(subject(row["id"], row["uid"]), authentic.canonical(row)) for row in good]
    first = ledger.append(LOG, leaves)
    _place([row["id"] for row in good], first)
    return len(good)


def _place(ids: Sequence[int], first: int) -> None:
    """Write down where each entry stands in the log, by their numbers, in one statement."""
    after = func.row_number().over(order_by=TABLE.c.id) - 1
    placed = select(TABLE.c.id, (first + after).label("position")).where(TABLE.c.id.in_(ids)).subquery()
    db.session.execute(update(TABLE).where(TABLE.c.id == placed.c.id).values(position=placed.c.position))


def is_authentic(key: bytes, row: Mapping[str, Any]) -> bool:
    """Whether the program wrote the row as it stands."""
    return is_ours(key, row["uid"]) and row["mac"] == authentic.mac(key, row)


def is_ours(key: bytes, uid: object) -> bool:
    """Whether the program made the row: its uid is a code over itself."""
    return isinstance(uid, str) and uid.isascii() and authentic.uid_is_ours(key, uid)


def rows(ids: Sequence[int]) -> Iterator[tuple[int, Mapping[str, Any] | None]]:
    """Each row as columns, or None where something in it can't even be read."""
    wanted = select(TABLE).order_by(TABLE.c.id)
    try:
        found = db.session.execute(wanted.where(TABLE.c.id.in_(ids))).mappings().all()
    except (ValueError, TypeError):
        if len(ids) == 1:
            yield ids[0], None
            return
        for entry_id in ids:
            yield from rows([entry_id])
    else:
        yield from ((row["id"], dict(row)) for row in found)
