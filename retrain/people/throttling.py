"""Tries counted before they are made, by account and address together.

Somebody who guesses at another's account slows only themself at their own address; a college behind one
address is many accounts and so many counts. One address's wrong passwords over all accounts are counted too, against
one password tried on everybody; a browser that somebody has signed in with before passes that count.
"""

import hashlib
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from retrain import clock
from retrain.database import dialect
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import rules
from retrain.people.models import Throttle
from retrain.refusal import Refusal, TooMany


def key_of(kind: str, *parts: str) -> str:
    """The row's key; what it is about can't be read from it."""
    return hashlib.sha256("\x1f".join((kind, *parts)).encode()).hexdigest()


@use_case
def attempt(kind: str, *parts: str, free: int = rules.FREE_TRIES) -> None:
    """Count one try; Refused with ``too-many-tries`` while the earlier ones must be waited out."""
    now = clock.now()
    row = _row(key_of(kind, *parts), now)
    if row.until is not None and now < row.until:
        raise TooMany(Refusal.of("too-many-tries", until=row.until))
    if now - row.last_at > rules.FORGET_AFTER:
        row.failures = 0
    row.failures += 1
    row.last_at = now
    wait = rules.wait_after(row.failures, free)
    row.until = now + wait if wait else None


def _row(key: str, now: datetime) -> Throttle:
    """The count under *key*, held until the transaction ends."""
    dialect.insert_ignoring(db.session(), Throttle.__table__, [{"key": key, "failures": 0, "last_at": now}])
    return db.session.get_one(Throttle, key, with_for_update=True, populate_existing=True)


def network_of(address: str) -> str:
    """Whom an address is counted as: of IPv6 the first half, for whoever has one address there has all behind it."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped) if known.ipv4_mapped else known.exploded[:19]
    return str(known)


@use_case
def spend(address: str) -> None:
    """Count one wrong password against an address; Refused while it has had as many as are allowed at once."""
    now = clock.now()
    row = _row(key_of("from", network_of(address)), now)
    row.failures, gone = rules.wrong_still_held(row.failures, max(now - row.last_at, timedelta(0)))
    row.last_at += gone
    if row.failures >= rules.WRONG_FROM_ONE_ADDRESS:
        raise TooMany(Refusal.of("too-many-from-here", until=row.last_at + rules.WRONG_AGAIN_EVERY))
    row.failures += 1


@use_case
def give_back(address: str) -> None:
    """The password was right: the try counts for nothing."""
    row = _row(key_of("from", network_of(address)), clock.now())
    row.failures = max(row.failures - 1, 0)


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
