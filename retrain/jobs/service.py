"""The only writer of job rows: wanting, claiming, progress, ending, giving back."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.engine import CursorResult

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database.bulk import delete_where
from retrain.database.dialect import insert_ignoring
from retrain.database.use_case import after_commit, use_case
from retrain.extensions import db
from retrain.jobs import queue, rules
from retrain.jobs.models import Job, Worker
from retrain.jobs.registry import HANDLERS
from retrain.jobs.states import JobState
from retrain.refusal import NotThere, Refusal, Refused


class LostLease(Exception):
    """Another worker holds the job now: what was just done must not be committed."""


@use_case
def want(kind: str, payload: dict[str, Any], *, actor: Actor, key: str | None = None) -> Job:
    """A job that will be done once this transaction commits; the one there is already when *key* was wanted before."""
    now = clock.now()
    values = {
        "kind": kind, "payload": payload, "lane": HANDLERS[kind].lane, "key": key, "state": JobState.QUEUED,
        "done": 0, "attempts": 0, "not_before": now, "enqueued_at": now, "wanted_by_id": actor.person_id,
        "actor": asdict(actor), "created_at": now,
    }  # fmt: skip
    if key is not None:
        insert_ignoring(db.session(), Job.__table__, [values])
        job = db.session.scalars(select(Job).where(Job.key == key)).one()
    else:
        job = Job(**values)
        db.session.add(job)
        db.session.flush()
    if job.state is JobState.QUEUED:
        job_id, lane = job.id, job.lane
        after_commit(lambda: queue.put(job_id, lane))
    return job


@use_case
def claim(job_id: int, worker: str, lease: timedelta) -> Job | None:
    """The job, now held by *worker*; None when it is done, held by another, or not due."""
    now = clock.now()
    due = and_(Job.state == JobState.QUEUED, Job.not_before <= now)
    dead = and_(Job.state == JobState.RUNNING, Job.lease_until < now)
    taken = _change(
        update(Job).where(Job.id == job_id, or_(due, dead)),
        state=JobState.RUNNING, worker=worker, lease_until=now + lease, attempts=Job.attempts + 1,
        error=None, error_facts=None,
    )  # fmt: skip
    if not taken:
        return None
    job = db.session.get_one(Job, job_id, populate_existing=True)
    job.started_at = job.started_at or now
    return job


@use_case
def hold(job_id: int, worker: str, lease: timedelta) -> bool:
    """A sign of life from *worker*; False when the job is no longer its."""
    return _change(_held(job_id, worker), lease_until=clock.now() + lease)


@use_case
def progress(job_id: int, worker: str, lease: timedelta, *, advanced: bool, **values: Any) -> None:
    """Write how far the work is, in the transaction of the chunk that got it there.

    Raises LostLease when the job is no longer *worker*'s, so that the chunk is rolled back.
    """
    if advanced:
        values["attempts"] = 1
    if not _change(_held(job_id, worker), lease_until=clock.now() + lease, **values):
        raise LostLease(job_id)


@use_case
def finish(job_id: int, worker: str, result: dict[str, Any] | None) -> None:
    """The job is done, unless it is no longer *worker*'s (LostLease)."""
    done = _change(
        _held(job_id, worker),
        state=JobState.DONE, result=result, worker=None, lease_until=None, finished_at=clock.now(),
    )  # fmt: skip
    if not done:
        raise LostLease(job_id)


@use_case
def give_back(job_id: int, worker: str) -> None:
    """*worker* stops before the end; this is nobody's failure."""
    _change(
        _held(job_id, worker),
        state=JobState.QUEUED, worker=None, lease_until=None, attempts=Job.attempts - 1, enqueued_at=None,
    )  # fmt: skip


@use_case
def fail(job_id: int, worker: str, code: str, facts: dict[str, Any] | None = None, *, for_good: bool) -> None:
    """Put the job back with a pause, or end it as failed when trying again has no use."""
    job = db.session.scalars(
        select(Job).where(Job.id == job_id, Job.worker == worker).with_for_update()
    ).first()
    if job is None:
        return
    pause = None if for_good else rules.pause_after(job.attempts)
    job.worker = job.lease_until = None
    job.error, job.error_facts = code, facts
    if pause is None:
        job.state, job.finished_at = JobState.FAILED, clock.now()
    else:
        job.state, job.not_before, job.enqueued_at = JobState.QUEUED, clock.now() + pause, None


@use_case
def retry(actor: Actor, job_id: int) -> Job:
    """Have a failed job tried again, from where it stopped."""
    job = db.session.scalars(select(Job).where(Job.id == job_id).with_for_update()).first()
    if job is None or not may_see(actor, job):
        raise NotThere("job")
    if job.state is not JobState.FAILED:
        raise Refused(Refusal.of("job-not-failed"))
    audit.record(actor, "job.retried", job, before={"error": job.error})
    job.state, job.attempts, job.error, job.error_facts = JobState.QUEUED, 0, None, None
    job.not_before = job.enqueued_at = clock.now()
    job.finished_at = None
    lane = job.lane
    after_commit(lambda: queue.put(job_id, lane))
    return job


@use_case
def forget_before(moment: datetime) -> None:
    """Jobs that ended before that are gone, with what was wanted of them and what came of it."""
    _forget_ended(Job.finished_at < moment)


@use_case
def forget_of(person_id: int) -> None:
    """The same for every job a person wanted that has ended; what still runs is let finish."""
    _forget_ended(Job.wanted_by_id == person_id)


def _forget_ended(condition: ColumnElement[bool]) -> None:
    delete_where(Job, condition, Job.state.in_((JobState.DONE, JobState.FAILED)))


def may_see(actor: Actor, job: Job) -> bool:
    """Long work belongs to the person who wanted it; the administrator sees all."""
    return actor.role == "administrator" or (
        actor.person_id is not None and actor.person_id == job.wanted_by_id
    )


def sweep(patience: timedelta = timedelta(seconds=60)) -> int:
    """Put on the queue again what is due and not on it, and what its worker died on; how many."""
    now = clock.now()
    due = and_(
        Job.state == JobState.QUEUED,
        Job.not_before <= now,
        or_(Job.enqueued_at.is_(None), Job.enqueued_at <= now - patience),
    )
    dead = and_(Job.state == JobState.RUNNING, Job.lease_until < now)
    forgotten = db.session.scalars(select(Job).where(or_(due, dead)).order_by(Job.id).limit(500)).all()
    if forgotten:
        _enqueue([job.id for job in forgotten], now)
        for job in forgotten:
            queue.put(job.id, job.lane)
    return len(forgotten)


@use_case
def _enqueue(ids: list[int], now: datetime) -> None:
    _change(update(Job).where(Job.id.in_(ids)), enqueued_at=now)


@use_case
def seen(worker: str) -> None:
    """The worker process *worker* is alive; rows of those long gone are cleared away."""
    now = clock.now()
    if not _change(update(Worker).where(Worker.id == worker), seen_at=now):
        db.session.add(Worker(id=worker, started_at=now, seen_at=now))
        for gone in db.session.scalars(select(Worker).where(Worker.seen_at < now - timedelta(days=1))):
            db.session.delete(gone)


@use_case
def leave(worker: str) -> None:
    """The worker process *worker* ends in good order."""
    if (row := db.session.get(Worker, worker)) is not None:
        db.session.delete(row)


def _held(job_id: int, worker: str) -> Any:
    return update(Job).where(Job.id == job_id, Job.worker == worker, Job.state == JobState.RUNNING)


def _change(statement: Any, **values: Any) -> bool:
    statement = statement.values(**values).execution_options(synchronize_session=False)
    result = db.session.execute(statement)
    assert isinstance(result, CursorResult)
    return bool(result.rowcount)
