"""``kill -9`` while the machine searches: what is published stays whole, and another worker begins anew."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from retrain import clock, jobs
from retrain.calendar.weeks import monday_of
from retrain.extensions import db
from retrain.jobs import queue
from retrain.jobs.models import Job
from retrain.jobs.states import JobState
from retrain.timetable import publishing, queries, solving
from retrain.timetable.models import Scenario, ScenarioClass
from retrain.timetable.states import Keep, ScenarioState, SessionState
from retrain.timetable.terms import Ask
from tests import scenario
from tests.harness.deadline import waiting
from tests.harness.workers import worker

WORKER = "tests.timetable.solving_worker"
MONDAY = date(2026, 9, 14)


@pytest.fixture
def queued(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app(JOBS_QUEUED=True)
    with app.app_context():
        yield app
        db.session.remove()
        queue.forget(app)


def now(number: int) -> Scenario:
    db.session.rollback()
    return db.session.get_one(Scenario, number, populate_existing=True)


def test_killed_in_the_middle_of_a_search_it_leaves_the_timetable_whole_and_is_begun_anew(queued, database):
    monday = monday_of(clock.today()) + timedelta(days=21)
    country = scenario.country(monday)
    country.timetable(*scenario.days(monday, 4))
    run_id, coordinator = country.run.id, country.coordinator
    ask = Ask(country.provider.id, monday, monday + timedelta(days=5), (run_id,), Keep.PINNED, monday)
    number = solving.want(coordinator, ask, seconds=600).id
    before = [(row.id, row.on_date, row.pair, row.room_id) for row in queries.sessions(run_id)]
    with worker(WORKER, database, Path(queued.config["RETRAIN"].instance)):
        for _ in waiting(120, "the machine found no timetable yet"):
            if now(number).curve:
                break
    assert now(number).state is ScenarioState.WORKING
    assert db.session.scalar(select(func.count()).select_from(ScenarioClass)) == 0
    rows = queries.sessions(run_id)
    assert [(row.id, row.on_date, row.pair, row.room_id) for row in rows] == before
    assert {row.state for row in rows} == {SessionState.PUBLISHED}
    solving.stop(coordinator, number)
    with worker(WORKER, database, Path(queued.config["RETRAIN"].instance)):
        for _ in waiting(120, "nobody began anew"):
            if now(number).state is ScenarioState.READY:
                break
    assert db.session.get_one(Job, now(number).job_id).state is JobState.DONE
    assert len(publishing.classes_of(number)) == 4


def test_what_fails_for_good_is_said_on_the_page_with_a_way_on(made_once, clock, app, monkeypatch):
    """Nobody waits for a machine that will not come back."""
    country = made_once(scenario.beginning, MONDAY)
    ask = Ask(country.provider.id, MONDAY, MONDAY + timedelta(days=5), (country.run.id,), Keep.PINNED, MONDAY)
    coordinator, number = country.coordinator, 0

    def broken(*_args, **_values):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("retrain.jobs.rules.MOST_ATTEMPTS", 1)
        patch.setattr("retrain.timetable.building.build", broken)
        number = solving.want(coordinator, ask, seconds=1, steps=1000).id
        jobs.run_waiting()
    client = scenario.signed_in(app, coordinator)
    page = client.get(f"/timetable/scenarios/{number}?lang=en").text
    assert "The machine stopped before the end" in page
    assert "data-live" not in page
    job_id = db.session.get_one(Scenario, number).job_id
    assert client.post(f"/jobs/{job_id}/retry").status_code == 303
    jobs.run_waiting()
    assert now(number).state is ScenarioState.READY
