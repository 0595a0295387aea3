"""In Berlin the clock goes back on 25 October 2026 at three: the hour from two to three comes twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from retrain.enrolment import reminders, service
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import Consent
from retrain.extensions import db
from retrain.messages.models import Message
from tests.harness.places import GIVEN_AT_ONCE

FIRST_HALF_PAST_TWO = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
SECOND_HALF_PAST_TWO = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
SATURDAY = datetime(2026, 10, 24, 14, 0, tzinfo=UTC)  # four in the afternoon, summer time


@pytest.fixture
def provider():
    """It keeps Berlin's clocks."""
    return {"code": "BER", "name": "Berlin universiteti", "timezone": "Europe/Berlin"}


@pytest.fixture
def make_autumn_run(make_run, clock):
    """``make_autumn_run(closes=…)``: a run that begins on Sunday 1 November, a week after the night."""

    def make(closes=datetime(2026, 10, 30, tzinfo=UTC), terms=GIVEN_AT_ONCE, **changed):
        clock.set(datetime(2026, 10, 1, 9, tzinfo=UTC))
        dates = {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 7)}
        opens = datetime(2026, 10, 2, tzinfo=UTC)
        made = make_run(terms=terms, enrolment_opens=opens, enrolment_closes=closes, **dates, **changed)
        clock.set(SATURDAY)
        return made

    return make


def presses(teacher, run):
    return teacher.browser.post(f"/runs/{run.code}/enrol", follow_redirects=True).text


def kinds(kind):
    db.session.commit()
    return db.session.scalars(select(Message).where(Message.kind == kind)).all()


@pytest.mark.parametrize(
    ("closes", "still_open", "over"),
    [
        # Closing in the first of the two hours: what the clock shows again an hour later is too late.
        (FIRST_HALF_PAST_TWO, [-10], [10, 50, 70]),
        # Closing in the second: ten to three by the first is before it.
        (SECOND_HALF_PAST_TWO, [-60, -40, -10], [10]),
    ],
)
def test_enrolment_closes_once(make_autumn_run, teachers, clock, standings, closes, still_open, over):
    run = make_autumn_run(closes=closes, places=9)
    for place, minutes in enumerate((*still_open, *over)):
        clock.set(closes + timedelta(minutes=minutes))
        page = presses(teachers[place], run)
        assert ("Enrolment closed" in page) == (minutes in over), minutes
    assert len(standings(run)) == len(still_open)


def test_an_offer_holds_its_working_hours_and_no_hour_more(make_autumn_run, teachers, clock, standings):
    run = make_autumn_run(places=1, terms=replace(GIVEN_AT_ONCE, offer_hours=4))
    for teacher in teachers[:3]:
        service.enrol_self(teacher.actor, run.code)
    teachers[0].browser.post(f"/runs/{run.code}/withdraw", data={"why": "Kasallik"})
    row = db.session.scalars(select(Enrolment).where(Enrolment.state == "offered")).one()
    # Two hours of Saturday are left; the other two end at eleven on Monday, by winter time.
    assert row.offer_expires_at == datetime(2026, 10, 26, 10, 0, tzinfo=UTC)
    clock.set(datetime(2026, 10, 26, 9, 59, tzinfo=UTC))
    assert service.end_what_is_due() == 0
    clock.set(datetime(2026, 10, 26, 10, 0, tzinfo=UTC))
    service.end_what_is_due()
    assert [state for _name, state in standings(run)] == ["withdrawn", "expired", "offered"]


def test_an_offer_never_outlasts_a_deadline_in_the_doubled_hour(make_autumn_run, teachers):
    run = make_autumn_run(closes=SECOND_HALF_PAST_TWO, places=1, terms=replace(GIVEN_AT_ONCE, offer_hours=40))
    for teacher in teachers[:2]:
        service.enrol_self(teacher.actor, run.code)
    service.withdraw(teachers[0].actor, standing_of(teachers[0]).id, "Kasallik")
    assert standing_of(teachers[1]).offer_expires_at == SECOND_HALF_PAST_TWO


def standing_of(teacher):
    db.session.commit()
    return db.session.scalars(select(Enrolment).where(Enrolment.teacher_id == teacher.teacher_id)).one()


def test_reminders_come_once_and_not_before_the_morning_of_that_day(make_autumn_run, teachers, office, clock):
    run = make_autumn_run(places=2)
    waits = make_autumn_run(places=2, terms=replace(GIVEN_AT_ONCE, consent=Consent.COLLEGE))
    service.enrol_self(teachers[0].actor, run.code)
    service.enrol_self(teachers[1].actor, waits.code)
    said = []
    clock.set(datetime(2026, 10, 24, 22, 0, tzinfo=UTC))  # midnight
    for _ in range(3 * 24):
        if reminders.say_what_begins():
            said.append(clock.moment)
        reminders.say_what_waits()
        clock.advance(minutes=20)
    # Eight in the morning is seven by UTC now; an hour earlier it was by summer time.
    assert said == [datetime(2026, 10, 25, 7, 0, tzinfo=UTC)]
    assert len(kinds("enrolment.starts_in_7")) == 1
    # The college is in Tashkent, where no clock goes back: one digest for each of its days.
    days = {message.key for message in kinds("enrolment.requests_wait")}
    assert len(days) == len(kinds("enrolment.requests_wait")) <= 2


def test_the_days_of_a_request_are_those_of_the_wall(make_autumn_run, teachers):
    """Eleven working hours from Saturday at four: two that day, none on Sunday, nine on Monday."""
    run = make_autumn_run(
        closes=datetime(2026, 10, 31, tzinfo=UTC),
        terms=replace(GIVEN_AT_ONCE, consent=Consent.PROVIDER, request_hours=11),
    )
    service.enrol_self(teachers[0].actor, run.code)
    assert standing_of(teachers[0]).lapses_at == datetime(2026, 10, 26, 17, 0, tzinfo=UTC)
