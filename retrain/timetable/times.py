"""Pairs and working days of a provider on a date, read from its dated settings."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from retrain.calendar import working_days
from retrain.calendar.working_days import WorkingDays
from retrain.people import queries as people
from retrain.people import settings


@dataclass(frozen=True)
class Pair:
    """One pair of one day by the provider's bells; *hours* are academic hours it can hold."""

    number: int
    starts: time
    ends: time
    interval: tuple[datetime, datetime]
    hours: float


def pairs(provider_id: int, day: date) -> list[Pair]:
    """The pairs of *day* in order."""
    zone = ZoneInfo(people.organisation_by_id(provider_id).timezone)
    hour = settings.get(provider_id, "academic_hour", day)
    found = []
    for bell in settings.get(provider_id, "bells", day):
        starts, ends = time.fromisoformat(bell["starts"]), time.fromisoformat(bell["ends"])
        interval = (datetime.combine(day, starts, zone), datetime.combine(day, ends, zone))
        minutes = (interval[1] - interval[0]).total_seconds() / 60
        found.append(Pair(bell["pair"], starts, ends, interval, minutes // hour))
    return found


def pair(provider_id: int, day: date, number: int) -> Pair | None:
    """The pair with *number* on *day*; None when the bells have none."""
    return next((found for found in pairs(provider_id, day) if found.number == number), None)


def is_working_day(provider_id: int, day: date) -> bool:
    """Whether the provider works on *day*: its weekdays, the country's holidays, its own days off and on."""
    known = WorkingDays.of(
        settings.get(provider_id, "working_days", day), settings.get(provider_id, "holidays", day)
    )
    return working_days.is_working_day(day, known)
