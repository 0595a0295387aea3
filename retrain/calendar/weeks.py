"""Weeks of days, from Monday to Sunday."""

from datetime import date, timedelta


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
