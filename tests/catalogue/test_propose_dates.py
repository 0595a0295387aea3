"""What a form proposes: pure decisions over any day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from retrain.catalogue import defaults

TASHKENT = ZoneInfo("Asia/Tashkent")
moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)).map(lambda day: day.replace(tzinfo=UTC))


@given(moments, st.integers(1, 600))
def test_a_run_begins_on_a_monday_that_people_can_still_enrol_for(now, hours):
    dates = defaults.dates(hours, now, TASHKENT)
    assert dates.starts_on.weekday() == 0
    assert now.astimezone(TASHKENT).date() < dates.starts_on
    assert dates.enrolment_opens <= now < dates.enrolment_closes
    assert dates.enrolment_closes.date() == dates.starts_on - timedelta(days=3)


@given(
    st.dates(date(2026, 1, 1), date(2030, 12, 31)).filter(lambda day: day.weekday() != 6), st.integers(1, 600)
)
def test_the_days_hold_the_hours_and_no_more(start, hours):
    last = defaults.last_day(start, hours)
    days = [start + timedelta(days=n) for n in range((last - start).days + 1)]
    classes = sum(day.weekday() != 6 for day in days)
    assert last.weekday() != 6
    assert (classes - 1) * 6 < hours <= classes * 6


@given(
    st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    st.integers(0, 200),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
)
def test_a_copy_keeps_its_weekday_and_comes_after(start, length, today):
    end = start + timedelta(days=length)
    to = defaults.copy_start(start, end, today)
    assert to.weekday() == start.weekday()
    assert max(end, today) < to <= max(end, today) + timedelta(days=7)


def test_codes_and_groups():
    assert defaults.course_code("Ўқитувчи маҳорати асослари", []) == defaults.course_code(
        "O‘qituvchi mahorati asoslari", []
    )
    assert defaults.course_code("Welding in practice", ["WP"]) == "WP-2"
    assert defaults.course_code("🛠", []) == "KURS"
    assert defaults.run_code("IT", ["IT-009", "IT-010", "IT-X"]) == "IT-011"
    assert defaults.group_name("IT-014") == "IT-14"
