"""``kill -9`` of the worker in the middle of a chunk of a roster: another goes on, and nothing comes in twice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from retrain.audit import SYSTEM
from retrain.audit.models import AuditEntry
from retrain.extensions import db
from retrain.jobs import queue
from retrain.jobs.models import Job
from retrain.people import service
from retrain.people.models import Employment, Person, PersonName, RosterBatch, Teacher
from retrain.people.states import BatchState
from tests.harness.databases import Database
from tests.harness.deadline import waiting
from tests.harness.workers import worker
from tests.people.roster_worker import MARK

WORKER = "tests.people.roster_worker"
ROSTERS = Path(__file__).parents[1] / "data" / "rosters"
TABLES = (Person, PersonName, Teacher, Employment)


@pytest.fixture
def queued(colleges: object, make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An app that puts jobs on the real queue."""
    app = make_app(JOBS_QUEUED=True)
    with app.app_context():
        yield app
        db.session.remove()
        queue.forget(app)


def batch(number: int) -> RosterBatch:
    db.session.rollback()
    return db.session.get_one(RosterBatch, number, populate_existing=True)


def counts() -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


@pytest.mark.race
@pytest.mark.parametrize(
    ("name", "rows", "chunk", "expected"),
    [
        ("messy.xlsx", "5", "3", (17, 1, 9)),
        pytest.param("latin.xlsx", "25", "4", (120, 0, 0), marks=pytest.mark.slow),
    ],
)
def test_what_was_begun_is_finished_once(queued: Flask, database: Database, name, rows, chunk, expected):
    instance = Path(queued.config["RETRAIN"].instance)
    before = counts()
    number = service.confirm(SYSTEM, (ROSTERS / name).read_bytes(), name).id
    with worker(WORKER, database, instance, rows, chunk):
        for _ in waiting(120, "the worker did not come to the middle"):
            if (instance / MARK).exists():
                break
    halfway = batch(number)
    assert halfway.state is BatchState.APPLYING
    assert 0 < halfway.accepted < expected[0]
    assert counts()[2] - before[2] == halfway.accepted, "a half-written chunk was kept"
    with worker(WORKER, database, instance, rows):
        for _ in waiting(120, "nobody went on with the roster"):
            if batch(number).state is BatchState.APPLIED:
                break
        for _ in waiting(120, "the job did not end"):
            db.session.rollback()
            if db.session.get_one(Job, batch(number).job_id, populate_existing=True).state == "done":
                break
    done = batch(number)
    assert (done.accepted, done.merged, len(done.refused)) == expected
    assert len({each["row"] for each in done.refused}) == len(done.refused)
    assert [after - was for after, was in zip(counts(), before, strict=True)] == [expected[0]] * len(TABLES)
    assert written("teacher.imported") == expected[0]
    assert written("roster_batch.applied") == 1


def written(action: str) -> int:
    found = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
    return db.session.scalar(found) or 0
