"""A run that is over: two of three completed it."""

from datetime import UTC, date, datetime

import pytest

from retrain.attendance import service as attendance
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind
from retrain.certificates import service
from retrain.certificates.models import Certificate
from retrain.completion import service as completion
from retrain.completion.states import AssessmentKind
from retrain.orders.states import OrderKind
from tests import scenario
from tests.scenario import Country

MONDAY = date(2026, 9, 14)
AFTER = datetime(2026, 9, 21, 5, tzinfo=UTC)


def closed(clock) -> tuple[Country, None]:
    """A run that two of three completed; the order of completion is not registered yet."""
    country = scenario.country(MONDAY)
    sessions = country.timetable(*scenario.days(MONDAY, 4))
    country.register_order(OrderKind.ENROLMENT, "17-k", MONDAY)
    clock.set(AFTER)
    everyone = [Marked(row.id, MarkKind.PRESENT) for row in country.enrolments]
    for meeting in sessions:
        attendance.save_marks(country.coordinator, meeting.id, everyone)
        attendance.sign(country.coordinator, meeting.id)
    final = completion.add_assessment(
        country.coordinator, country.run.code, {"en": "Test"}, AssessmentKind.FINAL, 56
    )
    points = {(final.id, row.id): mark for row, mark in zip(country.enrolments, (80, 90, 20), strict=True)}
    completion.enter_results(country.coordinator, country.run.code, points)
    completion.close_run(country.coordinator, country.run.code)
    return country, None


def ended(clock) -> tuple[Country, list[Certificate]]:
    """The same with its order and its documents."""
    country, _none = closed(clock)
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    return country, service.issue_run(country.hr_officer, country.run.code)


@pytest.fixture
def scene(made_once, request, clock):
    """The closed run, and its documents if the test asks for them."""
    return made_once(ended if "issued" in request.fixturenames else closed)


@pytest.fixture
def country(scene) -> Country:
    return scene[0]


@pytest.fixture
def issued(scene) -> list[Certificate]:
    return scene[1]


@pytest.fixture
def as_user(app):
    """``as_user(actor)``: a browser in which this actor's person is signed in, in English."""

    def signed_in(actor):
        client = scenario.signed_in(app, actor)
        client.get("/?lang=en")
        return client

    return signed_in
