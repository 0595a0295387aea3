"""What long work puts on the first page: only what stopped and can be tried again."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from retrain.audit import Actor
from retrain.extensions import db
from retrain.jobs import wording
from retrain.jobs.models import Job
from retrain.jobs.states import JobState
from retrain.web.work import WorkItem


def waiting(actor: Actor) -> list[WorkItem]:
    """Work of the actor's that is under way or stopped."""
    if actor.person_id is None:
        return []
    open_states = [JobState.QUEUED, JobState.RUNNING, JobState.FAILED]
    found = select(Job).where(Job.wanted_by_id == actor.person_id, Job.state.in_(open_states))
    return [
        WorkItem(
            _("Stopped: %(what)s", what=wording.title(job))
            if job.state is JobState.FAILED
            else _("Under way: %(what)s", what=wording.title(job)),
            url_for("jobs.show", job_id=job.id),
            tone="problem" if job.state is JobState.FAILED else "waiting",
        )
        for job in db.session.scalars(found.order_by(Job.id.desc()).limit(5))
    ]
