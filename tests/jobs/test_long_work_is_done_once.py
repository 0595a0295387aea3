"""Long work: wanted with the change, done in chunks, each exactly once, whatever goes wrong in between."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from retrain import audit, jobs
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs import registry, rules, runner, service
from retrain.jobs.models import Job
from retrain.refusal import Refusal, Refused
from tests.harness.frozen import FrozenClock

LEASE = timedelta(seconds=30)


@pytest.fixture
def handlers() -> Iterator[dict[str, registry.Handler]]:
    """Handlers that a test adds are gone after it."""
    kept = dict(registry.HANDLERS)
    yield registry.HANDLERS
    registry.HANDLERS.clear()
    registry.HANDLERS.update(kept)


@use_case
def wanted(kind: str = "test.count", **payload: object) -> int:
    return jobs.want(kind, payload, actor=audit.SYSTEM).id


def read(job_id: int) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_chunks_follow_one_another_and_the_result_is_kept(app, handlers):
    seen = []

    @jobs.handler("test.count")
    def count(work: jobs.Work) -> None:
        for row in range((work.cursor or {}).get("row", 0), work.payload["rows"]):
            seen.append(row)
            work.progress(row + 1, work.payload["rows"], cursor={"row": row + 1})
        work.result = {"counted": len(seen)}

    job_id = wanted(rows=4)
    assert jobs.run_waiting() == 1
    job = read(job_id)
    assert (job.state, job.done, job.total, job.result) == ("done", 4, 4, {"counted": 4})
    assert job.finished_at is not None
    assert job.worker is None


def test_a_failure_goes_on_from_the_last_chunk_after_a_pause(app, handlers, clock: FrozenClock):
    seen = []

    @jobs.handler("test.count")
    def count(work: jobs.Work) -> None:
        for row in range((work.cursor or {}).get("row", 0), 4):
            if row == 2 and row not in seen:
                seen.append(row)
                raise ConnectionError("away")
            seen.append(row)
            work.progress(row + 1, 4, cursor={"row": row + 1})

    job_id = wanted()
    jobs.run_waiting()
    assert (read(job_id).state, read(job_id).error, read(job_id).done) == ("queued", "job-failed", 2)
    assert jobs.run_waiting() == 0, "not before the pause is over"
    clock.advance(seconds=3)
    jobs.run_waiting()
    assert (read(job_id).state, read(job_id).error, seen) == ("done", None, [0, 1, 2, 2, 3])


def test_what_fails_every_time_waits_for_a_person(app, handlers, clock: FrozenClock):
    tries = []

    @jobs.handler("test.count")
    def count(work: jobs.Work) -> None:
        tries.append(clock.now())
        raise ConnectionError("away")

    job_id = wanted()
    for _ in range(10):
        jobs.run_waiting()
        clock.advance(hours=1)
    assert (read(job_id).state, len(tries)) == ("failed", rules.MOST_ATTEMPTS)


def test_a_refusal_is_not_tried_again(app, handlers):
    @jobs.handler("test.count")
    def count(work: jobs.Work) -> None:
        raise Refused(Refusal.of("job-not-failed", when=timedelta(days=1)))

    job_id = wanted()
    jobs.run_waiting()
    assert (read(job_id).state, read(job_id).error) == ("failed", "job-not-failed")


def test_the_chunk_of_a_worker_that_lost_its_lease_is_rolled_back(app, handlers, clock: FrozenClock):
    @use_case
    def chunk(work: jobs.Work, *, late: bool) -> None:
        wanted("test.effect", late=late)
        if late:
            clock.advance(minutes=5)
            db.session.execute(update(Job).where(Job.id == work.id).values(worker="another"))
        work.progress(1, 1, cursor={"row": 1})

    @jobs.handler("test.count")
    def count(work: jobs.Work) -> None:
        chunk(work, late=True)

    @jobs.handler("test.effect")
    def effect(work: jobs.Work) -> None:
        """Nothing: the row itself is the effect."""

    job_id = wanted()
    jobs.run_waiting()
    assert db.session.scalars(select(Job).where(Job.kind == "test.effect")).all() == []
    assert read(job_id).done == 0


def test_only_one_of_two_claims_succeeds_until_the_lease_is_over(app, handlers, clock: FrozenClock):
    jobs.handler("test.count")(lambda work: None)
    job_id = wanted()
    assert service.claim(job_id, "first", LEASE) is not None
    assert service.claim(job_id, "second", LEASE) is None
    clock.advance(seconds=20)
    assert service.hold(job_id, "first", LEASE)
    clock.advance(seconds=20)
    assert service.claim(job_id, "second", LEASE) is None, "a sign of life makes the lease longer"
    clock.advance(seconds=31)
    assert service.claim(job_id, "second", LEASE) is not None
    assert not service.hold(job_id, "first", LEASE)
    with pytest.raises(service.LostLease):
        service.progress(job_id, "first", LEASE, advanced=True, done=1)


def test_the_same_key_is_one_job(app, handlers):
    jobs.handler("test.count")(lambda work: None)

    @use_case
    def want() -> int:
        return jobs.want("test.count", {}, actor=audit.SYSTEM, key="batch-1").id

    assert want() == want()
    assert jobs.run_waiting() == 1
    assert read(want()).state == "done"


def test_what_is_rolled_back_was_never_wanted(app, handlers):
    jobs.handler("test.count")(lambda work: None)

    @use_case
    def change() -> None:
        jobs.want("test.count", {}, actor=audit.SYSTEM)
        raise Refused(Refusal.of("job-not-failed"))

    with pytest.raises(Refused):
        change()
    assert jobs.run_waiting() == 0


def test_a_worker_that_stops_gives_its_job_back_without_blame(app, handlers):
    @jobs.handler("test.count")
    def count(work: jobs.Work) -> None:
        work.progress(1, 2, cursor={"row": 1})
        runner.stopping.set()
        work.progress(2, 2, cursor={"row": 2})

    job_id = wanted()
    try:
        assert runner.run(job_id)
    finally:
        runner.stopping.clear()
    job = read(job_id)
    assert (job.state, job.done, job.cursor, job.attempts, job.error) == ("queued", 1, {"row": 1}, 0, None)


def test_the_sweep_finds_what_the_queue_lost(app, handlers, clock: FrozenClock, monkeypatch):
    jobs.handler("test.count")(lambda work: None)
    put = []
    monkeypatch.setattr("retrain.jobs.queue.put", lambda job_id, lane: put.append(job_id))
    lost, dying = wanted(), wanted()
    service.claim(dying, "dies", LEASE)
    put.clear()
    assert service.sweep() == 0, "neither is late yet"
    clock.advance(seconds=61)
    assert service.sweep() == 2
    assert put == [lost, dying]
    assert runner.run(dying)
    assert runner.run(lost)


def test_the_log_tells_where_it_failed_and_nothing_about_people(app, handlers, capsys):
    @jobs.handler("test.count")
    def count(work: jobs.Work) -> None:
        pinfl = work.payload["pinfl"]
        db.session.execute(select(Job).where(Job.key == pinfl, text("no_such_column = 1")))

    job_id = wanted(pinfl="31503955460024")
    jobs.run_waiting()
    assert read(job_id).error == "job-failed"
    [line] = [line for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert "no_such_column" in line
    assert "31503955460024" not in line
