"""Reads a log: whether it hangs together, and proofs for others to check."""

from dataclasses import dataclass

from sqlalchemy import select

from retrain.extensions import db
from retrain.ledger import keys, tree
from retrain.ledger.models import LedgerHead, LedgerLeaf, LedgerLog


@dataclass(frozen=True)
class Inclusion:
    """Shows that a leaf is in the log of a signed head."""

    position: int
    size: int
    root: str
    at: str
    signature: str
    proof: list[str]


def latest_head(log: str) -> LedgerHead | None:
    """What was signed last."""
    return db.session.scalars(
        select(LedgerHead).where(LedgerHead.log == log).order_by(LedgerHead.size.desc()).limit(1)
    ).first()


def leaves(log: str) -> list[bytes]:
    """Every leaf's hash, in order."""
    found = db.session.scalars(
        select(LedgerLeaf.leaf_hash).where(LedgerLeaf.log == log).order_by(LedgerLeaf.position)
    )
    return [bytes.fromhex(leaf) for leaf in found]


def problems(log: str) -> list[str]:
    """What does not hang together: missing leaves, roots that differ, heads that are not ours. Empty when all does."""
    row = db.session.get(LedgerLog, log, populate_existing=True)
    places = db.session.execute(
        select(LedgerLeaf.position, LedgerLeaf.leaf_hash)
        .where(LedgerLeaf.log == log)
        .order_by(LedgerLeaf.position)
    )
    heads = {head.size: head for head in db.session.scalars(select(LedgerHead).where(LedgerHead.log == log))}
    if row is None:
        return ["size"] if heads else []
    key = keys.private().public_key()
    peaks: list[bytes] = []
    found: list[str] = []
    size = 0
    for size, (position, leaf) in enumerate(places, start=1):
        if position != size - 1:
            return [*found, f"leaf {size - 1}"]
        tree.append(peaks, position, bytes.fromhex(leaf))
        if (head := heads.pop(size, None)) is not None:
            said = keys.statement(log, size, head.root, head.at.isoformat())
            if head.root != tree.root_of(peaks).hex() or not keys.is_signed(key, said, head.signature):
                found.append(f"head {size}")
    if size != row.size or [peak.hex() for peak in peaks] != row.peaks:
        found.append("size")
    return found + [f"head {beyond}" for beyond in sorted(heads)]


def inclusion(log: str, subject: str) -> Inclusion | None:
    """The proof for *subject* under the latest head; None when it is not in the log yet."""
    position = db.session.scalar(
        select(LedgerLeaf.position).where(LedgerLeaf.log == log, LedgerLeaf.subject == subject)
    )
    head = latest_head(log)
    if position is None or head is None:
        return None
    steps = tree.inclusion(leaves(log)[: head.size], position)
    return Inclusion(
        position, head.size, head.root, head.at.isoformat(), head.signature, [step.hex() for step in steps]
    )
