"""Actions of so many classes that nobody waits for them at a page: a worker binds them, all of it or nothing."""

from sqlalchemy import ColumnElement, func, select

from retrain import jobs
from retrain.audit import Actor
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.people import permissions
from retrain.people.permissions import Target
from retrain.refusal import NotThere
from retrain.timetable import publishing, solving, undoing
from retrain.timetable.models import ScenarioClass, SessionChange, TimetableChange
from retrain.timetable.states import ChangeState

PUBLISH, TURN = "timetable.publish", "timetable.turn"

MANY = 500
"""Classes of which publishing or taking back takes longer than a second or two."""


def scenario_is_long(scenario_id: int) -> bool:
    """Whether publishing the scenario is a worker's."""
    return _count(ScenarioClass.scenario_id == scenario_id) > MANY


def size_of(change_id: int) -> int:
    """How many classes an action changed."""
    return _count(SessionChange.change_id == change_id)


def _count(condition: ColumnElement[bool]) -> int:
    return db.session.scalars(select(func.count()).where(condition)).one()


@use_case
def want_publication(actor: Actor, scenario_id: int, compared: str) -> Job:
    """Have a scenario published by a worker; see :func:`publishing.publish`."""
    solving.own(actor, scenario_id)
    return jobs.want(PUBLISH, {"scenario": scenario_id, "compared": compared}, actor=actor)


@use_case
def publish(work: jobs.Work) -> None:
    """The scenario is published together with the end of the work, or refused whole."""
    number = work.payload["scenario"]
    change = publishing.publish(work.actor, number, work.payload["compared"])
    work.finish({"count": len(change.touched), "url": f"/timetable/scenarios/{number}"})


@use_case
def want_turn(actor: Actor, change_id: int, back_to: str) -> Job:
    """Have an action taken back by a worker, or done again when it was; *back_to* is where one goes on."""
    change = db.session.get(TimetableChange, change_id)
    if change is None:
        raise NotThere(change_id)
    permissions.require(actor, "timetable.edit", Target(provider_id=change.provider_id))
    asked = {"change": change_id, "again": change.state is ChangeState.UNDONE, "url": back_to}
    return jobs.want(TURN, asked, actor=actor)


@use_case
def turn(work: jobs.Work) -> None:
    """The action is taken back or done again together with the end of the work, or refused whole."""
    asked = work.payload
    act = undoing.do_again if asked["again"] else undoing.take_back
    change = act(work.actor, asked["change"])
    work.finish({"count": len(change.classes), "url": asked["url"]})
