"""A provider's week, the country's holidays and what a decree moves."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.calendar.working_days import (
    DayOff,
    NeverWorking,
    WorkingDays,
    add_working_days,
    day_off,
    holiday_name,
    is_working_day,
    next_working_day,
    working_days,
)

PLAIN = WorkingDays()
SATURDAY, SUNDAY, MONDAY = date(2026, 2, 7), date(2026, 2, 8), date(2026, 2, 9)
NAVROZ = date(2025, 3, 21)


@pytest.mark.parametrize(
    ("day", "why"),
    [(SATURDAY, None), (SUNDAY, DayOff.WEEKEND), (MONDAY, None), (NAVROZ, DayOff.PUBLIC_HOLIDAY),
     (date(2025, 9, 1), DayOff.PUBLIC_HOLIDAY)],
)  # fmt: skip
def test_the_usual_week_and_the_countrys_holidays(day, why):
    assert day_off(day, PLAIN) is why
    assert is_working_day(day, PLAIN) is (why is None)


def test_settings_of_a_provider():
    settings = WorkingDays.of(
        [1, 2, 3, 4, 5],
        [
            {"on": SATURDAY.isoformat(), "working": True, "name": "by decree"},
            {"on": MONDAY, "working": False},
            {"on": NAVROZ, "working": True},
        ],
    )
    assert day_off(SATURDAY, settings) is None
    assert day_off(SATURDAY + timedelta(days=7), settings) is DayOff.WEEKEND
    assert day_off(MONDAY, settings) is DayOff.OWN_HOLIDAY
    assert day_off(NAVROZ, settings) is None


def test_a_country_of_ones_own():
    assert is_working_day(NAVROZ, WorkingDays(country=None))


def test_the_days_of_a_course():
    days = working_days(date(2025, 3, 17), date(2025, 3, 23), PLAIN)
    assert [day.day for day in days] == [17, 18, 19, 20, 22]
    assert working_days(MONDAY, SUNDAY, PLAIN) == []


def test_a_time_limit_in_working_days():
    assert next_working_day(SUNDAY, PLAIN) == MONDAY
    assert next_working_day(MONDAY, PLAIN) == MONDAY
    assert add_working_days(SATURDAY, 1, PLAIN) == MONDAY
    assert add_working_days(date(2025, 3, 20), 2, PLAIN) == date(2025, 3, 24)
    assert add_working_days(SUNDAY, 0, PLAIN) == SUNDAY


def test_settings_that_leave_no_day_to_work():
    with pytest.raises(NeverWorking):
        next_working_day(MONDAY, WorkingDays(weekdays=frozenset()))


def test_a_holiday_has_a_name():
    assert "Navro" in holiday_name(NAVROZ, "uz")
    assert holiday_name(NAVROZ, "uz-Cyrl").startswith("Навр")
    assert holiday_name(NAVROZ, "en") == "Nowruz"
    assert holiday_name(NAVROZ, "ru") == "Навруз"
    assert holiday_name(MONDAY, "ru") == ""
    assert holiday_name(MONDAY, "en") == ""


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 40), st.sets(st.integers(1, 7), min_size=1)
)
def test_counting_forward_passes_so_many_working_days(day, count, weekdays):
    settings = WorkingDays(frozenset(weekdays))
    end = add_working_days(day, count, settings)
    assert len(working_days(day + timedelta(days=1), end, settings)) == count
    assert is_working_day(end, settings)
