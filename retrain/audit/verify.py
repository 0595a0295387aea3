"""Finds what was changed, removed or inserted in the audit behind the program's back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select

from retrain.audit import authentic
from retrain.audit.sealing import LOG, TABLE, is_ours, rows
from retrain.extensions import db
from retrain.ledger import queries as ledger
from retrain.ledger import tree
from retrain.ledger.models import LedgerLeaf

AT_ONCE = 1000
Sealed = tuple[int, str]
"""Position and leaf hash."""


@dataclass(frozen=True)
class Problem:
    """Something that is not as the program left it. *entry* is the row's id, or names a part of the ledger."""

    entry: int | str
    kind: str


@dataclass(frozen=True)
class Report:
    """What the verification found."""

    entries: int
    problems: list[Problem]

    @property
    def ok(self) -> bool:
        return not self.problems


def verify() -> Report:
    """Check every entry against its mac and its place in the ledger, and the ledger against its signed heads."""
    key = authentic.key_of(current_app.config["SECRET_KEY"])
    sealed = _sealed()
    problems: list[Problem] = []
    count = 0
    for entry_id, row in _entries():
        count += 1
        kind = _unreadable(sealed, entry_id) if row is None else _fault(key, row, sealed.pop(row["id"], None))
        if kind is not None:
            problems.append(Problem(entry_id, kind))
    problems += [Problem(entry_id, "removed") for entry_id in sorted(sealed)]
    problems += [Problem(part, "ledger") for part in ledger.problems(LOG)]
    return Report(count, problems)


def _sealed() -> dict[int, tuple[str, Sealed]]:
    """entry id → uid and its place in the ledger."""
    leaves = select(LedgerLeaf.subject, LedgerLeaf.position, LedgerLeaf.leaf_hash).where(
        LedgerLeaf.log == LOG
    )
    found = {}
    for subject, position, leaf in db.session.execute(leaves):
        entry_id, _, uid = subject.partition(":")
        found[int(entry_id)] = (uid, (position, leaf))
    return found


def _entries() -> Iterator[tuple[int, Mapping[str, Any] | None]]:
    after = -1
    while ids := db.session.scalars(
        select(TABLE.c.id).where(TABLE.c.id > after).order_by(TABLE.c.id).limit(AT_ONCE)
    ).all():
        yield from rows(ids)
        after = ids[-1]


def _unreadable(sealed: dict[int, tuple[str, Sealed]], entry_id: int) -> str:
    """A row with something in it that the program can't have written."""
    return "inserted" if sealed.pop(entry_id, None) is None else "changed"


def _fault(key: bytes, row: Mapping[str, Any], known: tuple[str, Sealed] | None) -> str | None:
    """Whether the row was inserted (the program never made its uid) or changed (it did, but not like this)."""
    if not is_ours(key, row["uid"]):
        return "inserted" if known is None else "changed"
    if row["mac"] != authentic.mac(key, row):
        return "changed"
    if known is None:
        # One that claims a place the ledger does not know was given it, or its number, by somebody else.
        return "changed" if row["position"] is not None else None
    uid, (position, leaf) = known
    is_same = uid == row["uid"] and position == row["position"]
    return None if is_same and tree.leaf_hash(authentic.canonical(row)).hex() == leaf else "changed"
