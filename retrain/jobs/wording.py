"""Long work in words."""

from collections.abc import Callable
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from retrain.jobs.models import Job
from retrain.jobs.states import JobState
from retrain.refusal import Refusal
from retrain.web import words

REFUSALS = {
    "job-not-failed": _l("This work has not stopped, so there is nothing to try again."),
    "job-unknown": _l("This version of the program does not know how to do this work."),
    "job-forbidden": _l("The role in which this was begun does not reach what it is about."),
    "job-nothing-there": _l("What this work was about is no longer there."),
    "job-no-room": _l(
        "The server's disk is full. What was done is kept; once your administrator has made room, try again from there."
    ),
    "job-failed": _l(
        "It went wrong on our side and was tried several times. What was done is kept; try again from there."
    ),
}

JOB_STATES = {
    JobState.QUEUED: _l("Waiting for its turn"),
    JobState.RUNNING: _l("Under way"),
    JobState.DONE: _l("Done"),
    JobState.FAILED: _l("Stopped"),
}

TONES = {
    JobState.QUEUED: "waiting",
    JobState.RUNNING: "waiting",
    JobState.DONE: "done",
    JobState.FAILED: "problem",
}
"""How a state looks."""


def title(job: Job) -> str:
    """What the job is about: the ``JOBS`` of the packages' wording, by kind."""
    found = words.declared(current_app, "JOBS").get(job.kind)
    return str(found(job.payload) if callable(found) else found) if found is not None else _("Long work")


def outcome(job: Job) -> str:
    """What came of a job that is done: the ``JOB_RESULTS`` of the packages' wording are functions of the result."""
    say: Callable[[dict[str, Any]], str] | None = words.declared(current_app, "JOB_RESULTS").get(job.kind)
    return str(say(job.result)) if say is not None and job.result is not None else ""


def sentence(job: Job) -> str:
    """How it stands, in one sentence."""
    match job.state:
        case JobState.FAILED:
            return str(words.say(Refusal(job.error or "job-failed", job.error_facts or {})))
        case JobState.DONE:
            return outcome(job) or str(_("Done."))
        case JobState.QUEUED if job.error:
            return _("It went wrong once and is about to be tried again.")
        case JobState.QUEUED:
            return _("Waiting for its turn.")
        case _ if job.total:
            return _("%(done)s of %(total)s done.", done=job.done, total=job.total)
        case _:
            doing = words.declared(current_app, "JOBS_UNDER_WAY").get(job.kind)
            return str(doing) if doing is not None else _("Under way.")
