"""How often one asker may come for the same thing, kept in the memory of each server process.

For what is read without signing in and costs some work: a row written at each reading would make the busiest readers
writers. A server of several processes lets through as many times more; it is a guard of the machine, not a lock.
"""

from collections import OrderedDict
from datetime import datetime, timedelta


class Pace:
    """At most *most* at once, and one more after each *again*; remembers the last *kept* askers."""

    def __init__(self, most: int, again: timedelta, kept: int = 10_000) -> None:
        self._most, self._again, self._kept = most, again, kept
        self._last: OrderedDict[str, datetime] = OrderedDict()

    def wait(self, asker: str, now: datetime) -> timedelta:
        """How long *asker* has to wait; nothing when they may come in, which then counts."""
        full = max(self._last.get(asker, now), now) + self._again
        early = full - now - self._most * self._again
        if early > timedelta(0):
            return early
        self._last[asker] = full
        self._last.move_to_end(asker)
        while len(self._last) > self._kept:
            self._last.popitem(last=False)
        return timedelta(0)
