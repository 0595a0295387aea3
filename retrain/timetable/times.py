"""Bells and working days of a provider on a date, read from its dated settings."""

from datetime import date

from retrain.calendar import working_days
from retrain.calendar.bells import Bells
from retrain.calendar.working_days import WorkingDays
from retrain.people import settings


def bells(provider_id: int, day: date) -> Bells:
    """The pairs of *day* in order, with the academic hours that fit into each."""
    return Bells.of(settings.get(provider_id, "bells", day), settings.get(provider_id, "academic_hour", day))


def is_working_day(provider_id: int, day: date) -> bool:
    """Whether the provider works on *day*: its weekdays, the country's holidays, its own days off and on."""
    return working_days.is_working_day(day, _known(provider_id, day))


def is_worked_by_decree(provider_id: int, day: date) -> bool:
    """Whether *day* is worked although it would otherwise be free."""
    return day in _known(provider_id, day).worked_by_decree


def _known(provider_id: int, day: date) -> WorkingDays:
    return WorkingDays.of(
        settings.get(provider_id, "working_days", day), settings.get(provider_id, "holidays", day)
    )
