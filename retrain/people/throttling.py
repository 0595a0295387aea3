"""Tries counted before they are made, by account and address together.

Somebody who guesses at another's account slows only themself at their own address; a college behind one
address is many accounts and so many counts.
"""

import hashlib

from retrain import clock
from retrain.database import dialect
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import rules
from retrain.people.models import Throttle
from retrain.refusal import Refusal, Refused


def key_of(kind: str, *parts: str) -> str:
    """The row's key; what it is about can't be read from it."""
    return hashlib.sha256("\x1f".join((kind, *parts)).encode()).hexdigest()


@use_case
def attempt(kind: str, *parts: str, free: int = rules.FREE_TRIES) -> None:
    """Count one try; Refused with ``too-many-tries`` while the earlier ones must be waited out."""
    now = clock.now()
    key = key_of(kind, *parts)
    dialect.insert_ignoring(db.session(), Throttle.__table__, [{"key": key, "failures": 0, "last_at": now}])
    row = db.session.get_one(Throttle, key, with_for_update=True, populate_existing=True)
    if row.until is not None and now < row.until:
        raise Refused(Refusal.of("too-many-tries", until=row.until))
    if now - row.last_at > rules.FORGET_AFTER:
        row.failures = 0
    row.failures += 1
    row.last_at = now
    wait = rules.wait_after(row.failures, free)
    row.until = now + wait if wait else None


def must_wait(kind: str, *parts: str) -> bool:
    """Whether the next try would be refused now; asking counts as none."""
    until = db.session.scalar(db.select(Throttle.until).where(Throttle.key == key_of(kind, *parts)))
    return until is not None and clock.now() < until


@use_case
def forget(kind: str, *parts: str) -> None:
    """The try was good: the count begins anew. Old counts of others go with it."""
    now = clock.now()
    db.session.execute(db.delete(Throttle).where(Throttle.key == key_of(kind, *parts)))
    db.session.execute(db.delete(Throttle).where(Throttle.last_at < now - 2 * rules.FORGET_AFTER))
