"""What rounds do by themselves: reckon at their close, let a cancelled run go; and their long work."""

from datetime import timedelta

from retrain import clock, jobs
from retrain.allocation import queries, service
from retrain.audit import SYSTEM, Actor
from retrain.catalogue import moves
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState


@moves.follow(RunState.CANCELLED)
def let_go(actor: Actor, run: Run, why: str | None) -> None:
    """A cancelled run leaves its round, and whoever ranked it is told."""
    service.leave_round(actor, run, why)


@jobs.every(timedelta(seconds=20))
def close_rounds() -> None:
    """Every round whose window has just ended is reckoned, so that the coordinator finds the outcome."""
    for found in queries.closed_unconfirmed(clock.now()):
        if not queries.jobs_of(found.id, queries.CLOSED):
            service.want_closing(SYSTEM, found)


@jobs.handler(queries.TRIAL, lane=jobs.Lane.HEAVY)
def reckon_trial(work: jobs.Work) -> None:
    """What would come out now; nothing but the job's own result is written."""
    work.result = service.reckon_round(work.actor, work.payload["round"])


@jobs.handler(queries.CLOSED, lane=jobs.Lane.HEAVY)
def reckon_closed(work: jobs.Work) -> None:
    """The same when the window has ended, and the coordinators are told."""
    result = service.reckon_round(work.actor, work.payload["round"])
    service.tell_closed(work.payload["round"], work, result)


@jobs.handler(queries.DO, lane=jobs.Lane.HEAVY)
def give_places(work: jobs.Work) -> None:
    """The confirmed outcome becomes places."""
    found = service.do_round(work.actor, work.payload["round"], work.payload["digest"])
    work.result = {"round": found.code, "url": f"/manage/rounds/{found.code}"}
