"""Passwords: hashed with argon2, a few at a time, because each check takes memory and a core."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from retrain.refusal import Refusal, Refused

# 19 MiB, two passes, one lane: the least that OWASP's password storage advice accepts.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(2)
PATIENCE = 10.0
"""Seconds somebody waits for their turn before they are asked to come back."""


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=PATIENCE):
        raise Refused(Refusal.of("busy"))
    try:
        yield
    finally:
        _AT_ONCE.release()


def digest(password: str, salt: bytes | None = None) -> str:
    """What is stored for *password*. Only the demo country brings its own *salt*, to come out the same again."""
    with _turn():
        return _hasher.hash(password, salt=salt)


def holds(stored: str | None, password: str) -> bool:
    """Whether *password* is the one behind *stored*; as slow for no account as for one."""
    with _turn():
        try:
            _hasher.verify(stored or _nobodys(), password)
            return stored is not None
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether *stored* was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody signs in with this")
