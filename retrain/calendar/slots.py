"""Five-minute slots of the clock: whoever occupies the same one at the same time clashes.

They count from 1970 in UTC, so that universities that ring different bells meet on one grid.
"""

from datetime import UTC, datetime, timedelta

SLOT = timedelta(minutes=5)
_SECONDS = int(SLOT.total_seconds())
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS = _SECONDS * 1_000_000


def slots(start: datetime, end: datetime) -> range:
    """The numbers of every slot the interval touches; intervals that only meet share none on whole slots."""
    if end <= start:
        raise ValueError("an interval ends after it starts")
    return range(_microseconds(start) // _MICROSECONDS, -(-_microseconds(end) // _MICROSECONDS))


def slot_start(number: int) -> datetime:
    """When slot *number* begins, in UTC."""
    return _EPOCH + number * SLOT


def overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    """Whether two half-open intervals share a moment."""
    return one[0] < other[1] and other[0] < one[1]


def _microseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return (moment - _EPOCH) // timedelta(microseconds=1)
