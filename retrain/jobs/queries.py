"""What pages read about long work."""

from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from retrain import clock
from retrain.audit import Actor
from retrain.extensions import db
from retrain.jobs.models import Job, Worker
from retrain.jobs.service import may_see
from retrain.refusal import NotThere

SILENCE = timedelta(seconds=60)
"""A worker not seen for so long is taken for dead."""


def job(actor: Actor, job_id: int) -> Job:
    """The job, if *actor* may see it."""
    found = db.session.get(Job, job_id)
    if found is None or not may_see(actor, found):
        raise NotThere("job")
    return found


def mine(actor: Actor, limit: int = 50) -> list[Job]:
    """The actor's long work, the latest first."""
    wanted = (
        select(Job).where(Job.wanted_by_id == actor.person_id).order_by(Job.created_at.desc(), Job.id.desc())
    )
    return list(db.session.scalars(wanted.limit(limit)))


def health() -> dict[str, bool]:
    """Whether the database and a worker answer."""
    try:
        db.session.execute(text("SELECT 1"))
        seen = db.session.scalar(select(func.max(Worker.seen_at)))
    except SQLAlchemyError:
        db.session.rollback()
        return {"database": False, "worker": False}
    return {"database": True, "worker": seen is not None and clock.now() - seen < SILENCE}
