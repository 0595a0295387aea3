"""Pages of long work, and the health page."""

from typing import Any

from flask import Blueprint, g, jsonify, redirect, render_template, url_for

from retrain.jobs import queries, service, wording
from retrain.jobs.models import Job
from retrain.jobs.states import JobState
from retrain.web.forms import local_target

bp = Blueprint("jobs", __name__)


@bp.get("/jobs")
def mine() -> Any:
    """One's own long work."""
    return render_template("jobs/mine.html", jobs=queries.mine(g.actor), wording=wording)


@bp.get("/jobs/<int:job_id>")
def show(job_id: int) -> Any:
    """How far one job is, and what came of it."""
    job = queries.job(g.actor, job_id)
    return render_template("jobs/job.html", job=job, after=_after(job), wording=wording)


@bp.get("/jobs/<int:job_id>.json")
def progress(job_id: int) -> Any:
    """The same for the script that moves the bar."""
    job = queries.job(g.actor, job_id)
    state = "waiting" if job.state is JobState.QUEUED else str(job.state)
    answer = jsonify(
        state=state, done=job.done, total=job.total, sentence=wording.sentence(job), after=_after(job),
    )  # fmt: skip
    answer.cache_control.no_store = True
    return answer


@bp.post("/jobs/<int:job_id>/retry")
def retry(job_id: int) -> Any:
    """Try a stopped job again."""
    service.retry(g.actor, job_id)
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.get("/health")
def health() -> Any:
    """For whoever watches the machine: 200 when the database and a worker answer."""
    parts = queries.health()
    answer = jsonify(ok=all(parts.values()), **parts)
    answer.status_code = 200 if all(parts.values()) else 503
    answer.cache_control.no_store = True
    return answer


def _after(job: Job) -> str:
    """The page where the result is, on this site."""
    return local_target((job.result or {}).get("url"), "") if job.state is JobState.DONE else ""


# Below people in the house, so the doors are marked by the bare word (see retrain.people.access).
mine.action = show.action = progress.action = retry.action = "account"  # type: ignore[attr-defined]
health.action = "public"  # type: ignore[attr-defined]
