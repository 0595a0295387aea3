"""The morning of a run's first class, at nine: what the tests of registers begin with."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests import scenario
from tests.scenario import Country

MONDAY = date(2026, 9, 14)


def at_nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=ZoneInfo("Asia/Tashkent"))


def first_morning(clock) -> Country:
    country = scenario.country(MONDAY)
    country.sessions = country.timetable(*scenario.days(MONDAY, 4))
    clock.set(at_nine(MONDAY))
    return country
