"""Which days are worked: weekdays, the country's holidays, the provider's own, and days moved by decree."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any

import holidays


@cache
def _public_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def is_working_day(
    day: date, weekdays: Collection[int], own: Collection[Mapping[str, Any]] = (), country: str = "UZ"
) -> bool:
    """Whether *day* is worked. *weekdays* are ISO weekdays; *own* rows say ``{"on": date, "working": bool}``
    and stand above everything else: a holiday of the provider's, or a Saturday worked by decree."""
    for row in own:
        if str(row["on"]) == day.isoformat():
            return bool(row.get("working", False))
    return day.isoweekday() in weekdays and day not in _public_holidays(country, day.year)
