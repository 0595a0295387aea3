"""What changes very many classes is done by a worker while the coordinator goes on: all of it or nothing."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from retrain import jobs
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.timetable import many, queries, service, shifting, solving
from retrain.timetable.service import Place
from retrain.timetable.states import Keep, SessionState
from retrain.timetable.terms import Ask
from tests import scenario
from tests.scenario import Country

MONDAY = date(2026, 9, 14)
SATURDAY = date(2026, 9, 19)


@pytest.fixture
def country(made_once, clock, monkeypatch) -> Country:
    monkeypatch.setattr(many, "MANY", 2)
    return made_once(scenario.beginning, MONDAY)


@pytest.fixture
def made(country) -> tuple[int, int, str, Place]:
    """A scenario of the whole week, waiting to be published; its run, and a place in that."""
    run_id, code, place = country.run.id, country.run.code, country.place(MONDAY)
    ask = Ask(country.provider.id, MONDAY, SATURDAY, (country.run.id,), Keep.PINNED, MONDAY)
    number = solving.want(country.coordinator, ask, seconds=1, steps=20_000).id
    jobs.run_waiting()
    return number, run_id, code, place


def told() -> int:
    return db.session.scalars(
        select(func.count()).select_from(Message).where(Message.kind.like("timetable.%"))
    ).one()


def ended(browser, answer) -> dict[str, object]:
    """What the page of the work says once a worker has done it."""
    assert answer.status_code == 303
    assert answer.location.startswith("/jobs/")
    jobs.run_waiting()
    found: dict[str, object] = browser.get(f"{answer.location}.json?lang=en").json
    return found


def test_a_term_is_published_and_taken_back(country, made, app):
    browser, (number, run_id, *_) = scenario.signed_in(app, country.coordinator), made
    address = f"/timetable/scenarios/{number}"
    answer = browser.post(f"{address}/publish")
    assert queries.sessions(run_id) == [], "not yet"
    page = ended(browser, answer)
    assert (page["after"], page["sentence"]) == (
        address, "4 classes are published. Everyone concerned is told.",
    )  # fmt: skip
    assert [row.state for row in queries.sessions(run_id)] == [SessionState.PUBLISHED] * 4
    page = ended(browser, browser.post(f"{address}/take-back"))
    assert page["sentence"] == "4 classes were changed back. Everyone concerned is told."
    db.session.expire_all()
    assert queries.sessions(run_id) == []
    ended(browser, browser.post(f"{address}/take-back", data={"again": "yes"}))
    db.session.expire_all()
    assert len(queries.sessions(run_id)) == 4


def test_a_term_changed_by_hand_before_the_worker_came_stays_as_it_is(country, made, app):
    browser, (number, run_id, code, place) = scenario.signed_in(app, country.coordinator), made
    answer = browser.post(f"/timetable/scenarios/{number}/publish")
    by_hand = service.add_session(country.coordinator, code, place).id
    page = ended(browser, answer)
    assert page["state"] == "failed"
    assert "Somebody changed the term" in str(page["sentence"])
    assert [row.id for row in queries.sessions(run_id)] == [by_hand]


def test_a_shift_of_very_many_is_taken_back_after_a_yes(country, app):
    country.timetable(*scenario.days(MONDAY, 4))
    whose = shifting.Whose(country.provider.id, country.run.code)
    shifting.shift(country.coordinator, whose, MONDAY, 7)
    browser, run_id, before = scenario.signed_in(app, country.coordinator), country.run.id, told()
    address = f"/manage/runs/{country.run.code}/timetable/undo?lang=en"
    page = browser.post(address).text
    assert "4 classes are changed by a worker. Everyone concerned is told, once." in page
    assert told() == before
    mark = re.search(r'name="agreed" value="(\w+)"', page).group(1)
    ended(browser, browser.post(address, data={"agreed": mark}))
    db.session.expire_all()
    days = [MONDAY + timedelta(days=number) for number in range(4)]
    assert [row.on_date for row in queries.sessions(run_id)] == days
    assert told() > before
