"""Does one job: claims it, keeps its lease alive, calls its handler, writes down how it ended."""

import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import select

from retrain import clock
from retrain.audit import Actor
from retrain.database import dialect
from retrain.database.use_case import after_commit
from retrain.extensions import db
from retrain.jobs import rules, service
from retrain.jobs.models import Job
from retrain.jobs.registry import HANDLERS, Handler
from retrain.jobs.states import JobState, Lane
from retrain.refusal import Forbidden, NotThere, Refused

log = structlog.get_logger()
stopping = threading.Event()
"""Set when the process is to end: jobs stop at their next sign of progress and are given back."""


class Stopped(BaseException):
    """The worker is asked to end; the chunk under way is rolled back and done by the next worker."""


class Work:
    """A job in the hands of its handler. Set ``result`` to what the page shall say in the end."""

    def __init__(self, job: Job, worker: str, lease: timedelta) -> None:
        self.id = job.id
        self.payload = job.payload
        self.cursor = job.cursor
        self.done = job.done
        self.total = job.total
        self.actor = Actor(**job.actor)
        self.result: dict[str, Any] | None = None
        self._worker, self._lease = worker, lease
        self._finished = False

    def progress(self, done: int, total: int | None = None, *, cursor: dict[str, Any] | None = None) -> None:
        """Call inside the use case of each chunk: *cursor*, where the next one begins, commits with its effect."""
        if stopping.is_set():
            raise Stopped
        values: dict[str, Any] = {"done": done}
        if total is not None:
            values["total"] = total
        if cursor is not None:
            values["cursor"] = cursor
        service.progress(self.id, self._worker, self._lease, advanced=done > self.done, **values)
        after_commit(lambda: self.__dict__.update(values))

    def finish(self, result: dict[str, Any] | None = None) -> None:
        """End the job within the running use case: for work that must not be done again even in part."""
        service.finish(self.id, self._worker, result if result is not None else self.result)
        after_commit(lambda: self.__dict__.update(_finished=True))

    @property
    def is_finished(self) -> bool:
        return self._finished


def run(job_id: int) -> bool:
    """Do the job if nobody else is at it; whether it was ours to do."""
    lease = current_app.config.get("JOBS_LEASE", rules.LEASE)
    worker = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(6)}"
    job = service.claim(job_id, worker, lease)
    if job is None:
        return False
    work = Work(job, worker, lease)
    known = HANDLERS.get(job.kind)
    try:
        if known is None:
            service.fail(job_id, worker, "job-unknown", {"kind": job.kind}, for_good=True)
        else:
            _carry_out(known, work, worker, lease)
    finally:
        db.session.remove()
    return True


def _carry_out(known: Handler, work: Work, worker: str, lease: timedelta) -> None:
    try:
        with _kept_alive(work.id, worker, lease):
            known.call(work)
        if not work.is_finished:
            service.finish(work.id, worker, work.result)
    except Stopped:
        service.give_back(work.id, worker)
    except service.LostLease:
        log.warning("another worker took the job", job=work.id)
    except Refused as refused:
        first = refused.why[0]
        service.fail(work.id, worker, first.code, _plain(first.facts), for_good=True)
    except (Forbidden, NotThere) as error:
        code = "job-forbidden" if isinstance(error, Forbidden) else "job-nothing-there"
        service.fail(work.id, worker, code, for_good=True)
    except Exception as error:
        log.exception("job failed", job=work.id, kind=known.kind)
        code = "job-no-room" if dialect.has_no_room(error) else "job-failed"
        service.fail(work.id, worker, code, {"kind": type(error).__name__}, for_good=False)


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    kept = (str, int, float, bool, type(None))
    return {name: value if isinstance(value, kept) else str(value) for name, value in facts.items()}


@contextmanager
def _kept_alive(job_id: int, worker: str, lease: timedelta) -> Iterator[None]:
    """Within the block a thread gives a sign of life before each lease ends."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    over = threading.Event()

    def beat() -> None:
        while not over.wait(min(rules.HEARTBEAT, lease / 3).total_seconds()):
            try:
                with app.app_context():
                    if not service.hold(job_id, worker, lease):
                        return
            except Exception:
                log.warning("no sign of life could be given", job=job_id, exc_info=True)

    thread = threading.Thread(target=beat, name=f"lease-{job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def run_waiting(lane: Lane | None = None) -> int:
    """Do here and now everything that is due, and what comes of it; how many jobs. For commands and tests."""
    done = 0
    while True:
        due = (
            select(Job.id).where(Job.state == JobState.QUEUED, Job.not_before <= clock.now()).order_by(Job.id)
        )
        if lane is not None:
            due = due.where(Job.lane == lane)
        job_id = db.session.scalars(due.limit(1)).first()
        db.session.rollback()
        if job_id is None:
            return done
        done += run(job_id)
