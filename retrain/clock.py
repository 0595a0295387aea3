"""The one place that knows what time it is, so that tests and the demo country can set it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

COUNTRY = ZoneInfo("Asia/Tashkent")
"""Whose clocks hold where nothing belongs to one organisation: what each keeps is ``people.queries.zone_of``."""


def _running() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _running


def now() -> datetime:
    """The present moment in UTC, aware, to the microsecond."""
    return _source()


def today(zone: tzinfo = COUNTRY) -> date:
    """The calendar day it is on the clocks of *zone*."""
    return now().astimezone(zone).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block, :func:`now` answers *moment*."""
    global _source  # noqa: PLW0603 (the whole program has one clock)
    before, _source = _source, lambda: moment
    try:
        yield
    finally:
        _source = before
