"""A teacher's first page: what is due, what waits, today's classes, three runs that fit."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from retrain.catalogue.models import CourseVersion, Run
from retrain.enrolment import service as enrolment
from retrain.extensions import db
from retrain.people.models import Person, Teacher
from retrain.people.states import RoleKind, StaffKind
from tests import scenario
from tests.harness.statements import counted


@pytest.fixture
def teacher(make_teacher):
    found = make_teacher("Aliyev")
    db.session.get_one(Teacher, found.teacher_id).specialities = ["Payvandlash"]
    db.session.commit()
    return found


@pytest.fixture
def make_fitting(make_run) -> Any:
    """``make_fitting(["Payvandlash"], region="UZ-SA")``: a run whose course is for these."""

    def make(audience: list[str], **changed: Any) -> Run:
        run = make_run(**changed)
        db.session.get_one(CourseVersion, run.course_version_id).audience = audience
        db.session.commit()
        return run

    return make


def test_due_with_the_hours_that_are_short(teacher, trained):
    trained(teacher, date(2024, 6, 1), 72)
    page = teacher.browser.get("/").text
    assert "Next training is due by 1 June 2027" in page
    assert "72 of 144 hours in three years, 72 hours short" in page
    assert "not due yet" in page
    assert 'class="hours-done" width="50.0"' in page
    assert page.index("Next training is due") < page.index("What waits for me</h1>") < page.index("Fits you")


def test_overdue_is_said_in_words(teacher, trained):
    trained(teacher, date(2022, 6, 1))
    page = teacher.browser.get("/").text
    assert "Next training was due by 1 June 2025" in page
    assert "state-problem" in page
    assert "0 of 144 hours in three years, 144 hours short" in page


def test_three_runs_that_fit_each_with_the_reason(teacher, make_fitting, trained):
    trained(teacher, date(2024, 1, 10))
    far = make_fitting(["Payvandlash"], region="UZ-SA")
    near = make_fitting(["Payvandlash"], starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 10))
    everybody = make_fitting([], starts_on=date(2026, 9, 14), ends_on=date(2026, 9, 18))
    other = make_fitting(["Tikuvchilik"])
    page = teacher.browser.get("/").text
    first, second, third = (page.index(f"/runs/{run.code}") for run in (near, far, everybody))
    assert first < second < third
    assert f"/runs/{other.code}" not in page
    assert "because: your speciality, in your region, ends before you are due" in page
    assert "because: your speciality, ends before you are due" in page
    assert "because: for every speciality, in your region, ends before you are due" in page
    assert "2 free places" in page


def test_a_day_that_is_years_away_is_no_reason(teacher, make_fitting, trained):
    trained(teacher, date(2026, 6, 1))
    make_fitting(["Payvandlash"])
    page = teacher.browser.get("/").text
    assert "because: your speciality, in your region<" in page


def test_a_run_one_is_on_is_not_proposed_again(teacher, make_fitting):
    mine = make_fitting(["Payvandlash"])
    overlapping = make_fitting(["Payvandlash"])
    enrolment.enrol_self(teacher.actor, mine.code)
    page = teacher.browser.get("/").text
    assert f"/runs/{overlapping.code}" not in page
    assert "No run with free places is open to you now." in page
    assert "You have a place." in page


def test_a_run_that_would_not_take_one_is_not_proposed(teacher, make_fitting):
    """Its course is for training masters."""
    run = make_fitting(["Payvandlash"])
    row = db.session.get_one(Run, run.id)
    row.policy = row.policy | {"conditions": {"staff_kinds": ["master"]}}
    db.session.commit()
    assert f"/runs/{run.code}" not in teacher.browser.get("/").text
    db.session.get_one(Teacher, teacher.teacher_id).staff_kind = StaffKind.MASTER
    db.session.commit()
    assert f"/runs/{run.code}" in teacher.browser.get("/").text


def test_todays_classes(app, clock):
    monday = date(2026, 9, 14)
    country = scenario.country(monday)
    country.timetable(*scenario.days(monday, 4))
    person = db.session.get_one(Person, country.teachers[0].person_id)
    person.language = "en"
    browser = scenario.signed_in(app, scenario.role(person, RoleKind.TEACHER, country.college))
    assert '<h2 id="today">' not in browser.get("/").text
    clock.set(datetime(2026, 9, 14, 2, tzinfo=UTC))
    page = browser.get("/").text
    today = page[page.index('<h2 id="today">') :]
    assert "08:30–10:00" in today
    assert "Kirish" in today
    assert "room 101 · Nodirov Bek" in today


def test_the_first_page_costs_the_same_however_many_runs(teacher, make_fitting):
    make_fitting(["Payvandlash"])
    with counted() as before:
        teacher.browser.get("/")
    for number in range(5):
        make_fitting(
            ["Payvandlash"], starts_on=date(2026, 10, 5 + number), ends_on=date(2026, 10, 10 + number)
        )
    with counted() as after:
        teacher.browser.get("/")
    assert len(after) == len(before)
    assert len(after) <= 25
