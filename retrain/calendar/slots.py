"""The clock cut into slots of five minutes, counted from the epoch: what occupancy is kept in."""

from datetime import datetime

SECONDS = 5 * 60


def slots(starts: datetime, ends: datetime) -> range:
    """The numbers of the slots that the time from *starts* to *ends* touches; both are aware moments."""
    first = int(starts.timestamp()) // SECONDS
    last = -(-int(ends.timestamp()) // SECONDS)
    return range(first, last)
