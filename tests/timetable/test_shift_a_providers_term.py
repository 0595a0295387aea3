"""A coordinator shifts every run of the provider by days, or lets a day of all runs be held on another."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from retrain import jobs
from retrain.catalogue import service as catalogue
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.timetable import service, shifting
from retrain.timetable.models import ClassSession
from tests import scenario
from tests.scenario import Country
from tests.timetable.agreeing import agreed

MONDAY = date(2026, 9, 14)
WEEK, SATURDAY = timedelta(days=7), MONDAY + timedelta(days=5)
ADDRESS = "/manage/timetable/shift"


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(scenario.beginning, MONDAY)


@pytest.fixture
def week(country) -> list[ClassSession]:
    """Four public classes, Monday to Thursday, first pair."""
    return country.timetable(*scenario.days(MONDAY, 4))


@pytest.fixture
def second(country, week):
    """Another run of the provider with one class that nobody sees yet, by another lecturer in another room."""
    course = catalogue.quick_course(country.coordinator, country.provider.id, scenario.course_plan(), "TOK")
    return catalogue.open_run(country.coordinator, course.code, scenario.run_plan(MONDAY), publish=True)


@pytest.fixture
def theirs(country, second) -> ClassSession:
    topic = scenario.Country.topics.fget(scenario.Country(**{**vars(country), "run": second}))[0]
    place = service.Place(topic, MONDAY, 1, country.rooms[1].id, None, 2)
    return service.add_session(country.coordinator, second.code, place)


@pytest.fixture
def desk(country, app):
    return scenario.signed_in(app, country.coordinator)


def days_of(*classes: ClassSession) -> list[date]:
    db.session.expire_all()
    return [row.on_date for row in classes]


def test_the_term_shifts_with_the_dates_of_every_run_and_back(country, week, second, theirs, desk):
    asked = {"since": MONDAY, "on": MONDAY + WEEK, "what": "run"}
    page = desk.get(ADDRESS, query_string=asked | {"lang": "en"}).text
    assert "5 classes would move" in page
    for words in (country.run.code, second.code, "3 people of", "21–26 September 2026"):
        assert words in page
    desk.post(ADDRESS, data=asked)
    assert days_of(*week, theirs) == [day + WEEK for day in (*scenario.days(MONDAY, 4), MONDAY)]
    assert country.run.starts_on == second.starts_on == MONDAY + WEEK
    agreed(desk, f"/manage/runs/{second.code}/timetable/undo")
    assert days_of(*week, theirs) == [*scenario.days(MONDAY, 4), MONDAY]
    assert country.run.starts_on == second.starts_on == MONDAY


def test_each_is_told_once_of_a_term_that_shifts(country, week, desk):
    before = set(db.session.scalars(select(Message.id)))
    desk.post(ADDRESS, data={"since": MONDAY, "on": MONDAY + WEEK, "what": "run"})
    said = db.session.execute(select(Message.person_id, Message.kind).where(Message.id.not_in(before)))
    told = sorted(said.tuples().all())
    group = [(one.person_id, "enrolment.changed") for one in country.teachers]
    assert told == sorted([*group, (country.lecturer.person_id, "timetable.rearranged")])


def test_what_would_clash_is_named_and_nothing_moves(country, week, theirs, desk):
    asked = {"since": MONDAY, "on": MONDAY + timedelta(days=3), "what": "run", "lang": "en"}
    page = desk.get(ADDRESS, query_string=asked).text
    assert f"{country.run.code}, “Amaliy ish”" in page
    assert "20 September 2026 is not a working day" in page
    assert "Move them" not in page
    desk.post(ADDRESS, data=asked)
    assert days_of(*week, theirs) == [*scenario.days(MONDAY, 4), MONDAY]


def test_a_saturday_runs_mondays_timetable_of_every_run(country, week, theirs, desk):
    asked = {"since": MONDAY, "on": SATURDAY, "what": "day"}
    assert "2 classes would move" in desk.get(ADDRESS, query_string=asked | {"lang": "en"}).text
    desk.post(ADDRESS, data=asked)
    assert days_of(week[0], theirs) == [SATURDAY, SATURDAY]
    assert days_of(*week[1:]) == list(scenario.days(MONDAY, 4))[1:]
    assert country.run.starts_on == MONDAY


def test_thousands_of_classes_are_moved_by_a_worker_whole_or_not_at_all(
    country, week, theirs, desk, monkeypatch
):
    monkeypatch.setattr(shifting, "MANY", 3)
    asked = {"since": MONDAY, "on": MONDAY + WEEK, "what": "run"}
    answer = desk.post(ADDRESS, data=asked)
    assert "/jobs/" in answer.location
    assert days_of(*week, theirs) == [*scenario.days(MONDAY, 4), MONDAY], "the worker has not come to it"
    jobs.run_waiting()
    assert days_of(*week, theirs) == [day + WEEK for day in (*scenario.days(MONDAY, 4), MONDAY)]
    assert "5 classes were moved" in desk.get(f"{answer.location}?lang=en").text
    refused = desk.post(
        ADDRESS, data={"since": MONDAY + WEEK, "on": MONDAY + timedelta(days=10), "what": "run"}
    )
    jobs.run_waiting()
    page = desk.get(f"{refused.location}?lang=en").text
    assert "Nothing was moved: the term was changed meanwhile" in page
    assert days_of(theirs) == [MONDAY + WEEK]


def test_other_providers_stay_where_they_are(country, week, app):
    other = scenario.organisation("BDTU", scenario.OrganisationKind.UNIVERSITY, "Boshqa universitet")
    stranger = scenario.role(scenario.person("Begona"), scenario.RoleKind.COORDINATOR, other)
    asked = {"since": MONDAY, "on": MONDAY + WEEK, "what": "run"}
    desk = scenario.signed_in(app, stranger)
    assert "0 classes would move" in desk.get(ADDRESS, query_string=asked | {"lang": "en"}).text
    desk.post(ADDRESS, data=asked)
    assert days_of(*week) == list(scenario.days(MONDAY, 4))
