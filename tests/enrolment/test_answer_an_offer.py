"""A place offered to who waits: accepted, declined, too late; never twice to who declined."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from retrain.enrolment import service
from retrain.enrolment.terms import USUAL
from retrain.extensions import db
from retrain.messages.models import Message


@pytest.fixture
def offered(make_run, teachers):
    """A run of one place that Aliyev gave up, so that Boboyev is offered it; Dadayev waits next."""
    run = make_run(places=1, terms=replace(USUAL, offer_hours=9))
    rows = [service.enrol_self(each.actor, run.code) for each in teachers[:3]]
    service.withdraw(teachers[0].actor, rows[0].id)
    return run


def press(somebody, run, what, **data) -> str:
    return somebody.browser.post(f"/runs/{run.code}/{what}", data=data, follow_redirects=True).text


def test_the_offer_says_until_when_in_the_provider_s_zone(offered, teachers):
    # Monday 7 September, 10:00 in Tashkent; nine working hours, 9 to 18, last until Tuesday 10:00.
    for page in ("/mine", f"/runs/{offered.code}"):
        text = teachers[1].browser.get(page).text
        assert "The place is kept for you until" in text
        assert "10:00" in text
        assert "Accept the place" in text
        assert "Stop waiting" not in text


def test_accepted_once_and_again(offered, teachers, standings):
    assert "You have a place." in press(teachers[1], offered, "offer/accept")
    assert "You have a place." in press(teachers[1], offered, "offer/accept")
    assert standings(offered)[1:] == [("Boboyev", "enrolled"), ("Dadayev", "waitlisted")]


def test_declined_it_passes_on_and_does_not_come_back(offered, teachers, coordinator, standings, clock):
    assert "If you decline, it passes to the next one" in teachers[1].browser.get(
        f"/runs/{offered.code}/offer/decline"
    ).text  # fmt: skip
    assert "You declined an offered place" in press(teachers[1], offered, "offer/decline", reason="Band")
    assert standings(offered)[1:] == [("Boboyev", "declined"), ("Dadayev", "offered")]
    press(teachers[2], offered, "offer/decline")
    service.change_places(coordinator.actor, offered.code, 3)
    clock.advance(days=2)
    service.end_what_is_due()
    assert standings(offered)[1:] == [("Boboyev", "declined"), ("Dadayev", "declined")]
    assert "The offer of a place" in press(teachers[1], offered, "offer/accept")


def test_too_late_is_too_late_before_and_after_it_was_ended(offered, teachers, standings, clock):
    clock.set(datetime(2026, 9, 8, 5, tzinfo=UTC))
    assert f"The offer of a place on run {offered.code} is over." in press(
        teachers[1], offered, "offer/accept"
    )
    assert "Accept the place" not in teachers[1].browser.get(f"/runs/{offered.code}").text
    assert "is over" in press(teachers[1], offered, "offer/decline")
    service.end_what_is_due()
    assert "is over" in press(teachers[1], offered, "offer/accept")
    assert standings(offered)[1:] == [("Boboyev", "expired"), ("Dadayev", "offered")]


def test_its_end_is_said_before_it_comes(offered, teachers, standings, clock):
    service.remind()
    service.remind()
    said = select(Message.person_id).where(Message.kind == "enrolment.offer_ends")
    assert db.session.scalars(said).all() == [teachers[1].person_id]
    assert standings(offered)[1] == ("Boboyev", "offered")


def test_nobody_answers_for_somebody_else(offered, teachers, office, client, standings):
    assert teachers[3].browser.post(f"/runs/{offered.code}/offer/accept").status_code == 404
    assert "is over" in press(teachers[2], offered, "offer/accept")  # who waits has no offer
    assert office.browser.post(f"/runs/{offered.code}/offer/accept").status_code == 403
    assert client.post(f"/runs/{offered.code}/offer/accept").status_code == 403
    assert standings(offered)[1:] == [("Boboyev", "offered"), ("Dadayev", "waitlisted")]


def test_a_run_elsewhere_at_the_same_time_stands_in_the_way(offered, make_run, teachers, standings):
    other = make_run(places=1)
    assert "is at the same time" in press(teachers[1], other, "enrol")
    assert standings(other) == []
