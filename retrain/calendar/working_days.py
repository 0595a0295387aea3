"""Which days are worked: the week, the country's holidays, a provider's own, and days moved by decree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import holidays

from retrain.language.dates import language
from retrain.language.transliteration import to_cyrillic

MONDAY_TO_SATURDAY = frozenset(range(1, 7))  # ISO weekdays
_COUNTRY = "UZ"
_DAY = timedelta(days=1)
# The library speaks Uzbek and English; by the beginning of the English name.
_RUSSIAN_NAMES = {
    "New Year": "Новый год",
    "Women": "День женщин",
    "Nowruz": "Навруз",
    "Day of Memory": "День памяти и почестей",
    "Independence Day": "День независимости",
    "Teachers": "День учителя и наставника",
    "Constitution Day": "День Конституции",
    "Eid al-Fitr": "Рамазан хайит",
    "Eid al-Adha": "Курбан хайит",
}
_LONGEST_WAIT = 366  # days without a working one: then the settings are wrong


class DayOff(StrEnum):
    """Why nobody works on a day."""

    WEEKEND = "weekend"
    PUBLIC_HOLIDAY = "public-holiday"
    OWN_HOLIDAY = "own-holiday"


class NeverWorking(ValueError):
    """The settings leave no working day in a year."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A provider's settings. A day worked by decree beats every reason not to work."""

    weekdays: frozenset[int] = MONDAY_TO_SATURDAY
    own_holidays: frozenset[date] = frozenset()
    worked_by_decree: frozenset[date] = frozenset()
    country: str | None = _COUNTRY

    @classmethod
    def of(
        cls, weekdays: Iterable[int], own: Iterable[Mapping[str, Any]] = (), country: str | None = _COUNTRY
    ) -> "WorkingDays":
        """As a provider's settings keep them: ISO weekdays, and rows ``{"on": day, "working": bool}``."""
        moved = {date.fromisoformat(str(row["on"])): bool(row.get("working", False)) for row in own}
        return cls(
            frozenset(weekdays),
            frozenset(day for day, working in moved.items() if not working),
            frozenset(day for day, working in moved.items() if working),
            country,
        )


def day_off(day: date, settings: WorkingDays) -> DayOff | None:
    """Why *day* is not worked; None when it is."""
    if day in settings.worked_by_decree:
        return None
    if day in settings.own_holidays:
        return DayOff.OWN_HOLIDAY
    if settings.country and day in _public(settings.country, day.year, "en_US"):
        return DayOff.PUBLIC_HOLIDAY
    return None if day.isoweekday() in settings.weekdays else DayOff.WEEKEND


def is_working_day(day: date, settings: WorkingDays) -> bool:
    """Whether *day* is worked."""
    return day_off(day, settings) is None


def working_days(first: date, last: date, settings: WorkingDays) -> list[date]:
    """The working days from *first* to *last*, both included."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [day for day in days if is_working_day(day, settings)]


def next_working_day(day: date, settings: WorkingDays) -> date:
    """*day* itself when it is worked, else the first after it."""
    return next(_from(day, settings))


def add_working_days(day: date, count: int, settings: WorkingDays) -> date:
    """The working day that is *count* after *day*: a time limit that starts on the day after."""
    found = day
    following = _from(day + _DAY, settings)
    for _ in range(count):
        found = next(following)
    return found


def holiday_name(day: date, lang: str) -> str:
    """What Uzbekistan calls its holiday on *day*; empty on others."""
    lang = language(lang)
    uzbek = _public(_COUNTRY, day.year, "uz").get(day, "")
    match lang:
        case "uz":
            return uzbek
        case "uz-Cyrl":
            return to_cyrillic(uzbek)
        case "ru":
            return _in_russian(_public(_COUNTRY, day.year, "en_US").get(day, ""))
    return _public(_COUNTRY, day.year, "en_US").get(day, "")


def _in_russian(english: str) -> str:
    known = (russian for start, russian in _RUSSIAN_NAMES.items() if english.startswith(start))
    return next(known, "Выходной день" if english else "")


def _from(day: date, settings: WorkingDays) -> Iterator[date]:
    idle = 0
    while idle < _LONGEST_WAIT:
        if is_working_day(day, settings):
            idle = 0
            yield day
        else:
            idle += 1
        day += _DAY
    raise NeverWorking


@lru_cache(maxsize=256)
def _public(country: str, year: int, lang: str) -> dict[date, str]:
    return dict(holidays.country_holidays(country, years=year, language=lang))
