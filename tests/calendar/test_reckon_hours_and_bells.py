"""A provider reckons in academic hours and rings its own bells."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.calendar.bells import Bells, NoSuchPair, Pair, WrongBells, regular
from retrain.calendar.hours import NotHours, attended, late_hours, parse_hours, to_hours, to_minutes

TASHKENT = ZoneInfo("Asia/Tashkent")
DAY = date(2026, 2, 2)


@pytest.mark.parametrize(
    ("hours", "minutes"), [(2, 90), (1.5, 68), (Decimal("0.5"), 23), (Fraction(1, 3), 15), (0, 0)]
)
def test_hours_are_stored_in_whole_minutes(hours, minutes):
    assert to_minutes(hours) == minutes


def test_the_hour_is_as_long_as_the_provider_says():
    assert to_minutes(2, academic_hour=40) == 80
    assert to_hours(80, academic_hour=40) == 2
    assert to_hours(60) == Fraction(4, 3)


@given(st.integers(0, 5_000), st.integers(1, 90))
def test_minutes_come_back(minutes, academic_hour):
    assert to_minutes(to_hours(minutes, academic_hour), academic_hour) == minutes


@given(st.integers(0, 400), st.integers(1, 90))
def test_a_late_person_loses_every_half_hour_begun(minutes, academic_hour):
    late = late_hours(minutes, academic_hour)
    assert late * academic_hour >= minutes
    assert (late - Fraction(1, 2)) * academic_hour < minutes or late == 0


@pytest.mark.parametrize(
    ("late", "early", "counted"), [(0, 0, 90), (1, 0, 45), (0.5, 0.5, 44), (2, 0, 0), (2, 1, 0), (3, 0, 0)]
)
def test_what_counts_of_a_pair(late, early, counted):
    assert attended(90, late, early) == counted


@pytest.mark.parametrize(("text", "hours"), [("2", 2), (" 1,5 ", Fraction(3, 2)), ("0.25", Fraction(1, 4))])
def test_hours_as_people_type_them(text, hours):
    assert parse_hours(text) == hours


@pytest.mark.parametrize("text", ["", "two", "-1", "1e9", "nan", "inf", "1,5,2"])
def test_what_is_no_amount_of_hours(text):
    with pytest.raises(NotHours):
        parse_hours(text)


SETTINGS = [{"pair": 1, "starts": "08:30", "ends": "10:00"}, {"pair": 2, "starts": "10:10", "ends": "11:40"}]


def test_bells_as_settings_keep_them():
    bells = Bells.of(SETTINGS)
    assert bells.stored() == SETTINGS
    assert [(pair.number, pair.minutes, pair.hours) for pair in bells] == [(1, 90, 2), (2, 90, 2)]
    assert [pair.hours for pair in Bells.of(SETTINGS, academic_hour=30)] == [3, 3]
    assert len(bells) == 2


def test_a_pair_on_a_day_is_a_moment_for_everybody():
    bells = Bells.of(SETTINGS)
    assert bells.interval(1, DAY, TASHKENT) == (
        datetime(2026, 2, 2, 3, 30, tzinfo=UTC),
        datetime(2026, 2, 2, 5, 0, tzinfo=UTC),
    )
    assert bells.interval(1, DAY, TASHKENT, last=2)[1] == datetime(2026, 2, 2, 6, 40, tzinfo=UTC)
    assert bells.pair(2).interval(DAY, TASHKENT) == bells.interval(2, DAY, TASHKENT)
    with pytest.raises(NoSuchPair):
        bells.pair(7)


def test_which_pair_is_on():
    bells = Bells.of(SETTINGS)
    moment = datetime(2026, 2, 2, 3, 30, tzinfo=UTC)
    assert bells.pair_at(moment, TASHKENT) == bells.pair(1)
    assert bells.pair_at(moment + timedelta(minutes=90), TASHKENT) is None


def test_summer_time_moves_the_moment_and_not_the_clock():
    berlin = ZoneInfo("Europe/Berlin")
    winter, _ = Bells.of(SETTINGS).interval(1, date(2026, 3, 27), berlin)
    summer, _ = Bells.of(SETTINGS).interval(1, date(2026, 3, 30), berlin)
    assert (winter.hour, summer.hour) == (7, 6)


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([Pair(1, time(9), time(9))], "pair-ends-before-it-starts"),
        ([Pair(1, time(9), time(10)), Pair(2, time(9, 50), time(11))], "pairs-overlap"),
        ([Pair(2, time(9), time(10)), Pair(1, time(10), time(11))], "pairs-out-of-order"),
        ([Pair(1, time(9), time(9, 10), hours=0)], "pair-without-hours"),
    ],
)
def test_bells_that_cannot_be_rung(pairs, code):
    with pytest.raises(WrongBells) as wrong:
        Bells(tuple(pairs))
    assert wrong.value.code == code


def test_even_bells_for_a_provider_that_set_none():
    bells = regular(time(9), 3, length=timedelta(minutes=80), breaks=timedelta(minutes=10))
    assert [(f"{pair.start:%H:%M}", f"{pair.end:%H:%M}") for pair in bells] == [
        ("09:00", "10:20"),
        ("10:30", "11:50"),
        ("12:00", "13:20"),
    ]
