"""Decisions about jobs over plain values."""

from datetime import timedelta

MOST_ATTEMPTS = 5
"""So many failures without any progress in between, and the job waits for a person."""

LEASE = timedelta(seconds=30)
"""For so long a claim holds without a sign of life."""

HEARTBEAT = timedelta(seconds=8)
"""So often a running job gives a sign of life."""

_PAUSES = (timedelta(seconds=2), timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5))


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after the failure of attempt number *attempts*; None when a person must look."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return _PAUSES[min(attempts, len(_PAUSES)) - 1]
