"""``kill -9`` in the middle of a job: nothing is lost, nothing is done twice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from retrain import audit, jobs
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs import queries, queue
from retrain.jobs.models import Job
from tests.harness.databases import Database
from tests.harness.deadline import waiting
from tests.harness.workers import worker
from tests.jobs.slow_worker import CHUNKS, KIND

WORKER = "tests.jobs.slow_worker"


@pytest.fixture
def house_with_work(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An app that puts jobs on the real queue, and a table for the effect of chunks."""
    app = make_app(JOBS_QUEUED=True)
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE chunk_effect (number INTEGER NOT NULL)"))
        yield app
        db.session.remove()
        queue.forget(app)
        with db.engine.begin() as connection:
            connection.execute(text("DROP TABLE chunk_effect"))


@use_case
def wanted() -> int:
    return jobs.want(KIND, {}, actor=audit.SYSTEM).id


def job(job_id: int) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_every_chunk_takes_effect_once(house_with_work: Flask, database: Database):
    instance = Path(house_with_work.config["RETRAIN"].instance)
    job_id = wanted()
    with worker(WORKER, database, instance, "20"):
        for _ in waiting(120, "the job did not come to chunk 20"):
            if job(job_id).done == 20:
                break
    assert job(job_id).state == "running", "nobody could tell that it was killed"
    with worker(WORKER, database, instance):
        for _ in waiting(120, "nobody went on with the job"):
            if job(job_id).state == "done":
                break
        for _ in waiting(120, "the worker that goes on is not seen"):
            db.session.rollback()  # else SQLite shows for ever what it showed at first
            if queries.health() == {"database": True, "worker": True}:
                break
    effects = db.session.scalars(text("SELECT number FROM chunk_effect ORDER BY number")).all()
    assert list(effects) == list(range(CHUNKS))
    assert job(job_id).done == CHUNKS
