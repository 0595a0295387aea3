"""A reader meets dates, hours and numbers as their own language writes them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.language import dates

DAY = date(2026, 2, 2)


@pytest.mark.parametrize(
    ("lang", "long", "short"),
    [
        ("uz", "2026-yil 2-fevral", "02.02.2026"),
        ("uz-Cyrl", "2026 йил 2 февраль", "02.02.2026"),
        ("ru", "2 февраля 2026 г.", "02.02.2026"),
        ("en", "2 February 2026", "2 Feb 2026"),
    ],
)
def test_a_date(lang, long, short):
    assert dates.long_date(DAY, lang) == long
    assert dates.short_date(DAY, lang) == short


@pytest.mark.parametrize(
    ("first", "last", "uz", "cyrillic", "ru", "en"),
    [
        (DAY, date(2026, 2, 13), "2026-yil 2–13-fevral", "2026 йил 2–13 февраль", "2–13 февраля 2026 г.",
         "2–13 February 2026"),
        (DAY, date(2026, 3, 13), "2026-yil 2-fevral – 13-mart", "2026 йил 2 февраль – 13 март",
         "2 февраля – 13 марта 2026 г.", "2 February – 13 March 2026"),
        (date(2025, 12, 29), date(2026, 1, 9), "2025-yil 29-dekabr – 2026-yil 9-yanvar",
         "2025 йил 29 декабрь – 2026 йил 9 январь", "29 декабря 2025 г. – 9 января 2026 г.",
         "29 December 2025 – 9 January 2026"),
        (DAY, DAY, "2026-yil 2-fevral", "2026 йил 2 февраль", "2 февраля 2026 г.", "2 February 2026"),
    ],
)  # fmt: skip
def test_from_a_day_to_a_day(first, last, uz, cyrillic, ru, en):
    assert [dates.date_range(first, last, lang) for lang in dates.LANGUAGES] == [uz, cyrillic, ru, en]


def test_a_month_and_a_weekday():
    assert [dates.month_and_year(DAY, lang) for lang in dates.LANGUAGES] == [
        "2026-yil fevral", "2026 йил февраль", "февраль 2026 г.", "February 2026",
    ]  # fmt: skip
    assert [dates.weekday_name(DAY, lang) for lang in dates.LANGUAGES] == [
        "dushanba", "душанба", "понедельник", "Monday",
    ]  # fmt: skip
    assert [dates.weekday_name(6, lang, short=True) for lang in dates.LANGUAGES] == ["Ya", "Як", "Вс", "Sun"]
    for lang in dates.LANGUAGES:
        assert len({dates.month_name(month, lang) for month in range(1, 13)}) == 12
        for short in (True, False):
            assert len({dates.weekday_name(day, lang, short=short) for day in range(7)}) == 7


def test_a_moment_is_shown_on_the_clocks_of_its_zone():
    moment = datetime(2026, 2, 2, 20, 30, tzinfo=UTC)
    assert dates.date_time(moment, "uz", ZoneInfo("Asia/Tashkent")) == "03.02.2026 01:30"
    assert dates.time_range(time(9, 0), time(10, 20)) == "09:00–10:20"


@pytest.mark.parametrize(
    ("value", "lang", "text"),
    [
        (12345.5, "uz", "12\u00a0345,5"),
        (12345.5, "uz-Cyrl", "12\u00a0345,5"),
        (12345.5, "ru", "12\u00a0345,5"),
        (12345.5, "en", "12,345.5"),
        (Fraction(8, 3), "uz", "2,67"),
        (Decimal("0.125"), "en", "0.13"),
        (576, "ru", "576"),
        (-3, "en", "-3"),
    ],
)
def test_a_number(value, lang, text):
    assert dates.number(value, lang) == text


def test_a_whole_number_has_no_sign_at_its_end():
    assert dates.number(2.5, "en", decimals=0) == "3"


@pytest.mark.parametrize(
    ("value", "uz", "cyrillic", "ru", "en"),
    [
        (1, "1 soat", "1 соат", "1 час", "1 hour"),
        (2, "2 soat", "2 соат", "2 часа", "2 hours"),
        (5, "5 soat", "5 соат", "5 часов", "5 hours"),
        (11, "11 soat", "11 соат", "11 часов", "11 hours"),
        (21, "21 soat", "21 соат", "21 час", "21 hours"),
        (112, "112 soat", "112 соат", "112 часов", "112 hours"),
        (1.5, "1,5 soat", "1,5 соат", "1,5 часа", "1.5 hours"),
        (0, "0 soat", "0 соат", "0 часов", "0 hours"),
    ],
)
def test_hours(value, uz, cyrillic, ru, en):
    assert [dates.hours(value, lang) for lang in dates.LANGUAGES] == [uz, cyrillic, ru, en]


def test_academic_hours():
    assert [dates.hours(72, lang, academic=True) for lang in dates.LANGUAGES] == [
        "72 akademik soat", "72 академик соат", "72 академических часа", "72 academic hours",
    ]  # fmt: skip
    assert dates.hours(2.5, "ru", academic=True) == "2,5 академического часа"


@pytest.mark.parametrize(
    ("code", "lang"),
    [("uz_Cyrl", "uz-Cyrl"), ("UZ-CYRL-UZ", "uz-Cyrl"), ("uz-Latn", "uz"), ("ru_RU", "ru"), ("en-GB", "en"),
     ("de", "uz"), ("", "uz"), (None, "uz")],
)  # fmt: skip
def test_a_language_in_any_dress(code, lang):
    assert dates.language(code) == lang


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_range_names_both_days(one, other):
    first, last = sorted((one, other))
    for lang in dates.LANGUAGES:
        text = dates.date_range(first, last, lang)
        for day in (first, last):
            assert str(day.day) in text
            assert str(day.year) in text
