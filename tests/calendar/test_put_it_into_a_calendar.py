"""A teacher's calendar takes the entry in, moves it when it moves and drops it when it is called off."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain.calendar import ics

ZONE = ZoneInfo("Asia/Tashkent")
STAMP = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
ENTRY = ics.Entry(
    uid=ics.uid("session", 42, "retrain.example.uz"),
    sequence=0,
    start=datetime(2026, 2, 2, 4, 0, tzinfo=UTC),
    end=datetime(2026, 2, 2, 5, 30, tzinfo=UTC),
    summary="Ma’ruza: o‘quv; reja, 1-mavzu",
    organizer=ics.Person("coordinator@example.uz", "O‘quv bo‘limi"),
    attendees=(ics.Person("teacher@example.uz", "G‘ulomova N. B."),),
    location="12-xona",
    description="Ikki\nqator",
    url="https://retrain.example.uz/runs/R-1",
)


def opened(content: bytes) -> tuple[icalendar.Calendar, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_an_invitation():
    calendar, event = opened(ics.invitation(ENTRY, ZONE, STAMP))
    assert calendar["METHOD"] == "REQUEST"
    assert event["UID"] == "session-42@retrain.example.uz"
    assert event["SUMMARY"] == ENTRY.summary
    assert event["DESCRIPTION"] == "Ikki\nqator"
    assert event["STATUS"] == "CONFIRMED"
    assert event["ORGANIZER"] == "mailto:coordinator@example.uz"
    assert event["ATTENDEE"].params["CN"] == "G‘ulomova N. B."
    assert event["DTSTART"].dt == ENTRY.start
    assert event["DTSTART"].params["TZID"] == "Asia/Tashkent"
    assert event["DTSTART"].dt.hour == 9
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Tashkent"]


def test_a_change_replaces_and_a_cancellation_removes_the_same_entry():
    _, first = opened(ics.invitation(ENTRY, ZONE, STAMP))
    moved = replace(
        ENTRY, sequence=1, start=ENTRY.start + timedelta(days=1), end=ENTRY.end + timedelta(days=1)
    )
    _, second = opened(ics.invitation(moved, ZONE, STAMP + timedelta(hours=1)))
    calendar, third = opened(ics.cancellation(replace(moved, sequence=2), ZONE, STAMP + timedelta(hours=2)))
    assert first["UID"] == second["UID"] == third["UID"]
    assert [event["SEQUENCE"] for event in (first, second, third)] == [0, 1, 2]
    assert first["DTSTAMP"].dt < second["DTSTAMP"].dt < third["DTSTAMP"].dt
    assert (calendar["METHOD"], third["STATUS"]) == ("CANCEL", "CANCELLED")
    assert not third.walk("VALARM")


def test_whole_days_end_after_the_last():
    calendar, event = opened(
        ics.invitation(replace(ENTRY, start=date(2026, 2, 2), end=date(2026, 2, 13)), ZONE, STAMP)
    )
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 2, 2), date(2026, 2, 14))
    assert not calendar.walk("VTIMEZONE")


def test_summer_time_is_in_the_zone():
    berlin = ZoneInfo("Europe/Berlin")
    summer = replace(
        ENTRY, start=datetime(2026, 7, 1, 7, tzinfo=UTC), end=datetime(2026, 7, 1, 8, tzinfo=UTC)
    )
    calendar, event = opened(ics.invitation(summer, berlin, STAMP))
    assert event["DTSTART"].dt == summer.start
    assert {part.name for zone in calendar.walk("VTIMEZONE") for part in zone.subcomponents} == {
        "STANDARD",
        "DAYLIGHT",
    }


def test_the_same_entry_is_the_same_bytes():
    assert ics.invitation(ENTRY, ZONE, STAMP) == ics.invitation(ENTRY, ZONE, STAMP)


def test_lines_are_short_and_end_as_the_standard_says():
    content = ics.invitation(replace(ENTRY, description="ў" * 500), ZONE, STAMP)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_feed_tells_nobody_about_the_others():
    content = ics.feed([ENTRY, replace(ENTRY, uid="x@y")], ZONE, STAMP, "Mening jadvalim")
    calendar = icalendar.Calendar.from_ical(content)
    assert calendar["METHOD"] == "PUBLISH"
    assert [event.get("ATTENDEE") for event in calendar.walk("VEVENT")] == [None, None]
    assert b"teacher@example.uz" not in content


STORED = {
    "uid": "enrolment-7@retrain",
    "sequence": 3,
    "method": "CANCEL",
    "starts": "2026-02-02",
    "ends": "2026-02-13",
    "summary": {"uz": "Kurs", "ru": "Курс"},
    "location": "Toshkent",
    "path": "/runs/R-1",
}


def test_an_entry_kept_with_a_message():
    invited = ics.Person("t@example.uz", "T")
    calendar, event = opened(
        ics.entry(STORED, "ru", "https://retrain.example.uz/", stamp=STAMP, attendee=invited)
    )
    assert (calendar["METHOD"], event["SUMMARY"], event["SEQUENCE"]) == ("CANCEL", "Курс", 3)
    assert event["URL"] == "https://retrain.example.uz/runs/R-1"
    assert event["ATTENDEE"] == "mailto:t@example.uz"
    assert event["DTEND"].dt == date(2026, 2, 14)


def test_a_kept_entry_may_have_moments():
    stored = STORED | {
        "starts": "2026-02-02T04:00:00+00:00",
        "ends": "2026-02-02T05:30:00+00:00",
        "method": "REQUEST",
        "zone": "Asia/Tashkent",
    }
    _, event = opened(ics.entry(stored, "uz", "http://localhost:8000", stamp=STAMP))
    assert event["DTSTART"].dt.hour == 9
    assert event["ORGANIZER"] == "mailto:retrain@localhost"


@pytest.mark.parametrize("text", ["a\r\nATTENDEE:mailto:x@y", 'x";y:z', "\\n;,:", "😀 \u202e"])
def test_text_adds_no_line_of_its_own(text):
    entry = replace(ENTRY, summary=text, location=text, organizer=ics.Person("a@b.uz", text))
    _, event = opened(ics.invitation(entry, ZONE, STAMP))
    assert event["ATTENDEE"] == "mailto:teacher@example.uz"
    assert str(event["LOCATION"]).split() == text.split()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=80))
def test_any_text_comes_back(text):
    _, event = opened(ics.invitation(replace(ENTRY, summary=text or "x"), ZONE, STAMP))
    assert str(event["SUMMARY"]) == (text or "x")
