"""A provider in another zone, which puts its clocks back in the run's second week: all its moments are its own."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import current_app
from icalendar import Calendar

from retrain.attendance import service as attendance
from retrain.audit import Actor
from retrain.catalogue import service as catalogue
from retrain.catalogue.plan import RunPlan
from retrain.completion import service as completion
from retrain.enrolment import service as enrolment
from retrain.extensions import db
from retrain.messages import kinds
from retrain.messages.models import Message
from retrain.people import queries as people
from retrain.refusal import Refused
from retrain.timetable import service
from retrain.timetable.models import ClassSession
from retrain.web.words import say
from tests import scenario
from tests.scenario import Country

BERLIN, TASHKENT = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tashkent")
SUMMER, WINTER = date(2026, 10, 19), date(2026, 10, 26)
FIRST_PAIR = "08:30"
CLOSES = datetime(2026, 10, 24, 23, 59, tzinfo=BERLIN)


@pytest.fixture
def country(app, clock, monkeypatch) -> Country:
    """The usual country, but its university lives in Berlin and its run lasts two weeks."""
    plan = scenario.run_plan

    def two_weeks(starts: date, places: int = 10) -> RunPlan:
        return plan(starts, places, ends_on=WINTER + timedelta(days=5), enrolment_closes=CLOSES)

    monkeypatch.setattr(scenario, "run_plan", two_weeks)
    clock.set(datetime(2026, 10, 2, 9, tzinfo=BERLIN))
    found = scenario.country(SUMMER, people=2)
    found.provider.timezone = BERLIN.key
    db.session.commit()
    return found


@pytest.fixture
def meetings(country) -> list[ClassSession]:
    """The first pair before and after the clocks went back, and two more days to make up the plan."""
    return country.timetable(SUMMER, WINTER, WINTER + timedelta(days=1), WINTER + timedelta(days=2))


@pytest.fixture
def learner(country) -> Actor:
    return Actor(country.teachers[0].person_id)


def english(refused: pytest.ExceptionInfo[Refused]) -> str:
    with current_app.test_request_context("/?lang=en"):
        return " ".join(say(why) for why in refused.value.why)


def test_one_question_has_one_answer(country):
    assert people.zone_of(country.provider.id) == BERLIN
    assert people.zone_of(country.college.id) == people.zone_of(None) == TASHKENT
    both = people.zones_of([country.provider.id, country.college.id])
    assert both == {country.provider.id: BERLIN, country.college.id: TASHKENT}


def test_the_bells_ring_at_the_same_hour_all_year(meetings):
    assert [row.starts_at.astimezone(UTC).hour for row in meetings[:2]] == [6, 7]


def test_everybody_sees_the_hour_on_the_universitys_clocks(country, meetings, learner, app):
    lecturer = scenario.signed_in(app, country.lecturer)
    for browser in (lecturer, scenario.signed_in(app, learner)):
        for monday in (SUMMER, WINTER):
            assert f"{FIRST_PAIR}–10:00" in browser.get(f"/week?week={monday}&lang=en").text
    assert f", {FIRST_PAIR} · 2 hours" in lecturer.get(f"/registers/{meetings[1].id}?lang=en").text
    page = scenario.signed_in(app, country.coordinator).get(f"/manage/runs/{country.run.code}/registers")
    assert page.text.count(f", {FIRST_PAIR}") == len(meetings)


def test_what_clashes_is_named_by_the_universitys_clocks(country, meetings):
    with pytest.raises(Refused) as refused:
        service.add_session(country.coordinator, country.run.code, country.place(WINTER))
    assert "from 26 October 2026, 08:30 to 26 October 2026, 10:00" in english(refused)


def test_a_register_opens_by_the_universitys_clocks(country, meetings, clock):
    clock.set(datetime(WINTER.year, WINTER.month, WINTER.day, tzinfo=BERLIN))
    with pytest.raises(Refused) as refused:
        attendance.save_marks(country.lecturer, meetings[1].id, [])
    assert FIRST_PAIR in english(refused)


def test_a_letter_about_a_class_tells_the_universitys_hour(country, meetings, app):
    service.cancel_session(country.coordinator, meetings[1].id, "flood")
    message = db.session.scalar(db.select(Message).where(Message.kind == "timetable.cancelled"))
    with app.test_request_context("/?lang=en"):
        assert "26 October 2026, 08:30" in kinds.text_of(message.kind, message.facts).body


def test_enrolment_closes_on_the_universitys_clocks(country, app):
    page = scenario.signed_in(app, country.college_hr).get(f"/runs/{country.run.code}?lang=en").text
    assert "24 October 2026, 23:59" in page


def test_who_comes_too_late_is_told_the_universitys_hour(country, clock):
    clock.set(CLOSES + timedelta(minutes=1))
    late = scenario.teacher(90, country.college)
    with pytest.raises(Refused) as refused:
        enrolment.enrol(country.coordinator, country.run.code, late.id)
    assert "24 October 2026, 23:59" in english(refused)


def test_a_calendar_entry_is_in_the_universitys_zone(country, learner, app):
    late = scenario.teacher(90, country.college)
    enrolment.enrol(country.coordinator, country.run.code, late.id)
    message = db.session.scalar(db.select(Message).where(Message.person_id == late.person_id))
    assert message.calendar["zone"] == BERLIN.key
    entry = scenario.signed_in(app, learner).get(f"/mine/{country.run.code}.ics")
    assert [event["DTSTART"].dt for event in Calendar.from_ical(entry.data).walk("VEVENT")] == [SUMMER]


def test_the_last_day_begins_when_it_begins_there(country, clock):
    last = country.run.ends_on
    for zone, yet in ((TASHKENT, False), (BERLIN, True)):
        clock.set(datetime(last.year, last.month, last.day, 0, 30, tzinfo=zone))
        codes = {why.code for why in completion.refusals_to_close(country.run)}
        assert ("run-not-over" not in codes) is yet


def test_a_copy_in_winter_closes_at_the_same_hour(country):
    copied = catalogue.copy_run(country.coordinator, country.run.code, date(2026, 11, 23))
    assert copied.enrolment_closes.astimezone(BERLIN).strftime("%H:%M") == "23:59"


@pytest.mark.parametrize(("who", "hour"), [("coordinator", "09:00"), ("college_hr", "12:00")])
def test_what_belongs_to_no_run_is_on_the_readers_own_clocks(country, app, who, hour):
    page = scenario.signed_in(app, getattr(country, who)).get("/account?lang=en").text
    assert f"2 October 2026, {hour}" in page
