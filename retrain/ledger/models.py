"""Append-only logs as Merkle trees (RFC 9162): the leaves, the growing edge of the tree, and signed heads."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from retrain.extensions import db


class LedgerLog(db.Model):
    """One log. Its row is the lock of whoever appends; *peaks* are the roots of the full subtrees so far."""

    __tablename__ = "ledger_log"
    __table_args__ = (CheckConstraint("size >= 0", name="size"),)

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    size: Mapped[int] = mapped_column(default=0)
    peaks: Mapped[list[Any]] = mapped_column(default=list)


class LedgerLeaf(db.Model):
    """The hash of one entry at its place; *subject* names what it stands for (an audit uid, a certificate)."""

    __tablename__ = "ledger_leaf"
    __table_args__ = (Index(None, "log", "subject"),)

    log: Mapped[str] = mapped_column(ForeignKey("ledger_log.name"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    leaf_hash: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(128))


class LedgerHead(db.Model):
    """What the log was at a moment, signed: the root over its first *size* leaves."""

    __tablename__ = "ledger_head"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    log: Mapped[str] = mapped_column(ForeignKey("ledger_log.name"), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    signature: Mapped[str] = mapped_column(String(128))


class LedgerTile(db.Model):
    """The root of a full subtree of 256, 65,536, … leaves, so that a proof need not read a whole log."""

    __tablename__ = "ledger_tile"

    log: Mapped[str] = mapped_column(ForeignKey("ledger_log.name"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
